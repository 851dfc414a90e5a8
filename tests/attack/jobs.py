"""The commands that write, each with what it begins with and what it leaves behind."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from synth import demo
from synth.core.workspace import Workspace
from synth.sources.digests.render import render_all
from tests.attack import command
from tests.attack.searches import QUESTION, rounded_contents
from tests.library.records import acl_entry, write

PAPERS = 3
LINES = 20_000  # of the dump that is imported
INDEXED = 2_000  # records whose vectors are computed


@dataclass(frozen=True)
class Job:
    """A command with what it leaves behind, to be compared.

    Attributes:
        name: command.
        arguments: of the command line, without `synth`; `{home}` stands for the workspace.
        start: workspace that it begins with, or None for an empty one.
        left: what is compared, read from the workspace.
    """

    name: str
    arguments: tuple[str, ...]
    start: Path | None
    left: Callable[[Path], object]

    def fresh(self, home: Path) -> Path:
        """Make the workspace `home` that the job begins with."""
        if self.start is not None:
            shutil.copytree(self.start, home)
        home.mkdir(parents=True, exist_ok=True)
        return home

    def line(self, home: Path) -> list[str]:
        """Return the arguments for the workspace `home`."""
        return [argument.replace("{home}", str(home)) for argument in self.arguments]


def prepare(ground: Path) -> None:
    """Make in `ground` what the jobs begin with: papers, a searched workspace, one with a claim to verify, a dump."""
    for path in render_all(ground / "papers")[PAPERS:]:
        path.unlink()
    searched = ground / "searched"
    _must(command.synth(searched, *_search(ground)))
    _must(command.synth(ground / "demo", "search", demo.QUESTION, "--source", "demo"))
    experiment, _ = _verification()
    claim = demo.claim_to_verify(Workspace(ground / "demo"), 1, experiment)
    (ground / "claim").write_text(str(claim.id), encoding="utf-8")
    write(ground / "dump.jsonl", [acl_entry(n) for n in range(LINES)])
    works = json.loads(command.synth(searched, "papers", "--json").stdout)["papers"]
    rows = [f'"{work["title"]}",include' for work in works]
    (ground / "decisions.csv").write_text("\n".join(["title,decision", *rows]) + "\n", encoding="utf-8")
    write(ground / "indexed.jsonl", [acl_entry(n) for n in range(INDEXED)])
    _must(command.synth(ground / "imported", "library", "import", str(ground / "indexed.jsonl")))


def writing(ground: Path) -> dict[str, Job]:
    """Return the writing commands by name."""
    searched, dump = ground / "searched", str(ground / "dump.jsonl")
    experiment, fidelity = _verification()
    claim = (ground / "claim").read_text(encoding="utf-8")
    verify = ("verify", "--claim", claim, "--experiment", experiment, "--fidelity", fidelity)
    listed = (
        Job("search", _search(ground), None, rounded_contents),
        Job("verify", verify, ground / "demo", _verdicts),
        Job("report", ("report", "--format", "pdf", "--out", "{home}/report.pdf"), searched, _file("report.pdf")),
        Job("bundle", ("bundle", "--out", "{home}/bundle.zip"), searched, _checked),
        Job("screen", ("screen", "--decisions", str(ground / "decisions.csv")), searched, _decided),
        Job("library import", ("library", "import", dump), None, _library),
        Job("library index", ("library", "index"), ground / "imported", _library),
        Job("export", ("export", "--format", "bibtex", "--out", "{home}/works.bib"), searched, _text("works.bib")),
        Job("duplicates join", ("duplicates", "join", "1", "2"), searched, _works),
    )
    return {job.name: job for job in listed}


def sound(home: Path) -> list[str]:
    """Return what is wrong with the databases below `home`."""
    wrong = []
    for database in home.rglob("*.db"):
        with sqlite3.connect(database) as connection:
            [(state,)] = connection.execute("PRAGMA integrity_check").fetchall()
            broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        connection.close()
        if state != "ok" or broken:
            wrong.append(f"{database.name}: {state}, {len(broken)} references lead nowhere")
    return wrong


def _search(ground: Path) -> tuple[str, ...]:
    return ("search", QUESTION, "--papers", str(ground / "papers"))


def _verification() -> tuple[str, str]:
    return next(test for test in demo.TESTS if test[1] == "published")


def _must(done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode:
        raise RuntimeError(command.last_words(done))


def _rows(home: Path, database: str, *queries: str) -> list[object]:
    connection = sqlite3.connect(home / database)
    try:
        return [connection.execute(query).fetchall() for query in queries]
    finally:
        connection.close()


def _verdicts(home: Path) -> object:
    return _rows(
        home,
        "db/synth.db",
        "SELECT DISTINCT verdict, estimate, ci_low, ci_high, seeds FROM verdict",
        "SELECT DISTINCT arm, seed, language, metric, value, n FROM measurement ORDER BY 1, 2, 3, 4",
        "SELECT DISTINCT spec_hash FROM run WHERE state = 'done'",
    )


def _file(name: str) -> Callable[[Path], object]:
    return lambda home: (home / name).is_file() and (home / name).stat().st_size > 1000


def _text(name: str) -> Callable[[Path], object]:
    return lambda home: (home / name).read_text(encoding="utf-8") if (home / name).is_file() else None


def _checked(home: Path) -> object:
    return command.synth(home, "bundle", "--check", str(home / "bundle.zip")).returncode


def _decided(home: Path) -> object:
    return _rows(home, "db/synth.db", "SELECT paper_id, decision FROM screening_event ORDER BY 1, 2")


def _works(home: Path) -> object:
    return _rows(home, "db/synth.db", "SELECT id, title FROM paper ORDER BY 1")


def _library(home: Path) -> object:
    [database] = home.rglob("library*.db")
    queries = ("SELECT count(*), count(DISTINCT source_id) FROM record",)
    return _rows(home, str(database.relative_to(home)), *queries)
