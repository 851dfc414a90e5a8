"""Data sets: their catalogue, where they lie, how they are fetched and how their rows are read."""
