import subprocess
import sys
from importlib.resources import files

import pytest

from repro.design.experiment import FIDELITIES
from repro.errors import LabError
from repro.experiments import experiment, experiments, parse

TEXT = files("repro").joinpath("experiments", "intermediate-transfer.toml").read_text(encoding="utf-8")
NAME = "intermediate-transfer.toml"
OWN = "amounts = { tenth = 1280 }"  # a parameter of the synthetic rung that the experiment states itself


@pytest.mark.parametrize("one", experiments().values(), ids=lambda e: e.id)
def test_every_experiment_is_complete(one):
    assert one.question.endswith("?")
    once = all(c.unit_of_replication in ("languages", "sentences") for c in one.contrasts)
    assert one.minimum_seeds >= (2 if one.recipe in ("counts", "reanalysis") else 1 if once else 3)  # nothing is drawn
    assert 0 < one.alpha < 0.5
    assert one.power
    assert set(one.fidelities) <= set(FIDELITIES)
    if one.recipe == "reanalysis":
        assert one.fidelities["published"].deviations
    assert any(fidelity.available for fidelity in one.fidelities.values())
    for fidelity in one.fidelities.values():
        assert fidelity.available or (fidelity.why and fidelity.needs)
    for contrast in one.contrasts:
        assert contrast.sesoi > 0 or contrast.statistic == "count"
        assert one.arm(contrast.treatment).role != "control"
        assert contrast.unit
        assert contrast.terms["treatment"]
        assert contrast.terms["task"]
        assert not set(contrast.stand_ins) & set(contrast.terms["task"])


def test_the_laboratory_has_what_the_questions_ask_for():
    assert set(experiments()) == {
        "amount-of-text", "dataset-counts", "depth-and-width", "encoder-layer", "intermediate-transfer", "isotropy",
        "low-resource", "mlm-and-translation", "model-size", "multilingual-or-monolingual", "number-of-languages",
        "pool-size", "pooling", "prompt-prefix", "retrieval-covariates", "retrieval-direction", "same-content",
        "scoring-rule", "script-and-family", "sentence-length", "shared-vocabulary", "syntactic-ensemble",
        "task-diversity", "translate-train", "typology-correlation", "word-order",
    }  # fmt: skip
    tasks = [arm.params["tasks"] for arm in experiment("intermediate-transfer").arms if "tasks" in arm.params]
    assert len({name for names in tasks for name in names}) == 9
    assert len({arm.params["task"] for arm in experiment("dataset-counts").arms}) == 9


def test_what_is_compared_with_the_untuned_model_knows_its_published_score():
    """Only where both arms are read by raw cosine: the published number is of no other scoring rule."""
    found = {c.id: c.published_baseline for c in experiment("intermediate-transfer").contrasts}
    without = {"amount", "multi-over-scoring", "mnli-over-scoring"}
    assert {name for name, score in found.items() if score is None} == without
    assert {score for name, score in found.items() if name not in without} == {31.0}


