"""Progress of long work: a plain callable, so that stages know nothing of terminals."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """`done` of `total` units of `stage` are finished; `note` says what the last one was."""

    def __call__(self, stage: str, done: float, total: float, note: str = "") -> None: ...


def silent(stage: str, done: float, total: float, note: str = "") -> None:
    """Say nothing."""
