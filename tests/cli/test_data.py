"""`synth data`: what a user sees, and the exit codes."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys

import pytest

from tests import forked


def synth(*arguments: str, **options) -> subprocess.CompletedProcess:
    return forked.run(
        [sys.executable, "-m", "synth", *arguments],
        text=True,
        timeout=120,
        stdin=options.pop("stdin", subprocess.DEVNULL),
        env={k: v for k, v in os.environ.items() if k != "SYNTH_DATA"} | options,
    )


def test_the_list_shows_licence_size_and_state():
    done = synth("data", "list")
    assert done.returncode == 0
    assert "CC BY-NC 4.0" in done.stdout
    assert "226.9 MB" in done.stdout
    assert "by hand" in done.stdout
    rows = json.loads(synth("data", "list", "--json").stdout)["datasets"]
    assert {row["state"] for row in rows} == {"absent"}
    assert next(row for row in rows if row["name"] == "mnli")["counts"]["train"]["examples"] == 392_702


def test_nothing_is_fetched_before_the_licence_was_accepted():
    done = synth("data", "pull", "squad1")
    assert done.returncode == 2
    for word in ("CC BY-SA 4.0", "legalcode", "arXiv:1606.05250", "35.1 MB", "--yes"):
        assert word in done.stderr
    assert done.stdout == ""


def test_on_a_terminal_it_asks_and_no_means_no(home):
    ours, theirs = pty.openpty()
    os.write(ours, b"n\n")
    done = synth("data", "pull", "squad1", stdin=theirs)
    assert done.returncode == 1
    assert "Accept the licence" in done.stderr
    assert "Nothing was downloaded" in done.stderr
    assert not (home / "db" / "data").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["data", "pull", "ccgbank", "--yes"], 2, "LDC2005T13"),
        (["data", "pull", "squat1", "--yes"], 2, "squad1"),
        (["data", "check", "squat1"], 2, "squad1"),
        (["data", "check", "squad1"], 1, "synth data pull squad1"),
        (["data", "check"], 0, "No data set is on this machine"),
        (["data", "frobnicate"], 2, "frobnicate"),
    ],
)
def test_exit_codes_and_messages(arguments, code, word):
    done = synth(*arguments)
    assert done.returncode == code, done.stderr
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_file_is_found_and_ends_1(tmp_path):
    (tmp_path / "sick-mrpc").mkdir()
    (tmp_path / "sick-mrpc" / "sick_dev.jsonl.gz").write_bytes(b"x" * 20_000)
    done = synth("data", "check", "sick", "--json", SYNTH_DATA=str(tmp_path))
    assert done.returncode == 1
    problems = {row["file"]: row["problem"] for row in json.loads(done.stdout)["files"]}
    assert "another version" in problems["sick_dev.jsonl.gz"]
    assert "missing" in problems["sick_train.jsonl.gz"]
    assert "3 of 3 files" in done.stderr
