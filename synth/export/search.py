"""`synth export`: a search in the format of another program: its claims with their evidence, or its references."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from synth.core.atomic import atomic_write
from synth.core.errors import UsageError
from synth.core.types import JsonValue, Stance
from synth.core.workspace import Workspace
from synth.eval.scifact import files
from synth.eval.scifact.records import Claim, CorpusDocument, Gold
from synth.evidence.gather import TOGETHER
from synth.evidence.relation import WITNESSES
from synth.export import references
from synth.store import views
from synth.store.database import reading
from synth.store.passages import texts
from synth.store.rows.claims import EvidenceView, FullClaimView
from synth.store.works import works

WORKS = ("included", "cited")


def format_names() -> list[str]:
    """Return every format: that of the claims, then those of the references."""
    return ["scifact", *references.format_names()]


def export(
    workspace: Workspace,
    format: str,
    search: int | None = None,
    out: Path | None = None,
    which: str = "included",
) -> dict[str, JsonValue]:
    """Write `search` (None: the newest) in one of `format_names()` to `out`: a folder for `scifact`, else a file.

    `which`: the works that references are written of, those included in the search or those that its claims cite.
    """
    if format not in format_names():
        raise UsageError(f"There is no export format {format!r}.", f"Formats: {', '.join(format_names())}.")
    if which not in WORKS:
        raise UsageError(f"There are no {which!r} works.", f"Use `--works` with one of: {', '.join(WORKS)}.")
    if format == "scifact":
        return _claims(workspace, search, out)
    return _references(workspace, format, search, out, which)


def _references(
    workspace: Workspace, format: str, search: int | None, out: Path | None, which: str
) -> dict[str, JsonValue]:
    """Write one file of references. Works without a title are left out, and named."""
    with reading(workspace.database) as connection:
        number = views.search_id(connection, search)
        rows = works(connection, number, which == "cited")
    entries = references.works(rows)
    if not entries:
        raise UsageError(f"Search {number} has no {which} works.", "`synth papers` lists those of a search.")
    file = out or workspace.reports / f"search-{number}" / references.file_name(format)
    atomic_write(file, references.write(entries, format).encode())
    left = len(rows) - len(entries)
    return {
        "search": number,
        "format": format,
        "file": str(file),
        "counts": {"works": len(entries)},
        "notes": [f"{left} works without a title are left out."] if left else [],
    }


def _claims(workspace: Workspace, search: int | None, out: Path | None) -> dict[str, JsonValue]:
    """Write claims.jsonl and corpus.jsonl into the folder `out`.

    A document of the corpus is a paper: its `abstract` holds all its sentences and captions in reading order, which
    evidence points into. `cited_doc_ids` are the papers whose passages were judged for the claim. Restatements and
    secondhand reports are no evidence; a paper that speaks for and against a claim is written as CONTRADICT.
    """
    with reading(workspace.database) as connection:
        number = views.search_id(connection, search)
        papers = {row.id: row.title for row in views.papers(connection, number)}
        passages = texts(connection, number)
        rows = [views.claim(connection, row.id) for row in views.claims(connection, number)]
    place: dict[int, tuple[int, int]] = {}
    sentences: dict[int, list[str]] = defaultdict(list)
    for passage, paper, text in passages:
        place[passage] = (paper, len(sentences[paper]))
        sentences[paper].append(text)
    corpus = [CorpusDocument(str(paper), title, tuple(sentences[paper])) for paper, title in papers.items()]
    notes: list[str] = []
    claims = [_claim(row, place, notes) for row in rows]
    if not claims:
        raise UsageError(f"Search {number} has no claims.", "`synth claims` lists those of a search.")
    folder = out or workspace.reports / f"search-{number}" / "scifact"
    files.write_corpus(folder / "corpus.jsonl", corpus)
    files.write_claims(folder / "claims.jsonl", claims)
    return {
        "search": number,
        "format": "scifact",
        "claims": str(folder / "claims.jsonl"),
        "corpus": str(folder / "corpus.jsonl"),
        "counts": {
            "claims": len(claims),
            "with_evidence": sum(bool(claim.evidence) for claim in claims),
            "documents": len(corpus),
        },
        "notes": [*notes],
    }


def _claim(row: FullClaimView, place: Mapping[int, tuple[int, int]], notes: list[str]) -> Claim:
    evidence = [e for e in row.evidence if e.passage in place]
    judged = dict.fromkeys(str(place[e.passage][0]) for e in evidence)
    by_paper: dict[int, list[EvidenceView]] = defaultdict(list)
    for e in evidence:
        if e.stance != Stance.NOT_ENOUGH_INFO and e.relation in WITNESSES:
            by_paper[place[e.passage][0]].append(e)
    gold = {str(paper): _gold(row.id, paper, of_paper, place, notes) for paper, of_paper in by_paper.items()}
    return Claim(row.id, row.text, tuple(judged), gold)


def _gold(
    claim: int, paper: int, rows: Sequence[EvidenceView], place: Mapping[int, tuple[int, int]], notes: list[str]
) -> Gold:
    """Return one label a document, as the format asks for; passages that decide only together are one rationale."""
    stances = {Stance(row.stance) for row in rows}
    stance = Stance.CONTRADICT if Stance.CONTRADICT in stances else Stance.SUPPORT
    if len(stances) > 1:
        notes.append(f"Paper {paper} speaks for and against claim {claim}; its supporting passages were left out.")
    same_side = [row for row in rows if row.stance == stance]
    alone = [frozenset({place[row.passage][1]}) for row in same_side if TOGETHER not in row.note]
    together = frozenset(place[row.passage][1] for row in same_side if TOGETHER in row.note)
    return Gold(stance, tuple(alone + ([together] if together else [])))
