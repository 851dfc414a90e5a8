"""Mutated PDFs: each is read or refused with its reason, and every quote of one that is read is found in it again."""

from __future__ import annotations

import json
import os
import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from synth.core.errors import UnreadablePdf
from synth.core.types import Document
from synth.pdf.guard import Limits, Quotes, read_pdfs, verify_files
from synth.sources.digests.render import render_all
from tests.attack import command
from tests.attack.mutations import PDF
from tests.attack.tally import Tally

LIMITS = Limits(memory=1_000_000_000, cpu_seconds=5, wall_seconds=30.0)
QUOTES = 20  # of each document that are looked up again
PAGES = 2  # of a real paper that most of its mutants have: what harms does so on any page
WHOLE = 0.05  # share of the mutants of real papers that have all pages


def originals(folder: Path) -> list[Path]:
    """Return what is mutated: the bundled digests, and beginnings of the real papers where SYNTH_DATA names some."""
    import pymupdf

    files = render_all(folder / "originals")
    for path in _real():
        with pymupdf.open(path) as pdf:
            pdf.select(range(min(PAGES, pdf.page_count)))
            short = folder / "originals" / path.name
            short.write_bytes(pdf.tobytes(garbage=1))
            files.append(short)
    return files


def _real() -> list[Path]:
    return sorted(Path(os.environ["SYNTH_DATA"], "papers").glob("*.pdf")) if os.environ.get("SYNTH_DATA") else []


def mutants(folder: Path, sources: Sequence[Path], numbers: Sequence[int], seed: int) -> list[Path]:
    """Write the mutants `numbers` of `sources` into `folder`, every kind of mutation as often as any other."""
    folder.mkdir(parents=True, exist_ok=True)
    files, whole = [], {path.name: path for path in _real()}
    for number in numbers:
        draw = random.Random(f"{seed} {number}")
        kind = list(PDF)[number % len(PDF)]
        source = draw.choice(sources)
        if draw.random() < WHOLE:
            source = whole.get(source.name, source)
        file = folder / f"{number:04}-{kind.split()[0]}.pdf"
        file.write_bytes(PDF[kind](source.read_bytes(), draw))
        files.append(file)
    return files


def reading(folder: Path, numbers: Sequence[int], seed: int) -> Tally:
    """Read mutants in a guarded child and look quotes up again."""
    tally = Tally("PDFs, read", "read or refused with a reason; quotes found again, byte for byte")
    with tally.timed():
        files = mutants(folder / "mutants", originals(folder), numbers, seed)
        kept: list[tuple[Path, Document]] = []
        for path, outcome in read_pdfs(files, 1, LIMITS):
            if isinstance(outcome, UnreadablePdf):
                tally.add(outcome.reason)
            else:
                tally.add("read")
                kept.append((path, outcome))
        tried = tally.outcomes.total()
        _quotes(tally, kept)
        if tried != len(files):
            tally.fault(f"{len(files)} files, {tried} outcomes")
    return tally


def _quotes(tally: Tally, kept: Sequence[tuple[Path, Document]]) -> None:
    asked = [
        Quotes(path, document.sha256, [(p.spans, p.quote) for p in document.passages[:QUOTES]])
        for path, document in kept
    ]
    for index, answer in verify_files(asked, 1, LIMITS):
        if isinstance(answer, UnreadablePdf):
            # What was read just within the limits may be just beyond them the second time; content cannot change.
            if answer.reason not in ("timeout", "memory", "crashed"):
                tally.fault(f"{kept[index][0].name}: read, then {answer.reason}")
        elif not all(answer):
            tally.fault(f"{kept[index][0].name}: {answer.count(False)} quotes not found again")


def searching(folder: Path, numbers: Sequence[int], seed: int) -> Tally:
    """Search a folder of mutants of the bundled digests by the command line: every file is accounted for."""
    tally = Tally("PDFs, searched", "every file is read, a copy, or named with its reason; `synth check` holds")
    with tally.timed():
        sources = render_all(folder / "digests")
        papers = folder / "papers"
        number = len(mutants(papers, sources, numbers, seed + 1))
        home = folder / "home"
        question = "Does intermediate-task training help?"
        done = command.synth(home, "search", question, "--papers", str(papers), "--max-papers", str(number), "--json")
        if command.ending(done) != "done":
            tally.fault(command.last_words(done))
            return tally
        listed = json.loads(command.synth(home, "papers", "--json").stdout)
        tally.outcomes.update({"works read": sum(p["text_state"] == "read" for p in listed["papers"])})
        with sqlite3.connect(home / "db" / "synth.db") as connection:
            [(files,)] = connection.execute("SELECT count(*) FROM hit").fetchall()
        tally.outcomes.update({"copies and refused": files - tally.tried})
        if files != number:
            tally.fault(f"{number} files, {files} on record")
        checked = command.synth(home, "check")
        if checked.returncode:
            tally.fault(f"synth check: {command.last_words(checked)}")
    return tally
