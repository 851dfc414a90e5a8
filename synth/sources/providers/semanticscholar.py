"""Semantic Scholar, its Academic Graph API (https://api.semanticscholar.org/api-docs/graph).

The semanticscholar package was looked at and left: it opens an httpx client of its own for every request, retries a
429 ten times whatever Retry-After says, takes a 401 or a 502 for an empty result, and reads answers of any size; none
of that can be put into other hands. The recorded answers of its test suite are what this module is tested with.

SYNTH_S2_API names a mirror, SYNTH_S2_INTERVAL the seconds between two requests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from synth.core.errors import UsageError
from synth.core.types import JsonObject, JsonValue, Publication, PublicationType, Record
from synth.papers import identity
from synth.sources import HitPage, SourceSettings, fields, openaccess
from synth.sources.http import jsonapi, mirrors
from synth.sources.http.answers import Response
from synth.sources.http.client import RetryableError, Web
from synth.sources.question import concepts, one_line

if TYPE_CHECKING:
    from synth.text.lexicon import Lexicon
# The API's terms: one request a second with a key; without one all users share a pool of 100 in five minutes.
INTERVAL_WITH_KEY, INTERVAL = 1.0, 3.0
# The API's reference: pages of 100 and 1,000 hits by relevance; 1,000 a page in bulk and for citations.
MAX_PAGE, MAX_HITS, MAX_TRAIL, MAX_QUERY = 100, 1_000, 1_000, 1_000
KEY = "S2_API_KEY"
FIELDS = "title,abstract,year,authors,externalIds,openAccessPdf,url,venue,publicationVenue,journal,publicationTypes"
# Types of works that say how they were published. A work has several: a paper of a meeting is a "JournalArticle" too.
TYPES = {
    "Conference": PublicationType.INPROCEEDINGS,
    "BookSection": PublicationType.INCOLLECTION,
    "Book": PublicationType.BOOK,
    "JournalArticle": PublicationType.ARTICLE,
}

# What the search by relevance answers behind the last hit that it gives out, which comes before the total that it says.
_NO_MORE = re.compile(r"limit and/or offset is not available", re.IGNORECASE)
_TRAIL = re.compile(r"paper/[\w.:/()<>;,+~-]+/(references|citations)")
_BOOLEAN = re.compile(r'["|+*~()]|(?:^|\s)-\w')


class SemanticScholar:
    """The `semanticscholar` source."""

    name = "semanticscholar"
    max_hits = MAX_HITS

    def query(self, question: str, lexicon: Lexicon | None = None) -> str:
        """Return the terms of `question` in one line, or `question` itself if it follows citations or joins
        alternatives by " | ".

        The search by relevance knows no syntax, so that synonyms would count like further terms and are left out; it
        finds nothing for words with hyphens, so that they become two. Quotation marks make no query of a question:
        the search in bulk, which knows them, wants every word of it, "does" and "help" included, and finds nothing.
        """
        if _TRAIL.fullmatch(question) or (" | " in question and not question.rstrip().endswith("?")):
            return one_line(question, MAX_QUERY, "Semantic Scholar")
        terms = concepts(question, lexicon)
        if not terms:
            raise UsageError(
                "The question has no word that Semantic Scholar could be asked for.",
                'Ask in English, or give a query such as `--query "semanticscholar=sentence retrieval"`.',
            )
        return one_line(" ".join(concept[0].replace("-", " ") for concept in terms), MAX_QUERY, "Semantic Scholar")

    def pages(self, query: str, limit: int, start: int, settings: SourceSettings) -> Iterator[HitPage]:
        """Yield the hits of `query`, by citations, the search in bulk or the search by relevance.

        `paper/ID/references` and `paper/ID/citations` follow citations; a query with operators (`"phrase"`, `|`, `+`,
        `-`, `*`, `~`, parentheses) goes to the search in bulk, which alone knows them; any other to the search by
        relevance.
        """
        query = one_line(query, MAX_QUERY, "Semantic Scholar")
        if _TRAIL.fullmatch(query):
            return _by_offset(query, limit, start, settings)
        if _BOOLEAN.search(query):
            return _in_bulk(query, limit, start, settings)
        if limit > MAX_HITS:
            raise UsageError(
                f"Semantic Scholar orders at most {MAX_HITS:,} results by relevance.",
                'Ask for fewer, or use operators ("a phrase" | another), which search in bulk.',
            )
        return _by_offset(query, limit, start, settings)

    def trails(self, record: Record) -> Sequence[tuple[str, str]]:
        name = _paper(record)
        return tuple((kind, f"paper/{name}/{kind}") for kind in ("references", "citations")) if name else ()

    def fetch_pdf(self, record: Record, folder: Path, settings: SourceSettings) -> Path | None:
        return openaccess.fetch(record, folder, settings, (_base(),))


SOURCE = SemanticScholar()


def _paper(record: Record) -> str:
    """Return Semantic Scholar's name of a work, its own or another's; "" if there is no such name."""
    if record.source == SOURCE.name and re.fullmatch(r"[0-9a-f]{40}", record.source_id):
        return record.source_id
    if parsed := identity.arxiv_id(record.arxiv_id):
        return f"ARXIV:{parsed[0]}"
    if parsed := identity.acl_id(record.acl_id):
        return f"ACL:{parsed[0]}"
    name = identity.doi(record.doi)
    return f"DOI:{name}" if name and _TRAIL.fullmatch(f"paper/DOI:{name}/references") else ""


def _by_offset(query: str, limit: int, start: int, settings: SourceSettings) -> Iterator[HitPage]:
    """Yield the pages by number of the first hit: the search by relevance, and citations, which give no total."""
    trail = _TRAIL.fullmatch(query)
    largest = MAX_TRAIL if trail else MAX_PAGE
    before: Sequence[str] = ()
    while start < limit:
        size = min(settings.page_size, largest, limit - start)
        address = f"{query}?" if trail else f"paper/search?query={quote(query, safe='')}&"
        url = f"{_base()}/{address}fields={FIELDS}&offset={start}&limit={size}"
        page, before, more = _page(settings, query, url, start, before, total_known=not trail)
        yield page
        start += page.taken
        if not more or page.taken == 0 or (page.total is not None and start >= page.total):
            return


def _in_bulk(query: str, limit: int, start: int, settings: SourceSettings) -> Iterator[HitPage]:
    """Yield pages of up to 1,000 by a token that each gives for the next; a search that goes on reads its own
    again.
    """
    token, passed = "", 0
    before: Sequence[str] = ()
    while passed < limit:
        mark = f"&token={quote(token, safe='')}" if token else ""
        url = f"{_base()}/paper/search/bulk?query={quote(query, safe='')}&fields={FIELDS}{mark}"
        page, before, token = _page(settings, query, url, passed, before, total_known=True)
        new = range(max(start - passed, 0), min(limit - passed, page.taken))
        if page.taken == 0 or new:
            yield _part(page, new)
        passed += page.taken
        if not token or page.taken == 0:
            return


def _part(page: HitPage, wanted: range) -> HitPage:
    """Return the entries of `page` in `wanted`.

    A page with gaps is given whole, since its records no longer tell where.
    """
    if len(page.records) != page.taken or len(wanted) == page.taken:
        return page
    return replace(page, records=tuple(page.records[wanted.start : wanted.stop]), entries=len(wanted))


def _page(
    settings: SourceSettings, query: str, url: str, start: int, before: Sequence[str], total_known: bool
) -> tuple[HitPage, Sequence[str], str]:
    """Return one page, the ids on it, and what leads to the next ("" if nothing does)."""
    notes: list[str] = []

    def read(answer: Response) -> tuple[list[JsonObject], int | None, list[str], str]:
        if answer.status == 404 and not total_known:  # another source's work: not to know it is no failure
            notes.append("Semantic Scholar does not know the work.")
            return [], 0, [], ""
        if answer.status == 400 and start and _NO_MORE.search(jsonapi.reason(answer)):
            notes.append(f"Semantic Scholar counts more hits than it gives out; it ends after {start:,}.")
            return [], None, [], ""
        content = jsonapi.read(answer, KEY)
        total = jsonapi.count(content.get("total")) if total_known else None
        items = content.get("data")
        if items is None and not total:  # nothing found, or references that the publisher keeps back
            items = []
        if not isinstance(items, list):
            raise RetryableError("sent a page without data")
        works = [_cited(work) for work in items]
        names = [fields.text(work.get("paperId")) for work in works]
        offset = content.get("offset")
        if isinstance(offset, int) and offset != start:
            raise RetryableError(f"sent the hits from {offset} on instead of those from {start} on")
        jsonapi.check_page(items, names, total or 0, start, before)
        return works, total, names, _next(content)

    base = _base()
    least = INTERVAL_WITH_KEY if settings.s2_key else INTERVAL
    interval = mirrors.interval("SYNTH_S2_INTERVAL", least, (base,), "semanticscholar.org")
    result = _web(base, interval, settings).answer(
        url, read, seconds=settings.seconds, max_bytes=settings.max_answer_bytes
    )
    works, total, names, following = result.value
    records, warnings = jsonapi.records(works, as_record, "Semantic Scholar")
    page = HitPage(
        query, records, total, result.retries, result.requests, (*warnings, *notes), url, len(works), result.cached
    )
    return page, names, following


def _next(content: JsonObject) -> str:
    token = content.get("token") or content.get("next")
    return str(token)[:2000] if isinstance(token, str | int) and not isinstance(token, bool) else ""


def _cited(entry: JsonValue) -> JsonObject:
    """Return the work of an entry: the entry itself, or what it cites or is cited by."""
    row = fields.table(entry)
    return fields.table(row.get("citedPaper") or row.get("citingPaper") or row)


@lru_cache(maxsize=8)
def _web(base: str, interval: float, settings: SourceSettings) -> Web:
    return Web((base,), interval, settings, secrets={"x-api-key": settings.s2_key} if settings.s2_key else {})


def _base() -> str:
    return mirrors.address("SYNTH_S2_API", "https://api.semanticscholar.org/graph/v1")


def as_record(work: JsonObject) -> Record | None:
    """Return the record of one paper object; None without an id or a title (works that are only cited have no id)."""
    identifier, title = fields.text(work.get("paperId")), fields.unmarked(work.get("title"))
    if not re.fullmatch(r"[0-9a-f]{40}", identifier) or not title:
        return None
    names = fields.table(work.get("externalIds"))
    arxiv = identity.arxiv_id(fields.text(names.get("ArXiv")))
    acl = identity.acl_id(fields.text(names.get("ACL")))
    doi = identity.doi(fields.text(names.get("DOI"))) or ""
    pdf = fields.url(fields.table(work.get("openAccessPdf")).get("url"))
    found_arxiv, found_acl = jsonapi.identifiers([doi, pdf])
    return Record(
        source="semanticscholar",
        source_id=identifier,
        title=title,
        authors=fields.names([fields.table(author).get("name") for author in fields.rows(work.get("authors"))]),
        year=fields.year(work.get("year")),
        abstract=fields.abstract(work.get("abstract")),
        url=f"https://www.semanticscholar.org/paper/{identifier}",
        arxiv_id=arxiv[0] if arxiv else found_arxiv,
        doi=doi,
        acl_id=acl[0] if acl else found_acl,
        pdf_url=pdf,
        publication=_publication(work),
    )


def _publication(work: JsonObject) -> Publication:
    """Return where the work was published, by its venue's type, else by the types of the work."""
    place, journal = fields.table(work.get("publicationVenue")), fields.table(work.get("journal"))
    kind = {"journal": PublicationType.ARTICLE, "conference": PublicationType.INPROCEEDINGS}.get(
        fields.text(place.get("type"))
    )
    if kind is None:
        types = [fields.text(name) for name in fields.rows(work.get("publicationTypes"))[:20]]
        kind = next((TYPES[name] for name in TYPES if name in types), PublicationType.UNKNOWN)
    names = [place.get("name"), work.get("venue"), journal.get("name")]
    if kind is PublicationType.ARTICLE:
        names.insert(0, journal.get("name"))
    return fields.publication(
        kind,
        venue=next(filter(None, map(fields.text, names)), ""),
        volume=journal.get("volume"),
        pages=journal.get("pages"),
    )
