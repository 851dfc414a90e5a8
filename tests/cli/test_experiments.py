"""`synth experiments`: what is listed, and what it costs."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from repro.experiments import experiments
from synth.cli import app


@pytest.fixture(autouse=True)
def no_data(monkeypatch):
    monkeypatch.delenv("SYNTH_DATA", raising=False)


def shown(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["experiments", *arguments], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    return done.stdout


def test_one_experiment_in_full():
    (row,) = json.loads(shown("low-resource", "--json"))["experiments"]
    assert set(row) == {
        "id", "title", "question", "power", "arms", "contrasts", "fidelities", "claims", "hash",
    }  # fmt: skip
    assert row["power"]
    assert {arm["name"] for arm in row["arms"]} == {"untuned", "tuned", "random"}
    assert {(c["id"], c["statistic"], c["covariate"]) for c in row["contrasts"]} >= {("text", "correlation", "text")}
    rungs = {rung["fidelity"]: rung for rung in row["fidelities"]}
    assert list(rungs) == ["synthetic", "small", "base", "paper", "published"]
    assert set(rungs["synthetic"]) == {
        "fidelity", "available", "seeds", "stages", "cached", "seconds", "unmeasured", "power", "deviations",
        "deviation_codes",
    }  # fmt: skip
    assert (rungs["synthetic"]["stages"], rungs["synthetic"]["cached"]) == (28, 0)
    # The cost of all stages is known, or it is said how many were never timed.
    assert (rungs["synthetic"]["seconds"] is None) == (rungs["synthetic"]["unmeasured"] > 0)
    assert set(rungs["paper"]) == {"fidelity", "available", "why_not"}
    assert "`synth data pull" in rungs["paper"]["why_not"]


def test_every_experiment_is_listed():
    rows = json.loads(shown("--json"))["experiments"]
    assert len(rows) == len(experiments())
    first = [row["fidelities"][0] for row in rows]
    assert all(rung["available"] for rung in first if rung["fidelity"] == "synthetic")
    text = shown()
    assert "typology-correlation" in text


def test_what_is_missing_is_said_to_people_too():
    text = shown("intermediate-transfer")
    assert "contrasts have 80 % power at their SESOI" in text.splitlines()[2]
    assert "replicated over seeds" in text
    assert "arm multi (treatment)" in text
    assert "paper: not available." in text
    assert "synth data pull" in text