def test_listing_loads_no_numerical_library():
    code = (
        "import sys; from pathlib import Path; from repro.experiments import experiments;"
        "from repro.plan.planner import make_plan; from repro.artifacts import Store; import repro.run.lab;"
        "[make_plan(e, rung, Store(Path('nowhere'))) for e in experiments().values() for rung in e.fidelities"
        " if rung in ('synthetic', 'published')];"
        "heavy = {'torch', 'transformers', 'numpy', 'tokenizers', 'scipy', 'synth'} & set(sys.modules);"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_an_unknown_experiment_names_the_closest():
    with pytest.raises(LabError) as caught:
        experiment("intermediate-transfers")
    assert "intermediate-transfer" in caught.value.do


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "', 'titel = "', "unknown key 'titel'"),
        ("alpha = 0.05", 'alpha = "low"', "not a number"),
        ("published_baseline = 31.0", 'published_baseline = "31"', "published_baseline: '31': not a number"),
        ("minimum_seeds = 3", "minimum_seeds = true", "rule.minimum_seeds: True: input should be a valid integer"),
        ("[rule]", "[rule", "is not TOML"),
        ('id = "intermediate-transfer"', 'id = "other"', "the id is 'other'"),
        ('recipe = "intermediate-transfer"', 'recipe = "soup"', "no recipe 'soup'"),
        ('treatment = "mnli"', 'treatment = "nli"', "names the arm 'nli'"),
        ('role = "control"', 'role = "placebo"', "'placebo': input should be 'baseline', 'treatment' or 'control'"),
        ('name = "ccg"', 'name = "mnli"', "two arms"),
        ('tasks = ["mnli"], frozen', 'task = ["mnli"], frozen', "unknown key 'task'"),
        ('include = "tiny"', 'include = "huge"', "no fidelity file 'huge'"),
        ("amounts = { tenth = 1280 }", "lenght = 60", "unknown key 'lenght'"),
        ('baseline = "untuned"', 'baseline = ""', "a mean needs a baseline"),
        ('control = "accuracy_csls"', 'statistic = "median"', "'median': input should be 'mean'"),
        (
            'control = "accuracy_csls"',
            'control = "accuracy_csls"\nbaseline_metric = "accuracy_csls"',
            "a baseline_metric and a control",
        ),
        ('unit = "points"', 'unit = "points"\nunit_of_replication = "papers"', "'papers': input should be 'seeds'"),
        (
            'control = "accuracy_csls"',
            'control = "accuracy_csls"\nstatistic = "correlation"\nunit_of_replication = "sentences"',
            "a correlation and replicated over sentences",
        ),
        (
            "[fidelities.small]\n",
            '[fidelities.synthetic.units_of_replication]\nmnlo = "seeds"\n[fidelities.small]\n',
            "no contrast 'mnlo'",
        ),
        ('where = "trained" }', 'where = "trianed" }', "no fact 'trianed'"),
        ('where = "trained" }', 'when = "trained" }', "unknown key 'when'"),
        ('arm = "untuned"', 'hash = "x"\narm = "untuned"', "unknown key 'hash'"),
        ("[fidelities.small]\n", '[fidelities.small]\nname = "small"\n', "unknown key 'name'"),
        ("[fidelities.small]\n", "[fidelities.smal]\n", "did you mean 'small'"),
        (
            "mnli = { sd = 1.60, replicates = 8",
            "mnli = { sd = 1.60, replicates = 1",
            "replicates: 1: input should be greater than or equal to 2",
        ),
    ],
)
def test_a_broken_file_is_an_error(old, new, message):
    assert old in TEXT
    with pytest.raises(LabError) as caught:
        parse(TEXT.replace(old, new, 1), NAME)
    assert message in f"{caught.value.what}; {caught.value.do}"


def test_all_faults_are_named_at_once():
    broken = TEXT.replace('title = "', 'titel = "', 1).replace("alpha = 0.05", 'alpha = "low"', 1)
    with pytest.raises(LabError) as caught:
        parse(broken, NAME)
    assert caught.value.what.startswith(f"{NAME} has 3 faults: ")
    for fault in (
        "unknown key 'titel' (did you mean 'title'?)",
        "the key 'title' is missing",
        "rule.alpha: 'low': not a number",
    ):
        assert fault in caught.value.what
    with pytest.raises(LabError) as caught:
        parse(TEXT.replace('treatment = "mnli"', 'treatment = "nli"').replace('name = "ccg"', 'name = "qqp"', 1), NAME)
    assert "names the arm 'nli'" in caught.value.what
    assert "two arms have the same name" in caught.value.what


def test_the_hash_follows_the_content_and_not_the_cost():
    original = parse(TEXT, NAME).hash
    assert parse(TEXT + "\n# a remark\n", NAME).hash == original
    tiny = 'include = "tiny"\n'
    assert parse(TEXT.replace(tiny, tiny + 'seconds = { "tune mnli" = 99 }\n', 1), NAME).hash == original
    assert parse(TEXT.replace("sesoi = 1.0", "sesoi = 2.0", 1), NAME).hash != original
    assert parse(TEXT.replace(OWN, f"{OWN}\nlength = 61\n"), NAME).hash != original


def test_a_rung_file_lies_under_what_the_experiment_says_itself():
    changed = parse(TEXT.replace(OWN, f"{OWN}\ntargets = {{ heldout = {{ layer = 3 }} }}\n"), NAME)
    own, shared = (
        changed.fidelities["synthetic"].params,
        experiment("intermediate-transfer").fidelities["synthetic"].params,
    )
    assert own["targets"]["heldout"] == {**shared["targets"]["heldout"], "layer": 3}
    assert {**own, "targets": None} == {**shared, "targets": None}
