"""A search from question to weighed findings, in resumable stages (`run.py` names them in order)."""
