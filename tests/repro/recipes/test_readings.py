import pytest

from repro.errors import LabError
from repro.experiments import experiment, experiments
from repro.recipes.readings import invalid, nodes
from repro.targets import catalogues

READ = [one for one in experiments().values() if one.recipe == "readings"]


def found(name, rung="small", seed=2, **changes):
    one = experiment(name)
    return {node.label: node for node in nodes(one, {**one.fidelities[rung].params, **changes}, seed)}


def test_one_pass_over_the_sentences_serves_all_arms_of_all_experiments():
    passes = {str(found(one.id)["encode"]) for one in READ}
    assert len(passes) == 1
    for one in READ:
        own = found(one.id)
        arms = {label.removeprefix("read "): node for label, node in own.items() if node.kind == "reading"}
        assert list(arms) == [arm.name for arm in one.arms]
        assert {node.needs["vectors"] for arm, node in arms.items() if "prefix" not in one.arm(arm).params} == {
            "encode, seed 1"
        }


def test_arms_differ_in_what_they_say_and_in_nothing_else():
    own = found("scoring-rule")
    rules = {arm: own[f"read {arm}"].params["rule"] for arm in ("cosine", "csls", "margin")}
    assert rules == {"cosine": "cosine", "csls": "csls", "margin": "margin"}
    assert len({str({**own[f"read {arm}"].params, "rule": ""}) for arm in rules}) == 1
    assert own["read csls"].params["distance"] == "syntactic"
    assert dict(own["read csls"].data) == {"tatoeba": "", "uriel": "", "wals": ""}


def test_a_prefix_is_a_pass_of_its_own_at_the_last_layer():
    own = found("prompt-prefix")
    assert own["read query"].needs == {"vectors": "encode with 'query:', seed 1"}
    assert own["encode with 'query:'"].params["prefix"] == "query: "
    assert list(own["encode with 'query:'"].params["readings"]) == ["last"]
    assert "prefix" not in own["read query"].params


def test_a_generated_world_is_read_with_a_model_of_each_seed():
    own = found("isotropy", "synthetic", 3)
    assert own["encode"].needs == {"model": "pretrain, seed 3", "languages": "languages, seed 3"}
    assert own["read raw"].needs == {"vectors": "encode, seed 3", "languages": "languages, seed 3"}
    assert own["read raw"].params["target"] == "heldout"
    assert "random model" not in own


def test_what_the_rung_does_not_have_is_named():
    with pytest.raises(LabError, match="no reading 'last-but-one'") as caught:
        found("encoder-layer", readings={"last": {"layer": 12, "pooling": "mean"}})
    assert "last" in caught.value.do
    with pytest.raises(LabError, match="nothing to read"):
        found("encoder-layer", targets={"bucc": {"layer": 12, "pooling": "mean", "neighbours": 4}})


def test_nothing_is_trained_hence_nothing_fails_to_be_learnt():
    assert invalid([]) == {}


def test_messages_of_a_package_can_be_read_in_the_place_of_a_test_set(monkeypatch):
    monkeypatch.setattr(catalogues, "source", lambda: "Django 9.9 (abc)")
    own = found("pooling", measure="catalogues")
    assert own["encode"].data == own["read mean"].data == ()
    assert own["encode"].params["source"] == own["read mean"].params["source"] == "Django 9.9 (abc)"
    assert own["read mean"].params["target"] == "catalogues"
    assert not {"distance", "languages"} & own["read mean"].params.keys()
    assert own["read mean"].params["neighbours"] == 10
    with pytest.raises(LabError, match="nothing to read"):
        found("pooling", measure="bucc")
