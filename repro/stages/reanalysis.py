"""Fit the registered model to published figures, and the same in other ways beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import isfinite
from statistics import fmean
from typing import TYPE_CHECKING, cast

from repro.errors import LabError
from repro.stages import Job, write_json
from repro.targets import Row

if TYPE_CHECKING:
    from repro.published.mixed_model import Coefficient
    from repro.published.panel import Panel, PanelSelection

SOURCES = (
    "published/parameters.py",
    "published/tables.py",
    "published/results.py",
    "published/panel.py",
    "published/mixed_model.py",
)
TORCH = False
SEEDED = False  # draws have a seed of their own: the same figures give the same numbers
ALL = "all"  # in the place of a language: a number over all of them


def run(job: Job) -> None:
    """Write `measurements.json`.

    Rows of a language: `accuracy` (or `f1`), percent, the mean over models, with the language's covariates. Rows of the
    table (`language` "all"): "TERM | WHAT" for each of `params.terms`, in logits per unit of `panel.UNITS`: `estimate`
    and its errors over families and over series, `least squares` and its `resampled error`; then `estimate, WAY` and
    `error, WAY` of each other way to analyse it. `n` is the number of groups that an error is over.
    """
    from repro.published.mixed_model import fit
    from repro.published.panel import panel
    from repro.published.parameters import PACKAGED, FittedTerms, choice_of, figures_of
    from repro.published.tables import figures as packaged_figures
    from repro.published.tables import languages

    params = FittedTerms.read(job.params)
    figures, choice = figures_of(params), choice_of(params)
    table = panel(figures, languages(choice.task), choice)
    job.progress(0.1, "fitting the registered model")
    fitted = fit(table, params.draws)
    rows = _of_languages(table, choice.metric)
    known = {one.term: one for one in fitted.coefficients}
    for term in params.terms:
        if term in known:
            rows += _of_term(known[term])
    others = ways(choice)
    packaged = params.figures == PACKAGED
    for number, (name, other) in enumerate(others.items(), 1):
        job.progress(0.1 + 0.9 * number / len(others), name)
        if other.task != choice.task and not packaged:
            continue
        scores = figures if other.task == choice.task else packaged_figures(other.task)
        try:
            coefficients = {
                one.term: one for one in fit(panel(scores, languages(other.task), other), draws=0).coefficients
            }
        except LabError:
            continue  # too little is left to be analysed in this way
        for term in params.terms:
            if term in coefficients:
                rows += _beside(coefficients[term], name)
    write_json(job.out / "measurements.json", rows)
    write_json(job.out / "notes.json", {"fit": fitted.notes, "read": figures.notes})


def ways(choice: PanelSelection) -> Mapping[str, PanelSelection]:
    """Return other ways to analyse the same figures, by name: one thing is changed in each."""
    from repro.published.tables import DISTANCES, TASKS

    others = {f"{kind} distance": replace(choice, distance=kind) for kind in DISTANCES if kind != choice.distance}
    others |= {f"the task {task}": replace(choice, task=task) for task in TASKS}
    others |= {
        "every language with a distance": replace(choice, observed=0.0),
        "XTREME's languages": replace(choice, selection="xtreme"),
        "languages with text in CC-100": replace(choice, selection="cc-100"),
        "series alone": replace(choice, alone=False),
        "F1": replace(choice, metric="f1"),
        "genera in the place of families": replace(choice, cluster="genus"),
    }
    return {name: other for name, other in others.items() if other != choice}


def _of_languages(table: Panel, metric: str) -> list[Row]:
    rows = []
    for i, language in enumerate(table.languages):
        known = {"distance": table.covariates["distance"][i] / 10, "text": language.text, **language.distances}
        value = 100 * fmean(table.scores[i])
        row = {"language": language.code, "metric": metric, "value": value, "n": language.pool, **known}
        rows.append(cast(Row, row))
    return rows


def _of_term(term: Coefficient) -> list[Row]:
    rows = []
    if isfinite(term.least_squares):
        rows += [_row(term.term, "least squares", term.least_squares, term.families)]
    if term.resampled is not None:
        groups = [count for count in (term.families, term.series) if count > 1]
        rows += [_row(term.term, "resampled error", term.resampled, min(groups))]
    if term.value is not None and term.over_families is not None:
        rows += [_row(term.term, "estimate", term.value, term.families)]
        rows += [_row(term.term, "error over families", term.over_families, term.families)]
        if term.over_series is not None:
            rows += [_row(term.term, "error over series", term.over_series, term.series)]
    return rows


def _beside(term: Coefficient, way: str) -> list[Row]:
    if term.value is None or term.over_families is None:
        return []
    error = (term.over_families**2 + (term.over_series or 0.0) ** 2) ** 0.5
    return [
        _row(term.term, f"estimate, {way}", term.value, term.families),
        _row(term.term, f"error, {way}", error, term.families),
    ]


def _row(term: str, what: str, value: float, groups: int) -> Row:
    return {"language": ALL, "metric": f"{term} | {what}", "value": value, "n": groups, "distance": None}
