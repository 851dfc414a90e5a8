"""Sources of papers: one module each in `providers/`, with `SOURCE` in it; nothing else lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from synth.core.errors import UsageError
from synth.core.types import Record
from synth.sources.http.answers import Answers

if TYPE_CHECKING:
    import numpy as np

    from synth.text.lexicon import Lexicon

EVERYTHING = 10**9  # hits of a source that has no limit of its own


@dataclass(frozen=True)
class SourceSettings:
    """Settings that the caller decides for all sources. Sizes in bytes, times in seconds.

    `contact` (a mail address or a web address) goes into the User-Agent; empty means the environment's
    SYNTH_CONTACT. `seconds` and `pdf_seconds` limit one request by the wall clock, whatever trickles in;
    `patience` is the longest Retry-After that is waited for. Keys are never shown, stored or put in an address.
    `answers` keeps what the network sources say; `offline` leaves them with that alone. `cache_hours` 0: no cache.
    `encode` gives unit vectors, for the source that ranks by meaning; `library` is where that one has its records.
    """

    papers: Path | None = None
    references: tuple[Path, ...] = ()
    acl_dump: Path | None = None
    arxiv_dump: Path | None = None
    library: Path | None = None
    encode: Callable[[Sequence[str]], np.ndarray] | None = field(default=None, compare=False, repr=False)
    openalex_key: str = field(default="", repr=False)
    s2_key: str = field(default="", repr=False)
    crossref_token: str = field(default="", repr=False)
    answers: Answers | None = None
    offline: bool = False
    cache_hours: float = 0.0
    contact: str = ""
    page_size: int = 100
    attempts: int = 4
    seconds: float = 60.0
    pdf_seconds: float = 120.0
    patience: float = 60.0
    max_answer_bytes: int = 20 * 2**20
    max_pdf_bytes: int = 50 * 2**20


@dataclass(frozen=True)
class HitPage:
    """One answer of a source: `query` verbatim as sent, `total` hits as the source counts them (None: unknown).

    `requests` were made for this page, `retries` of them repeated one that had failed; none was needed for a `cached`
    one. `warnings` say what was passed over, and why. `url` is the address asked, without keys. `entries` counts
    what the source sent, that which was passed over included (None: the records).
    """

    query: str
    records: tuple[Record, ...]
    total: int | None = None
    retries: int = 0
    requests: int = 0
    warnings: tuple[str, ...] = ()
    url: str = ""
    entries: int | None = None
    cached: bool = False

    @property
    def taken(self) -> int:
        """Number of hits, in the source's order, that this page takes in."""
        return len(self.records) if self.entries is None else self.entries


class Source(Protocol):
    """A place to find papers. Every method may raise UsageError (ask differently) or SourceError (it failed)."""

    name: str
    max_hits: int  # what the source gives of one query at most

    def query(self, question: str, lexicon: Lexicon | None = None) -> str:
        """Return `question` as this source will be asked, verbatim, before any request is made.

        `lexicon` gives the synonyms (None: the packaged one) where the source's syntax has room for them.
        """
        ...

    def pages(self, query: str, limit: int, start: int, settings: SourceSettings) -> Iterator[HitPage]:
        """Yield the hits from number `start` (0-based) up to `limit`, counted from the first hit of all.

        `query` comes from `query()` or from a person, and goes out as it is. The same call with `start` = number of
        entries already taken goes on where a killed search stopped.
        Nothing found is one page without records and a total of 0; a source that fails raises SourceError.
        """
        ...

    def fetch_pdf(self, record: Record, folder: Path, settings: SourceSettings) -> Path | None:
        """Return the PDF of `record`, downloaded into `folder` if it is not at hand; None if the source has none."""
        ...


@runtime_checkable
class Chaser(Protocol):
    """A source that knows who cites whom."""

    def trails(self, record: Record) -> Sequence[tuple[str, str]]:
        """Return pairs of "references" or "citations" and a query for `pages`; none if the source cannot name it."""
        ...


def names() -> list[str]:
    """Return the sources there are, without importing any of them."""
    return sorted(m.name for m in iter_modules([str(Path(__file__).parent / "providers")]))


def source(name: str) -> Source:
    """Return the source called `name`. Raises UsageError naming the closest one."""
    known = names()
    if name not in known:
        near = get_close_matches(name.lower(), known, 1)
        hint = f"Did you mean `{near[0]}`?" if near else f"There are: {', '.join(known)}."
        raise UsageError(f"There is no source `{name}`.", hint)
    module_source: Source = import_module(f"{__name__}.providers.{name}").SOURCE
    return module_source
