"""Text as such: words, names, lexicon, identifiers, encodings of files."""
