"""What the experiments and their rungs say, where one part has to agree with another."""

import json
from pathlib import Path

import pytest

from repro.experiments import experiment, experiments
from repro.stages import code_version
from repro.targets import target
from repro.targets.tatoeba import XTREME

ROOT = Path(__file__).parents[3]
PUBLISHED = [
    (one, rung) for one in experiments().values() for rung in ("base", "paper")
    if one.recipe != "counts" and rung in one.fidelities and one.fidelities[rung].available
]  # fmt: skip
PUBLISHED_IDS = [f"{one.id} at {rung}" for one, rung in PUBLISHED]


def contrast(name, id):
    return next(found for found in experiment(name).contrasts if found.id == id)


@pytest.mark.parametrize(("one", "rung"), PUBLISHED, ids=PUBLISHED_IDS)
def test_published_models_are_measured_on_three_targets_and_judged_on_tatoeba(one, rung):
    fidelity = one.fidelities[rung]
    assert list(fidelity.params["targets"]) == ["tatoeba", "bucc", "xquad_r"]
    assert {own["pooling"] for own in fidelity.params["targets"].values()} == {"mean"}
    assert len({own["layer"] for own in fidelity.params["targets"].values()}) == 1
    assert all(target(name).DATASETS for name in fidelity.params["targets"])
    assert fidelity.gate["target"] == "tatoeba"


@pytest.mark.parametrize(("one", "rung"), PUBLISHED, ids=PUBLISHED_IDS)
def test_what_the_code_does_otherwise_than_the_paper_is_said(one, rung):
    said = " ".join(deviation.text for deviation in one.fidelities[rung].deviations)
    for word in ("bf16", "512 tokens", "stops early", "Weight decay", "overlapping windows", "unconfirmed", "XQuAD-R"):
        assert word in said, word
    # Said by what is not set: with these, a run stops early and keeps its best step.
    assert not any("patience" in own for own in one.fidelities[rung].params["schedules"].values())


@pytest.mark.parametrize("rung", ["base", "paper"])
def test_the_steps_of_several_tasks_at_once_are_said(rung):
    fidelity = experiment("intermediate-transfer").fidelities[rung]
    steps = fidelity.params["schedules"]["multi"]["steps"]
    said = next(one for one in fidelity.deviations if f"{steps:,} steps" in one.text)
    assert said.where == "several tasks"


def test_languages_with_little_text_are_those_that_are_given_less():
    one = experiment("low-resource")
    others = one.fidelities["synthetic"].params["languages"]["others"]
    little = {row["code"] for row in others if "sentences" in row}
    asked = set(contrast("low-resource", "distance-and-gain").languages)
    assert asked & {row["code"] for row in others} == little
    real = asked - little
    assert real < set(XTREME)
    assert len(real) == len(XTREME) // 3


def test_languages_with_little_real_text_are_the_lowest_third_of_the_corpus():
    corpus = experiment("mlm-and-translation").fidelities["small"].params["corpus"]
    code = code_version("corpus", corpus)
    for file in (ROOT / "db" / "artifacts" / "objects").glob("*/manifest.json"):
        manifest = json.loads(file.read_text(encoding="utf-8"))
        if (manifest["kind"], manifest["code"], manifest["params"]) == ("corpus", code, corpus):
            break
    else:
        pytest.skip("the corpus of the rung `small` was not made here")
    facts = json.loads(file.with_name("languages.json").read_text(encoding="utf-8"))
    by_text = sorted(corpus["languages"], key=lambda code: facts[code]["text"])
    asked = contrast("low-resource", "distance-and-gain").languages
    assert [code for code in asked if code in facts] == by_text[: len(by_text) // 3]


@pytest.mark.parametrize(("name", "id"), [("low-resource", "text"), ("typology-correlation", "distance")])
def test_one_model_for_all_seeds_is_said_where_nothing_is_tuned(name, id):
    one, found = experiment(name), contrast(name, id)
    assert "tasks" not in one.arm(found.treatment).params
    assert not found.baseline
    assert f"for the contrast `{id}`, in which nothing is tuned" in one.power


def test_the_numbers_in_sentences_are_those_of_the_rung():
    said = " ".join(one.text for one in experiment("mlm-and-translation").fidelities["synthetic"].deviations)
    params = experiment("mlm-and-translation").fidelities["synthetic"].params
    steps = {name: own["steps"] for name, own in params["schedules"].items() if "steps" in own}
    assert f"makes {steps['with-mlm']} steps where English alone makes {steps['mnli']}" in said
    assert f"makes {steps['translated']:,} steps where English alone makes {steps['mnli']}" in said
    assert round(steps["with-mlm"] * (1 - params["mlm"]["share"]), -1) == steps["mnli"]
    assert len(params["languages"]["others"]) + 1 == 5


@pytest.mark.parametrize(
    "one",
    [e for e in experiments().values() if e.recipe != "counts" and "synthetic" in e.fidelities],
    ids=lambda e: e.id,
)
def test_generated_models_are_no_larger_than_is_said_and_read_at_half_their_depth(one):
    rung = one.fidelities["synthetic"]
    shapes = [(rung.params["pretrain"]["shape"], rung.params["targets"]["heldout"]["layer"])]
    shapes += [(own["shape"], own["layer"]) for own in rung.params.get("sizes", {}).values()]
    for own in (arm.params for arm in one.arms if one.recipe == "pretraining"):
        shapes.append((shapes[0][0] | own.get("shape", {}), own.get("layer", shapes[0][1])))
    # One needs a layer below the middle and one above, the other compares depths.
    most = 4 if one.id in ("encoder-layer", "depth-and-width") else 2
    assert max((shape["layers"], shape["hidden"]) for shape, _ in shapes) == (most, 40)
    assert all(2 * layer == shape["layers"] for shape, layer in shapes)
    said = [deviation.text for deviation in rung.deviations if "at most" not in deviation.text]
    assert most == 2 or any("4 layers" in text for text in said)
    assert {row["shared"] for row in rung.params["languages"]["others"]} == {0.4}
    assert rung.params["languages"]["heldout"] == 500


def test_a_frozen_encoder_is_compared_with_the_untuned_one():
    found = contrast("intermediate-transfer", "frozen")
    assert (found.treatment, found.baseline) == ("frozen", "untuned")
    assert found.terms["treatment"] == ("frozen encoder",)
    others = [c for c in experiment("intermediate-transfer").contrasts if c.id != "frozen"]
    assert not any("frozen" in phrase for c in others for phrase in c.terms["treatment"])


def test_no_two_contrasts_of_the_tasks_claim_the_same_treatment():
    found = [phrase for c in experiment("intermediate-transfer").contrasts for phrase in set(c.terms["treatment"])]
    assert len(found) == len(set(found))
