"""Rows of the database as frozen values, with the field names that `--json` has, and the one mapping between both."""
