"""One module a source of papers, each with `SOURCE`."""
