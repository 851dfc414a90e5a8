"""`synth verify --on slurm` on a real Slurm: an array, a killed watcher, a drained node, the verdict by `--attach`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.repro.commands.conftest import DEFINITION, PROGRAM
from tests.repro.run.slurm_here import Slurm, missing

ROOT = Path(__file__).parents[2]
here = pytest.mark.skipif(bool(missing()), reason=missing() or "Slurm is here")
SEQUENTIAL = DEFINITION.replace("seeds = 3", "seeds = 3\nup_to = 6").replace("{ effect = 5 }", "{ effect = 12 }")


def environment(home):
    return {**os.environ, "PYTHONPATH": str(ROOT), "SYNTH_HOME": str(home)}


def synth(home, *arguments, check=True):
    done = subprocess.run(
        [sys.executable, "-m", "synth", *arguments],
        cwd=home,
        capture_output=True,
        text=True,
        env=environment(home),
        check=False,
        timeout=150,
    )
    assert not check or done.returncode == 0, done.stderr
    return done


def workspace(folder):
    (folder / "experiments").mkdir(parents=True)
    (folder / "experiments" / "program.py").write_text(PROGRAM, encoding="utf-8")
    (folder / "experiments" / "noise.toml").write_text(SEQUENTIAL, encoding="utf-8")
    return folder


@pytest.fixture
def slurm(tmp_path, monkeypatch):
    folder = tmp_path / "slurm"
    folder.mkdir()
    service = Slurm(folder, cpus=4)
    try:
        service.start()
        monkeypatch.setenv("SLURM_CONF", service.environment["SLURM_CONF"])
        monkeypatch.setenv("PATH", service.path)
        yield service
    finally:
        service.stop()


@here
def test_killed_while_the_node_is_drained_it_is_attached_again_and_judged_as_locally(slurm, tmp_path):
    home = workspace(tmp_path / "cluster")
    slurm.node("DRAIN")
    command = [sys.executable, "-m", "synth", "verify", "--experiment", "noise", "--on", "slurm", "--slurm", "time=5"]
    watcher = subprocess.Popen(command, cwd=home, env=environment(home), stdout=-3, stderr=-3)
    deadline = time.monotonic() + 100
    while len(slurm.jobs()) < 12 and time.monotonic() < deadline:
        time.sleep(0.2)
    watcher.kill()
    watcher.wait()
    assert len(slurm.jobs()) == 12  # six seeds of two arms, one array
    assert len({line.partition("_")[0] for line in slurm.jobs()}) == 1
    (run,) = json.loads(synth(home, "runs", "--json").stdout)["runs"]
    assert (run["state"], run["on"]) == ("on Slurm", "slurm")
    slurm.node("RESUME")
    verdict = json.loads(synth(home, "verify", "--attach", str(run["id"]), "--json").stdout)
    local = workspace(tmp_path / "laptop")
    expected = json.loads(synth(local, "verify", "--experiment", "noise", "--json").stdout)
    for key in ("verdict", "estimate", "ci", "seeds", "measurements"):
        assert verdict[key] == expected[key]
    (run,) = json.loads(synth(home, "runs", "--json").stdout)["runs"]
    assert run["state"] == "done"


@here
def test_jobs_are_cancelled_by_the_number_of_the_run(slurm, tmp_path):
    home = workspace(tmp_path / "cluster")
    slurm.node("DRAIN")
    command = [sys.executable, "-m", "synth", "verify", "--experiment", "noise", "--on", "slurm"]
    watcher = subprocess.Popen(command, cwd=home, env=environment(home), stdout=-3, stderr=-3)
    deadline = time.monotonic() + 100
    while len(slurm.jobs()) < 12 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert "12 jobs were cancelled, its process was told to end" in synth(home, "runs", "cancel", "1").stdout
    assert watcher.wait(timeout=60) != 0
    assert not slurm.jobs()
    assert json.loads(synth(home, "runs", "--json").stdout)["runs"][0]["state"] == "failed"


@here
def test_a_slurm_that_is_down_is_one_line_and_what_to_do(slurm, tmp_path):
    slurm.stop_controller()
    done = synth(workspace(tmp_path / "cluster"), "verify", "--experiment", "noise", "--on", "slurm", check=False)
    assert done.returncode == 1
    assert "Slurm did not take the jobs" in done.stderr
    assert "  → " in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--on", "cloud"], "Nothing runs on 'cloud'"),
        (["--slurm", "time=5"], "this runs here"),
        (["--on", "slurm", "--slurm", "tine=5"], "There is no option 'tine'"),
        (["--on", "slurm", "--slurm", "time"], "no KEY=VALUE"),
        (["--attach", "7"], "There is no"),
    ],
)
def test_what_cannot_be_asked_is_wrong_usage(tmp_path, arguments, error):
    home = workspace(tmp_path / "home")
    done = synth(
        home, "verify", *([] if "--attach" in arguments else ["--experiment", "noise"]), *arguments, check=False
    )
    assert error in done.stderr
    assert done.returncode in (1, 2)
