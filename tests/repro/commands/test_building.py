"""The file of one's own experiment: what it becomes, and every fault of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repro.commands.building import parse
from repro.commands.placeholders import filled, placeholders, unescaped
from repro.errors import LabError
from repro.experiments import all_experiments, experiment, own_experiments
from tests.repro.commands.conftest import DEFINITION

FILE = Path("/somewhere/noise.toml")


def test_it_becomes_an_experiment():
    built = parse(DEFINITION, FILE)
    assert (built.id, built.recipe, built.alpha, built.minimum_seeds) == ("noise", "command", 0.05, 3)
    assert [(arm.name, arm.role) for arm in built.arms] == [("plain", "baseline"), ("treated", "treatment")]
    (contrast,) = built.contrasts
    assert (contrast.unit, contrast.sesoi, contrast.unit_of_replication) == ("points", 1.0, "seeds")
    assert list(built.fidelities) == ["small"]
    assert built.declared["effect"].direction == "increase"
    assert built.fidelities["small"].params["metrics"]["accuracy"]["form"] == "json"


def test_its_hash_is_of_what_it_says_and_not_of_how_it_is_written():
    assert parse(DEFINITION, FILE).hash == parse(DEFINITION + "\n# a comment\n", Path("/else/noise.toml")).hash
    assert parse(DEFINITION, FILE).hash != parse(DEFINITION.replace("sesoi = 1.0", "sesoi = 2.0"), FILE).hash


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("seeds = 3", "seedz = 3", "rule: unknown key 'seedz'.*did you mean 'seeds'"),
        ("scale = 100", "scal = 100", "metrics.accuracy: unknown key 'scal'.*did you mean 'scale'"),
        ("seeds = 3", "seeds = '3'", "rule.seeds: '3': not a number"),
        ("seeds = 3", "seeds = true", "rule.seeds: True: not a number"),
        ("seeds = 3", "seeds = 1", "seeds is 1"),
        ("seeds = 3", "seeds = 5\nup_to = 3", "up_to 3 is below seeds 5"),
        ("seeds = 3", "seeds = 3\nmay_fail = 2", "leaves too few"),
        ("sesoi = 1.0", "sesoi = 0", "sesoi"),
        ("sesoi = 1.0", "sesoi = nan", "sesoi"),
        ("sesoi = 1.0", "", "the key 'sesoi' is missing"),
        ("sesoi = 1.0", "sesoi = 1.0\nover = 'folds'", "over folds, and metrics.accuracy has no `per`"),
        ('unit = "points"', "", "the key 'unit' is missing"),
        ("{seed}", "{sead}", "placeholder {sead}, which nothing fills.*did you mean 'seed'"),
        ('"--seed", "{seed}", ', "", "run has no {seed}"),
        ('"--out", "{out}"', '"--out", "x"', "run has no {out}"),
        ("{arm.effect}", "{arm.efect}", "{arm.efect}, which nothing fills.*'arm.effect'.*arms have effect"),
        ("{ effect = 5 }", "{ effect = 0 }", "arms plain and treated run the very same command"),
        ("{ effect = 5 }", "{ other = 5 }", "arm treated has no effect"),
        ('name = "treated"', 'name = "plain"', "two arms have the name 'plain'"),
        ('treatment = "treated"', 'treatment = "treatd"', "names the arm 'treatd'.*did you mean 'treated'"),
        ('treatment = "treated"', 'treatment = "plain"', "compares plain with itself"),
        ('metric = "accuracy"', 'metric = "f1"', "names the metric 'f1'"),
        ('file = "result.json"', 'file = "../result.json"', "is not below {out}"),
        ('file = "result.json"', 'file = "result"', "nothing says how result is written"),
        ('file = "result.json"', "", "nothing says how its file is written"),
        ('at = "/test/accuracy"', 'at = "accuracy"', "no JSON pointer"),
        ('at = "/test/accuracy"', "", "has no `at`"),
        ('at = "/test/accuracy"', 'at = "acc ["\nform = "log"', "no regular expression"),
        ('at = "/test/accuracy"', 'at = "acc \\\\d"\nform = "log"', "has 0 groups"),
        ("[metrics.accuracy]", '[runs]\ntable = "x.csv"\n[metrics.accuracy]', "both a \\[command\\] and \\[runs\\]"),
        ("[metrics.accuracy]", '[environment]\nvenv = "a"\nconda = "b"\n[metrics.accuracy]', "names venv and conda"),
        ("[metrics.accuracy]", '[bound]\narm = "plain"\nmetric = "accuracy"\n[metrics.accuracy]', "has no bound"),
        ('code = ["program.py"]', 'keep = ["/etc/passwd"]', "not below {out}"),
        ('title = "Nothing but noise"', "", "the key 'title' is missing"),
        ('title = "Nothing but noise"', "title = [", "is not TOML"),
    ],
)
def test_faults(old, new, error):
    assert old in DEFINITION
    with pytest.raises(LabError) as raised:
        parse(DEFINITION.replace(old, new), FILE)
    import re

    assert re.search(error, f"{raised.value.what} | {raised.value.do}"), raised.value.what


@pytest.mark.parametrize("wrong", ['direction = "up"', "sesoi = -1"])
def test_one_mistake_is_one_fault(wrong):
    with pytest.raises(LabError) as raised:
        parse(DEFINITION.replace("sesoi = 1.0", wrong if "sesoi" in wrong else f"sesoi = 1.0\n{wrong}"), FILE)
    assert "faults" not in raised.value.what
    assert "tuple" not in raised.value.what


def test_two_contrasts_with_one_id():
    second = DEFINITION[DEFINITION.index("[[contrasts]]") :]
    with pytest.raises(LabError, match="two contrasts have the id 'effect'"):
        parse(DEFINITION + second, FILE)


def test_all_faults_are_told_at_once():
    text = DEFINITION.replace("{seed}", "{sead}").replace('"treated"\nbaseline', '"treatd"\nbaseline')
    with pytest.raises(LabError, match=r"has 3 faults: .*sead.*has no \{seed\}.*treatd"):
        parse(text, FILE)


def test_a_name_that_is_no_id():
    with pytest.raises(LabError, match="is no id"):
        parse(DEFINITION, Path("/somewhere/My Experiment.toml"))


def test_a_broken_file_hides_no_other(lab):
    (lab.folder / "broken.toml").write_text("title = 1")
    (lab.folder / "pooling.toml").write_text(DEFINITION)
    own = own_experiments(lab.folder)
    assert list(own.usable) == ["noise"]
    assert list(own.broken) == ["broken", "pooling"]
    assert "laboratory has an experiment of this name" in own.broken["pooling"].what
    assert "noise" in all_experiments(lab.folder)
    assert "pooling" in all_experiments(lab.folder)
    with pytest.raises(LabError, match="broken.toml has"):
        experiment("broken", lab.folder)
    with pytest.raises(LabError, match="there is no experiment 'nois'") as raised:
        experiment("nois", lab.folder)
    assert "noise" in raised.value.do


def test_placeholders():
    run = ["a{{b}}", "{seed}", "x={arm.k},{out}"]
    assert placeholders(run) == ["seed", "arm.k", "out"]
    assert unescaped(filled(run, {"seed": 3, "arm.k": True, "out": "/o"})) == ["a{b}", "3", "x=true,/o"]


@given(st.text(), st.text())
def test_values_are_put_in_as_they_are(before, value):
    """A value with braces, quotes or spaces stays one argument and is filled no further."""
    literal = before.replace("{", "{{").replace("}", "}}")
    (argument,) = filled([literal + "{seed}"], {"seed": value, "out": "no"})
    assert argument == literal + value
