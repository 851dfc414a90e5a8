"""The answer to the question in sentences, each with the rows that it was built from."""
