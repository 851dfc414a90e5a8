from repro.recipes.intermediate_transfer import invalid, nodes
from repro.registry import experiment

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
    assert real["tune translated"].params["tasks"]["mnli"]["source"] == "xnli-translated"
    assert real["tune english"].params["tasks"]["mnli"]["source"] == "xnli"
    assert real["tune translated"].data == (("xnli", "at_hand"),)


def test_one_pre_trained_model_can_serve_all_seeds():
    own = found(rung="small")
    assert own["pretrain"].seed == own["corpus"].seed == 1
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
    assert dict(own["retrieve mnli tatoeba"].data) == {"tatoeba": "", "uriel": ""}
    assert dict(own["retrieve mnli bucc"].data) == {"bucc2018": ""}
    assert dict(own["corpus"].data) == {"multilingual-raw": ""}
    assert not own["retrieve mnli tatoeba"].optional


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
