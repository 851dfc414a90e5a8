"""Relevance of candidate papers to the question, and the selection of those that are read."""
