"""arXiv, by its query API (https://info.arxiv.org/help/api/user-manual.html).

SYNTH_ARXIV_API and SYNTH_ARXIV_PDF name another place to ask (a mirror), SYNTH_ARXIV_INTERVAL the seconds
between two requests; arXiv itself is never asked more often than once in 3 s, by all processes together.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import arxiv

from synth.core.errors import SourceError, UsageError
from synth.core.types import Editorial, Record
from synth.papers import identity
from synth.papers.editorial import withdrawn_by
from synth.sources import HitPage, SourceSettings, fields
from synth.sources.http import mirrors
from synth.sources.http.answers import Response
from synth.sources.http.atom import Feed, check, check_place
from synth.sources.http.client import LATER, RequestResult, Web
from synth.sources.http.download import download
from synth.sources.question import concepts
from synth.text.content import composed
from synth.text.identifiers import dois

if TYPE_CHECKING:
    from synth.text.lexicon import Lexicon

# arXiv's terms of use: one request in three seconds; its manual: slices of 2,000, 30,000 results in all.
INTERVAL, MAX_SLICE, MAX_HITS = 3.0, 2_000, 30_000
MAX_QUERY = 2_000  # characters; it travels in an address

_FIELDS = r"(?:ti|au|abs|co|jr|cat|rn|id|all|submittedDate|lastUpdatedDate)"
_VERBATIM = re.compile(rf"(?:^|[\s(]){_FIELDS}:\S")


@dataclass(frozen=True)
class Mirror:
    """Address and interval of arXiv, or of a mirror of it."""

    api: str
    pdf: str
    interval: float


class Arxiv:
    """The `arxiv` source."""

    name = "arxiv"
    max_hits = MAX_HITS

    def query(self, question: str, lexicon: Lexicon | None = None) -> str:
        """Return `question` itself if it uses arXiv's fields (`ti:`, `au:`, `cat:` …), else its terms and their
        synonyms joined by OR.

        OR, because arXiv orders by relevance: what has most of the terms comes first, and nothing is lost.
        """
        if _VERBATIM.search(question):
            return _checked(composed(question).strip())
        terms = [term for concept in concepts(question, lexicon) for term in concept]
        if not terms:
            raise UsageError(
                "The question has no word that arXiv could be asked for; its index is in English.",
                'Ask in English, or give a query in arXiv\'s own syntax, such as `ti:"sentence retrieval"`.',
            )
        return _checked(" OR ".join(f"all:{term}" if term.isalnum() else f'all:"{term}"' for term in terms))

    def pages(self, query: str, limit: int, start: int, settings: SourceSettings) -> Iterator[HitPage]:
        query = _checked(composed(query).strip())
        if limit > MAX_HITS:
            raise UsageError(f"arXiv gives at most {MAX_HITS:,} results.", "Ask for fewer, or narrow the question.")
        line = _line(mirror(), settings)
        before: Feed | None = None
        while start < limit:
            page, before = line.page(query, start, min(settings.page_size, MAX_SLICE, limit - start), before)
            yield page
            start += len(before.ids)
            if start >= before.total:
                return

    def fetch_pdf(self, record: Record, folder: Path, settings: SourceSettings) -> Path | None:
        named = identity.arxiv_id(record.arxiv_id + record.version)
        if named is None or record.withdrawn or not record.pdf_url:
            return None
        name = "".join(named)
        where = mirror()
        target = folder / f"{name.replace('/', '_')}.pdf"
        web = _line(where, settings).web
        result = download(
            web, f"{where.pdf}/{name}", target, seconds=settings.pdf_seconds, max_bytes=settings.max_pdf_bytes
        )
        return result.value


SOURCE = Arxiv()


def mirror(environment: Mapping[str, str] = os.environ) -> Mirror:
    """Read the mirror from the environment. Raises UsageError for an invalid address or number."""
    api = mirrors.address("SYNTH_ARXIV_API", "https://export.arxiv.org/api/query", environment)
    pdf = mirrors.address("SYNTH_ARXIV_PDF", "https://export.arxiv.org/pdf", environment)
    interval = mirrors.interval("SYNTH_ARXIV_INTERVAL", INTERVAL, (api, pdf), "arxiv.org", environment)
    return Mirror(api, pdf, interval)


class _Line:
    """The one client of this process: the `arxiv` package parses, `Web` does the asking in its session's place."""

    def __init__(self, where: Mirror, settings: SourceSettings) -> None:
        self.web = Web((where.api, where.pdf), where.interval, settings, f"arxiv.py/{version('arxiv')}")
        self._settings = settings
        self._lock = threading.Lock()
        self._client = arxiv.Client(delay_seconds=0, num_retries=0)
        self._client.query_url_format = where.api + "?{}"
        self._client._session = self

    def page(self, query: str, start: int, size: int, before: Feed | None) -> tuple[HitPage, Feed]:
        """Return `size` hits of `query` from number `start` on."""
        with self._lock:
            self._start, self._before = start, before
            self._client.page_size = size
            results: list[arxiv.Result] = []
            try:
                for result in self._client.results(arxiv.Search(query, max_results=start + size), offset=start):
                    results.append(result)
                    if len(results) == sum(map(bool, self._feed.ids)):
                        break  # the package would go on to the next page by itself
            except (ValueError, arxiv.ArxivError) as error:
                raise SourceError(f"arXiv sent a page that cannot be read: {error}.", LATER) from error
            feed, answer = self._feed, self._asked
        records = tuple(record for result in results if (record := as_record(result)))
        page = HitPage(
            query,
            records,
            feed.total,
            answer.retries,
            answer.requests,
            tuple(_warnings(feed, results)),
            url=self._url,
            entries=len(feed.ids),
            cached=answer.cached,
        )
        return page, feed

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> _Answer:
        """Answer the package's call on its session. The User-Agent in `headers` is not ours, so it is left."""
        self._url = url
        self._asked = self.web.answer(
            url, self._read, seconds=self._settings.seconds, max_bytes=self._settings.max_answer_bytes
        )
        return self._asked.value

    def _read(self, answer: Response) -> _Answer:
        self._feed = check(answer.body, answer.status, urlsplit(answer.url).hostname or "")
        check_place(self._feed, self._start, self._before)
        return _Answer(self._feed.body)

    _feed: Feed
    _asked: RequestResult[_Answer]
    _url: str


