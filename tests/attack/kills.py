"""kill -9 at moments spread over whole jobs: the same command again gives what an undisturbed one gives."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from synth.demo.render import render_all
from synth.pipeline import demo
from synth.progress import silent
from tests.attack import command
from tests.attack.searches import QUESTION, rounded_contents
from tests.attack.tally import Tally
from tests.library.records import acl_entry, write

IN_A_ROW = 5  # kills before the job is left to end


@dataclass(frozen=True)
class Job:
    """A command with what it leaves behind, to be compared.

    Attributes:
        name: command.
        arguments: of the command line, without `synth`.
        start: workspace that it begins with, or None for an empty one.
        left: what is compared, read from the workspace.
        given: what stands on the standard input.
    """

    name: str
    arguments: tuple[str, ...]
    start: Path | None
    left: Callable[[Path], object]
    given: str = ""
    more: dict[str, str] = field(default_factory=dict)


def everywhere(folder: Path, number: int, seed: int) -> list[Tally]:
    """Kill each job `number` // jobs times, five times in a row before it may end."""
    jobs = _jobs(folder)
    return [_attack(job, folder / job.name, number // len(jobs), random.Random(f"{seed} {job.name}")) for job in jobs]


def _jobs(folder: Path) -> list[Job]:
    papers = folder / "papers"
    for path in render_all(papers)[4:]:
        path.unlink()
    searched = folder / "searched"
    search = ("search", QUESTION, "--papers", str(papers))
    _must(command.synth(searched, *search))
    workspace, number = demo.find_claims(folder / "demo", silent)
    experiment, fidelity = next(test for test in demo.TESTS if test[1] == "published")
    testable = demo.claim_to_verify(workspace, number, experiment)["id"]
    verify = ("verify", "--claim", str(testable), "--experiment", experiment, "--fidelity", fidelity)
    references = write(folder / "library.jsonl", [acl_entry(n) for n in range(20_000)])
    decisions = folder / "decisions.csv"
    works = json.loads(command.synth(searched, "papers", "--json").stdout)["papers"]
    rows = [f'"{work["title"]}",include' for work in works]
    decisions.write_text("\n".join(["title,decision", *rows]) + "\n", encoding="utf-8")
    return [
        Job("search", search, None, rounded_contents),
        Job("verify", verify, folder / "demo", _verdicts),
        Job("report", ("report", "--format", "pdf", "--out", "{home}/report.pdf"), searched, _file("report.pdf")),
        Job("bundle", ("bundle", "--out", "{home}/bundle.zip"), searched, _checked),
        Job("screen", ("screen", "--decisions", str(decisions)), searched, _decided),
        Job("library import", ("library", "import", str(references)), None, _library),
    ]


def _attack(job: Job, folder: Path, kills: int, draw: random.Random) -> Tally:
    tally = Tally(f"kill -9: {job.name}", "the same command again ends well, with what an undisturbed one leaves")
    with tally.timed():
        whole = _fresh(job, folder / "undisturbed")
        began = time.monotonic()
        _must(command.synth(whole, *_arguments(job, whole), more=job.more, given=job.given))
        seconds = time.monotonic() - began
        expected = job.left(whole)
        for round_ in range(max(1, kills // IN_A_ROW)):
            home = _fresh(job, folder / f"round-{round_}")
            for _ in range(IN_A_ROW):
                after = draw.uniform(0.2, 0.8 * seconds)
                hit = command.killed(home, _arguments(job, home), after, job.more, job.given)
                tally.add("killed" if hit else "ended before")
            done = command.synth(home, *_arguments(job, home), more=job.more, given=job.given)
            if command.ending(done) != "done":
                tally.fault(f"round {round_}: {command.last_words(done)}")
            elif (left := job.left(home)) != expected:
                tally.fault(f"round {round_}: left {str(left)[:200]} instead of {str(expected)[:200]}")
            _sound(tally, home, round_)
            shutil.rmtree(home)
    return tally


def _sound(tally: Tally, home: Path, round_: int) -> None:
    """No database is damaged and no unfinished file lies about."""
    for database in home.rglob("*.db"):
        with sqlite3.connect(database) as connection:
            [(sound,)] = connection.execute("PRAGMA integrity_check").fetchall()
            broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        if sound != "ok" or broken:
            tally.fault(f"round {round_}: {database.name}: {sound}, {len(broken)} references lead nowhere")


def _fresh(job: Job, home: Path) -> Path:
    if job.start is not None:
        shutil.copytree(job.start, home)
    return home


def _arguments(job: Job, home: Path) -> list[str]:
    home.mkdir(parents=True, exist_ok=True)
    return [argument.format(home=home) if "{home}" in argument else argument for argument in job.arguments]


def _must(done: object) -> None:
    if getattr(done, "returncode", 1):
        raise RuntimeError(command.last_words(done))  # type: ignore[arg-type]


def _rows(home: Path, database: str, *queries: str) -> list[object]:
    with sqlite3.connect(home / database) as connection:
        return [connection.execute(query).fetchall() for query in queries]


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


def _checked(home: Path) -> object:
    return command.synth(home, "bundle", "--check", str(home / "bundle.zip")).returncode


def _decided(home: Path) -> object:
    return _rows(home, "db/synth.db", "SELECT paper_id, decision FROM screening_event ORDER BY 1, 2")


def _library(home: Path) -> object:
    [database] = home.rglob("library*.db")
    queries = ("SELECT count(*), count(DISTINCT source_id) FROM record",)
    return _rows(home, str(database.relative_to(home)), *queries)
