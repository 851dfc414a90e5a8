import subprocess
import sys
from importlib.resources import files

import pytest

from repro.errors import LabError
from repro.registry import FIDELITIES, experiment, experiments, parse

TEXT = files("repro").joinpath("experiments", "intermediate-transfer.toml").read_text(encoding="utf-8")
NAME = "intermediate-transfer.toml"


@pytest.mark.parametrize("one", experiments().values(), ids=lambda e: e.id)
def test_every_experiment_is_complete(one):
    assert one.question.endswith("?")
    assert one.minimum_seeds >= 3
    assert 0 < one.alpha < 0.5
    assert set(one.fidelities) <= set(FIDELITIES)
    assert one.fidelities["synthetic"].available
    assert one.fidelities["synthetic"].deviations
    for fidelity in one.fidelities.values():
        assert fidelity.available or (fidelity.why and fidelity.needs)
    for contrast in one.contrasts:
        assert contrast.sesoi > 0
        assert {"baseline", "control", "treatment"} >= {one.arm(contrast.treatment).role}
        assert contrast.terms["treatment"]
        assert contrast.terms["task"]
        assert not set(contrast.stand_ins) & set(contrast.terms["task"])


def test_listing_loads_no_numerical_library():
    code = (
        "import sys; from pathlib import Path; from repro.registry import experiments;"
        "from repro.plan import make_plan; from repro.artifacts import Store; import repro.lab;"
        "[make_plan(e, 'synthetic', Store(Path('nowhere'))) for e in experiments().values()];"
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
        ("alpha = 0.05", 'alpha = "low"', "is not a float"),
        ("[rule]", "[rule", "is not TOML"),
        ('id = "intermediate-transfer"', 'id = "other"', "the id is 'other'"),
        ('recipe = "intermediate-transfer"', 'recipe = "soup"', "no recipe 'soup'"),
        ('treatment = "nli"', 'treatment = "mnli"', "names the arm 'mnli'"),
        ('role = "control"', 'role = "placebo"', "the role 'placebo'"),
        ('name = "tagging"', 'name = "nli"', "two arms"),
        ('tasks = ["nli"], schedule', 'task = ["nli"], schedule', "unknown key 'task'"),
        ('include = "tiny"', 'include = "huge"', "no rung file 'huge'"),
        ("steps = 600", "stepz = 600", "unknown key 'stepz'"),
    ],
)
def test_a_broken_file_is_an_error(old, new, message):
    assert old in TEXT
    with pytest.raises(LabError, match=message):
        parse(TEXT.replace(old, new, 1), NAME)


def test_the_hash_follows_the_content_and_not_the_cost():
    original = parse(TEXT, NAME).hash
    assert parse(TEXT + "\n# a remark\n", NAME).hash == original
    assert parse(TEXT.replace('"tune nli" = 18', '"tune nli" = 99'), NAME).hash == original
    assert parse(TEXT.replace("sesoi = 1.0", "sesoi = 2.0", 1), NAME).hash != original
    assert parse(TEXT.replace("steps = 600", "steps = 601", 1), NAME).hash != original
