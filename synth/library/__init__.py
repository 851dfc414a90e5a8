"""Metadata of many papers on this machine: imported from dumps, found by words and by meaning. Knows no stage."""
