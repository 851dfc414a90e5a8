"""Parameters of stages, byte for byte: results of earlier runs are found again by their hash."""

import pytest

from repro.experiments import experiment
from repro.hashing import digest
from repro.recipes import recipe

# One experiment a recipe, at every fidelity that it has.
PINNED = (
    ("dataset-counts", "synthetic", "672c82b292e2fe47"),
    ("dataset-counts", "small", "a0ba1bc25ffdf3cc"),
    ("dataset-counts", "paper", "a408b0f910ddf7a9"),
    ("syntactic-ensemble", "synthetic", "f1189edf29bcc47f"),
    ("syntactic-ensemble", "small", "1784e91ab979fc01"),
    ("syntactic-ensemble", "base", "63253aad11c02525"),
    ("syntactic-ensemble", "paper", "38b40be035e15b8a"),
    ("intermediate-transfer", "synthetic", "ba924717dc6e5b3f"),
    ("intermediate-transfer", "small", "26cc7f5b28420aa5"),
    ("intermediate-transfer", "base", "3ffa1501830af2fb"),
    ("intermediate-transfer", "paper", "393ec2b7a7852b72"),
    ("model-size", "synthetic", "224f4f528226c4d7"),
    ("model-size", "base", "85552bb4838d62df"),
    ("model-size", "paper", "4f334eb08d5151eb"),
    ("amount-of-text", "synthetic", "1d6f026b329f9409"),
    ("encoder-layer", "synthetic", "bab8132257804837"),
    ("encoder-layer", "small", "abd3940370960b91"),
    ("encoder-layer", "base", "5cbb5e049091d92c"),
    ("encoder-layer", "paper", "6912e0d78190a255"),
    ("low-resource", "published", "248511d588dc14bb"),
    ("multilingual-or-monolingual", "synthetic", "bd6da28bce59c51b"),
)


@pytest.mark.parametrize(("name", "fidelity", "pinned"), PINNED)
def test_the_stages_of_an_experiment_keep_their_hash(name, fidelity, pinned):
    one = experiment(name)
    setting = one.fidelities[fidelity]
    nodes = recipe(one.recipe_at(setting)).nodes(one, setting.params, 1)
    stated = [[node.name, node.kind, {k: v for k, v in node.params.items() if k != "checksum"}] for node in nodes]
    assert digest(stated)[:16] == pinned


def test_every_recipe_is_pinned():
    from pkgutil import iter_modules

    from repro import recipes

    # Their parameters are registered on the machine.
    of_ones_own = {"command", "imported"}
    used = {experiment(name).recipe_at(experiment(name).fidelities[fidelity]) for name, fidelity, _ in PINNED}
    assert used | of_ones_own == {module.name.replace("_", "-") for module in iter_modules(recipes.__path__)}
