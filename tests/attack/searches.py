"""What a search left, to be compared."""

from __future__ import annotations

from pathlib import Path

from tests.search.test_interrupted_search import QUESTION, contents

__all__ = ["QUESTION", "rounded_contents"]

DIGITS = 3  # what is encoded in other batches, as after a resumption, differs in the fifth


def rounded_contents(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return what a search left, without row numbers and times, numbers rounded."""
    return {
        name: [tuple(round(value, DIGITS) if isinstance(value, float) else value for value in row) for row in rows]
        for name, rows in contents(home).items()
    }
