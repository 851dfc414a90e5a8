"""The stance classifier: its start (`base`), pairs (`prepare`), weights (`train`), calibrators and scores (`fit`)."""
