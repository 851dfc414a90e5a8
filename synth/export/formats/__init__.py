"""Formats that reference managers read. One module a format: `FILE` is its file name, `write(works)` its text."""
