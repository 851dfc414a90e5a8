"""Crossref (https://api.crossref.org), its /works endpoint: what publishers say of their DOIs. No key is needed.

habanero was looked at and left: it calls httpx2 directly, without a place to put another client, retries nothing,
knows no Retry-After, reads answers of any size and follows every redirect.

Whoever gives a mail address (CROSSREF_MAILTO) is asked to slow down by mail rather than blocked: Crossref's polite
pool. SYNTH_CROSSREF_API names a mirror, SYNTH_CROSSREF_INTERVAL the seconds between two requests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from synth.core.errors import UsageError
from synth.core.types import Editorial, JsonObject, JsonValue, Notice, Publication, PublicationType, Record
from synth.papers import identity
from synth.papers.editorial import GRAVITY, with_status
from synth.sources import HitPage, SourceSettings, fields, openaccess
from synth.sources.http import jsonapi, mirrors
from synth.sources.http.answers import Response
from synth.sources.http.client import RetryableError, Web
from synth.sources.question import concepts, one_line
from synth.text.identifiers import doi_address

if TYPE_CHECKING:
    from synth.text.lexicon import Lexicon
# Slower than Crossref allows without asking; what it advertises with its answers is obeyed when it is slower still.
INTERVAL, MAX_PAGE, MAX_HITS, MAX_QUERY = 1.0, 1_000, 10_000, 2_000
KEY = "CROSSREF_PLUS_TOKEN"
SELECT = (
    "DOI,type,title,subtitle,author,published,published-online,published-print,issued,posted,created,abstract,URL,link,"
    "relation,update-to,updated-by,container-title,volume,issue,page,article-number,publisher"
)
# Types of records that are no papers, and what they are called (https://api.crossref.org/types).
NO_PAPERS = {
    "peer-review": "peer review",
    "component": "figure, table or supplement",
    "figure": "figure, table or supplement",
    "table": "figure, table or supplement",
    "supplementary-material": "figure, table or supplement",
    "report-component": "figure, table or supplement",
    "journal": "journal, issue or series",
    "journal-volume": "journal, issue or series",
    "journal-issue": "journal, issue or series",
    "proceedings": "journal, issue or series",
    "proceedings-series": "journal, issue or series",
    "book-series": "journal, issue or series",
    "book-set": "journal, issue or series",
    "report-series": "journal, issue or series",
    "standard-series": "journal, issue or series",
    "grant": "grant",
    "database": "data set",
    "dataset": "data set",
}
TYPES = {
    "journal-article": PublicationType.ARTICLE,
    "proceedings-article": PublicationType.INPROCEEDINGS,
    **dict.fromkeys(
        ("book-chapter", "book-section", "book-part", "book-track", "reference-entry"), PublicationType.INCOLLECTION
    ),
    **dict.fromkeys(("book", "monograph", "edited-book", "reference-book"), PublicationType.BOOK),
    "posted-content": PublicationType.PREPRINT,
}
# Where the year stands. When a DOI was made ("created") says nothing: old works were given theirs much later.
DATES = ("published", "issued", "published-online", "published-print", "posted")
# Kinds of updates (Crossmark) that withdraw a work or cast doubt on it; corrections, errata, addenda, clarifications,
# new editions and versions do not.
EDITORIAL = {
    "retraction": Editorial.RETRACTED,
    "partial_retraction": Editorial.CONCERN,
    "removal": Editorial.RETRACTED,
    "withdrawal": Editorial.WITHDRAWN,
    "expression_of_concern": Editorial.CONCERN,
}
# Relations between two DOIs of one work (Crossref's relation types "isIntraWork", and translations).
SAME_WORK = (
    "has-preprint",
    "is-preprint-of",
    "has-version",
    "is-version-of",
    "is-identical-to",
    "is-same-as",
    "has-manuscript",
    "is-manuscript-of",
    "is-variant-form-of",
    "is-original-form-of",
    "has-translation",
    "is-translation-of",
)

_PARAMETERS = re.compile(r"(?:query(?:\.[a-z-]+)?|filter)=\S.*")


class Crossref:
    """The `crossref` source."""

    name = "crossref"
    max_hits = MAX_HITS

    def query(self, question: str, lexicon: Lexicon | None = None) -> str:
        """Return `query.bibliographic=` with the terms of `question`; `question` itself if it names a parameter.

        Crossref knows no phrases and no operators: it looks for all the words in titles, authors and venues and orders
        by how many it finds. Synonyms would outweigh the terms and are left out.
        """
        if _PARAMETERS.fullmatch(question):
            return one_line(question, MAX_QUERY, "Crossref")
        terms = concepts(question, lexicon)
        if not terms:
            raise UsageError(
                "The question has no word that Crossref could be asked for.",
                'Ask in English, or give a query such as `--query "crossref=query.title=retrieval"`.',
            )
        return one_line(f"query.bibliographic={' '.join(concept[0] for concept in terms)}", MAX_QUERY, "Crossref")

    def pages(self, query: str, limit: int, start: int, settings: SourceSettings) -> Iterator[HitPage]:
        """Yield the hits of `query`: `PARAMETER=TEXT`, several joined by `&`, or plain text, which goes to `query`.

        Parameters are `query.bibliographic`, `query.title`, `query.author`, `filter` …
        """
        query = one_line(query, MAX_QUERY, "Crossref")
        if limit > MAX_HITS:
            raise UsageError(f"Crossref gives at most {MAX_HITS:,} results.", "Ask for fewer, or narrow the query.")
        before: Sequence[str] = ()
        while start < limit:
            size = min(settings.page_size, MAX_PAGE, limit - start)
            page, before = _page(settings, query, start, size, before)
            yield page
            start += page.taken
            if start >= (page.total or 0):
                return

    def fetch_pdf(self, record: Record, folder: Path, settings: SourceSettings) -> Path | None:
        return openaccess.fetch(record, folder, settings, (_base(),))


SOURCE = Crossref()


def _parameters(query: str) -> str:
    """Return `query` as part of an address; its parameters stay apart, what is in them is quoted."""
    if not _PARAMETERS.fullmatch(query):
        return f"query={quote(query, safe='')}"
    parts = re.split(r"&(?=(?:query(?:\.[a-z-]+)?|filter)=)", query)
    return "&".join(f"{name}={quote(value, safe=':,')}" for name, _, value in (part.partition("=") for part in parts))


def _page(
    settings: SourceSettings, query: str, start: int, size: int, before: Sequence[str]
) -> tuple[HitPage, Sequence[str]]:
    base = _base()
    url = f"{base}/works?{_parameters(query)}&select={SELECT}&rows={size}&offset={start}"

    def read(answer: Response) -> tuple[list[JsonValue], int, list[str]]:
        message = fields.table(jsonapi.read(answer, KEY).get("message"))
        total = jsonapi.count(message.get("total-results"))
        items = message.get("items")
        if not isinstance(items, list):
            raise RetryableError("sent a page without items")
        names = [fields.text(fields.table(item).get("DOI")).lower() for item in items]
        jsonapi.check_page(items, names, total, start, before)
        return items, total, names

    interval = mirrors.interval("SYNTH_CROSSREF_INTERVAL", INTERVAL, (base,), "crossref.org")
    result = _web(base, interval, settings).answer(
        url, read, seconds=settings.seconds, max_bytes=settings.max_answer_bytes
    )
    items, total, names = result.value
    records, warnings = jsonapi.records(items, as_record, "Crossref", _no_paper)
    return HitPage(
        query, records, total, result.retries, result.requests, warnings, url, len(items), result.cached
    ), names


@lru_cache(maxsize=8)
def _web(base: str, interval: float, settings: SourceSettings) -> Web:
    token = settings.crossref_token
    secrets = {"Crossref-Plus-API-Token": f"Bearer {token}"} if token else {}
    return Web((base,), interval, settings, secrets=secrets)


def _base() -> str:
    return mirrors.address("SYNTH_CROSSREF_API", "https://api.crossref.org")


def as_record(work: JsonObject) -> Record | None:
    """Return the record of one work; None without a DOI or a title (issues and volumes have none)."""
    doi = identity.doi(fields.text(work.get("DOI")))
    title, subtitle = _first(work.get("title")), _first(work.get("subtitle"))
    if title and subtitle and subtitle.casefold() not in title.casefold():
        title = f"{title}: {subtitle}"
    if not doi or not title:
        return None
    status, date = _editorial(work.get("updated-by"), work.get("update-to"), doi)
    return with_status(_record(work, doi, title, status, date))


def _record(work: JsonObject, doi: str, title: str, status: Editorial, date: str) -> Record:
    authors = [fields.table(author) for author in fields.rows(work.get("author"))]
    names = [
        author.get("name") or " ".join(fields.text(author.get(part)) for part in ("given", "family", "suffix"))
        for author in authors
    ]
    arxiv, acl = jsonapi.identifiers([doi, *_related(work.get("relation"), ("has-preprint",))])
    return Record(
        source="crossref",
        source_id=doi,
        title=title,
        authors=fields.names(names),
        year=next(filter(None, (_year(work.get(name)) for name in DATES)), None),
        abstract=fields.abstract(work.get("abstract")),
        url=doi_address(doi),
        arxiv_id=arxiv,
        doi=doi,
        acl_id=acl,
        pdf_url=_pdf(work.get("link")),
        withdrawn=status.withdraws,
        editorial=status,
        editorial_date=date,
        notices=_notices(work.get("update-to"), doi),
        versions=tuple(filter(None, map(identity.doi, _related(work.get("relation"), SAME_WORK)))),
        publication=_publication(work),
    )


def _publication(work: JsonObject) -> Publication:
    """Return where the work was published. Of a chapter's two containers the first is the series, the last the book."""
    kind = TYPES.get(_type(work), PublicationType.UNKNOWN)
    containers = fields.rows(work.get("container-title"))
    return fields.publication(
        kind,
        venue=containers[0 if kind is PublicationType.ARTICLE else -1] if containers else "",
        volume=work.get("volume"),
        issue=work.get("issue"),
        pages=work.get("page") or work.get("article-number"),
        publisher=work.get("publisher"),
    )


