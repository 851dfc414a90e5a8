from repro.recipes.intermediate_transfer import invalid, nodes
from repro.registry import experiment

ONE = experiment("intermediate-transfer")
ROW = {"task": "nli", "accuracy": 0.41, "shortcut": 0.42, "learnt": False}


def test_every_trained_arm_starts_from_the_same_model():
    found = {node.label: node for node in nodes(ONE, dict(ONE.fidelities["synthetic"].params), 2)}
    for arm in ("nli", "tagging", "multi"):
        assert found[f"tune {arm}"].needs == {"model": "pretrain, seed 2"}
        assert found[f"retrieve {arm}"].needs["model"] == f"tune {arm}, seed 2"
    assert found["retrieve untuned"].needs["model"] == "pretrain, seed 2"
    assert found["retrieve random"].needs["model"] == "random model, seed 2"
    assert found["random model"].params["schedule"]["steps"] == 0
    assert found["tune multi"].params["tasks"] == ["nli", "tagging"]


def test_the_multi_task_arm_gets_the_steps_of_both():
    schedules = ONE.fidelities["synthetic"].params["schedules"]
    assert schedules["multi"]["steps"] == schedules["nli"]["steps"] + schedules["tagging"]["steps"]


def test_an_arm_that_did_not_learn_is_invalid_with_the_reason():
    rows = [
        {**ROW, "arm": "nli", "seed": 1, "accuracy": 0.6, "learnt": True},
        {**ROW, "arm": "multi", "seed": 1},
        {**ROW, "arm": "multi", "seed": 2},
    ]
    found = invalid(rows)
    assert list(found) == ["multi"]
    assert found["multi"] == "nli was not learnt with seed 1: accuracy 41.0 %, a shortcut alone 42.0 %"
    assert invalid(rows[:1]) == {}
