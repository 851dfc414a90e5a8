"""Intervals over what was drawn at random: seeds, languages of families, sentences, models."""
