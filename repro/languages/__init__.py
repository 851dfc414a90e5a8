"""Languages: generated ones with set grammars, and the distances between real ones."""
