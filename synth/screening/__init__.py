"""Screening by a person: order of records, active learning from the decisions, estimates of recall."""
