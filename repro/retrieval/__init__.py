"""Exact retrieval by sentence vectors: neighbours, scoring rules, ranks, mining."""
