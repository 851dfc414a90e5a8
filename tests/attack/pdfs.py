"""Mutated PDFs: each is read or refused with its reason, and every quote of one that is read is found in it again."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from synth.demo.render import render_all
from synth.errors import UnreadablePdf
from synth.reading.guard import Limits, Quotes, read_pdfs, verify_files
from synth.types import Document
from tests.attack import command
from tests.attack.mutations import PDF
from tests.attack.tally import Tally

LIMITS = Limits(memory=1_000_000_000, cpu_seconds=15, wall_seconds=30.0)
QUOTES = 20  # of each document that are looked up again


def mutants(folder: Path, sources: Sequence[Path], number: int, seed: int) -> list[Path]:
    """Write `number` mutants of `sources` into `folder`, every kind of mutation as often as any other."""
    folder.mkdir(parents=True)
    originals = [path.read_bytes() for path in sources]
    files = []
    for index in range(number):
        draw = random.Random(f"{seed} {index}")
        kind = list(PDF)[index % len(PDF)]
        file = folder / f"{index:04}-{kind.split()[0]}.pdf"
        file.write_bytes(PDF[kind](draw.choice(originals), draw))
        files.append(file)
    return files


def reading(folder: Path, sources: Sequence[Path], number: int, seed: int) -> Tally:
    """Read mutants in the guarded children and look quotes up again."""
    tally = Tally("PDFs, read", "read or refused with a reason; quotes found again, byte for byte")
    with tally.timed():
        files = mutants(folder / "mutants", sources, number, seed)
        kept: list[tuple[Path, Document]] = []
        for path, outcome in read_pdfs(files, 2, LIMITS):
            if isinstance(outcome, UnreadablePdf):
                tally.add(outcome.reason)
            else:
                tally.add("read")
                kept.append((path, outcome))
        _quotes(tally, kept)
        if tally.tried != number:
            tally.fault(f"{number} files, {tally.tried} outcomes")
    return tally


def _quotes(tally: Tally, kept: Sequence[tuple[Path, Document]]) -> None:
    asked = [
        Quotes(path, document.sha256, [(p.spans, p.quote) for p in document.passages[:QUOTES]])
        for path, document in kept
    ]
    for index, answer in verify_files(asked, 2, LIMITS):
        if isinstance(answer, UnreadablePdf):
            # What was read just within the limits may be just beyond them the second time; content cannot change.
            if answer.reason not in ("timeout", "memory", "crashed"):
                tally.fault(f"{kept[index][0].name}: read, then {answer.reason}")
        elif not all(answer):
            tally.fault(f"{kept[index][0].name}: {answer.count(False)} quotes not found again")


def searching(folder: Path, number: int, seed: int) -> Tally:
    """Search a folder of mutants of the bundled digests by the command line: every file is accounted for."""
    tally = Tally("PDFs, searched", "every file is read, a copy, or named with its reason; `synth check` holds")
    with tally.timed():
        sources = render_all(folder / "digests")
        papers = folder / "papers"
        mutants(papers, sources, number, seed + 1)
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