def _editorial(updated_by: JsonValue, update_to: JsonValue, own: str) -> tuple[Editorial, str]:
    """Return the gravest status that other records give the work, or that it gives itself, with its earliest date:
    some publishers print a notice under the DOI of the work.
    """
    statuses = [(status, date) for _, status, date in _updates(updated_by)]
    statuses += [(status, date) for doi, status, date in _updates(update_to) if doi == own]
    return min(statuses, key=lambda pair: (-GRAVITY.index(pair[0]), not pair[1], pair[1]), default=(Editorial.NONE, ""))


def _notices(update_to: JsonValue, own: str) -> tuple[Notice, ...]:
    """Return what this record, a notice, states about others."""
    notices = dict.fromkeys(
        Notice(doi, status, date) for doi, status, date in _updates(update_to) if doi and doi != own
    )
    return tuple(notices)


def _updates(value: JsonValue) -> list[tuple[str, Editorial, str]]:
    """Return (DOI of the other record, status, date) of each update that withdraws a work or casts doubt on it."""
    updates = []
    for update in map(fields.table, fields.rows(value)[:50]):
        kind = re.sub(r"[\s-]+", "_", fields.text(update.get("type")).strip().lower())
        if kind in EDITORIAL:
            date = fields.text(fields.table(update.get("updated")).get("date-time"))[:10]
            updates.append((identity.doi(fields.text(update.get("DOI"))) or "", EDITORIAL[kind], date))
    return updates


