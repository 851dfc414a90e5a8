"""Planted truth for re-analyses of published figures: how often each interval, and both together, leave out 0.

    python -m benchmarks.published [--experiments N]

Scores are made up for the very languages, families, covariates, models and series that are packaged: effects of text,
pool, script and size near those found, differences between families, languages, series and models, in level, in what
size brings and in what distance costs, and noise in every cell. Distance, and its product with size, have the planted
effect. With effect 0 the shares are false decisions of either side; else they are power.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

import numpy as np

from repro.published import mixed_model as fitting
from repro.published.panel import Panel, PanelSelection, panel
from repro.published.tables import figures, languages
from synth.verify.judge.coefficient import read
from synth.verify.judge.rule import Rule
from synth.verify.statistics.measurement import measured

DRAWS = 200
# Standard deviations, in logits, near those of the fitted model: of levels, of slopes on size, of slopes on distance.
FAMILIES, LANGUAGES, SERIES, MODELS, NOISE = 0.6, 0.75, 0.8, 0.25, 0.5
SIZE_BY_FAMILY, SIZE_BY_LANGUAGE = 0.05, 0.08
DISTANCE_BY_SERIES, DISTANCE_BY_MODEL = 0.08, 0.03
EFFECTS = {"pool": -0.1, "script": 0.3, "text": 0.7, "size": 0.3}
TERMS = ("distance", "distance:size")
PLANTED = ((0.0, 0.0), (-0.25, 0.06))  # of distance, and of its product with size
WAYS = ("mixed model", "resampled", "both")


@dataclass(frozen=True)
class Planted:
    """The packaged table with other scores."""

    table: Panel
    values: np.ndarray  # logits (languages, models)

    def logits(self) -> np.ndarray:
        return self.values

    def __getattr__(self, name: str) -> object:
        return getattr(self.table, name)


def plant(table: Panel, rng: np.random.Generator, distance: float, product: float) -> Planted:
    """Draw scores with these effects a tenth of distance, and a tenth of distance and doubling of size."""
    family, series = _numbered(table.clusters), _numbered(table.series)
    far = np.array(table.covariates["distance"])
    far, size = (far - far.mean())[:, None], np.array(table.size)[None, :]
    n, m = len(family), len(series)

    def drawn(groups: np.ndarray, spread: float) -> np.ndarray:
        return rng.normal(0, spread, groups.max() + 1)[groups]

    y = 1.2 + sum(EFFECTS[term] * (np.array(v) - np.mean(v)) for term, v in table.covariates.items() if term in EFFECTS)
    y = (y + drawn(family, FAMILIES) + rng.normal(0, LANGUAGES, n))[:, None] + drawn(series, SERIES)
    y = y + rng.normal(0, MODELS, m) + rng.normal(0, NOISE, (n, m))
    grows = EFFECTS["size"] + drawn(family, SIZE_BY_FAMILY) + rng.normal(0, SIZE_BY_LANGUAGE, n)
    costs = distance + drawn(series, DISTANCE_BY_SERIES) + rng.normal(0, DISTANCE_BY_MODEL, m)
    return Planted(table, y + grows[:, None] * size + far * costs[None, :] + product * far * size)


def _numbered(labels: tuple[str, ...]) -> np.ndarray:
    return np.unique(labels, return_inverse=True)[1]


def decided(fitted: fitting.Fit, term: str) -> dict[str, bool]:
    """Return which intervals leave out 0, by the very functions that judge."""
    from repro.stages.reanalysis import _of_term

    rows = [
        {"arm": "models", **row}
        for coefficient in fitted.coefficients
        if coefficient.term == term
        for row in _of_term(coefficient)
    ]
    rule = Rule("models", "", "accuracy", "", "negative", None, 0.1, 0.05, 1, statistic="coefficient", covariate=term)
    own = read(measured(rows), rule)
    mixed, resampled = (
        bool(coefficient) and abs(coefficient[0]) > coefficient[1].half(0.05)
        for coefficient in (own.mixed, own.resampled)
    )
    both = resampled and (own.mixed is None or (mixed and own.mixed[0] * own.resampled[0] > 0))
    return {"mixed model": mixed, "resampled": resampled, "both": both}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--experiments", type=int, default=300)
    options = parser.parse_args()
    table = panel(figures(), languages(), PanelSelection())
    print(f"| planted | term | {' | '.join(WAYS)} | not converged |\n|---|---|---|---|---|---|")
    start = time.process_time()
    for effects in PLANTED:
        rng = np.random.default_rng(11)
        counts = {term: dict.fromkeys(WAYS, 0) for term in TERMS}
        failed = dict.fromkeys(TERMS, 0)
        for _ in range(options.experiments):
            fitted = fitting.fit(plant(table, rng, *effects), DRAWS)  # type: ignore[arg-type]
            for term in TERMS:
                for way, left_out in decided(fitted, term).items():
                    counts[term][way] += left_out
                failed[term] += next(row.value is None for row in fitted.coefficients if row.term == term)
        for term, effect in zip(TERMS, effects, strict=True):
            shares = [f"{100 * counts[term][way] / options.experiments:.1f}" for way in WAYS]
            print(f"| {effect:+.2f} | {term} | {' | '.join(shares)} | {failed[term]} |", flush=True)
    seconds = time.process_time() - start
    print(f"\n{options.experiments} experiments a row, {DRAWS} draws each; {seconds:.0f} s of processor time.")


if __name__ == "__main__":
    main()
