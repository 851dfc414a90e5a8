"""arXiv's bulk metadata (https://www.kaggle.com/datasets/Cornell-University/arxiv), a JSON object a line, CC0.

SYNTH_ARXIV_DUMP names the file, as published or packed (.gz, .xz). It answers without asking arXiv; the PDFs of
papers that are taken in still come from there, at arXiv's pace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from synth.core.errors import UsageError
from synth.core.types import Editorial, JsonObject, Record
from synth.papers import identity
from synth.papers.editorial import withdrawn_by
from synth.sources import EVERYTHING, HitPage, SourceSettings, dump, fields, openaccess
from synth.sources.question import concepts
from synth.text.identifiers import dois

if TYPE_CHECKING:
    from synth.text.lexicon import Lexicon

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


class ArxivDump:
    """The `arxivdump` source."""

    name = "arxivdump"
    max_hits = EVERYTHING

    def query(self, question: str, lexicon: Lexicon | None = None) -> str:
        """Return the terms of `question`, each in parentheses with its synonyms, joined by OR."""
        terms = concepts(question, lexicon)
        if not terms:
            raise UsageError("The question has no word that arXiv's metadata could be searched for.", "Ask in English.")
        return dump.written(terms)

    def pages(self, query: str, limit: int, start: int, settings: SourceSettings) -> Iterator[HitPage]:
        file = dump.checked(settings.arxiv_dump, self.name, "SYNTH_ARXIV_DUMP", "a copy of arXiv's bulk metadata")
        return dump.search(file, as_record, query, limit, start, settings.page_size)

    def fetch_pdf(self, record: Record, folder: Path, settings: SourceSettings) -> Path | None:
        return openaccess.fetch(record, folder, settings)


SOURCE = ArxivDump()


def as_record(line: JsonObject) -> Record | None:
    """Return the record of one line; None without an arXiv id or a title."""
    parsed = identity.arxiv_id(fields.text(line.get("id")))
    title = fields.unmarked(line.get("title"))
    if parsed is None or not title:
        return None
    versions = [fields.table(version) for version in fields.rows(line.get("versions"))]
    newest = fields.text(versions[-1].get("version")) if versions else ""
    edition = newest if re.fullmatch(r"v[1-9]\d*", newest) else ""
    comment = fields.text(line.get("comments"))
    summary = fields.abstract(line.get("abstract"))
    withdrawn = withdrawn_by(comment, summary)
    published = dois(fields.text(line.get("doi")))
    return Record(
        source="arxivdump",
        source_id=parsed[0],
        title=title,
        authors=_authors(line),
        year=_first_year(versions) or fields.year(line.get("update_date")),
        abstract=summary,
        url=f"https://arxiv.org/abs/{parsed[0]}{edition}",
        arxiv_id=parsed[0],
        version=edition,
        doi=next(iter(published), ""),
        pdf_url="" if withdrawn else f"https://arxiv.org/pdf/{parsed[0]}{edition}",
        withdrawn=withdrawn,
        editorial=Editorial.WITHDRAWN if withdrawn else Editorial.NONE,
        comment=comment,
        versions=published[1:],
        publication=fields.arxiv_publication(line.get("journal-ref")),
    )


def _authors(line: JsonObject) -> tuple[str, ...]:
    """Return the names as they are spoken, of [[family, given, suffix], …].

    They come of the one string where that list is missing.
    """
    parsed = [fields.rows(parts) for parts in fields.rows(line.get("authors_parsed"))]
    if not parsed:
        return fields.names(re.split(r",\s+(?:and\s+)?|\s+and\s+", fields.text(line.get("authors"))))
    return fields.names([" ".join(map(fields.text, [*parts[1:2], *parts[:1], *parts[2:3]])) for parts in parsed])


def _first_year(versions: list[JsonObject]) -> int | None:
    """Return the year of the first version, as in "Mon, 2 Apr 2007 19:18:42 GMT"."""
    match = _YEAR.search(fields.text(versions[0].get("created"))) if versions else None
    return int(match[0]) if match else None
