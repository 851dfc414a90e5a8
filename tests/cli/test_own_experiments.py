"""An experiment of one's own from its file to a checked bundle, on the command line."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from synth.cli import app
from synth.core.errors import SynthError, UsageError
from synth.core.workspace import Workspace
from synth.store.database import Store, reading
from synth.store.tables import ClaimRow, Link, Run
from synth.store.views.run_progress import one_run
from synth.verify.own_files import checked
from synth.verify.request import Request
from synth.verify.run import _register
from synth.verify.stored import as_stored, canonical, restored
from synth.verify.watching import state_of
from tests.repro.commands.conftest import DEFINITION, PROGRAM
from tests.verify.small_laboratory import add_claim

SOURCE = """
[source]
title = "Treatments That Help"
authors = ["A. Author"]
year = 2024
url = "https://example.org/treatments"
"""


def synth(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "200"})
    assert done.exit_code == code, f"{done.output}\n{done.exception!r}"
    return done.output


def given_json(*arguments: str):
    done = CliRunner().invoke(app, [*arguments, "--json"])
    assert done.exit_code == 0, f"{done.output}\n{done.exception!r}"
    return json.loads(done.stdout)


def refused(*arguments: str) -> SynthError:
    done = CliRunner().invoke(app, list(arguments))
    assert isinstance(done.exception, SynthError), f"{done.output}\n{done.exception!r}"
    return done.exception


@pytest.fixture
def folder(home, monkeypatch) -> Path:
    """The workspace's experiments/, with `noise`."""
    monkeypatch.delenv("SYNTH_DATA", raising=False)
    folder = home / "experiments"
    folder.mkdir(parents=True)
    (folder / "program.py").write_text(PROGRAM)
    (folder / "noise.toml").write_text(DEFINITION)
    return folder


# ----------------------------------------------------------------------------------------- from file to bundle


@pytest.fixture
def verified(folder, home):
    """A workspace in which the claim that `noise` states is tested, which names a source."""
    (folder / "noise.toml").write_text(DEFINITION + SOURCE)
    verdict = given_json("verify", "--experiment", "noise")
    assert verdict["verdict"] == "direction supported"
    return home


def test_a_stated_claim_is_told_as_what_it_is(verified, tmp_path):
    said = "Stated by the author of experiments/noise.toml, who names"
    assert "stated, not read" in synth("claims")
    shown = synth("show", "claim", "1")
    assert f"{said} “Treatments That Help”; it was not read." in shown
    assert "p. 0" not in shown
    assert "No source was asked." in synth("show", "search", "1")
    checked_quotes = given_json("check")
    assert (checked_quotes["quotes"], checked_quotes["held"], checked_quotes["broken"]) == (0, 0, [])

    synth("report", "--format", "md")
    report = (verified / "reports" / "search-1" / "report.md").read_text()
    assert f"{said} [Treatments That Help](<https://example.org/treatments>); it was not read." in report
    assert "No paper was searched for: experiments/noise.toml states what was tested." in report
    assert "synth verify --experiment noise --contrast effect\n" in report
    assert "- <https://example.org/treatments> A. Author (2024). Treatments That Help. Full text not read." in report
    wrong_words = ("A search of", "p. 0", "not found again", "PRISMA", "synth search")
    for wrong in (*wrong_words, "| all |", "papers retrieved", "paper retrieved"):
        assert wrong not in report, wrong
    assert "no sanity check was set" in report
    assert "code of the command: in no repository, sha256" in report
    synth("report", "--format", "html")
    page = (verified / "reports" / "search-1" / "report.html").read_text()
    assert said in page
    for wrong in wrong_words:
        assert wrong not in page, wrong

    synth("bundle")
    bundle = verified / "reports" / "search-1" / "bundle.zip"
    moved = tmp_path / "elsewhere.zip"
    shutil.copy(bundle, moved)
    ran = tmp_path / "ran"
    (verified / "experiments" / "program.py").write_text(f"open({str(ran)!r}, 'w')")
    outcome = synth("bundle", "--check", str(moved))
    assert "1 verdicts follow from their measurements." in outcome
    assert "✓ report" in outcome
    assert "✗" not in outcome
    assert not ran.exists()


