"""Searches in the formats of other programs: BibTeX, RIS, CSL-JSON, SciFact."""
