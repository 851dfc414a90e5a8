import pytest

from repro.errors import LabError
from repro.experiments import experiment
from repro.recipes.intermediate_transfer import (
    RealTranslation,
    TransferFidelity,
    invalid,
    nodes,
    translated,
    untranslated,
)
from repro.tasks import TaskParameters

ONE = experiment("intermediate-transfer")
NINE = ["anli", "mnli", "qqp", "squad2", "squad1", "hellaswag", "ccg", "cosmosqa", "commonsenseqa"]
ROW = {"task": "mnli", "accuracy": 0.41, "shortcut": 0.42, "learnt": False}


def found(name="intermediate-transfer", rung="synthetic", seed=2):
    one = experiment(name)
    return {node.label: node for node in nodes(one, dict(one.fidelities[rung].params), seed)}


def test_every_trained_arm_starts_from_the_same_model():
    own = found()
    for arm in (*NINE, "multi", "frozen"):
        assert own[f"tune {arm}"].needs == {"model": "pretrain, seed 2"}
        assert own[f"retrieve {arm}"].needs["model"] == f"tune {arm}, seed 2"
    assert own["retrieve untuned"].needs["model"] == "pretrain, seed 2"
    assert own["retrieve random"].needs["model"] == "random model, seed 2"
    assert own["random model"].params["schedule"]["steps"] == 0
    assert own["random model"].params["shape"] == own["pretrain"].params["shape"]


def test_arms_differ_in_their_tasks_and_in_how_they_are_trained():
    own = found()
    for name in NINE:
        assert list(own[f"tune {name}"].params["tasks"]) == [name]
        assert own[f"tune {name}"].params["schedule"] == ONE.fidelities["synthetic"].params["schedules"][name]
    assert list(own["tune multi"].params["tasks"]) == NINE
    assert own["tune multi"].params["schedule"] == ONE.fidelities["synthetic"].params["schedules"]["multi"]
    assert own["tune frozen"].params == {**own["tune mnli"].params, "frozen": True}


def test_an_arm_can_be_given_the_schedule_of_others():
    own = found("task-diversity")
    steps = {str(own[f"tune {arm}"].params["schedule"]) for arm in ("single", "alike", "diverse", "all")}
    assert len(steps) == 1


def test_language_modelling_goes_on_with_the_text_of_the_rung():
    for rung, text in (("synthetic", "languages, seed 2"), ("small", "corpus, seed 1"), ("paper", "corpus, seed 1")):
        own = found("mlm-and-translation", rung)
        assert own["tune with-mlm"].needs["corpus"] == text
        assert own["tune with-mlm"].params["mlm"]["share"] == 0.3
        assert "corpus" not in own["tune english"].needs


def test_translated_examples_are_of_every_language():
    made = found("mlm-and-translation")["tune translated"].params
    assert [row["language"] for row in made["sources"]] == ["en", "aa", "bb", "cc", "dd"]
    assert [row["confused"] > 0 for row in made["sources"]] == [False, True, True, True, True]
    real = found("mlm-and-translation", "small")
    assert real["tune translated"].params["tasks"] == {
        "mnli": {"source": "xnli-translated", "examples": 5010, "dev": 0}
    }
    assert real["tune translated"].data == (("xnli", "at_hand"),)


@pytest.mark.parametrize("rung", ["small", "base", "paper"])
def test_what_is_translated_is_compared_with_its_own_english(rung):
    own = found("mlm-and-translation", rung)
    english, translated = own["tune untranslated"], own["tune translated"]
    assert english.params["tasks"] == {"mnli": {"source": "xnli", "examples": 0, "dev": 0}}
    assert english.data == translated.data  # the same set
    assert {**english.params, "tasks": 0} == {**translated.params, "tasks": 0}  # and the same training
    contrast = next(c for c in experiment("mlm-and-translation").contrasts if c.id == "english-over-translated")
    assert (contrast.treatment, contrast.baseline) == ("untranslated", "translated")


def test_generated_english_is_what_the_english_arm_learns_with_the_steps_of_the_translated_one():
    own = found("mlm-and-translation")
    assert own["tune untranslated"].params == {
        **own["tune english"].params, "schedule": own["tune translated"].params["schedule"],
    }  # fmt: skip


def test_at_small_english_is_learnt_once_for_three_arms_of_two_experiments():
    own = found("mlm-and-translation", "small")
    assert own["tune english"].params == own["tune untranslated"].params == found(rung="small")["tune mnli"].params


