"""Where papers come from. A source is one module of this package with `SOURCE` in it; nothing else lists it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Protocol

from synth.errors import UsageError
from synth.types import Record

if TYPE_CHECKING:
    import numpy as np

# Modules that the sources share. Listing them here lets `names()` answer without importing anything.
_SHARED = frozenset({"atom", "download", "guard", "http", "identity", "manifest", "pace", "question"})


@dataclass(frozen=True)
class SourceSettings:
    """What the caller decides for all sources. Sizes in bytes, times in seconds.

    `contact` (a mail address or a web address) goes into the User-Agent; empty means the environment's
    SYNTH_CONTACT. `seconds` and `pdf_seconds` limit one request by the wall clock, whatever trickles in;
    `patience` is the longest Retry-After that is waited for. `encode` gives unit vectors, for the source that ranks
    by meaning.
    """

    papers: Path | None = None
    encode: Callable[[Sequence[str]], np.ndarray] | None = field(default=None, compare=False)
    contact: str = ""
    page_size: int = 100
    attempts: int = 4
    seconds: float = 60.0
    pdf_seconds: float = 120.0
    patience: float = 60.0
    max_answer_bytes: int = 20 * 2**20
    max_pdf_bytes: int = 50 * 2**20


@dataclass(frozen=True)
class Page:
    """One answer of a source: `query` verbatim as sent, `total` hits as the source counts them (None: unknown).

    `requests` were made for this page, `retries` of them repeated one that had failed. `warnings` say what
    was passed over, and why.
    """

    query: str
    records: tuple[Record, ...]
    total: int | None = None
    retries: int = 0
    requests: int = 0
    warnings: tuple[str, ...] = ()


class Source(Protocol):
    """A place to find papers. Every method may raise UsageError (ask differently) or SourceError (it failed)."""

    name: str

    def query(self, question: str) -> str:
        """The text that this source will be asked, verbatim, before any request is made."""
        ...

    def pages(self, question: str, limit: int, start: int, settings: SourceSettings) -> Iterator[Page]:
        """The hits from number `start` (0-based) up to `limit`, counted from the first hit of all.

        The same call with `start` = number of hits already stored goes on where a killed search stopped.
        Nothing found is one page without records and a total of 0; a source that fails raises SourceError.
        """
        ...

    def fetch_pdf(self, record: Record, folder: Path, settings: SourceSettings) -> Path | None:
        """The PDF of `record`, downloaded into `folder` if it is not at hand; None if the source has none."""
        ...


def names() -> list[str]:
    """The sources there are, without importing any of them."""
    return sorted(m.name for m in iter_modules(__path__) if m.name not in _SHARED and not m.name.startswith("_"))


def source(name: str) -> Source:
    """The source called `name`. Raises UsageError naming the closest one."""
    known = names()
    if name not in known:
        near = get_close_matches(name.lower(), known, 1)
        hint = f"Did you mean `{near[0]}`?" if near else f"There are: {', '.join(known)}."
        raise UsageError(f"There is no source `{name}`.", hint)
    found: Source = import_module(f"{__name__}.{name}").SOURCE
    return found
