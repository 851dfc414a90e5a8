"""One module a format; each has `render(facts, reviews) -> str | bytes` and `SINGLE_FILE`."""
