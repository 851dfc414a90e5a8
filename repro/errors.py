"""The laboratory's one error: what happened, and what to do about it."""

from __future__ import annotations


class LabError(Exception):
    """The laboratory cannot go on. `what` happened, and what to `do`; each is one line for a person."""

    def __init__(self, what: str, do: str) -> None:
        super().__init__(what)
        self.what = what
        self.do = do
