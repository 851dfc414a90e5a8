"""`synth library`: importing dumps of metadata, indexing them, finding papers in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from synth.core.errors import UsageError
from synth.core.progress import Progress, silent
from synth.core.settings import Settings
from synth.core.workspace import Workspace
from synth.library import file, imports, meanings, postings
from synth.library.find import Library, lists_file
from synth.models.encoder import Encoder
from synth.store.exclusive_lock import exclusive_lock

BUSY = "changing the library"


@dataclass(frozen=True)
class ImportOutcome(imports.DumpCounts):
    """Outcome of an import. `already`: nothing was left to do; `records`: works in the library now."""

    already: bool
    records: int


@dataclass(frozen=True)
class LibraryStatus:
    """Summary of the library: records by source, how far each index is, the dumps that were imported.

    `head`: characters of each record that are encoded, 0 for all; `search_by_meaning`: "lists", "exact" or "none".
    """

    file: str
    bytes: int
    records: int
    sources: dict[str, int]
    packed_words: int
    packing_worth_while: bool
    encoded: int
    head: int
    search_by_meaning: str
    dumps: list[imports.ImportedDump]


@dataclass(frozen=True)
class LibraryPaper:
    """A paper that was found, as `LibraryHit` has it."""

    id: str
    title: str
    authors: list[str]
    year: int | None
    url: str
    score: float
    lexical_rank: int | None
    dense_rank: int | None
    similarity: float | None


@dataclass(frozen=True)
class LibraryAnswer:
    """The papers that answer best to a query; `total` have one of its words, `rankings` took part."""

    query: str
    rankings: list[str]
    total: int
    papers: list[LibraryPaper]


def import_file(workspace: Workspace, path: Path, kind: str = "", progress: Progress = silent) -> ImportOutcome:
    """Import a dump, or go on with it; return its counts, all runs together."""
    path = path.resolve()
    if path.is_dir():
        raise UsageError(f"{path} is a folder.", "Name a dump of metadata: JSON lines, plain, .gz or .xz.")
    imports.check(path, kind)  # nothing is made for a file that cannot be read
    with exclusive_lock(workspace, "library", BUSY), file.writing(workspace.library) as db:
        already = imports.is_done(db, path)
        job = imports.import_dump(db, path, kind, lambda part: progress("import", part, 1, path.name))
        return ImportOutcome(
            path=job.path,
            format=job.format,
            state=job.state,
            lines=job.lines,
            added=job.added,
            changed=job.changed,
            unchanged=job.unchanged,
            malformed=job.malformed,
            examples=job.examples,
            already=already,
            records=file.records(db),
        )


def index(
    workspace: Workspace,
    settings: Settings,
    words: bool = False,
    head: int | None = None,
    progress: Progress = silent,
) -> LibraryStatus:
    """Pack the frequent words, encode what has no vector (not with `words`), and build the index of vectors.

    `head`: characters of each record that are encoded, 0 for all, None as the last time. What was done before an
    interruption is kept. Searching by words works all the while.
    """
    file.opened(workspace.library).close()  # a library has to be there
    with exclusive_lock(workspace, "library", BUSY), file.writing(workspace.library) as db:
        if postings.needed(db):
            postings.pack(db, lambda done, total: progress("words", done, total))
        if not words:
            encoder = Encoder(settings.encoder)
            meanings.encode_all(
                db, encoder.encode, encoder.identity, lambda done, total: progress("meaning", done, total), head
            )
            meanings.build(db, lists_file(workspace.library), lambda done, total: progress("lists", done, total))
    return status(workspace)


def status(workspace: Workspace) -> LibraryStatus:
    """Summarise the library: records by source, how far each index is, the dumps with their malformed lines."""
    with file.reading(workspace.library) as db:
        sources = dict(db.execute("SELECT source, count(*) FROM record GROUP BY source ORDER BY source").fetchall())
        lists = lists_file(workspace.library)
        files = [workspace.library, lists]
        return LibraryStatus(
            file=str(workspace.library),
            bytes=sum(f.stat().st_size for f in files if f.exists()),
            records=file.records(db),
            sources=sources,
            packed_words=db.execute("SELECT count(*) FROM posting").fetchone()[0],
            packing_worth_while=postings.needed(db),
            encoded=meanings.encoded(db),
            head=int(file.state(db, "head") or 0),
            search_by_meaning="lists" if file.state(db, "lists") else "exact" if meanings.encoded(db) else "none",
            dumps=imports.overview(db),
        )


def find(workspace: Workspace, settings: Settings, query: str, limit: int = 20, words: bool = False) -> LibraryAnswer:
    """Return the papers that answer best to `query`, by words and meaning, or with `words` by words alone."""
    library = Library(workspace.library, None if words else Encoder(settings.encoder).encode)
    try:
        finding = library.find(query, limit)
    finally:
        library.close()
    papers = [
        LibraryPaper(
            id=hit.record.source_id,
            title=hit.record.title,
            authors=list(hit.record.authors),
            year=hit.record.year,
            url=hit.record.url,
            score=hit.score,
            lexical_rank=hit.lexical_rank,
            dense_rank=hit.dense_rank,
            similarity=hit.similarity,
        )
        for hit in finding.hits
    ]
    return LibraryAnswer(query, list(finding.rankings), finding.total, papers)
