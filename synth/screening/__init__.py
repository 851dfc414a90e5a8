"""Screening by a person: what to show next, what was learnt from the decisions, how much has been found. Pure."""
