import pytest

from repro.errors import LabError
from repro.experiments import experiment
from repro.recipes.model_size import nodes

ONE = experiment("model-size")


def found(rung, seed=1, **changes):
    return {node.label: node for node in nodes(ONE, {**ONE.fidelities[rung].params, **changes}, seed)}


def test_every_size_is_pre_trained_measured_tuned_and_measured():
    own = found("synthetic", 3)
    sizes = ONE.fidelities["synthetic"].params["sizes"]
    for size in ("small", "large"):
        assert own[f"pretrain {size}"].params["shape"] == sizes[size]["shape"]
        assert own[f"retrieve {size}"].needs["model"] == f"pretrain {size}, seed 3"
        assert own[f"tune {size}-tuned"].needs["model"] == f"pretrain {size}, seed 3"
        assert own[f"retrieve {size}-tuned"].needs["model"] == f"tune {size}-tuned, seed 3"
    assert own["pretrain small"].params["schedule"] == own["pretrain large"].params["schedule"]
    assert own["tune small-tuned"].params == own["tune large-tuned"].params
    assert own["retrieve random"].needs["model"] == "random model, seed 3"


def test_each_is_read_at_its_own_layer():
    own = found("paper")
    for target in ("tatoeba", "bucc", "xquad_r"):
        layers = [own[f"retrieve {arm} {target}"].params["layer"] for arm in ("small", "small-tuned", "large")]
        assert layers == [7, 7, 14]


def test_published_models_are_two_checkpoints_and_no_random_one():
    own = found("paper", 2)
    assert own["model small"].params["name"] == "FacebookAI/xlm-roberta-base"
    assert own["model large"].params["name"] == "FacebookAI/xlm-roberta-large"
    assert {own["model small"].seed, own["model large"].seed} == {1}
    assert own["tune large-tuned"].needs == {"model": "model large, seed 1"}
    assert not [label for label in own if "random" in label]


def test_one_model_cannot_be_two_sizes():
    with pytest.raises(LabError, match="2 sizes, and one model was given") as caught:
        found("paper", model={"name": "n", "revision": "r", "path": "somewhere"})
    assert "--set 'sizes.large.model.path=" in caught.value.do
