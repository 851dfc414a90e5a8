"""Files that reference managers write (BibTeX, RIS, CSL-JSON), read into records. The files are not trusted."""
