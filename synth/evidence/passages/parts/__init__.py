"""Parts of a passage that rules compare: clauses, numbers with their owners, terms, conditions."""
