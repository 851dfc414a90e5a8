import tomllib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.core.types import Stance
from synth.evidence.calibrator import STANCES, Calibrator, as_toml, of_toml, packaged, plain
from synth.evidence.recalibration import cross_fitted, fitted, folds, odds

ONE = Calibrator(("a", "b"), ((1.0, 0.0), (0.0, 1.0), (0.0, 0.0)), (0.0, 0.0, 0.0), (0.5, 0.4))


def test_probabilities_are_a_softmax_by_hand():
    found = ONE.probabilities(np.array([[np.log(2), np.log(1)]]))
    np.testing.assert_allclose(found, [[0.5, 0.25, 0.25]])


@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=1, max_size=5))
def test_probabilities_add_up_whatever_comes(rows):
    found = ONE.probabilities(np.array(rows))
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found.sum(axis=1), 1)


@pytest.mark.parametrize(
    ("p", "stance"),
    [
        ([0.6, 0.3, 0.1], Stance.SUPPORT),
        ([0.3, 0.6, 0.1], Stance.CONTRADICT),
        ([0.49, 0.39, 0.12], Stance.NOT_ENOUGH_INFO),
        ([0.5, 0.45, 0.05], Stance.CONTRADICT),  # 0.05 above its bound against 0
    ],
)
def test_a_stance_is_said_from_its_bound_up(p, stance):
    assert ONE.stance(np.array(p)) is stance


def test_numbers_survive_being_written():
    text = as_toml({"named": ONE}, "about")
    assert text.startswith("# about\n")
    assert of_toml(tomllib.loads(text)) == {"named": ONE}


def test_the_packaged_numbers_are_there_for_every_use():
    assert set(packaged()) == {"named", "retrieved"}
    for one in packaged().values():
        assert len(one.weights) == len(one.bias) == 3
        assert all(len(row) == len(one.columns) for row in one.weights)


def test_a_model_without_numbers_of_its_own_speaks_for_itself():
    one = plain(("support", "contradict", "words"), 0.9)
    found = one.probabilities(np.array([[np.log(6), np.log(3), 0.7]]))
    np.testing.assert_allclose(found, [[0.6, 0.3, 0.1]])


def drawn(n, seed=0):
    """Pairs whose truth is drawn from known probabilities, given to the reader twice as sure as they are."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(n, 3)) * 1.5
    true = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = [STANCES[rng.choice(3, p=row)] for row in true]
    sharp = true**2 / (true**2).sum(axis=1, keepdims=True)
    return [dict(zip(STANCES, row, strict=True)) for row in sharp.tolist()], truth, true


def test_overconfidence_is_found_and_halved():
    given_, truth, true = drawn(6000)
    one = fitted(odds(given_), truth)
    np.testing.assert_allclose(one.weights[0][0] - one.weights[2][0], 0.5, atol=0.08)
    found = one.probabilities(odds(given_))
    assert np.abs(found - true).mean() < 0.02


def test_two_labels_are_enough_and_the_third_is_never_said():
    rows = np.array([[1.0, 0.0], [0.9, 0.1], [-1.0, 0.0], [-0.8, 0.2]])
    truth = [Stance.SUPPORT, Stance.SUPPORT, Stance.NOT_ENOUGH_INFO, Stance.NOT_ENOUGH_INFO]
    found = fitted(rows, truth).probabilities(rows)
    assert (found[:, 1] < 1e-6).all()
    assert found[0, 0] > 0.5 > found[2, 0]


def test_no_group_is_fitted_and_scored():
    groups = [0, 0, 1, 2, 2, 3, 4, 5, 5]
    for others, inside in folds(groups):
        assert not {groups[i] for i in others} & {groups[i] for i in inside}
    assert sorted(i for _, inside in folds(groups) for i in inside) == list(range(len(groups)))


def test_one_group_cannot_be_cross_fitted():
    with pytest.raises(ValueError, match="one group"):
        cross_fitted(np.zeros((3, 2)), [Stance.SUPPORT] * 3, [0, 0, 0])
