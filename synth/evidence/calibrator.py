"""Calibrator from features of a claim and a text to P(SUPPORT), P(CONTRADICT), P(NOT_ENOUGH_INFO), and to a stance.

A multinomial logistic model over a few columns (with the logits of a classifier among them this is vector scaling,
Guo et al. 2017, §4.2). Its numbers are fitted on labelled pairs by `training.stance.fit` and stand in
calibrators.toml; docs/confidence.md reports how well they hold on documents that nothing was fitted on.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NotRequired, TypedDict, cast

from synth.core.types import Stance

if TYPE_CHECKING:
    import numpy as np

FILE = "calibrators.toml"
STANCES = (Stance.SUPPORT, Stance.CONTRADICT, Stance.NOT_ENOUGH_INFO)


class Grounds(StrEnum):
    """Grounds of a stance."""

    MODEL = "model"
    RULE = "rule"
    LEANING = "leaning"  # a rule that is not sure: a column of the calibrator, decides only where there is no model
    TABLE = "table"
    CONDITION = "condition"  # a rule found another condition: NOT_ENOUGH_INFO


@dataclass(frozen=True)
class Calibrator:
    """`weights`: one row a stance, one number a column; `bias`: one a stance. `bounds`: probabilities from which
    SUPPORT and CONTRADICT are said, below both it is NOT_ENOUGH_INFO; (0, 0): the likeliest stance is said.
    """

    columns: tuple[str, ...]
    weights: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]
    bounds: tuple[float, float]

    def probabilities(self, rows: np.ndarray) -> np.ndarray:
        """Return probabilities, (n, columns) → (n, 3), each row adding up to 1, the columns as in STANCES."""
        import numpy as np

        scores = rows.astype(np.float64) @ np.array(self.weights).T + np.array(self.bias)
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True))

    def stance(self, probabilities: np.ndarray) -> Stance:
        """Name the likeliest stance where there are no bounds; else the one whose bound is exceeded by most, and
        NOT_ENOUGH_INFO where none is reached.
        """
        if not any(self.bounds):
            return STANCES[int(probabilities.argmax())]
        above = [float(p) - bound for p, bound in zip(probabilities, self.bounds, strict=False)]
        best = max(range(2), key=lambda i: above[i])
        return STANCES[best] if above[best] >= 0 else Stance.NOT_ENOUGH_INFO


def plain(columns: tuple[str, ...], bound: float) -> Calibrator:
    """Make a calibrator for a model that nothing was fitted for: its own softmax, from the log-odds in the columns
    "support" and "contradict" over NOT_ENOUGH_INFO.
    """
    weights = tuple(tuple(float(c == name) for c in columns) for name in ("support", "contradict", ""))
    return Calibrator(columns, weights, (0.0, 0.0, 0.0), (bound, bound))


@cache
def packaged() -> Mapping[str, Calibrator]:
    """Read the fitted calibrators by name: "named", "retrieved"."""
    return of_toml(_stored())


@cache
def ruled(grounds: Grounds, stance: Stance) -> float:
    """Return P(a rule or a table is right with this stance), by Laplace's rule of succession over labelled pairs."""
    right, count = _stored()["ruled"].get(f"{grounds} {stance}", (0, 0))
    return float((right + 1) / (count + 2))


class CalibratorTable(TypedDict):
    """A calibrator as TOML has it."""

    columns: list[str]
    weights: dict[str, list[float]]
    bias: list[float]
    bounds: list[float]


class CalibratorFile(TypedDict):
    """Calibrators by name, and by "grounds stance" how often rules and tables were right: (right, all)."""

    calibrator: dict[str, CalibratorTable]
    ruled: NotRequired[dict[str, tuple[int, int]]]
    model: NotRequired[str]


@cache
def _stored() -> CalibratorFile:
    text = files(__package__).joinpath(FILE).read_text(encoding="utf-8")
    return cast("CalibratorFile", tomllib.loads(text))


def of_toml(data: CalibratorFile) -> dict[str, Calibrator]:
    """Return calibrators by name. Raises KeyError, TypeError, ValueError or IndexError for anything else."""
    return {name: _of(table) for name, table in data["calibrator"].items()}


def as_toml(
    calibrators: Mapping[str, Calibrator],
    about: str,
    counts: Mapping[tuple[Grounds, Stance], tuple[int, int]] | None = None,
) -> str:
    """Write calibrators as `of_toml` reads them, under a comment; `counts`: (right, all) of what rules and tables
    say.
    """
    lines = [f"# {about}"]
    if counts is not None:
        lines += ["", "[ruled]", *(f'"{g} {s}" = [{right}, {n}]' for (g, s), (right, n) in counts.items())]
    for name, calibrator in calibrators.items():
        lines += ["", f"[calibrator.{name}]", f"columns = {json.dumps(calibrator.columns)}"]
        lines += [f"bias = {[round(b, 4) for b in calibrator.bias]}", f"bounds = {list(calibrator.bounds)}"]
        lines += ["", f"[calibrator.{name}.weights]"]
        lines += [f"{s} = {[round(w, 4) for w in row]}" for s, row in zip(STANCES, calibrator.weights, strict=True)]
    return "\n".join(lines) + "\n"


def _of(table: CalibratorTable) -> Calibrator:
    return Calibrator(
        columns=tuple(table["columns"]),
        weights=tuple(tuple(table["weights"][stance.value]) for stance in STANCES),
        bias=tuple(table["bias"]),
        bounds=(table["bounds"][0], table["bounds"][1]),
    )
