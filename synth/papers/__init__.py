"""Identity and status of papers: which records are one work, duplicates, retractions, versions."""
