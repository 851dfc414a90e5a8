"""Pairs of a claim and a passage to learn stance from: sets with labels, and pairs made from abstracts."""
