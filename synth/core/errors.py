"""Errors a user can act on: one line of what happened, one of what to do."""

from __future__ import annotations


class SynthError(Exception):
    """The work failed. `what` happened, and what to `do` about it; the command line prints both and exits 1."""

    exit_code = 1

    def __init__(self, what: str, do: str) -> None:
        super().__init__(what)
        self.what = what
        self.do = do


class UsageError(SynthError):
    """The command was asked for something that cannot be (wrong argument, unknown id); exit code 2."""

    exit_code = 2


class SourceError(SynthError):
    """A source did not answer as it should. `retryable`: a later attempt may succeed.

    `requests` were made for it, `retries` of them repeated one that had failed; both for the ledger.
    """

    requests = 0
    retries = 0
    outcome = "failed"  # the word for it in the ledger

    def __init__(self, what: str, do: str, *, retryable: bool = True) -> None:
        super().__init__(what, do)
        self.retryable = retryable


class OutOfBudget(SourceError):
    """Budget of a source that is used up; asking again before it is filled up is no use."""

    outcome = "out of budget"


class UnreadablePdf(SynthError):
    """A PDF that cannot be read; `reason` is a short stable word for the ledger (`encrypted`, `truncated`, …)."""

    def __init__(self, reason: str, what: str, do: str) -> None:
        super().__init__(what, do)
        self.reason = reason
