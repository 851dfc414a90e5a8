"""Judgements measured on labelled claims: SciFact's format and scores, calibration."""
