"""Workspaces in trouble: a full disk, a database that is locked, cut or of another version, two at once, a clock that
jumps."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.attack import command
from tests.attack.jobs import Job, sound, writing
from tests.attack.searches import rounded_contents
from tests.attack.tally import Tally

# `time.time` that jumps: read by Python before anything else, since it stands on the path under this name.
CLOCK = """
import random, time
_true, _draw = time.time, random.Random({seed})
time.time = lambda: _true() + _draw.choice((-86_400, 0, 0, 86_400, 31_536_000))
"""

LEAST = 100_000  # bytes over what a job begins with, within which the small disks lie
ROOM = 16_384  # bytes that a file system takes for itself


@contextmanager
def _small_disk(where: Path, size: int) -> Iterator[Path]:
    """A file system of `size` bytes in memory. Raises PermissionError where mounting is not allowed."""
    where.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(where)], capture_output=True, check=False
    )
    if mounted.returncode:
        raise PermissionError("no file system can be mounted here")
    try:
        yield where
    finally:
        subprocess.run(["umount", "--lazy", str(where)], check=False)


def full_disk(ground: Path, folder: Path, numbers: Sequence[int], seed: int) -> Tally:
    """Let the disk be full while a job writes, at the sizes of `numbers`; with room again the same command ends well.

    Every second one is a search, the others take turns. The sizes lie between what a job begins with and a little
    more than what it leaves.
    """
    tally = Tally("full disk", "one line of what happened; with room again the same command ends as undisturbed")
    with tally.timed():
        jobs = writing(ground)
        others = [name for name in jobs if name != "search"]
        wholes: dict[str, tuple[int, int, object]] = {}
        for number in numbers:
            job = jobs[others[number // 2 % len(others)] if number % 2 else "search"]
            if job.name not in wholes:
                wholes[job.name] = _undisturbed(job, folder / job.name)
            first, last, expected = wholes[job.name]
            grown = max(last - first, LEAST)  # a job may leave less than it found: logs of the database are emptied
            size = first + ROOM + random.Random(f"{seed} {number}").randrange(grown + grown // 5)
            try:
                with _small_disk(folder / "disk", size) as disk:
                    _filled(tally, job, disk, folder / f"kept-{number}", expected)
            except PermissionError as error:
                tally.add(f"not tried: {error}")
                break
    return tally


def _undisturbed(job: Job, home: Path) -> tuple[int, int, object]:
    """Return the bytes on disk before and after the job, and what it leaves."""
    first = _blocks(job.fresh(home))
    done = command.synth(home, *job.line(home))
    if done.returncode:
        raise RuntimeError(command.last_words(done))
    return first, _blocks(home), job.left(home)


def _blocks(folder: Path) -> int:
    """Return the bytes that the files below `folder` take on a disk with pages of 4 KB."""
    return sum(-(-path.stat().st_size // 4096) * 4096 for path in folder.rglob("*"))


def _filled(tally: Tally, job: Job, disk: Path, kept: Path, expected: object) -> None:
    done = command.synth(job.fresh(disk / "home"), *job.line(disk / "home"))
    ended = command.ending(done)
    tally.add({"done": "had room", "refused": "told", "defect": "not told"}[ended])
    if ended == "defect":
        tally.fault(f"{kept.name}, {job.name}: {command.last_words(done)}")
    shutil.copytree(disk / "home", kept)
    again = command.synth(kept, *job.line(kept))
    if again.returncode or job.left(kept) != expected:
        tally.fault(f"{kept.name}, {job.name}, with room again: {command.last_words(again)}")
    for wrong in sound(kept):
        tally.fault(f"{kept.name}, {job.name}: {wrong}")
    shutil.rmtree(kept, ignore_errors=True)


def databases(ground: Path, folder: Path, seed: int) -> Tally:
    """Open databases that are locked, cut, of another version, or no database at all."""
    tally = Tally("databases", "an answer, or one line of what happened and one of what to do; the file is not changed")
    with tally.timed():
        home = ground / "searched"
        for name, harm in DAMAGE.items():
            for number in range(5):
                other = folder / "harmed"
                shutil.copytree(home, other)
                database = other / "db" / "synth.db"
                harm(database, random.Random(f"{seed} {name} {number}"))
                before = database.read_bytes()
                for arguments in (("claims",), ("report", "--out", str(other / "r.md")), ("papers", "--json")):
                    done = command.synth(other, *arguments)
                    tally.add(command.ending(done))
                    if command.ending(done) == "defect":
                        tally.fault(f"{name}, {arguments[0]}: {command.last_words(done)}")
                if name in ("cut", "no database") and database.read_bytes()[:100] != before[:100]:
                    tally.fault(f"{name}: the file was changed")
                shutil.rmtree(other)
    return tally


def _cut(database: Path, draw: random.Random) -> None:
    os.truncate(database, draw.randrange(1, database.stat().st_size))


def _flipped(database: Path, draw: random.Random) -> None:
    content = bytearray(database.read_bytes())
    for _ in range(50):
        content[draw.randrange(len(content))] = draw.randrange(256)
    database.write_bytes(content)


def _other(database: Path, draw: random.Random) -> None:
    database.write_bytes(draw.randbytes(5000))


def _version(database: Path, draw: random.Random) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (draw.choice(("9999", "", "x" * 32)),))


DAMAGE: dict[str, Callable[[Path, random.Random], None]] = {
    "cut": _cut,
    "bytes": _flipped,
    "no database": _other,
    "another version": _version,
}


@contextmanager
def _locked(database: Path) -> Iterator[None]:
    """Hold the database's write lock, as a program does that stands in the middle of a change."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.rollback()
        connection.close()


