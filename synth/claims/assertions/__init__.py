"""What a parsed sentence asserts: one module a kind of assertion."""
