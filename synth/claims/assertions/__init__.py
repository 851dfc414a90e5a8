"""Assertions of a parsed sentence: one module a kind."""
