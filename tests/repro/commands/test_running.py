"""A command as stages: measured, cached by content, failing by its own fault, killed with everything it started."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from repro.commands.limits import can_leave_network
from repro.errors import LabError
from tests.repro.commands.conftest import DEFINITION, PROGRAM

ROOT = Path(__file__).parents[3]


def reason(outcome):
    (code,) = {failure["code"] for failure in outcome.failures}
    return code, outcome.failures[0]["parameters"]


def test_every_arm_is_measured_with_every_seed(lab):
    outcome = lab.run()
    assert {(m["arm"], m["seed"]) for m in outcome.measurements} == {
        (a, s) for a in ("plain", "treated") for s in (1, 2, 3)
    }
    assert all(60 < m["value"] < 100 and m["n"] == 100 and m["metric"] == "accuracy" for m in outcome.measurements)
    assert outcome.failures == ()
    assert outcome.gate.passed


def test_a_second_run_computes_nothing_and_a_changed_program_everything(lab):
    first = lab.run()
    second = lab.run()
    assert {event.kind for event in lab.events} == {"reused"}
    assert first.measurements == second.measurements
    lab.write(program=PROGRAM + "\n# another line\n")
    lab.run()
    assert sum(event.kind == "finished" for event in lab.events) == 6


def test_versions_code_and_data_are_registered_and_secrets_are_not(lab, monkeypatch):
    monkeypatch.setenv("MY_TOKEN", "hidden-value")
    monkeypatch.setenv("OTHER_TOKEN", "hidden-too")
    (lab.folder / "data.csv").write_text("a,b\n1,2\n")
    program = (
        PROGRAM + "import os; assert os.environ['MY_TOKEN'] == 'hidden-value' and 'OTHER_TOKEN' not in os.environ\n"
    )
    lab.write(
        DEFINITION.replace('"{out}"]', '"{out}"]').replace(
            "[metrics.accuracy]",
            '[environment]\nvariables = ["MY_TOKEN"]\n[data]\ntable = "data.csv"\n[metrics.accuracy]',
        ),
        program,
    )
    outcome = lab.run()
    assert outcome.failures == ()
    plan = lab.plan()
    spec = json.dumps(plan.spec)
    assert "MY_TOKEN" in spec
    assert "hidden" not in spec + json.dumps(outcome.to_json())
    versions = plan.spec["params"]["versions"]
    assert versions["python"] == ".".join(map(str, sys.version_info[:3]))
    assert any(name.startswith("numpy==") for name in versions["packages"])
    before = plan.spec_hash
    (lab.folder / "data.csv").write_text("a,b\n1,3\n")
    assert lab.plan().spec_hash != before


@pytest.mark.parametrize(
    ("program", "code", "parameters"),
    [
        ("import sys; sys.exit(3)", "exit", {"exit": 3}),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "signal", {"signal": "SIGSEGV"}),
        ("pass", "metric", {"message": "result.json is not there"}),
        (PROGRAM.replace('"accuracy": value', '"accuracy": float("nan")'), "metric", {"message": "accuracy is nan"}),
        (
            PROGRAM.replace('"accuracy": value', '"accuracy": "high"'),
            "metric",
            {"message": "accuracy is 'high', no number"},
        ),
        (
            PROGRAM.replace('"accuracy"', '"precision"'),
            "metric",
            {"message": "there is nothing at /test/accuracy: 'accuracy' is not there; there is precision, n"},
        ),
    ],
)
def test_a_command_that_fails_is_a_failed_seed_with_its_reason(lab, program, code, parameters):
    lab.write(program=program)
    outcome = lab.run()
    assert outcome.measurements == ()
    assert len(outcome.failures) == 6
    assert reason(outcome) == (code, parameters)


def test_one_bad_seed_leaves_the_others(lab):
    lab.write(program=PROGRAM + "import sys; sys.exit(options.seed == 2 and options.effect > 0)\n")
    outcome = lab.run()
    assert [(f["arm"], f["seed"], f["code"]) for f in outcome.failures] == [("treated", 2, "exit")]
    assert len(outcome.measurements) == 5
    assert [event.stage for event in lab.events if "failed" in event.message] == ["run treated, seed 2"]


LIMITED = DEFINITION.replace("[metrics.accuracy]", "[limits]\n{}\n[metrics.accuracy]").replace("seeds = 3", "seeds = 2")


@pytest.mark.parametrize(
    ("limit", "program", "code"),
    [
        ("seconds = 0.5", "import time; time.sleep(60)", "time"),
        ("memory_mb = 100", "x = bytearray(400 * 2**20); import time; time.sleep(60)", "memory"),
        ("output_mb = 1", "print('x' * 3_000_000)", "output"),
        (
            "output_mb = 1",
            "import sys\nfor i in range(9): open(f'{sys.argv[-1]}/{i}', 'wb').write(bytes(500_000))",
            "output",
        ),
    ],
)
def test_limits_are_kept(lab, limit, program, code):
    lab.write(LIMITED.replace("{}", limit), program)
    started = time.monotonic()
    outcome = lab.run()
    assert reason(outcome)[0] == code
    assert time.monotonic() - started < 50


def test_a_command_has_no_shell(lab):
    lab.write(DEFINITION.replace("{ effect = 5 }", "{ effect = '5; touch hacked $(touch hacked)' }"))
    outcome = lab.run()
    assert {failure["arm"] for failure in outcome.failures} == {"treated"}  # argparse refuses it
    assert not list(lab.folder.parent.rglob("hacked"))


SPAWNING = """
import subprocess, sys, time, pathlib
place = pathlib.Path(sys.argv[-1])
code = "import os, time; os.setsid(); time.sleep(600)"
child = subprocess.Popen([sys.executable, "-c", code])
(pathlib.Path(__file__).parent / "pids").open("a").write(f"{child.pid}\\n")
"""


def survivors(lab):
    numbers = [int(line) for line in (lab.folder / "pids").read_text().split()]
    return [n for n in numbers if psutil.pid_exists(n) and psutil.Process(n).status() != psutil.STATUS_ZOMBIE]


def test_what_a_command_leaves_running_is_ended(lab):
    lab.write(program=SPAWNING + PROGRAM)
    assert lab.run().failures == ()
    assert not survivors(lab)


def test_killed_it_leaves_no_process_and_goes_on_where_it_was(lab):
    lab.write(program=SPAWNING + "import os\nif not (place.parents[2] / 'go').exists(): time.sleep(600)\n" + PROGRAM)
    code = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1])\n"
        "from tests.repro.commands.conftest import Lab\n"
        "lab = Lab.__new__(Lab); lab.folder = Path(sys.argv[2])\n"
        "from repro.artifacts import Store; lab.store = Store(Path(sys.argv[3])); lab.run()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(ROOT), str(lab.folder), str(lab.store.root)])
    pids = lab.folder / "pids"
    deadline = time.monotonic() + 60
    while not (pids.exists() and len(pids.read_text().split()) >= 2) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 30
    while survivors(lab) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not survivors(lab)
    (lab.store.root / "go").touch()
    assert len(lab.run().measurements) == 6


def test_a_network_that_is_refused_is_not_there(lab):
    program = PROGRAM + (
        "import socket\n"
        "server = socket.create_server(('127.0.0.1', 0)); socket.create_connection(server.getsockname())\n"
        "try: socket.create_connection(('192.0.2.1', 80), timeout=3)\n"
        "except OSError as error: (options.out / 'network').write_text(str(error.errno))\n"
    )
    definition = DEFINITION.replace("[metrics.accuracy]", "[environment]\nnetwork = false\n[metrics.accuracy]")
    lab.write(definition.replace('code = ["program.py"]', 'code = ["program.py"]\nkeep = ["network"]'), program)
    plan = lab.plan()
    if not can_leave_network():
        assert any("cannot cut the command off" in text for text in plan.deviations)
        pytest.skip("this machine cannot cut a process off from its network")
    assert lab.run().failures == ()
    kept = lab.store.path(plan.stages[0].key) / "kept" / "network"
    assert kept.read_text() == "101"  # network is unreachable


def test_code_that_changes_on_the_way_is_not_run(lab):
    lab.write(program=PROGRAM)
    plan = lab.plan()
    lab.write(program=PROGRAM + "# changed\n")
    from repro.run.lab import run

    with pytest.raises(LabError, match="changed after the run was registered"):
        run(plan, lab.store, lambda event: None, jobs=1)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (('"python"', '"no-such-program"'), "'no-such-program' is not found"),
        (('code = ["program.py"]', 'code = ["missing.py"]'), "there is no .*missing.py"),
        (('code = ["program.py"]', 'directory = "elsewhere"'), "there is no folder .*elsewhere"),
        (("[metrics.accuracy]", '[environment]\nvenv = "nowhere"\n[metrics.accuracy]'), "no virtual environment"),
        (("[metrics.accuracy]", '[data]\ntable = "nowhere.csv"\n[metrics.accuracy]'), "there is no .*nowhere.csv"),
    ],
)
def test_what_is_not_there_is_said_before_anything_runs(lab, change, error):
    lab.write(DEFINITION.replace(*change))
    with pytest.raises(LabError, match=error) as raised:
        lab.plan()
    assert raised.value.do
    assert not lab.store.root.exists()


def test_a_git_repository_is_recorded_and_its_changes_deviate(lab):
    def git(*arguments):
        subprocess.run(
            ["git", "-C", lab.folder, *arguments], check=True, capture_output=True, env={**os.environ, **WHO}
        )

    assert any("in no git repository" in text for text in lab.plan().deviations)
    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "first")
    plan = lab.plan()
    assert len(plan.spec["params"]["code"]["commit"]) == 40
    assert plan.deviations == ()
    lab.write(program=PROGRAM + "# changed\n")
    changed = lab.plan()
    assert "+# changed" in changed.spec["params"]["code"]["diff"]
    assert any("has changes that commit" in text for text in changed.deviations)
    assert changed.stages[0].key != plan.stages[0].key


WHO = {f"GIT_{role}_{what}": "x@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def test_numbers_that_exist_are_taken_with_all_their_seeds(lab):
    table = "arm,seed,acc,n\n" + "".join(
        f"{arm},{seed},{0.7 + 0.01 * seed},50\n" for arm in ("plain", "treated") for seed in (3, 5, 8, 13)
    )
    (lab.folder / "runs.csv").write_text(table + "other,1,0.1,50\n")
    definition = (
        DEFINITION[: DEFINITION.index("[command]")]
        + '[runs]\ntable = "runs.csv"\n'
        + DEFINITION[DEFINITION.index("[metrics") :]
    )
    for key in ('file = "result.json"\n', 'at = "/test/accuracy"\n'):
        definition = definition.replace(key, "")
    definition = (
        definition.replace('n = "/test/n"', 'at = "acc"\nn = "n"')
        .replace("{ effect = 0 }", "{}")
        .replace("{ effect = 5 }", "{}")
    )
    lab.write(definition)
    outcome = lab.run()
    assert sorted({m["seed"] for m in outcome.measurements}) == [1, 2, 3, 4]
    assert {m["n"] for m in outcome.measurements} == {50}
    assert any("existed before the rule" in text for text in lab.plan().deviations)
    (lab.folder / "runs.csv").write_text(table.replace("treated,5,0.75", "treated,5,nan"))
    assert [(f["seed"], f["parameters"]["message"]) for f in lab.run().failures] == [(2, "accuracy is nan")]
    (lab.folder / "runs.csv").write_text(table + "plain,3,0.9,50\n")
    with pytest.raises(LabError, match="line 10 of runs.csv states accuracy of plain, seed 3 again"):
        lab.plan()
    (lab.folder / "runs.csv").write_text(table.replace("acc", "precision"))
    with pytest.raises(LabError, match="no column acc"):
        lab.plan()


def test_the_sanity_check_is_the_authors(lab):
    lab.write(DEFINITION + '[bound]\narm = "plain"\nmetric = "accuracy"\nat_least = 95\n')
    gate = lab.run().gate
    assert not gate.passed
    assert "not at least 95" in gate.reason
    lab.write(DEFINITION + '[bound]\narm = "plain"\nmetric = "accuracy"\nat_least = 50\nat_most = 100\n')
    assert lab.run().gate.passed
