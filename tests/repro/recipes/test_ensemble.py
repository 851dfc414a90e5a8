import pytest

from repro.experiments import experiment
from repro.recipes.ensemble import invalid, nodes

ONE = experiment("syntactic-ensemble")
MEMBERS = ("upos", "deprel", "depth", "chunk")
FUSED = ("members", "by-embedding", "by-score", "by-rank")


def found(rung="synthetic", seed=2):
    return {node.label: node for node in nodes(ONE, dict(ONE.fidelities[rung].params), seed)}


def test_a_fusion_reads_all_its_members_and_no_other():
    own = found()
    ways = [own[f"fuse {arm}"].params["fuse"] for arm in FUSED]
    assert ways == ["members", "embedding", "score", "rank"]
    for arm in FUSED:
        node = own[f"fuse {arm}"]
        members = {f"member {i}": f"tune {name}, seed 2" for i, name in enumerate(MEMBERS, 1)}
        assert node.needs == {**members, "languages": "languages, seed 2"}
        assert (node.kind, node.arm) == ("fusion", arm)
        assert node.params == {**own["retrieve upos"].params, "fuse": node.params["fuse"]}


def test_fusions_are_measured_on_every_target_with_its_data():
    own = found("small")
    for target in ("tatoeba", "bucc"):
        assert own[f"fuse by-rank {target}"].data == own[f"retrieve upos {target}"].data
        assert own[f"fuse by-rank {target}"].params["target"] == target


def test_a_target_without_pools_is_fused_like_the_others():
    own = found("paper")
    for arm in FUSED:
        assert own[f"fuse {arm} xquad_r"].data == (("xquad-r", ""),)
        assert own[f"fuse {arm} xquad_r"].needs == own[f"fuse {arm} tatoeba"].needs


def test_the_model_of_all_tasks_learns_them_at_once():
    assert tuple(found()["tune joint"].params["tasks"]) == MEMBERS


def row(arm, task, learnt):
    return {"arm": arm, "task": task, "seed": 1, "accuracy": 0.4, "shortcut": 0.4, "learnt": learnt}


def test_a_member_that_did_not_learn_spoils_every_fusion():
    rows = [row("upos", "upos", True), row("depth", "depth", False), row("joint", "upos", True)]
    words = invalid(rows)
    assert set(words) == {"depth", *FUSED}
    assert words["by-rank"].startswith("its member depth did not learn its task; depth was not learnt")
    assert invalid(rows[:1]) == {}


def test_the_model_of_all_tasks_is_no_member():
    rows = [row("upos", "upos", True), row("joint", "upos", False), row("joint", "depth", True)]
    assert set(invalid(rows)) == {"joint"}


@pytest.mark.parametrize("rung", ["base", "paper"])
def test_the_model_of_all_tasks_learns_each_for_as_long_as_its_member(rung):
    own = found(rung)
    joint = own["tune joint"].params["schedule"]
    assert {**joint, "steps": 0} == joint
    for member in MEMBERS:
        assert joint == {"steps": 0, **own[f"tune {member}"].params["schedule"]}