def test_failed_seeds_are_told_and_are_no_breach_of_the_review(folder, home):
    program = PROGRAM.replace("value =", "assert options.seed != 2 or not options.effect\nvalue =")
    (folder / "program.py").write_text(program)
    (folder / "noise.toml").write_text(DEFINITION.replace("seeds = 3", "seeds = 3\nup_to = 6\nmay_fail = 2"))
    verdict = given_json("verify", "--experiment", "noise")
    assert verdict["verdict"] == "direction supported"
    assert verdict["provenance"]["failures"][0]["arm"] == "treated"
    synth("report", "--format", "md")
    report = (home / "reports" / "search-1" / "report.md").read_text()
    assert "- Failed: treated, seed 2: the command ended with 1." in report
    assert "(breach)" not in report


def test_the_same_statement_twice_is_one_claim(folder, home):
    first = Request(experiment="noise").test(Workspace(home), online=False)
    second = Request(experiment="noise").test(Workspace(home), online=False)
    assert first.claim_id == second.claim_id
    (folder / "noise.toml").write_text(DEFINITION.replace("improves accuracy", "raises accuracy"))
    assert Request(experiment="noise").test(Workspace(home), online=False).claim_id != first.claim_id


def test_until_it_runs_the_claim_is_what_the_file_says_and_then_it_stays(folder, home):
    first = given_json("verify", "--experiment", "noise", "--dry-run")
    assert (first["claim"], first["prediction"]["direction"]) == (1, "increase")
    falling = DEFINITION.replace("sesoi = 1.0", 'sesoi = 1.0\ndirection = "decrease"')
    (folder / "noise.toml").write_text(falling.replace("Does the treatment help?", "Does it harm?"))
    edited = given_json("verify", "--experiment", "noise", "--dry-run")
    assert (edited["claim"], edited["prediction"]["direction"]) == (1, "decrease")
    assert given_json("verify", "--experiment", "noise")["verdict"] == "direction contradicted"
    assert "Does it harm?" in synth("show", "search", "1")
    # What was registered stays; the file that says another thing states another claim.
    (folder / "noise.toml").write_text(DEFINITION)
    again = given_json("verify", "--experiment", "noise")
    assert (again["claim"], again["verdict"]) == (2, "direction supported")
    swapped = DEFINITION.replace('"treated"\nbaseline = "plain"', '"plain"\nbaseline = "treated"')
    (folder / "noise.toml").write_text(swapped)
    third = given_json("verify", "--experiment", "noise")
    assert (third["claim"], third["verdict"]) == (3, "direction contradicted")
    (folder / "noise.toml").write_text(falling.replace("Does the treatment help?", "Does it harm?"))
    assert given_json("verify", "--experiment", "noise", "--dry-run")["claim"] == 1


def test_a_declared_direction_that_changes_is_another_prediction(folder, home):
    add_claim(home / "db" / "synth.db")
    declared = DEFINITION.replace("sesoi = 1.0", "sesoi = 1.0\nclaims = [1]")
    (folder / "noise.toml").write_text(declared)
    assert given_json("verify", "--experiment", "noise", "--dry-run")["prediction"]["direction"] == "increase"
    (folder / "noise.toml").write_text(declared + 'direction = "decrease"\n')
    plan = given_json("verify", "--experiment", "noise", "--dry-run")
    assert (plan["claim"], plan["prediction"]["direction"]) == (1, "decrease")


def test_a_declared_claim_is_linked_once(folder, home):
    add_claim(home / "db" / "synth.db")
    (folder / "noise.toml").write_text(DEFINITION + "claims = [2]\n")
    for _ in range(2):
        test = Request(experiment="noise").test(Workspace(home), online=False)
        assert test.claim_id == 2
    with Store(home / "db" / "synth.db").session() as s:
        assert len(s.exec(select(Link).where(Link.claim_id == 2, Link.experiment == "noise")).all()) == 1
        assert s.get_one(ClaimRow, 2).why_not_testable == ""


