"""OpenAlex (https://developers.openalex.org), its /works endpoint; keys are free, without one little may be asked.

pyalex was looked at and left: it writes https://api.openalex.org into every address, opens a session of its own with
retries of its own for each request, and reads answers of any size, so that neither the turns that all processes take
nor budgets, deadlines, size limits and the guard against redirects would hold. What remains of it are an address and
the inverted index of an abstract.

SYNTH_OPENALEX_API names a mirror, SYNTH_OPENALEX_INTERVAL the seconds between two requests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from synth.core.errors import UsageError
from synth.core.types import Editorial, JsonObject, JsonValue, Publication, PublicationType, Record
from synth.papers import identity
from synth.papers.editorial import status_of_types
from synth.sources import HitPage, SourceSettings, fields, openaccess
from synth.sources.http import jsonapi, mirrors
from synth.sources.http.answers import Response
from synth.sources.http.client import RetryableError, Web
from synth.sources.question import concepts, one_line
from synth.text.identifiers import doi_address

if TYPE_CHECKING:
    from synth.text.lexicon import Lexicon

# The API's reference: 100 requests a second at most, pages of 100, 10,000 results by page number, addresses of 4 KB.
# Cursors would reach further but need a key, and a page number lets an interrupted search go on without any state.
INTERVAL, MAX_PAGE, MAX_HITS, MAX_QUERY = 0.1, 100, 10_000, 3_000
KEY = "OPENALEX_API_KEY"
SELECT = (
    "id,doi,display_name,publication_year,authorships,abstract_inverted_index,best_oa_location,primary_location,"
    "locations,is_retracted,type,biblio"
)
LISTED_AUTHORS = 100  # of a work in a list; only the work alone comes with all (OpenAlex's help, "Author limits")
MAX_INDEX = 20_000  # words of an abstract
# Types of works that are no papers, and what they are called (https://docs.openalex.org, work types).
NO_PAPERS = {
    "peer-review": "peer review",
    "paratext": "cover, contents or other paratext",
    "supplementary-materials": "figure, table or supplement",
    "grant": "grant",
    "database": "data set",
    "dataset": "data set",
}
# Types of publications, by the type of the work, and of the place that its main version stands in.
TYPES = {
    "preprint": PublicationType.PREPRINT,
    "book-chapter": PublicationType.INCOLLECTION,
    "book": PublicationType.BOOK,
}
PLACES = {
    "journal": PublicationType.ARTICLE,
    "conference": PublicationType.INPROCEEDINGS,
    "book series": PublicationType.INCOLLECTION,
    "repository": PublicationType.PREPRINT,
}

_FILTER = re.compile(r"[a-z_]+(?:\.[a-z_]+)*:\S")


class OpenAlex:
    """The `openalex` source."""

    name = "openalex"
    max_hits = MAX_HITS

    def query(self, question: str, lexicon: Lexicon | None = None) -> str:
        """Return `question` itself if it is a filter (`title.search:…`, `cites:W…`), else a search in titles and
        abstracts.

        What ends with a question mark is no filter.

        Terms and synonyms are joined by OR: OpenAlex orders by relevance, so that what has most comes first.
        """
        if _FILTER.match(question) and not question.rstrip().endswith("?"):
            return one_line(question, MAX_QUERY, "OpenAlex")
        groups = concepts(question, lexicon)
        if not groups:
            raise UsageError(
                "The question has no word that OpenAlex could be asked for.",
                'Ask in English, or give a query such as `--query "openalex=title.search:retrieval"`.',
            )
        # A comma would end the filter.
        terms = " OR ".join(f'"{term}"'.replace(",", " ") for concept in groups for term in concept)
        return one_line(f"title_and_abstract.search:{terms}", MAX_QUERY, "OpenAlex")

    def pages(self, query: str, limit: int, start: int, settings: SourceSettings) -> Iterator[HitPage]:
        query = one_line(query, MAX_QUERY, "OpenAlex")
        if limit > MAX_HITS:
            raise UsageError(f"OpenAlex gives at most {MAX_HITS:,} results.", "Ask for fewer, or narrow the query.")
        size = min(settings.page_size, MAX_PAGE, limit)
        before: Sequence[str] = ()
        while start < limit:
            # Pages are counted by a size that stays the same; a start within one leaves out what is stored.
            number, skipped = divmod(start, size)
            page, before = _page(settings, query, number + 1, size, skipped, min(size, limit - number * size), before)
            yield page
            start += page.taken
            if start >= (page.total or 0):
                return

    def trails(self, record: Record) -> Sequence[tuple[str, str]]:
        if record.source != self.name or not re.fullmatch(r"W\d+", record.source_id):
            return ()
        return (("references", f"cited_by:{record.source_id}"), ("citations", f"cites:{record.source_id}"))

    def fetch_pdf(self, record: Record, folder: Path, settings: SourceSettings) -> Path | None:
        return openaccess.fetch(record, folder, settings, (_base(),))


SOURCE = OpenAlex()


def _base() -> str:
    return mirrors.address("SYNTH_OPENALEX_API", "https://api.openalex.org")


@lru_cache(maxsize=8)
def _web(base: str, interval: float, settings: SourceSettings) -> Web:
    secrets = {"Authorization": f"Bearer {settings.openalex_key}"} if settings.openalex_key else {}
    return Web((base,), interval, settings, secrets=secrets)


def _page(
    settings: SourceSettings, query: str, number: int, size: int, skipped: int, end: int, before: Sequence[str]
) -> tuple[HitPage, Sequence[str]]:
    """Return page `number` of `query` without its first `skipped` and what is behind `end`; and the ids on it."""
    base = _base()
    parameter = "filter" if _FILTER.match(query) else "search"
    url = f"{base}/works?{parameter}={quote(query, safe=':')}&select={SELECT}&page={number}&per_page={size}"

    def read(answer: Response) -> tuple[list[JsonValue], int, list[str]]:
        content = jsonapi.read(answer, KEY)
        total = jsonapi.count(fields.table(content.get("meta")).get("count"))
        items = content.get("results")
        if not isinstance(items, list):
            raise RetryableError("sent a page without results")
        identifiers = [fields.text(fields.table(item).get("id")) for item in items]
        jsonapi.check_page(items, identifiers, total, (number - 1) * size, before)
        return items, total, identifiers

    interval = mirrors.interval("SYNTH_OPENALEX_INTERVAL", INTERVAL, (base,), "openalex.org")
    result = _web(base, interval, settings).answer(
        url, read, seconds=settings.seconds, max_bytes=settings.max_answer_bytes
    )
    items, total, identifiers = result.value
    records, warnings = jsonapi.records(items[skipped:end], as_record, "OpenAlex", _no_paper, LISTED_AUTHORS)
    # OpenAlex counts pages, not entries: one that is shorter than asked for in the middle has left some out.
    full = total >= (number - 1) * size + end
    taken = max(end - skipped, 0) if full else len(items[skipped:end])
    if full and len(items) < end:
        warnings += (f"OpenAlex left out {end - len(items)} of the {end} entries on page {number}.",)
    page = HitPage(query, records, total, result.retries, result.requests, warnings, url, taken, result.cached)
    return page, identifiers


def as_record(work: JsonObject) -> Record | None:
    """Return the record of one work object; None without an id or a title."""
    identifier = fields.text(work.get("id")).rpartition("/")[2]
    title = fields.unmarked(work.get("display_name") or work.get("title"))
    if not re.fullmatch(r"W\d+", identifier) or not title:
        return None
    doi = identity.doi(fields.text(work.get("doi"))) or ""
    best, first = (fields.table(work.get(name)) for name in ("best_oa_location", "primary_location"))
    locations = [best, first, *map(fields.table, fields.rows(work.get("locations"))[:50])]
    places = [
        place
        for entry in locations
        for name in ("landing_page_url", "pdf_url")
        if (place := fields.url(entry.get(name)))
    ]
    arxiv, acl = jsonapi.identifiers([doi, *places])
    status = _editorial(work)
    return Record(
        source="openalex",
        source_id=identifier,
        title=title,
        authors=fields.names(
            [
                fields.table(fields.table(entry).get("author")).get("display_name")
                for entry in fields.rows(work.get("authorships"))
            ]
        ),
        year=fields.year(work.get("publication_year")),
        abstract=fields.abstract(_abstract(work.get("abstract_inverted_index"))),
        url=_address(doi, places, identifier),
        arxiv_id=arxiv,
        doi=doi,
        acl_id=acl,
        pdf_url=next((place for entry in locations if (place := fields.url(entry.get("pdf_url")))), ""),
        withdrawn=status.withdraws,
        editorial=status,
        publication=_publication(work),
    )


def _publication(work: JsonObject) -> Publication:
    """Return where the main version of the work stands; a repository is no venue."""
    place = fields.table(fields.table(work.get("primary_location")).get("source"))
    kind = TYPES.get(fields.text(work.get("type")), PLACES.get(fields.text(place.get("type")), PublicationType.UNKNOWN))
    if kind is PublicationType.PREPRINT or place.get("type") == "repository":
        return Publication(PublicationType.PREPRINT)
    biblio = fields.table(work.get("biblio"))
    pages = [fields.text(biblio.get(name)) for name in ("first_page", "last_page")]
    return fields.publication(
        kind,
        venue=place.get("display_name"),
        volume=biblio.get("volume"),
        issue=biblio.get("issue"),
        pages="-".join(filter(None, pages)),
        publisher=place.get("host_organization_name"),
    )


def _editorial(work: JsonObject) -> Editorial:
    """Return the status. OpenAlex flags notices as well as what they retract; their type is `retraction`."""
    status = status_of_types([fields.text(work.get("type"))])
    return status or (Editorial.RETRACTED if work.get("is_retracted") is True else Editorial.NONE)


def _no_paper(work: JsonObject) -> str:
    """Return the kind of a work that is no paper, else ""."""
    return NO_PAPERS.get(fields.text(work.get("type")).strip().lower(), "")


def _address(doi: str, places: Sequence[str], identifier: str) -> str:
    return doi_address(doi) if doi else next(iter(places), f"https://openalex.org/{identifier}")


def _abstract(index: JsonValue) -> str:
    """Return the text of {word: [positions]}, which is how OpenAlex gives abstracts."""
    placed = {}
    for word, positions in fields.table(index).items():
        for position in fields.rows(positions):
            if isinstance(position, int) and 0 <= position < MAX_INDEX:
                placed[position] = word
    return " ".join(placed[position] for position in sorted(placed))