def locked(ground: Path, folder: Path) -> Tally:
    """Give every writing command a database whose write lock another program holds."""
    tally = Tally("locked databases", "done, or one line that says so; without the lock the same command ends well")
    with tally.timed():
        for name, job in writing(ground).items():
            home = job.fresh(folder / name)
            database = next(iter(home.rglob("*.db")), None)
            if database is None:
                continue
            with _locked(database):
                done = command.synth(home, *job.line(home))
            tally.add(command.ending(done))
            again = command.synth(home, *job.line(home))
            if command.ending(done) == "defect" or again.returncode:
                tally.fault(f"{name}: {command.last_words(done)}; then {command.last_words(again)}")
            shutil.rmtree(home)
    return tally


def side_by_side(ground: Path, folder: Path) -> Tally:
    """Give every writing command twice at the same time, and read while they write."""
    tally = Tally("two at once", "each ends well or says that the other works; the contents are those of one")
    with tally.timed():
        for name, job in writing(ground).items():
            expected = _undisturbed(job, folder / f"{name} alone")[2]
            home = job.fresh(folder / f"{name} twice")
            both = [command.Running(home, job.line(home)) for _ in range(2)]
            between = command.synth(home, "papers") if job.start else None
            for done in (*(run.result() for run in both), *filter(None, (between,))):
                tally.add(command.ending(done))
                if command.ending(done) == "defect":
                    tally.fault(f"{name}: {command.last_words(done)}")
            if name != "duplicates join":  # the same decision cannot be taken twice
                command.synth(home, *job.line(home))
            if (left := job.left(home)) != expected:
                tally.fault(f"{name}: left {str(left)[:200]} instead of {str(expected)[:200]}")
            for wrong in sound(home):
                tally.fault(f"{name}: {wrong}")
            shutil.rmtree(home)
    return tally


def clock_steps(ground: Path, folder: Path, rounds: int, seed: int) -> Tally:
    """Let the clock jump by days and years while a search runs."""
    tally = Tally("clock steps", "the same contents as with a steady clock")
    with tally.timed():
        job, expected = writing(ground)["search"], rounded_contents(ground / "searched")
        for number in range(rounds):
            jumping = folder / f"clock-{number}"
            jumping.mkdir(parents=True)
            (jumping / "sitecustomize.py").write_text(CLOCK.format(seed=seed + number), encoding="utf-8")
            path = os.pathsep.join([str(jumping), *(entry for entry in sys.path if entry)])
            home = job.fresh(folder / f"home-{number}")
            done = command.anew(home, *job.line(home), PYTHONPATH=path)
            tally.add(command.ending(done))
            if done.returncode or rounded_contents(home) != expected:
                tally.fault(f"round {number}: {command.last_words(done)}")
    return tally
