"""What a table can decide about a claim: one module a kind of statement."""