def test_a_declared_value_is_comparable_at_paper_in_the_contrasts_unit(folder, home):
    own = DEFINITION.replace("title =", 'fidelity = "paper"\ntitle =', 1) + "value = 5.0\n"
    (folder / "noise.toml").write_text(own)
    test = Request(experiment="noise").test(Workspace(home), online=False)
    assert (test.plan.fidelity.name, test.rule.value, test.rule.direction_only) == ("paper", 5.0, "")


def test_a_request_is_stored_and_read_back(folder, home):
    asked = Request(experiment="noise", seeds=4, one_by_one=True, overrides={"a.b": [1, 2]}, slurm={"time": "1:00"})
    assert as_stored(restored(Request, json.loads(json.dumps(as_stored(asked))))) == as_stored(asked)


# ----------------------------------------------------------------------------------------------------- runs


def test_runs_that_nobody_is_at_are_interrupted_attached_and_cancelled(folder, home):
    workspace = Workspace(home)
    test = Request(experiment="noise").test(workspace, online=False)
    store = Store(workspace.database)
    number = _register(store, test)
    store.close()
    with reading(workspace.database) as connection:
        assert state_of(workspace, one_run(connection, number)) == "interrupted"
    assert f"synth verify --attach {number}" in synth("runs")
    assert f"run {number} is interrupted" in synth("runs", "follow", str(number))
    assert Request.of_run(workspace, number).experiment == "noise"
    synth("runs", "cancel", str(number))
    row = given_json("runs")["runs"][0]
    assert (row["state"], row["error"]) == ("failed", "It was cancelled.")
    assert f"Run {number} is failed." in refused("runs", "cancel", str(number)).what
    assert "There is no run 99" in refused("runs", "follow", "99").what


@pytest.mark.slow
def test_a_run_that_was_killed_goes_on_with_the_missing_seeds(folder, home, tmp_path):
    ledger = tmp_path / "computed"
    program = PROGRAM.replace("import argparse", "import time, argparse") + (
        f"with open({str(ledger)!r}, 'a') as file: file.write(f'{{options.seed}} {{options.effect}}\\n')\n"
        "time.sleep(0.5)\n"
    )
    (folder / "program.py").write_text(program)
    (folder / "noise.toml").write_text(DEFINITION.replace("seeds = 3", "seeds = 6"))
    command = [sys.executable, "-m", "synth", "verify", "--experiment", "noise"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
    end = time.monotonic() + 120
    while time.monotonic() < end and not (ledger.exists() and len(ledger.read_text().splitlines()) >= 5):
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    time.sleep(2)  # the supervisors see that their parent is gone
    before = ledger.read_text().splitlines()
    assert 5 <= len(before) < 12
    with reading(home / "db" / "synth.db") as connection:
        assert state_of(Workspace(home), one_run(connection, 1)) == "interrupted"
    verdict = given_json("verify", "--attach", "1")
    after = ledger.read_text().splitlines()
    assert len({*after}) == 12
    assert len(after) <= 12 + 2  # only what was under way is computed again
    assert (verdict["run_id"], verdict["verdict"], verdict["seeds"]) == (1, "direction supported", 6)
    with Store(home / "db" / "synth.db").session() as s:
        assert s.get_one(Run, 1).state == "done"


# ---------------------------------------------------------------------------------------- files: new and check


def test_a_new_file_is_one_that_can_be_used(home, folder):
    made = synth(
        *("experiments", "new", "mine", "--hypothesis", "It helps.", "--metric", "f1", "--sesoi", "0.5"),
        *("--command", "python program.py --effect {arm.effect} --seed {seed} --out {out}"),
        *("--arm", "plain effect=0", "--arm", "treated effect=5", "--at", "/test/accuracy"),
    )
    assert str(folder / "mine.toml") in made
    found = checked(Workspace(home), folder / "mine.toml")
    assert (found.arms, found.contrasts, found.seeds) == (["plain", "treated"], ["main"], 15)
    assert "is there already" in refused("experiments", "new", "mine", "--hypothesis", "It helps.").what


def test_a_new_file_from_a_claim_names_it(home, folder):
    add_claim(home / "db" / "synth.db")
    synth("experiments", "new", "from-claim", "--claim", "1")
    text = (folder / "from-claim.toml").read_text()
    assert "claims = [1]" in text
    assert 'hypothesis = "Intermediate-task training on MNLI improves sentence retrieval."' in text
    assert "There is no claim 77" in refused("experiments", "new", "other", "--claim", "77").what


@pytest.mark.parametrize("name", ["../outside", "a/b", "/tmp/x", "Großes", "UPPER", "a b", "", ".", "x" * 80, "a\0b"])
def test_what_is_no_name_makes_no_file(home, folder, name):
    before = sorted(home.rglob("*"))
    assert isinstance(refused("experiments", "new", "--hypothesis", "It helps.", "--", name), UsageError)
    assert sorted(path for path in home.rglob("*") if path.suffix == ".toml") == [
        path for path in before if path.suffix == ".toml"
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--arm", "only x=1"],
        ["--arm", "a x=1", "--arm", "a x=2"],
        ["--arm", "a x", "--arm", "b x=1"],
        ["--command", "python 'open"],
        ["--command", " "],
        ["--sesoi", "-1"],
        ["--metric", "has space"],
        ["--unit", ""],
    ],
)
def test_what_is_no_draft_makes_no_file(folder, arguments):
    refused("experiments", "new", "mine", "--hypothesis", "It helps.", *arguments)
    assert not (folder / "mine.toml").exists()


