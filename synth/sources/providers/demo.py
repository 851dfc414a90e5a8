"""The bundled digests as a source: works offline, for `synth demo` and for a first look.

A digest is not the paper that it retells. Its record therefore carries no identifier of the original, by which
the two would be taken for versions of one work; `url` is the original's address and `comment` says whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from synth.core.types import Record
from synth.sources import EVERYTHING, HitPage, SourceSettings
from synth.sources.digests.read import PROJECT, WRITTEN, Digest, digests
from synth.text.content import STOP_WORDS

if TYPE_CHECKING:
    from synth.text.lexicon import Lexicon


class DemoSource:
    name = "demo"
    max_hits = EVERYTHING

    def query(self, question: str, lexicon: Lexicon | None = None) -> str:
        """Return the words that are looked for, by which the digests are ranked."""
        return " ".join(_words(question))

    def pages(self, query: str, limit: int, start: int, settings: SourceSettings) -> Iterator[HitPage]:
        digests = ranked(query)
        yield HitPage(query, tuple(map(record, digests[start:limit])), total=len(digests))

    def fetch_pdf(self, record: Record, folder: Path, settings: SourceSettings) -> Path | None:
        """Return the digest of `record`, rendered into `folder`; None if the record is none of ours."""
        digest = next((digest for digest in digests() if digest.key == record.source_id), None)
        if record.source != self.name or digest is None:
            return None
        from synth.sources.digests.render import render

        folder.mkdir(parents=True, exist_ok=True)
        return render(digest, folder / f"demo-{digest.key}.pdf")


def ranked(question: str) -> list[Digest]:
    """Return the digests that share a word with the question, those that share most first."""
    wanted = _words(question)
    shared = {digest.key: len(wanted.keys() & _words(f"{digest.title} {digest.text}").keys()) for digest in digests()}
    hits = [digest for digest in digests() if shared[digest.key]]
    return sorted(hits, key=lambda digest: (-shared[digest.key], digest.key))


def record(digest: Digest) -> Record:
    work = digest.work
    return Record(
        source="demo",
        source_id=digest.key,
        title=digest.title,
        authors=(PROJECT,),
        year=WRITTEN,
        abstract=digest.abstract,
        url=work.url,
        comment=f"Digest of {work.short_authors} ({work.year}), {work.identifiers}, written by the synth project.",
    )


def _words(text: str) -> dict[str, None]:
    """Return the words that carry meaning, each once, in their order."""
    words = (word.lower() for word in re.findall(r"[^\W\d_]{3,}", text))
    return dict.fromkeys(word for word in words if word not in STOP_WORDS)


SOURCE = DemoSource()
