"""The ACL Anthology, from a dump of its published metadata: a JSON object a line with id, title, abstract, authors,
year, booktitle and doi, plain or packed (.gz, .xz). SYNTH_ACL_DUMP names it; nothing is asked over the network but
the PDFs of papers that are taken in.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from synth.core.errors import UsageError
from synth.core.types import JsonObject, Record
from synth.papers import identity
from synth.papers.publication import in_anthology
from synth.sources import EVERYTHING, HitPage, SourceSettings, dump, fields, openaccess
from synth.sources.question import concepts

if TYPE_CHECKING:
    from synth.text.lexicon import Lexicon


class Acl:
    """The `acl` source."""

    name = "acl"
    max_hits = EVERYTHING

    def query(self, question: str, lexicon: Lexicon | None = None) -> str:
        """Return the terms of `question`, each in parentheses with its synonyms, joined by OR."""
        terms = concepts(question, lexicon)
        if not terms:
            raise UsageError("The question has no word that the Anthology could be searched for.", "Ask in English.")
        return dump.written(terms)

    def pages(self, query: str, limit: int, start: int, settings: SourceSettings) -> Iterator[HitPage]:
        file = dump.checked(settings.acl_dump, self.name, "SYNTH_ACL_DUMP", "a dump of the Anthology's metadata")
        return dump.search(file, as_record, query, limit, start, settings.page_size)

    def fetch_pdf(self, record: Record, folder: Path, settings: SourceSettings) -> Path | None:
        return openaccess.fetch(record, folder, settings)


SOURCE = Acl()


def as_record(line: JsonObject) -> Record | None:
    """Return the record of one line; None without an Anthology id or a title."""
    parsed = identity.acl_id(fields.text(line.get("id")))
    title = fields.unmarked(line.get("title"))
    if parsed is None or not title:
        return None
    doi = identity.doi(fields.text(line.get("doi"))) or ""
    return Record(
        source="acl",
        source_id=parsed[0],
        title=title,
        authors=fields.names(line.get("authors")),
        year=fields.year(line.get("year")),
        abstract=fields.abstract(line.get("abstract")),
        url=f"https://aclanthology.org/{parsed[0]}",
        doi=doi,
        acl_id=parsed[0],
        pdf_url=f"https://aclanthology.org/{parsed[0]}.pdf",
        publication=in_anthology(parsed[0], fields.unmarked(line.get("booktitle"), fields.MAX_VENUE)),
    )
