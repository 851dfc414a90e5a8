"""`synth screen` in a real terminal (a pty): keys, hostile texts, small screens, Ctrl-C, kill -9; and without one."""

from __future__ import annotations

import csv
import fcntl
import json
import os
import pty
import re
import select
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
import time
from contextlib import contextmanager

import pytest

from tests import forked
from tests.screening.people import filled

WAIT = 60  # seconds for something to appear on a busy machine


class Screen:
    """A process on a terminal of its own, and what it wrote."""

    def __init__(self, *arguments, rows=24, columns=80):
        self.terminal, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        command = [sys.executable, "-m", "synth", "screen", "--order", "random", *arguments]
        environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")} | {"TERM": "xterm"}
        self.process = forked.Forked(
            command, stdin=inner, stdout=inner, stderr=inner, env=environment, start_new_session=True
        )
        os.close(inner)
        self.written = ""

    def until(self, pattern, seconds=WAIT):
        """Wait until `pattern` is in what came since the last call, and return that."""
        seen, end = "", time.monotonic() + seconds
        while not re.search(pattern, seen):
            if not select.select([self.terminal], [], [], max(0.0, end - time.monotonic()))[0]:
                pytest.fail(f"{pattern!r} did not appear in {seen!r}")
            try:
                part = os.read(self.terminal, 65536).decode("utf-8", "replace")
            except OSError:  # the other side is closed
                part = ""
            if not part:
                pytest.fail(f"ended before {pattern!r}: {seen!r}")
            seen += part
        self.written += seen
        return seen

    def press(self, keys):
        """Press `keys` once the program listens: what is pressed before a work is shown is dropped."""
        end = time.monotonic() + WAIT
        while termios.tcgetattr(self.terminal)[3] & termios.ICANON and time.monotonic() < end:
            time.sleep(0.01)
        os.write(self.terminal, keys.encode())

    def end(self):
        """The exit code, once everything that was written is read."""
        while True:
            try:
                part = os.read(self.terminal, 65536)
            except OSError:
                part = b""
            if not part:
                return self.process.wait(WAIT)
            self.written += part.decode("utf-8", "replace")


@contextmanager
def screen(*arguments, **size):
    one = Screen(*arguments, **size)
    try:
        yield one
    finally:
        if one.process.poll() is None:
            one.process.kill()
        one.process.wait()
        os.close(one.terminal)


@pytest.fixture
def database(home):
    filled(home / "db" / "synth.db", works=6).close()
    return home / "db" / "synth.db"


def decided(database):
    with sqlite3.connect(database) as db:
        return db.execute("SELECT decision, reason FROM screening WHERE by = 'person' ORDER BY id").fetchall()


def synth(*arguments, **options):
    return forked.run([sys.executable, "-m", "synth", "screen", *arguments], text=True, timeout=120, **options)


def test_a_person_decides_with_single_keys(database):
    with screen() as one:
        one.until(r"0 of 6 decided[\s\S]*q quit")
        one.press("i")
        one.until(r"1 of 6 decided: 1 included[\s\S]*q quit")
        one.press("2")
        assert "another task or language" in one.until(r"2 of 6 decided: 1 included, 1 excluded[\s\S]*q quit")
        one.press("e")
        one.until("type a reason")
        one.press("too old and in another language")  # pasted
        one.until("too old and")
        one.press("\r")
        one.until(r"3 of 6 decided[\s\S]*too old and[\s\S]*q quit")
        one.press("u")
        one.until(r"2 of 6 decided[\s\S]*Taken back[\s\S]*q quit")
        one.press("m")
        one.until(r"1 for later[\s\S]*q quit")
        one.press("b")
        one.until(r"Gone back[\s\S]*q quit")
        one.press("?")
        one.until("Any key goes on")
        one.press("x")
        one.until("q quit")
        one.press("q")
        assert one.end() == 0
    assert sorted(decided(database)) == [("exclude", "another task or language"), ("include", "")]
    assert "2 of 6 decided" in one.written
    assert "synth search --resume 1" in one.written


def test_killed_in_the_middle_nothing_decided_is_lost(database):
    with screen() as one:
        one.until(r"0 of 6[\s\S]*q quit")
        for number in (1, 2, 3):
            one.press("i")
            one.until(rf"{number} of 6 decided[\s\S]*q quit")
        os.kill(one.process.pid, signal.SIGKILL)
        one.process.wait(WAIT)
    assert decided(database) == [("include", "")] * 3
    with screen() as one:
        one.until(r"3 of 6 decided")


@pytest.mark.parametrize(("key", "code"), [("\x03", 130), ("\x04", 0), ("q", 0)])
def test_ways_out(database, key, code):
    with screen() as one:
        one.until(r"0 of 6[\s\S]*q quit")
        one.press("i")
        one.until(r"1 of 6[\s\S]*q quit")
        one.press(key)
        assert one.end() == code
    assert "1 of 6 decided" in one.written.rpartition("q quit")[2]
    assert "Traceback" not in one.written
    assert ("Interrupted." in one.written) == (code == 130)
    assert len(decided(database)) == 1


