"""Rules by which a table decides about a claim: one module a kind of statement, and the words that they share."""
