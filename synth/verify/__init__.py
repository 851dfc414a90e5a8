"""Verification of a claim by experiment: link it, register the rule, run, judge."""
