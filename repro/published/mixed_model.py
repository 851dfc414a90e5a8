"""The registered model and the resampling beside it. Pure, on a complete table of languages × models.

    logit(accuracy) ~ (distance + pool + script + text) × size + (1 + size | family) + (1 + size | language)
                      + (1 + distance + pool + script + text | series) + (… | model)

with size in doublings above the mean of the model's series and all covariates centred. In a complete table this crossed
model falls apart into strata, as an analysis of variance of a split plot does (Nelder 1965, Proc. R. Soc. A 283,
147–162): every language is summed up by its mean over models and its slope on size, every model by its coefficients
over languages, and each stratum is a small mixed model with one grouping. The strata are fitted by restricted maximum
likelihood (statsmodels' MixedLM); the crossed model as a whole takes it minutes and does not converge.

* Estimates of terms of languages (and their products with size) come from the stratum of languages, with (1 | family);
  that of size is this stratum's mean slope. Their standard error is over languages of resampled families.
* The same coefficient, model by model, with (1 | series), gives its standard error over models. Both are added, and the
  degrees of freedom are Satterthwaite's (1946, Biometrics Bulletin 2, 110–114).

Beside it families and series are drawn with replacement, independently of each other, with all their languages and
models (pigeonhole bootstrap: Owen 2007, Ann. Appl. Stat. 1, 386–411), and the same terms fitted by least squares. That
interval assumes no distribution, and it alone stands where a stratum does not converge.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from repro.published.panel import LANGUAGE_TERMS, SIZE, Panel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRAWS = 2000
SEED = 1965
METHODS = ("powell", "bfgs")  # one variance is looked for: the first takes no derivative


@dataclass(frozen=True)
class Coefficient:
    """One term of the registered model, in logits per unit of `panel.UNITS`.

    Attributes:
        value: by the mixed model; None where its stratum did not converge.
        over_families, over_series: standard errors over languages and over models; None where not estimable.
        least_squares: the same term by least squares, every cell counting alike.
        resampled: standard error of that over resampled families and series; None where there are too few.
        families: how many.
        series: how many; of size only those count that have several.
    """

    term: str
    value: float | None
    over_families: float | None
    over_series: float | None
    least_squares: float
    resampled: float | None
    families: int
    series: int


@dataclass(frozen=True)
class Fit:
    """All terms that the table can tell apart. `notes`: what has to be known of the fit, in sentences."""

    coefficients: tuple[Coefficient, ...]
    notes: tuple[str, ...]


def fit(panel: Panel, draws: int = DRAWS) -> Fit:
    """Fit the registered model to `panel` and resample it. Without `draws` nothing is resampled."""
    import numpy as np

    y = np.array(panel.logits())
    names = tuple(term for term in LANGUAGE_TERMS if term not in panel.constant)
    across = np.array([panel.covariates[term] for term in names]).reshape(len(names), len(y)).T
    across = across - across.mean(axis=0, keepdims=True)
    sizes, sized = np.array(panel.size), SIZE not in panel.constant
    level, slope = _by_language(y, sizes, sized)
    over_languages = _stratum(level, across, panel.clusters)
    growing = _stratum(slope, across, panel.clusters) if sized else None
    of_models = _by_model(y, across)
    terms = [*names, *([SIZE, *(f"{term}:{SIZE}" for term in names)] if sized else [])]
    plain, spread = _resampled(y, across, sizes if sized else None, panel, draws)
    several = sum(panel.series.count(name) > 1 for name in set(panel.series))
    errors: dict[int, tuple[float | None, float | None]] = {}
    coefficients, failed = [], []
    for position, term in enumerate(terms):
        base = term.partition(":")[0]
        of_size = term == SIZE or ":" in term
        stratum = growing if of_size else over_languages
        column = 0 if term == SIZE else 1 + names.index(base)
        own = stratum[column] if stratum else None
        if column not in errors:
            errors[column] = _over_models(of_models[column], sizes if sized else None, panel.series)
        if own is None:
            failed.append(term)
        coefficients.append(
            Coefficient(
                term,
                own[0] if own else None,
                own[1] if own else None,
                errors[column][int(of_size)],
                float(plain[position + 1]),
                float(spread[position + 1]) if np.isfinite(spread[position + 1]) else None,
                len(set(panel.clusters)),
                several if of_size else len(set(panel.series)),
            )
        )
    notes = (
        [f"The mixed model did not converge for {', '.join(failed)}; the resampled interval stands."] if failed else []
    )
    return Fit(tuple(coefficients), tuple(notes))


def _by_language(y: Floats, sizes: Floats, sized: bool) -> tuple[Floats, Floats]:
    """Return each language's mean over models, and its least-squares slope on size (sizes sum to zero)."""
    import numpy as np

    return y.mean(axis=1), y @ sizes / (sizes @ sizes) if sized else np.zeros(len(y))


def _by_model(y: Floats, across: Floats) -> Floats:
    """Return each model's intercept and least-squares coefficients over languages, one row a coefficient."""
    import numpy as np

    design = np.column_stack([np.ones(len(y)), across])
    return np.asarray(np.linalg.lstsq(design, y, rcond=None)[0], dtype=np.float64)


def _stratum(values: Floats, across: Floats, groups: Sequence[str]) -> list[tuple[float, float]] | None:
    """Fit (coefficient, standard error) of the intercept and each covariate, with (1 | group); None if it fails."""
    import numpy as np

    return mixed(values, np.column_stack([np.ones(len(values)), across]), groups)


