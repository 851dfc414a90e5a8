"""Logistic regression with an L2 penalty, deterministic: a convex problem solved from zeros by L-BFGS."""

from __future__ import annotations

import numpy as np

STEPS = 300


def fitted(rows: np.ndarray, labels: np.ndarray, penalty: np.ndarray | float) -> np.ndarray:
    """Weights of shape (columns + 1,), the bias last, that minimise

        1/n · Σᵢ log(1 + exp(−yᵢ (xᵢ·β + b))) + 1/2 · Σⱼ penaltyⱼ βⱼ²        (yᵢ = ±1; the bias is not punished)

    over standardised columns, given back for the columns as they are. `rows` (n, columns), `labels` (n,) of 0 and 1,
    `penalty` one number or one for each column. A column that never varies gets the weight 0. Raises ValueError
    unless both labels occur.
    """
    from scipy.optimize import minimize

    if labels.min() == labels.max():
        raise ValueError("all labels are the same")
    mean, spread = rows.mean(axis=0, dtype=np.float64), rows.std(axis=0, dtype=np.float64)
    varies = spread > 1e-9
    scale = np.where(varies, spread, 1.0)
    x = ((rows - mean) / scale).astype(np.float32)
    x[:, ~varies] = 0.0
    sign = (2.0 * labels - 1.0).astype(np.float64)

    def objective(beta: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * ((x @ beta[:-1].astype(np.float32)).astype(np.float64) + beta[-1])
        loss = float(np.logaddexp(0.0, -margin).mean() + (penalty * beta[:-1] ** 2).sum() / 2)
        pull = -sign * _sigmoid(-margin) / len(sign)
        slope = (pull.astype(np.float32) @ x).astype(np.float64) + penalty * beta[:-1]
        return loss, np.append(slope, pull.sum())

    start = np.zeros(x.shape[1] + 1)
    beta = minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    plain = np.where(varies, beta[:-1] / scale, 0.0)
    return np.append(plain, beta[-1] - float(plain @ mean))


def chances(rows: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """P(label 1) of each row, shape (n,), float64."""
    return _sigmoid(rows.astype(np.float64) @ beta[:-1] + beta[-1])


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * x)))
