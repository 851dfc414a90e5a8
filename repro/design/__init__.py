"""The design of an experiment: what is fixed before anything runs."""