def _over_models(values: Floats, sizes: Floats | None, series: Sequence[str]) -> tuple[float | None, float | None]:
    """Return the standard errors over models of one language coefficient: of its mean, and of its slope on size."""
    import numpy as np

    if len(set(series)) < 3:
        return None, None
    design = np.ones((len(values), 1)) if sizes is None else np.column_stack([np.ones(len(values)), sizes])
    fitted = mixed(values, design, series)
    if not fitted:
        return None, None
    return fitted[0][1], fitted[1][1] if sizes is not None else None


def mixed(values: Floats, design: Floats, groups: Sequence[str]) -> list[tuple[float, float]] | None:
    """Fit values ~ design + (1 | group) by REML and return (coefficient, standard error) of every column.

    Args:
        values: (n,).
        design: (n, columns), with the intercept.
        groups: label of each row.

    Returns:
        None where the fit does not converge, or fewer than two groups or too few rows leave nothing to be estimated.
    """
    import numpy as np
    from statsmodels.regression.mixed_linear_model import MixedLM

    rank = np.linalg.matrix_rank(design)
    if len(set(groups)) < 2 or len(values) <= design.shape[1] + 1 or rank < design.shape[1]:
        return None
    if len(set(groups)) == len(values):
        return _ordinary(values, design)  # every row its own group: (1 | group) is the residual
    # The optimisers need columns of one scale.
    scale, unit = np.where(design.std(axis=0) > 0, design.std(axis=0), 1.0), float(np.std(values)) or 1.0
    for method in METHODS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what they say is read off the result
            try:
                fitted = MixedLM(values / unit, design / scale, np.array(groups)).fit(reml=True, method=[method])
                errors, estimates = np.asarray(fitted.bse_fe), np.asarray(fitted.fe_params)
            except (np.linalg.LinAlgError, ValueError):
                continue
        if fitted.converged and np.isfinite(errors).all() and np.isfinite(estimates).all():
            return [
                (float(b), float(se)) for b, se in zip(estimates * unit / scale, errors * unit / scale, strict=True)
            ]
    return None


def _ordinary(values: Floats, design: Floats) -> list[tuple[float, float]]:
    """Fit by ordinary least squares and return (coefficient, standard error) of every column."""
    from statsmodels.regression.linear_model import OLS

    fitted = OLS(values, design).fit()
    return [(float(b), float(se)) for b, se in zip(fitted.params, fitted.bse, strict=True)]


# ------------------------------------------------------------------------------------------------ resampling


def _resampled(y: Floats, across: Floats, sizes: Floats | None, panel: Panel, draws: int) -> tuple[Floats, Floats]:
    """Fit every term (intercept first) by least squares, and its standard error over resampled families and series.

    Few groups make a bootstrap too narrow: its spread is stretched by √(k/(k − 1)) of the fewer of the two (Hesterberg
    2015, Am. Stat. 69, 371–386).
    """
    import numpy as np

    inner = np.column_stack([np.ones(len(y)), across])  # of languages
    outer = np.ones((y.shape[1], 1)) if sizes is None else np.column_stack([np.ones(y.shape[1]), sizes])
    order = _order(inner.shape[1], outer.shape[1])
    whole = _solve(inner, outer, y, np.ones((1, len(y))), np.ones((1, y.shape[1])), order)[0]
    if not draws or len(set(panel.clusters)) < 2:
        return whole, np.full(whole.shape, np.nan)
    rng = np.random.default_rng(SEED)
    rows = _weights(panel.clusters, draws, rng)
    columns = _weights(panel.series, draws, rng) if len(set(panel.series)) > 1 else np.ones((draws, y.shape[1]))
    drawn = _solve(inner, outer, y, rows, columns, order)
    fewest = min(len(set(labels)) for labels in (panel.clusters, panel.series) if len(set(labels)) > 1)
    stretch = sqrt(fewest / (fewest - 1))
    # Draws in which a term cannot be told from the others say nothing of it.
    drawn = drawn[np.isfinite(drawn).all(axis=1)]
    if len(drawn) < draws / 2:
        return whole, np.full(whole.shape, np.nan)
    return whole, stretch * drawn.std(axis=0)


def _order(inner: int, outer: int) -> list[tuple[int, int]]:
    """Return columns (of languages, of models) in the order of the terms: language terms, size, products."""
    columns = [(i, 0) for i in range(inner)]
    return columns + [(i, 1) for i in range(inner)] if outer > 1 else columns


def _solve(
    inner: Floats, outer: Floats, y: Floats, rows: Floats, columns: Floats, order: Sequence[tuple[int, int]]
) -> Floats:
    """Solve weighted least squares of each draw: (draws, terms); NaN where a draw leaves a term open.

    The design is a product of languages and models, so its normal equations are products of two small ones.
    """
    import numpy as np

    left = np.einsum("dl,li,lj->dij", rows, inner, inner)
    right = np.einsum("dm,mi,mj->dij", columns, outer, outer)
    sums = np.einsum("dl,li,lm,dm,mj->dij", rows, inner, y, columns, outer, optimize=True)
    i, j = np.array(order).T
    gram = left[:, i[:, None], i[None, :]] * right[:, j[:, None], j[None, :]]
    target = sums[:, i, j]
    estimates = np.full(target.shape, np.nan)
    good = np.linalg.cond(gram) < 1e10
    estimates[good] = np.linalg.solve(gram[good], target[good][..., None])[..., 0]
    return estimates


def _weights(labels: Sequence[str], draws: int, rng: np.random.Generator) -> Floats:
    """Draw groups with replacement and count each unit, all units of a group together: (draws, units)."""
    import numpy as np

    groups = sorted(set(labels))
    counts = rng.multinomial(len(groups), np.full(len(groups), 1 / len(groups)), size=draws)
    return counts[:, [groups.index(label) for label in labels]].astype(float)