def test_a_check_names_all_faults_and_runs_nothing(folder, tmp_path):
    ran = tmp_path / "ran"
    (folder / "program.py").write_text(f"open({str(ran)!r}, 'w')")
    assert "No faults." in synth("experiments", "check", "noise")
    assert not ran.exists()
    (folder / "noise.toml").write_text(
        DEFINITION.replace('treatment = "treated"', 'treatment = "absent"').replace(
            "sesoi = 1.0", "sesoi = 1.0\n[bound]\narm='x'\nmetric='y'"
        )
    )
    what = refused("experiments", "check", "noise").what
    for fault in ("absent", "'x'", "'y'", "no bound"):
        assert fault in what
    (folder / "noise.toml").write_text(DEFINITION.replace('"python"', '"no-such-program"'))
    refused("experiments", "check", "noise")
    assert "There is no" in refused("experiments", "check", "missing").what


def test_a_broken_file_stops_nothing_else(folder, home):
    for name, text in (("broken", "title = "), ("faulty", 'title = "x"'), ("BAD NAME", DEFINITION)):
        (folder / f"{name}.toml").write_text(text)
    (folder / "binary.toml").write_bytes(b"\xff\xfe\x00")
    add_claim(home / "db" / "synth.db")
    listed = synth("experiments")
    assert "noise" in listed
    assert "experiments/broken.toml cannot be used" in listed
    assert Request(experiment="noise").test(Workspace(home), online=False).claim_id == 3
    synth("verify", "--claim", "1", "--dry-run")
    assert "broken.toml is not TOML" in refused("verify", "--experiment", "broken", "--dry-run").what


# -------------------------------------------------------------------------------------------- a stranger's bundle


def test_a_bundle_whose_specification_names_a_command_never_runs_it(verified, tmp_path):
    """The specification is a stranger's text: neither checking nor showing it starts anything."""
    ran = tmp_path / "ran"
    with closing(sqlite3.connect(verified / "db" / "synth.db")) as connection, connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        spec = json.loads(connection.execute("SELECT spec FROM run").fetchone()[0])
        spec["laboratory"]["params"]["command"]["run"] = [sys.executable, "-c", f"open({str(ran)!r}, 'w')"]
        spec["laboratory"]["params"]["command"]["directory"] = "/"
        new = (json.dumps(spec), sha256(canonical(spec)).hexdigest())
        connection.execute("UPDATE run SET spec = ?, spec_hash = ?", new)
        for _, text in triggers:
            connection.execute(text)
    synth("bundle")
    outcome = synth("bundle", "--check", str(verified / "reports" / "search-1" / "bundle.zip"))
    assert "✓ specifications" in outcome  # the stranger gave it its hash
    assert "1 verdicts follow from their measurements." in outcome
    synth("show", "claim", "1")
    synth("report")
    assert not ran.exists()
