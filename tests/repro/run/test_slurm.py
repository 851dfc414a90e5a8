"""The stages of a plan on a real Slurm: one array, found again by another process, lost jobs, silence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from repro.errors import LabError
from repro.run import slurm
from repro.run.lab import run
from repro.run.slurm import Cluster, cancel, cluster_of
from tests.repro.commands.conftest import PROGRAM, Lab
from tests.repro.run.slurm_here import Slurm, missing

here = pytest.mark.skipif(bool(missing()), reason=missing() or "Slurm is here")
ROOT = Path(__file__).parents[3]
SLOW = PROGRAM.replace("options = parser", "import time, os; options = parser") + (
    "go = pathlib.Path(__file__).parent / 'go'\nwhile not go.exists(): time.sleep(0.05)\n"
)


@pytest.fixture
def cluster(tmp_path, monkeypatch):
    folder = tmp_path / "slurm"
    folder.mkdir()
    service = Slurm(folder, cpus=4)
    try:
        service.start()
        for name, value in service.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("PATH", service.path)
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        monkeypatch.setattr(slurm, "POLL", 0.2)
        monkeypatch.setattr(slurm, "SETTLING", 1.0)
        yield service
    finally:
        service.stop()


@pytest.fixture
def lab(tmp_path):
    return Lab(tmp_path)


class Background:
    """A run in a thread, so that the test can meddle meanwhile."""

    def __init__(self, lab, **options) -> None:
        self.events, self.outcome, self.error = [], None, None
        plan = lab.plan(**options)

        def work() -> None:
            try:
                self.outcome = run(plan, lab.store, self.events.append, cluster=Cluster(patience=60))
            except LabError as error:
                self.error = error

        self.thread = threading.Thread(target=work, daemon=True)
        self.thread.start()

    def result(self, seconds=90):
        self.thread.join(seconds)
        assert not self.thread.is_alive()
        if self.error:
            raise self.error
        return self.outcome


def until(true, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@here
def test_all_seeds_and_arms_are_one_array_and_measure_what_a_laptop_measures(cluster, lab, tmp_path):
    outcome = Background(lab).result()
    submitted = json.loads(next(lab.store.root.glob("jobs/*/submitted.json")).read_text())
    assert len(submitted["jobs"]) == 6
    assert len({job.partition("_")[0] for job in submitted["jobs"].values()}) == 1
    (tmp_path / "laptop").mkdir()
    other = Lab(tmp_path / "laptop")
    assert {tuple(sorted(m.items(), key=str)) for m in other.run().measurements} == {
        tuple(sorted(m.items(), key=str)) for m in outcome.measurements
    }


@here
def test_a_drained_node_and_a_killed_watcher_lose_nothing(cluster, lab):
    lab.write(program=SLOW)
    cluster.node("DRAIN")
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1])\n"
        "from tests.repro.commands.conftest import Lab\nfrom repro.artifacts import Store\n"
        "from repro.run import slurm\nfrom repro.run.lab import run\n"
        "lab = Lab.__new__(Lab); lab.folder, lab.store = Path(sys.argv[2]), Store(Path(sys.argv[3]))\n"
        "run(lab.plan(), lab.store, lambda event: None, cluster=slurm.Cluster())\n"
    )
    watcher = subprocess.Popen([sys.executable, "-c", code, str(ROOT), str(lab.folder), str(lab.store.root)])
    until(lambda: len(cluster.jobs()) == 6)
    assert all(line.endswith("PENDING") for line in cluster.jobs())
    watcher.kill()
    watcher.wait()
    cluster.node("RESUME")
    until(lambda: any(line.endswith("RUNNING") for line in cluster.jobs()))
    second = Background(lab)
    until(lambda: second.events)
    assert len(cluster.jobs()) == 6  # nothing was submitted again
    with pytest.raises(LabError, match="another process watches these jobs"):
        run(lab.plan(), lab.store, lambda event: None, cluster=Cluster())
    (lab.folder / "go").touch()
    assert len(second.result().measurements) == 6
    assert "started" not in {event.kind for event in second.events}


@here
def test_a_lost_task_is_submitted_again(cluster, lab):
    lab.write(program=SLOW)
    watched = Background(lab)
    until(lambda: sum(line.endswith("RUNNING") for line in cluster.jobs()) >= 2)
    lost = next(line.split()[0] for line in cluster.jobs() if line.endswith("RUNNING"))
    cluster.run("scancel", lost)
    until(lambda: any("was lost" in event.message for event in watched.events))
    (lab.folder / "go").touch()
    assert len(watched.result().measurements) == 6


@here
def test_slurm_may_be_silent_for_a_while(cluster, lab):
    lab.write(program=SLOW)
    watched = Background(lab)
    until(lambda: any(line.endswith("RUNNING") for line in cluster.jobs()))
    cluster.stop_controller()
    time.sleep(1)
    cluster.start_controller()
    (lab.folder / "go").touch()
    assert len(watched.result().measurements) == 6


@here
def test_what_slurm_refuses_is_told(cluster, lab):
    with pytest.raises(LabError, match="Slurm did not take the jobs.*partition"):
        run(lab.plan(), lab.store, lambda event: None, cluster=Cluster(partition="nowhere"))


@here
def test_a_run_can_be_cancelled(cluster, lab):
    lab.write(program=SLOW)
    plan = lab.plan()
    watched = Background(lab)
    until(lambda: len(cluster.jobs()) == 6)
    assert cancel(lab.store, plan.spec_hash) == 6
    until(lambda: not cluster.jobs())
    watched.error = watched.error or LabError("", "")


@here
def test_a_stage_that_cannot_run_stops_with_its_error(cluster, lab):
    lab.write(program=SLOW)
    watched = Background(lab)
    until(lambda: any(line.endswith("RUNNING") for line in cluster.jobs()))
    lab.write(program=SLOW + "# changed\n")
    (lab.folder / "go").touch()
    with pytest.raises(LabError, match="changed after the run was registered"):
        watched.result()


def test_without_slurm_it_says_so(lab, monkeypatch, tmp_path):
    plan = lab.plan()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LabError, match="no Slurm here"):
        run(plan, lab.store, lambda event: None, cluster=Cluster())


def test_options():
    chosen = cluster_of({"partition": "gpu", "time": "2h", "gpus": "1", "memory": "8G", "at_once": "4"})
    assert chosen == Cluster(partition="gpu", minutes=120, gpus=1, memory_mb=8192, at_once=4)


@pytest.mark.parametrize(
    "options",
    [{"partition": "a b"}, {"time": "soon"}, {"time": "0"}, {"gpus": "-1"}, {"memory": "8X"}, {"patition": "x"}],
)
def test_options_that_are_none(options):
    with pytest.raises(LabError) as raised:
        cluster_of(options)
    assert raised.value.do


def test_the_environment_is_as_it_was():
    assert "SLURM_CONF" not in os.environ
