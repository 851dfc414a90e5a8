"""Recalibration of the probabilities of the three stances on labelled pairs: log-odds weighed anew (vector scaling).

Guo et al. 2017, §4.2. Folds keep together what belongs together, so that nothing is scored by numbers fitted on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from synth.core.types import Stance
from synth.evidence.calibrator import STANCES, Calibrator

FOLDS = 5
MIN_PROBABILITY = 1e-6  # what a probability counts as at least
COLUMNS = ("support", "contradict")  # log-odds over NOT_ENOUGH_INFO
Rows = NDArray[np.float64]
Probabilities = Mapping[Stance, float]


def odds(probabilities: Sequence[Probabilities]) -> Rows:
    """Return the columns COLUMNS of probabilities, shape (n, 2)."""
    p = np.maximum([[row[stance] for stance in STANCES] for row in probabilities], MIN_PROBABILITY)
    return np.asarray(np.log(p[:, :2]) - np.log(p[:, 2:]))


def fitted(
    rows: Rows,
    truth: Sequence[Stance],
    columns: Sequence[str] = COLUMNS,
    bounds: tuple[float, float] = (0.5, 0.5),
    penalty: float = 1.0,
    share: Rows | None = None,
) -> Calibrator:
    """Fit a multinomial logistic regression over standardised columns, given back for the columns as they are.

    `rows` (n, columns). `penalty`: scikit-learn's C. `share` (n,): what each row counts; one by default. A stance that
    never occurs is never said. Raises ValueError when there is only one.
    """
    from sklearn.linear_model import LogisticRegression

    mean, spread = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-9)
    model = LogisticRegression(C=penalty, max_iter=1000).fit(
        (rows - mean) / spread, [STANCES.index(t) for t in truth], sample_weight=share
    )
    weights, bias = np.zeros((3, rows.shape[1])), np.full(3, -20.0)
    if len(model.classes_) == 2:  # one row of numbers, for the second class
        model.coef_, model.intercept_ = np.vstack([0 * model.coef_, model.coef_]), np.append(0.0, model.intercept_)
    for place, stance in enumerate(model.classes_):
        weights[stance] = model.coef_[place] / spread
        bias[stance] = model.intercept_[place] - weights[stance] @ mean
    return Calibrator(tuple(columns), tuple(map(tuple, weights.tolist())), tuple(bias.tolist()), bounds)


def folds(groups: Sequence[int]) -> list[tuple[list[int], list[int]]]:
    """Yield (rows to fit on, rows to score) of each fold; a group is never in both. As many folds as groups at most."""
    order = {group: i for i, group in enumerate(sorted(set(groups)))}
    count = min(FOLDS, len(order))
    number = [order[group] % count for group in groups]
    rows = range(len(groups))
    return [([i for i in rows if number[i] != k], [i for i in rows if number[i] == k]) for k in range(count)]


def cross_fitted(rows: Rows, truth: Sequence[Stance], groups: Sequence[int]) -> Rows:
    """Return probabilities (n, 3) of each row by numbers fitted on other groups.

    Raises:
        ValueError: There are fewer than two groups, or a fold leaves a single stance to fit on.
    """
    if len(set(groups)) < 2:
        raise ValueError("all labelled pairs belong to one group")
    probabilities = np.zeros((len(rows), 3))
    for others, inside in folds(groups):
        probabilities[inside] = fitted(rows[others], [truth[i] for i in others]).probabilities(rows[inside])
    return probabilities
