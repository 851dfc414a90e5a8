"""The library of this workspace (`synth library import`) as a source: answers from the disk, without any network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from synth.core.errors import UsageError
from synth.core.types import Record
from synth.library.find import Library
from synth.sources import EVERYTHING, HitPage, SourceSettings, names, source
from synth.text.fts import query_words

if TYPE_CHECKING:
    from synth.text.lexicon import Lexicon


class LibrarySource:
    """The `library` source. Ranked by words and, where records are encoded, by meaning."""

    name = "library"
    max_hits = EVERYTHING

    def query(self, question: str, lexicon: Lexicon | None = None) -> str:
        """Return the question itself: both rankings read plain language."""
        if not query_words(question):
            raise UsageError("The question has no word to look for.", "Ask with a word that tells what it is about.")
        return " ".join(question.split())

    def pages(self, query: str, limit: int, start: int, settings: SourceSettings) -> Iterator[HitPage]:
        if settings.library is None:
            raise UsageError("No library is named.", "Run `synth library import FILE` first.")
        library = Library(settings.library, settings.encode)
        try:
            # One ranking for all pages: a place in it must not depend on the page it stands on.
            finding = library.find(self.query(query), limit)
        finally:
            library.close()
        hits = finding.hits[start:limit]
        missing = "" if "meaning" in finding.rankings else "Ranked by words alone: nothing in the library is encoded."
        for first in range(0, max(1, len(hits)), settings.page_size):
            records = tuple(hit.record for hit in hits[first : first + settings.page_size])
            warnings = (missing,) if missing and first == 0 and start == 0 else ()
            yield HitPage(query, records, total=max(finding.total, len(finding.hits)), warnings=warnings)

    def fetch_pdf(self, record: Record, folder: Path, settings: SourceSettings) -> Path | None:
        """Return the PDF from the place that the record came from, where synth knows that place as a source."""
        origin, _, number = record.source_id.partition(":")
        if origin not in names() or not record.pdf_url:
            return None
        return source(origin).fetch_pdf(replace(record, source=origin, source_id=number), folder, settings)


SOURCE = LibrarySource()
