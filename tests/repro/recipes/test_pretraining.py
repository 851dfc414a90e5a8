import pytest

from repro.errors import LabError
from repro.experiments import experiment, experiments
from repro.languages.realm import Realm
from repro.recipes import Foundation
from repro.recipes.pretraining import PretrainingArm, changed, nodes

OWN = [one.id for one in experiments().values() if one.recipe == "pretraining"]


def found(name, seed=1):
    one = experiment(name)
    return {node.label: node for node in nodes(one, dict(one.fidelities["synthetic"].params), seed)}


@pytest.mark.parametrize("name", OWN)
def test_arms_of_a_contrast_differ_in_text_shape_or_schedule_and_are_measured_alike(name):
    one, own = experiment(name), found(name)
    for contrast in one.contrasts:
        pair = [own[f"pretrain {arm}"] for arm in (contrast.treatment, contrast.baseline)]
        assert (pair[0].params, dict(pair[0].needs)) != (pair[1].params, dict(pair[1].needs))
        measured = [own[f"retrieve {arm}"] for arm in (contrast.treatment, contrast.baseline)]
        differing = {key for key in measured[0].params if measured[0].params[key] != measured[1].params[key]}
        assert differing == ({"layer"} if contrast.id == "depth" else set())
    random = own["pretrain random"].params["schedule"]
    assert (random["steps"], random["epochs"]) == (0, 0)


def test_arms_with_the_same_text_share_it():
    own = found("depth-and-width", 3)
    assert [label for label in own if label.startswith("languages")] == ["languages usual"]
    assert {own[f"pretrain {arm}"].needs["languages"] for arm in ("usual", "deep", "narrow")} == {
        "languages usual, seed 3"
    }


@pytest.mark.parametrize("name", ["shared-vocabulary", "number-of-languages", "same-content", "word-order"])
def test_arms_retrieve_the_same_sentences(name):
    """Else the pools would differ in difficulty and not the models."""
    one = experiment(name)
    params = Foundation.read(one.fidelities["synthetic"].params)
    pools = [
        Realm.of(changed(params, params.languages, PretrainingArm.read(arm.params))[0], 1).heldout(
            params.languages.heldout
        )
        for arm in one.arms
        if arm.name != "random"
    ]
    assert all(pool == pools[0] for pool in pools)


def test_an_unknown_language_is_an_error():
    params = Foundation.read(experiment("number-of-languages").fidelities["synthetic"].params)
    with pytest.raises(LabError, match="no language 'zz'"):
        changed(params, params.languages, PretrainingArm(codes=["zz"]))
