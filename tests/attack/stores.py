"""Workspaces in trouble: a full disk, a database that is locked, cut or of another version, two at once, a clock that
jumps."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from synth.demo.render import render_all
from tests.attack import command
from tests.attack.searches import QUESTION, rounded_contents
from tests.attack.tally import Tally

# `time.time` that jumps: read by Python before anything else, since it stands on the path under this name.
CLOCK = """
import random, time
_true, _draw = time.time, random.Random({seed})
time.time = lambda: _true() + _draw.choice((-86_400, 0, 0, 86_400, 31_536_000))
"""


def _searched(folder: Path) -> tuple[Path, tuple[str, ...]]:
    papers = folder / "papers"
    for path in render_all(papers)[3:]:
        path.unlink()
    home, arguments = folder / "whole", ("search", QUESTION, "--papers", str(papers))
    done = command.synth(home, *arguments)
    if done.returncode:
        raise RuntimeError(command.last_words(done))
    return home, arguments


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


def full_disk(folder: Path, number: int, seed: int) -> Tally:
    """Let the disk be full at `number` sizes; with room again the same command ends like an undisturbed one."""
    tally = Tally("full disk", "one line of what happened; with room again the same command ends as undisturbed")
    with tally.timed():
        home, arguments = _searched(folder)
        expected = rounded_contents(home)
        used = sum(file.stat().st_size for file in home.rglob("*") if file.is_file())
        draw = random.Random(seed)
        for index in range(number):
            try:
                with _small_disk(folder / "disk", draw.randrange(40_000, 2 * used)) as disk:
                    _filled(tally, disk, folder / f"kept-{index}", arguments, expected)
            except PermissionError as error:
                tally.add(f"not tried: {error}")
                break
    return tally


def _filled(tally: Tally, disk: Path, kept: Path, arguments: tuple[str, ...], expected: object) -> None:
    done = command.synth(disk / "home", *arguments)
    ended = command.ending(done)
    tally.add({"done": "had room", "refused": "told", "defect": "not told"}[ended])
    if ended == "defect":
        tally.fault(command.last_words(done))
    if (disk / "home").exists():
        shutil.copytree(disk / "home", kept)
    again = command.synth(kept, *arguments)
    if again.returncode or rounded_contents(kept) != expected:
        tally.fault(f"with room again: {command.last_words(again)}")
    shutil.rmtree(kept, ignore_errors=True)


def databases(folder: Path, seed: int) -> Tally:
    """Open databases that are locked, cut, of another version, or no database at all."""
    tally = Tally("databases", "an answer, or one line of what happened and one of what to do; the file is not changed")
    with tally.timed():
        home, _ = _searched(folder)
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
                if name != "older" and database.read_bytes()[:100] != before[:100] and name in ("cut", "no database"):
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


def side_by_side(folder: Path, rounds: int) -> Tally:
    """Give the same command twice at the same time, and read while one writes."""
    tally = Tally("two at once", "both end well or one says that the other works; the contents are those of one")
    with tally.timed():
        home, arguments = _searched(folder)
        expected = rounded_contents(home)
        for number in range(rounds):
            other = folder / f"both-{number}"
            both = [
                subprocess.Popen(
                    [sys.executable, "-m", "synth", *arguments],
                    env=command.environment(other),
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                )
                for _ in range(2)
            ]
            for process in both:
                out, error = process.communicate(timeout=command.SECONDS)
                done = subprocess.CompletedProcess(arguments, process.returncode, out, error)
                tally.add(command.ending(done))
                if command.ending(done) == "defect":
                    tally.fault(command.last_words(done))
            command.synth(other, *arguments)
            if rounded_contents(other) != expected:
                tally.fault(f"round {number}: the contents differ")
            shutil.rmtree(other)
    return tally


def clock_steps(folder: Path, rounds: int, seed: int) -> Tally:
    """Let the clock jump by days and years while a search runs."""
    tally = Tally("clock steps", "the same contents as with a steady clock")
    with tally.timed():
        home, arguments = _searched(folder)
        expected = rounded_contents(home)
        for number in range(rounds):
            jumping = folder / f"clock-{number}"
            jumping.mkdir()
            (jumping / "sitecustomize.py").write_text(CLOCK.format(seed=seed + number), encoding="utf-8")
            path = os.pathsep.join([str(jumping), *(entry for entry in sys.path if entry)])
            done = command.synth(folder / f"home-{number}", *arguments, more={"PYTHONPATH": path})
            tally.add(command.ending(done))
            if done.returncode or rounded_contents(folder / f"home-{number}") != expected:
                tally.fault(f"round {number}: {command.last_words(done)}")
    return tally