def _first(value: JsonValue) -> str:
    return fields.unmarked(next(iter(fields.rows(value)), ""))


def _no_paper(work: JsonObject) -> str:
    """Return the kind of a record that is no paper, else ""."""
    return NO_PAPERS.get(_type(work), "")


def _type(work: JsonObject) -> str:
    return re.sub(r"[\s_]+", "-", fields.text(work.get("type")).strip().lower())


def _year(value: JsonValue) -> int | None:
    """Return the year of {"date-parts": [[2020, 12, 1]]}."""
    parts = next(iter(fields.rows(fields.table(value).get("date-parts"))), [])
    return fields.year(next(iter(fields.rows(parts)), None))


def _related(value: JsonValue, kinds: Sequence[str]) -> list[str]:
    """Return the ids that stand in one of these relations to the work, each once; mostly DOIs."""
    related = [relation for kind in kinds for relation in fields.rows(fields.table(value).get(kind))[:20]]
    return list(dict.fromkeys(fields.text(fields.table(relation).get("id")) for relation in related))


def _pdf(value: JsonValue) -> str:
    """Return the address of a PDF that the publisher offers for reading.

    Those for similarity checks are not for us.
    """
    for link in map(fields.table, fields.rows(value)[:20]):
        if link.get("content-type") == "application/pdf" and link.get("intended-application") != "similarity-checking":
            return fields.url(link.get("URL"))
    return ""