def test_hostile_texts_reach_the_terminal_as_letters_alone(home):
    hostile = "\x1b]0;owned\x07 \x1b[2J\x1b[31m [bold red]no markup[/] \u202egnp.exe\x07 \x9b5n plain retrieval"
    filled(home / "db" / "synth.db", works=1, abstracts=[hostile], title="Title \x1b[5m\x1bc\u2066blink").close()
    with screen() as one:
        seen = one.until(r"q quit")
        one.press("q")
        one.end()
    assert "[bold red]no markup[/]" in seen
    assert not re.search("\x1b\\]|\x1bc|\x1b\\[31m|\x1b\\[5m|\x9b|\x07|\u202e|\u2066", seen)


@pytest.mark.parametrize(("rows", "columns"), [(5, 20), (2, 8), (1, 1), (200, 300)])
def test_any_size_of_terminal(database, rows, columns):
    with screen(rows=rows, columns=columns) as one:
        one.until("Work|W|q")
        one.press("i")
        while not decided(database):
            time.sleep(0.05)
        one.press("q")
        assert one.end() == 0
    assert "Traceback" not in one.written
    assert len(decided(database)) == 1


def test_a_long_abstract_is_turned_over(home):
    filled(home / "db" / "synth.db", works=1, abstracts=["word " * 900 + "lastword"]).close()
    with screen() as one:
        assert "lastword" not in one.until(r"a: more \(1/")
        for _ in range(40):
            one.press("a")
            if "lastword" in one.until("q quit"):
                break
        assert "lastword" in one.written


def test_works_without_title_and_abstract(home):
    filled(home / "db" / "synth.db", works=2, abstracts=["", ""], title="", authors=[], year=None).close()
    with screen() as one:
        seen = one.until("q quit")
        assert "(no title)" in seen
        assert "(no abstract)" in seen


def test_what_is_pasted_decides_nothing(database):
    with screen() as one:
        one.until(r"0 of 6[\s\S]*q quit")
        one.press("i" * 30)
        one.until(r"Press \? for the keys[\s\S]*q quit")
        one.press("\x1b[A")
        one.until("q quit")
        one.press("q")
        one.end()
    assert decided(database) == []


def test_two_people_at_once_are_shown_different_works(database):
    with screen("--who", "ann") as ann, screen("--who", "bob") as bob:
        works = {re.search(r"Work \d", one.until(r"q quit")).group() for one in (ann, bob)}
        assert len(works) == 2
        ann.press("i")
        ann.until(r"1 of 6[\s\S]*q quit")
        bob.press("1")
        bob.until(r"2 of 6[\s\S]*q quit")
    assert len(decided(database)) == 2


def test_to_the_end(database):
    with screen() as one:
        one.until(r"0 of 6[\s\S]*q quit")
        for number in range(1, 6):
            one.press("1")
            one.until(rf"{number} of 6[\s\S]*q quit")
        one.press("1")
        assert one.end() == 0
    assert "Every work is decided" in one.written
    again = synth("--json")
    assert json.loads(again.stdout)["excluded"] == 6


def test_without_a_terminal_it_says_what_to_do(database):
    done = synth(stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert "--decisions" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["--order", "best"], 2, "relevant, uncertain, random"),
        (["--search", "9", "--json"], 2, "no search 9"),
        (["--decisions", "/nowhere.csv"], 2, "/nowhere.csv"),
        (["--finish", "--reopen"], 2, "opposites"),
        (["--random", "2"], 2, "random"),
        (["--export", "/nowhere/at/all.csv"], 1, "/nowhere"),
    ],
)
def test_wrong_usage(database, arguments, code, word):
    done = synth(*arguments)
    assert done.returncode == code, done.stderr
    assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert "defect" not in done.stderr


def test_no_workspace(home):
    done = synth("--json")
    assert done.returncode == 1
    assert "no workspace" in done.stderr
    assert not home.exists()


def test_nothing_to_screen(home):
    filled(home / "db" / "synth.db", works=0).close()
    done = synth("--json")
    assert done.returncode == 1
    assert "no work that could be screened" in done.stderr


def test_decisions_export_and_json_without_a_terminal(database, tmp_path):
    done = synth(
        "--decisions",
        "-",
        "--json",
        "--who",
        "eve",
        input="title,decision,reason\nWork 4,include,\nWork 5,exclude,off\n",
    )
    found = json.loads(done.stdout)
    assert (found["works"], found["decided"], found["included"], found["excluded"]) == (6, 2, 1, 1)
    assert [(d["title"], d["decision"], d["reason"], d["who"], d["drawn"]) for d in found["decisions"]] == [
        ("Work 4", "include", "", "eve", "file"),
        ("Work 5", "exclude", "off", "eve", "file"),
    ]
    out = tmp_path / "decisions.csv"
    assert synth("--export", str(out)).returncode == 0
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert [row["decision"] for row in rows] == ["", "", "", "include", "exclude", ""]
    assert rows[0]["by_rule"] == "include"


def test_finish_and_reopen(database):
    done = synth("--finish", "--json")
    assert json.loads(done.stdout)["unscreened"] == 6
    assert len(decided(database)) == 6
    assert json.loads(synth("--reopen", "--json").stdout)["unscreened"] == 0
    assert decided(database) == []
