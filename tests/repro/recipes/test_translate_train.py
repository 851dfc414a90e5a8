from repro.experiments import experiment
from repro.recipes.translate_train import invalid, nodes

ONE = experiment("translate-train")
ROW = {"task": "mnli", "seed": 1, "accuracy": 0.41, "shortcut": 0.42}


def sources(node):
    return [(row["language"], row["confused"] > 0) for row in node.params["sources"]]


def test_arms_differ_in_data_and_start_only():
    found = {node.label: node for node in nodes(ONE, dict(ONE.fidelities["synthetic"].params), 1)}
    assert sources(found["tune zero-shot bb+dd"]) == [("en", False)]
    assert sources(found["tune translated dd"]) == sources(found["tune scratch dd"]) == [("dd", True)]
    assert sources(found["tune joint bb"]) == [("bb", True), ("en", False)]
    assert found["tune scratch dd"].needs == {"model": "random model, seed 1"}
    assert found["tune joint dd"].needs == {"model": "pretrain, seed 1"}
    tunes = [node for label, node in found.items() if label.startswith("tune")]
    assert len({str(node.params["schedule"]) for node in tunes}) == 1


def test_each_arm_is_tested_on_the_language_it_learnt():
    found = {node.label: node for node in nodes(ONE, dict(ONE.fidelities["synthetic"].params), 1)}
    assert found["test zero-shot bb+dd"].params["targets"] == ["bb", "dd"]
    assert found["test joint dd"].params["targets"] == ["dd"]
    assert found["test joint dd"].needs == {"model": "tune joint dd, seed 1"}


def test_the_gate_reads_the_model_before_any_task():
    found = {node.label: node for node in nodes(ONE, dict(ONE.fidelities["synthetic"].params), 1)}
    assert found["retrieve untuned"].needs["model"] == "pretrain, seed 1"
    assert not any(label.startswith("retrieve joint") for label in found)


def test_nothing_learnt_anywhere_leaves_nothing_to_compare():
    rows = [{**ROW, "arm": arm, "learnt": False} for arm in ("joint", "scratch")]
    assert set(invalid(rows)) == {"joint", "scratch"}
    assert invalid([rows[0], {**rows[1], "learnt": True}]) == {}
