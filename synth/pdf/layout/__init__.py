"""Layout of a page: columns, headings, floats, furniture, reading order."""
