"""The regression finds the minimum of its own objective, and a column that says nothing gets no weight."""

from __future__ import annotations

import numpy as np
import pytest

from synth.claims.logistic import chances, fitted


def made(n=400, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 3)) * [1.0, 5.0, 1.0] + [0.0, 10.0, 0.0]
    x[:, 2] = 7.0
    y = (rng.random(n) < 1 / (1 + np.exp(-(x[:, 0] - 0.4 * (x[:, 1] - 10))))).astype(float)
    return x.astype(np.float32), y


def objective(x, y, beta, penalty):
    spread = x[:, :2].std(axis=0)
    margin = (2 * y - 1) * (x.astype(float) @ beta[:-1] + beta[-1])
    return np.logaddexp(0, -margin).mean() + penalty / 2 * ((beta[:2] * spread) ** 2).sum()


@pytest.mark.parametrize("penalty", [0.001, 0.1])
def test_no_step_away_from_it_is_better(penalty):
    x, y = made()
    beta = fitted(x, y, penalty)
    for i in (0, 1, 3):
        for step in (-0.02, 0.02):
            moved = beta.copy()
            moved[i] += step
            assert objective(x, y, moved, penalty) > objective(x, y, beta, penalty)


def test_what_made_the_labels_is_found_again():
    x, y = made(20_000)
    beta = fitted(x, y, 1e-6)
    assert beta[0] == pytest.approx(1.0, abs=0.06)
    assert beta[1] == pytest.approx(-0.4, abs=0.03)
    assert beta[2] == 0.0
    assert chances(x, beta).mean() == pytest.approx(y.mean(), abs=1e-3)


def test_one_label_alone_is_refused():
    with pytest.raises(ValueError, match="the same"):
        fitted(np.ones((3, 1), dtype=np.float32), np.ones(3), 0.1)
