from repro.experiments import experiment
from repro.recipes.counts import invalid, nodes

ONE = experiment("dataset-counts")


def found(rung, seed):
    return nodes(ONE, dict(ONE.fidelities[rung].params), seed)


def test_every_arm_counts_one_task_and_may_be_absent():
    own = found("paper", 1)
    assert {node.arm: list(node.params["tasks"]) for node in own} == {arm.name: [arm.name] for arm in ONE.arms}
    assert {node.kind for node in own} == {"count"}
    assert all(node.optional and not node.needs for node in own)
    data = {node.arm: dict(node.data) for node in own}
    assert data["mnli"] == {"mnli": "upstream"}
    assert data["anli"] == {"anli": "upstream", "mnli": "upstream", "snli": "upstream"}


def test_seeds_change_nothing():
    assert found("synthetic", 1) == found("synthetic", 2)
    assert all("languages" in node.params for node in found("synthetic", 1))
    assert not any("languages" in node.params for node in found("small", 1))
    assert invalid([]) == {}
