"""Stance of a passage towards a claim, by rule: numbers first, then directions, then paraphrase."""