def test_a_source_without_a_number_of_translations_gives_what_the_rung_asks_for():
    params = TransferFidelity(
        length=8,
        tasks={"mnli": TaskParameters(source="published", examples=7, dev=0)},
        schedules={},
        targets={},
        translation=RealTranslation(source="both"),
    )
    tasks, sources = translated(["mnli"], params)
    assert tasks["mnli"].to_json() == {"source": "both", "examples": 7, "dev": 0}
    assert sources is None
    assert untranslated(["mnli"], params) == (None, None)


@pytest.mark.parametrize("rung", ["synthetic", "small", "base", "paper"])
def test_less_data_is_a_tenth_of_it_in_as_many_steps(rung):
    own = found(rung=rung)
    whole, tenth = own["tune mnli"].params, own["tune mnli-tenth"].params
    there = {"small": 5010, "paper": 392_702}.get(rung, whole["tasks"]["mnli"]["examples"])
    assert tenth["tasks"]["mnli"] == {**whole["tasks"]["mnli"], "examples": there // 10}
    assert own["tune mnli-tenth"].data == own["tune mnli"].data
    longer = {"epochs": 10 * whole["schedule"]["epochs"]} if "epochs" in whole["schedule"] else {}
    assert tenth == {**whole, "tasks": tenth["tasks"], "schedule": {**whole["schedule"], **longer}}


def test_an_amount_that_the_rung_does_not_state_is_named():
    params = {**ONE.fidelities["small"].params, "amounts": {"half": 2505}}
    with pytest.raises(LabError, match=r"no amounts\.tenth") as caught:
        nodes(ONE, params, 1)
    assert "half" in caught.value.do


def test_a_model_pre_trained_by_hand_takes_the_place_of_the_checkpoint_and_serves_all_seeds():
    params = dict(ONE.fidelities["small"].params)
    by_hand = {
        "corpus": experiment("mlm-and-translation").fidelities["small"].params["corpus"],
        "pretrain": {**ONE.fidelities["synthetic"].params["pretrain"], "seed": 1},
    }
    own = {node.label: node for node in nodes(ONE, params | by_hand, 2)}
    assert "model" not in own
    assert own["pretrain"].seed == own["corpus"].seed == 1
    assert dict(own["corpus"].data) == {"multilingual-raw": ""}
    assert own["tune mnli"].seed == 2
    assert own["tune mnli"].needs["model"] == own["retrieve untuned tatoeba"].needs["model"] == "pretrain, seed 1"
    assert "seed" not in own["pretrain"].params


def test_a_checkpoint_takes_the_place_of_pre_training():
    own = found(rung="paper")
    assert own["model"].kind == "checkpoint"
    assert own["retrieve untuned tatoeba"].needs == own["tune mnli"].needs == {"model": "model, seed 1"}
    assert not {"pretrain", "random model", "retrieve random tatoeba"} & own.keys()


def test_every_target_is_measured_and_names_the_data_it_reads():
    own = found(rung="small")
    assert own["retrieve mnli tatoeba"].params["target"] == "tatoeba"
    assert dict(own["retrieve mnli tatoeba"].data) == {"tatoeba": "", "uriel": "", "wals": ""}
    assert dict(own["retrieve mnli bucc"].data) == {"bucc2018": ""}
    assert not own["retrieve mnli tatoeba"].optional


def test_three_targets_have_a_label_and_data_of_their_own():
    own = found(rung="paper")
    labels = [label for label in own if label.startswith("retrieve mnli ")]
    assert labels == ["retrieve mnli tatoeba", "retrieve mnli bucc", "retrieve mnli xquad_r"]
    assert {own[label].needs["model"] for label in labels} == {"tune mnli, seed 2"}
    assert own["retrieve mnli xquad_r"].data == (("xquad-r", ""),)
    assert {own[label].params["layer"] for label in labels} == {14}


def test_an_arm_that_did_not_learn_is_invalid_with_the_reason():
    rows = [
        {**ROW, "arm": "mnli", "seed": 1, "accuracy": 0.6, "learnt": True},
        {**ROW, "arm": "multi", "seed": 1},
        {**ROW, "arm": "multi", "seed": 2},
    ]
    words = invalid(rows)
    assert list(words) == ["multi"]
    assert words["multi"] == "mnli was not learnt with seed 1: accuracy 41.0 %, a shortcut alone 42.0 %"
    assert invalid(rows[:1]) == {}
