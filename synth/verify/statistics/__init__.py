"""Estimates, intervals and tests behind verdicts. Pure."""
