"""Vocabulary, errors, settings, workspace and marks: what every other package may use."""
