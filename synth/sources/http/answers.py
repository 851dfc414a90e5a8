"""Answers of network sources as they came: kept with a search, found again, read anew. Knows no source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

# What of an answer's head is kept: enough to read it again and to ask whether it is still current.
KEPT_HEADERS = ("Content-Type", "ETag", "Last-Modified", "Cache-Control", "Date")


@dataclass(frozen=True)
class Response:
    """Answer to GET `url`, an address without keys. `requested_at` is the UTC time (ISO 8601, seconds)."""

    url: str
    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)
    requested_at: str = ""


class Answers(Protocol):
    """The answers that a search has kept."""

    def find(self, url: str) -> Response | None:
        """Return the answer to `url`, or None if it was not asked."""
        ...

    def keep(self, answer: Response) -> None:
        """Store `answer`; a second one for the same address changes nothing."""
        ...
