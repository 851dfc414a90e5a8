"""Time to write a report, and its size, in every format: CLAIMS sentences of real papers as claims.

python -m benchmarks.reporting FOLDER [CLAIMS]

FOLDER: PDFs (SYNTH_DATA/papers). Every claim has its sentence as source and two sentences of other papers as evidence;
one claim has a made-up run. Seconds of the processor count this process and the children that open the PDFs.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from sqlmodel import Session

from synth.core.settings import load
from synth.core.types import Document
from synth.core.workspace import Workspace
from synth.pdf import read_pdfs
from synth.report.write import write_report
from synth.store.database import Store
from synth.store.tables import ClaimRow, ClaimSource, Evidence, Paper, PassageRow, Screening
from tests.report import made_up


def workspace_of(root: Path, folder: Path, claims: int) -> Workspace:
    workspace = Workspace(root)
    store = Store(workspace.database)
    with store.session() as s:
        search = made_up.add_search(s, papers=False)
        passages: list[list[PassageRow]] = []
        for path, document in read_pdfs(sorted(folder.glob("*.pdf"))):
            if isinstance(document, Document):
                passages.append(_paper(s, int(search.id or 0), path, document))
        mixed = [row for rows in zip(*passages, strict=False) for row in rows]
        for number, row in enumerate(mixed[:claims]):
            _claim(
                s,
                int(search.id or 0),
                number,
                row,
                [mixed[(number + 1) % len(mixed)], mixed[(number + 2) % len(mixed)]],
            )
        made_up._add_prediction(s, s.get_one(ClaimRow, 1))
        made_up.add_run(s)
    store.close()
    return workspace


def _paper(s: Session, search: int, path: Path, document: Document) -> list[PassageRow]:
    paper = Paper(title=document.title or path.stem, pdf_path=str(path), pdf_sha256=document.sha256, text_state="read")
    s.add(paper)
    s.flush()
    s.add(Screening(search_id=search, paper_id=int(paper.id or 0), decision="include", reason="", rank=paper.id))
    rows = []
    for passage in document.passages:
        if passage.kind == "sentence":
            row = PassageRow(paper_id=int(paper.id or 0), position=passage.order, kind="sentence", text=passage.text)
            row.quote, row.page, row.spans = passage.quote, passage.page, [list(span) for span in passage.spans]
            row.sha256, row.section = document.sha256, passage.section
            rows.append(row)
    s.add_all(rows)
    s.flush()
    return rows


def _claim(s: Session, search: int, number: int, source: PassageRow, evidence: list[PassageRow]) -> None:
    claim = ClaimRow(search_id=search, text=source.text, kind="effect", salience=1 - number / 1e4, confidence=0.8)
    claim.standing, claim.witnesses, claim.why_not_testable, claim.evidence_done = "corroborated", 2, "Made up.", True
    claim.why_not_testable_code, claim.why_not_testable_parameters = "other", {"text": "Made up."}
    s.add(claim)
    s.flush()
    s.add(ClaimSource(claim_id=int(claim.id or 0), passage_id=int(source.id or 0)))
    number_of = int(claim.id or 0)
    for rank, row in enumerate(evidence, 1):
        supporting = Evidence(
            claim_id=number_of, passage_id=int(row.id or 0), stance="SUPPORT", confidence=0.8, rank=rank
        )
        supporting.relation, supporting.method = "other paper", "made-up rule"
        s.add(supporting)


def processor() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def main() -> None:
    folder, claims = Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 200
    if not any(folder.glob("*.pdf")):
        sys.exit(f"There is no PDF in {folder}. Name a folder that has some.")
    with tempfile.TemporaryDirectory() as root:
        workspace = workspace_of(Path(root), folder, claims)
        print("format, s of the processor, s by the clock, MB")
        for format in ("md", "html", "pdf"):
            wall, used = time.perf_counter(), processor()
            path = Path(write_report(workspace, load(workspace.root), format=format).path)
            wall, used = time.perf_counter() - wall, processor() - used
            print(f"{format}, {used:.1f}, {wall:.1f}, {path.stat().st_size / 1e6:.2f}", flush=True)


if __name__ == "__main__":
    main()
