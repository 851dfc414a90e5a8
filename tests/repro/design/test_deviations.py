from dataclasses import replace

import pytest
from pydantic import TypeAdapter, ValidationError

from repro.artifacts import Store
from repro.data.library import Library
from repro.design.deviations import FACTS, Deviation, DeviationCode, coded, facts, known
from repro.design.nodes import Node
from repro.experiments import experiment, experiments
from repro.plan.planner import make_plan

DEVIATIONS = TypeAdapter(list[Deviation])
GENERATED = "sentence-pair classification"
AT_SYNTHETIC = [one for one in experiments().values() if "synthetic" in one.fidelities]
UNTUNED = [("typology-correlation", "distance"), ("low-resource", "text"), ("model-size", "size")]
UNTUNED += [(one.id, c.id) for one in experiments().values() if one.recipe == "pretraining" for c in one.contrasts]


def planned(tmp_path, name, contrast="", fidelity="synthetic", **options):
    library = Library(None, None)
    return make_plan(experiment(name), fidelity, Store(tmp_path), library=library, contrast=contrast, **options)


def test_a_sentence_holds_where_its_fact_does():
    rows = [{"text": "Always."}, {"text": "Trained.", "where": "trained"}, {"text": "Not.", "unless": "trained"}]
    rung = DEVIATIONS.validate_python(rows)
    assert rung[0] == Deviation("Always.")
    found = coded(rung, frozenset({"trained", "retrieval"}))
    assert found == [(DeviationCode.FIDELITY, "Always."), (DeviationCode.FIDELITY, "Trained.")]
    assert [code for code, _ in coded(rung, frozenset({"retrieval"}))] == ["untrained", "rung", "rung"]
    found = coded(rung, frozenset())  # nothing is measured of a model
    assert found == [(DeviationCode.FIDELITY, "Always."), (DeviationCode.FIDELITY, "Not.")]


def test_an_unknown_fact_is_an_error():
    with pytest.raises(ValidationError, match="no fact 'trianed'"):
        DEVIATIONS.validate_python([{"text": "Trained.", "where": "trianed"}])
    assert {"task mnli", *FACTS} <= set(known())


def test_facts_are_read_off_the_stages():
    tune = Node("tune x", "tune", 1, {"tasks": {"mnli": {}, "ccg": {}}}, {}, "x")
    read = Node("retrieve x", "retrieval", 1, {}, {"model": tune.name}, "x")
    assert facts([tune, read], [{"mlm": True, "translated": False}], ["text"], True) == {
        "trained", "several tasks", "task mnli", "task ccg", "retrieval", "mlm", "amount of text", "chosen languages",
    }  # fmt: skip
    assert facts([read], [{}], [], False) == {"retrieval"}


@pytest.mark.parametrize(("name", "contrast"), UNTUNED)
def test_of_untuned_models_it_is_said_that_nothing_was_trained(tmp_path, name, contrast):
    plan = planned(tmp_path, name, contrast)
    assert plan.deviation_codes[0] is DeviationCode.UNTRAINED
    assert len(plan.deviation_codes) == len(plan.deviations)
    assert not any(GENERATED in text for text in plan.deviations)
    # More arms are measured; what is compared stays the same.
    more = planned(tmp_path, name, contrast, every_arm=True)
    assert more.arms == more.experiment.arms
    assert more.deviations == plan.deviations


def test_nothing_else_is_said_to_be_untrained(tmp_path):
    compared = [
        (one.id, c.id) for one in experiments().values() if "synthetic" in one.fidelities for c in one.contrasts
    ]
    untrained = DeviationCode.UNTRAINED
    silent = [pair for pair in compared if untrained not in planned(tmp_path, *pair).deviation_codes]
    assert set(compared) - set(silent) == set(UNTUNED)
    trained = {one.id for one in experiments().values() if one.recipe != "pretraining"}
    assert all(untrained not in planned(tmp_path, name).deviation_codes for name, _ in compared if name in trained)


def test_a_tuned_contrast_says_what_it_was_tuned_on(tmp_path):
    for contrast in ("distance-after-tuning", "distance-and-gain"):
        assert any(GENERATED in text for text in planned(tmp_path, "typology-correlation", contrast).deviations)


def test_what_only_other_arms_do_is_not_said(tmp_path):
    said = {id: " ".join(planned(tmp_path, "mlm-and-translation", id).deviations) for id in ("mlm", "translated")}
    assert "masked language modelling" in said["mlm"]
    assert "masked language modelling" not in said["translated"]
    assert "translations" not in said["mlm"]
    assert "Machine translation is simulated" in said["translated"]


def test_what_is_not_compared_by_retrieval_says_nothing_of_it(tmp_path):
    assert any("Retrieval is" in text for text in planned(tmp_path, "model-size", "size").deviations)
    assert not any("Retrieval is" in text for text in planned(tmp_path, "translate-train", "translation").deviations)


def test_sentences_are_registered_and_in_no_key(tmp_path):
    one = experiment("model-size")
    silent = {name: replace(rung, deviations=()) for name, rung in one.fidelities.items()}
    store, library = Store(tmp_path), Library(None, None)
    plan = make_plan(one, "synthetic", store, library=library)
    other = make_plan(replace(one, fidelities=silent), "synthetic", store, library=library)
    assert plan.spec_hash != other.spec_hash
    assert [stage.key for stage in plan.stages] == [stage.key for stage in other.stages]


@pytest.mark.parametrize("one", experiments().values(), ids=lambda e: e.id)
def test_every_sentence_is_one(one):
    texts = [deviation.text for rung in one.fidelities.values() for deviation in rung.deviations]
    assert all(text.endswith(".") and text[0].isupper() for text in texts)
    for rung in one.fidelities.values():
        assert len({d.text for d in rung.deviations}) == len(rung.deviations)
