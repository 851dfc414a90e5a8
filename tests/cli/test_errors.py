"""Errors as a user sees them: two lines and the right exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from synth.store.database import migrate
from tests import forked


def synth(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return forked.run([sys.executable, "-m", "synth", *arguments], text=True, timeout=120, env=os.environ | environment)


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["claims"], 1, "no workspace"),
        (["report"], 1, "no workspace"),
        (["verify", "--claim", "1"], 1, "no workspace"),
        (["search", ""], 2, "empty"),
        (["search", "q", "--source", "arxvi"], 2, "arxiv"),
        (["search", "q", "--papers", "/nowhere/at/all"], 2, "/nowhere/at/all"),
        (["search", "q", "--max-papers", "0"], 2, "max-papers"),
        (["frobnicate"], 2, "frobnicate"),
        (["experiments", "no-such"], 2, "no-such"),
        (["verify", "--claim", "1", "--set", "layer"], 2, "no key"),
        (["verify", "--claim", "1", "--set", "layer=deep", "--dry-run"], 2, "not TOML"),
        (["verify", "--claim", "1", "--model", "/nowhere/at/all"], 2, "/nowhere/at/all"),
    ],
)
def test_exit_codes_and_messages(arguments, code, word):
    done = synth(*arguments)
    assert done.returncode == code, done.stderr
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_debug_shows_the_traceback():
    done = synth("--debug", "claims")
    assert "Traceback" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["claims"],
        ["papers"],
        ["report"],
        ["show", "claim", "7"],
        ["show", "quote", "7"],
        ["claims", "--search", "3"],
    ],
)
def test_an_empty_workspace_says_how_to_go_on(arguments, home):
    migrate(home / "db" / "synth.db")
    done = synth(*arguments)
    assert done.returncode == 2
    assert "→" in done.stderr


def test_a_bad_settings_file_is_named(home):
    home.mkdir()
    (home / "synth.toml").write_text("max_paper = 3")
    done = synth("search", "q", "--papers", str(home))
    assert done.returncode == 2
    assert "max_papers" in done.stderr


def test_json_goes_to_stdout_and_nothing_else():
    done = synth("doctor", "--json")
    assert json.loads(done.stdout)["checks"]
    assert synth("experiments", "--json").returncode == 0


def test_a_newer_database_is_refused(home):
    import sqlite3

    path = home / "db" / "synth.db"
    migrate(path)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    done = synth("claims")
    assert done.returncode == 1
    assert "Upgrade synth" in done.stderr


def test_a_reader_that_goes_away_is_no_error(home):
    migrate(home / "db" / "synth.db")
    done = subprocess.run(
        f"{sys.executable} -m synth experiments --json | head -c 1",
        shell=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Traceback" not in done.stderr


def test_an_interrupt_says_so(monkeypatch, capsys):
    """Typer would end without a word."""
    from synth import cli

    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr("synth.core.workspace.find_workspace", interrupted)
    monkeypatch.setattr(sys, "argv", ["synth", "claims"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 130
    assert capsys.readouterr().err.splitlines() == [
        "synth: Interrupted.",
        "  → The same command continues where this one stopped.",
    ]


def test_a_number_larger_than_any_is_no_defect(home):
    migrate(home / "db" / "synth.db")
    for arguments in (["show", "claim", "9" * 30], ["papers", "--search", "9" * 30], ["report", "--search", "9" * 30]):
        done = synth(*arguments)
        assert done.returncode == 2, done.stderr
        assert "no such number" in done.stderr