@dataclass(frozen=True)
class _Answer:
    """As much of a response as the package looks at."""

    content: bytes
    status_code: int = 200


def _warnings(feed: Feed, results: Sequence[arxiv.Result]) -> Iterator[str]:
    """Yield what is wrong with single entries of a page."""
    for identifier in sorted({*feed.ids} - {result.entry_id for result in results if as_record(result)}):
        yield f"arXiv's entry {identifier!r} has no arXiv id; passed over."
    for identifier in feed.undated:
        yield f"arXiv's entry {identifier!r} has no date that can be read; its year is left out."


@lru_cache(maxsize=8)
def _line(where: Mirror, settings: SourceSettings) -> _Line:
    return _Line(where, settings)


def as_record(result: arxiv.Result) -> Record | None:
    """Return the record of an `arxiv.Result`; None if its id is none of arXiv's."""
    named = identity.arxiv_id(result.get_short_id())
    if named is None:
        return None
    identifier, edition = named
    comment, summary = _folded(result.comment), _folded(result.summary)
    withdrawn = withdrawn_by(comment, summary)
    published = dois(result.doi or "")
    return Record(
        source="arxiv",
        source_id=identifier,
        title=fields.unmarked(_folded(result.title)),
        authors=fields.names([_folded(author.name) for author in result.authors]),
        year=fields.year(result.published.year),
        abstract=fields.abstract(summary),
        url=f"https://arxiv.org/abs/{identifier}{edition}",
        arxiv_id=identifier,
        version=edition,
        doi=next(iter(published), ""),
        pdf_url=f"https://arxiv.org/pdf/{identifier}{edition}" if result.pdf_url and not withdrawn else "",
        withdrawn=withdrawn,
        editorial=Editorial.WITHDRAWN if withdrawn else Editorial.NONE,
        comment=comment,
        versions=published[1:],
        publication=fields.arxiv_publication(result.journal_ref),
    )


def _folded(text: str | None) -> str:
    return " ".join((text or "").split())


def _checked(query: str) -> str:
    """Return `query`, if arXiv can read it. Raises UsageError otherwise."""
    if len(query) > MAX_QUERY:
        raise UsageError(f"The query has {len(query):,} characters; arXiv takes {MAX_QUERY:,}.", "Shorten it.")
    if any(not c.isprintable() for c in query):
        raise UsageError("The query contains a control character or a line break.", "Write it on one line.")
    outside = re.sub(r'"[^"]*"', "", query)
    depth = 0
    for c in outside:
        depth += (c == "(") - (c == ")")
        if depth < 0:
            break
    if '"' in outside or depth:
        raise UsageError("The query has a quotation mark or a parenthesis without its partner.", "Close it.")
    return query
