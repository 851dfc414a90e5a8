"""Bill of materials, licences and audit, as far as they can be tried without a network."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distributions

import pytest

from tests.dependencies import audit, bill

RULES = bill.policy()


@pytest.fixture(scope="module")
def components() -> list[bill.Component]:
    pytest.importorskip("cyclonedx_py")
    return bill.bill(validate=False)["components"]


def test_the_bill_names_every_installed_package_with_a_licence(components):
    installed = {bill.canonical(one.metadata["Name"]) for one in distributions()} - {"synth"}
    assert installed == {bill.canonical(component["name"]) for component in components}
    assert [component["name"] for component in components if not component["licenses"]] == []


def test_every_licence_can_be_combined_with_that_of_synth(components):
    assert bill.objections(components, RULES) == {}


def test_nothing_is_concluded_or_excepted_that_is_not_installed(components):
    names = {bill.canonical(component["name"]) for component in components}
    assert not {*RULES["concluded"], *RULES["excepted"]} - names


@pytest.mark.parametrize(
    ("expression", "combinable"),
    [
        ("MIT", True),
        ("MIT AND Zlib", True),
        ("Apache-2.0 OR BSD-2-Clause", True),
        ("GPL-2.0-only OR MIT", True),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("GPL-2.0-only", False),
        ("MIT AND GPL-2.0-only", False),
        ("CDDL-1.0", False),
        ("SSPL-1.0", False),
        ("Proprietary", False),
        ("(MIT", False),
    ],
)
def test_what_can_be_combined(expression, combinable):
    assert bill.combinable(expression, RULES["compatible"]) is combinable


def test_objections_name_what_is_not_on_record_and_what_cannot_be_combined():
    components = [
        {"name": "silent", "licenses": []},
        {"name": "vague", "licenses": [{"license": {"name": "License :: OSI Approved"}}]},
        {"name": "Closed_Source", "licenses": [{"license": {"name": "Proprietary"}}]},
        {"name": "both", "licenses": [{"license": {"id": "MIT"}}, {"license": {"id": "GPL-2.0-only"}}]},
        {"name": "free", "licenses": [{"expression": "MIT OR GPL-2.0-only"}]},
        {"name": "regex", "licenses": [{"expression": "Apache-2.0 AND CNRI-Python"}]},
    ]
    assert sorted(bill.objections(components, RULES)) == ["both", "closed-source", "silent", "vague"]


def test_the_constraints_name_the_versions_of_all_requirements():
    pinned = {
        bill.canonical(line.partition("==")[0])
        for line in (bill.ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    project = tomllib.loads((bill.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    listed = [
        *project["dependencies"],
        *(line for name in ("dev", "lab", "slurm", "trackers") for line in extras[name]),
    ]
    wanted = [line for line in listed if not line.startswith("synth[")]
    assert {bill.canonical(re.split(r"[<>=\[ ]", line)[0]) for line in wanted} <= pinned


SOUND = {"name": "a", "version": "1", "vulns": []}
FLAWED = {"name": "b", "version": "1", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["2"]}]}
SKIPPED = {"name": "c", "skip_reason": "Dependency not found on PyPI and could not be audited: c (1)"}
OWN = {"name": "synth", "skip_reason": "editable"}


@pytest.mark.parametrize(
    ("dependencies", "code"),
    [
        ([SOUND, OWN], 0),
        ([SOUND, FLAWED], 1),
        ([SOUND, FLAWED, SKIPPED], 1),
        ([SOUND, SKIPPED], audit.NOT_AUDITED),
        ([SKIPPED], audit.NOT_AUDITED),
        ([OWN], audit.NOT_AUDITED),
        ([], audit.NOT_AUDITED),
    ],
)
def test_only_what_was_looked_up_is_free_of_known_vulnerabilities(dependencies, code):
    given, lines = audit.report(dependencies)
    assert given == code
    assert ("no known vulnerability" in " ".join(lines)) == (code == 0)
    if FLAWED in dependencies:
        assert lines[0] == "b 1: PYSEC-2026-1, mended in 2"


@pytest.mark.parametrize("answer", ["print('no JSON')", "raise SystemExit('no network')", "import time; time.sleep(9)"])
def test_no_answer_is_no_good_news(answer, monkeypatch, tmp_path, capsys):
    (tmp_path / "pip_audit.py").write_text(answer, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(audit, "SECONDS", 3)
    with pytest.raises(SystemExit) as ended:
        audit.main()
    assert ended.value.code == audit.NOT_AUDITED
    assert re.fullmatch(r"Not audited: .*\n", capsys.readouterr().out)
