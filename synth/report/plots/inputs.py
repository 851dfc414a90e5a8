"""Rows of a report as the dataclasses that its pictures are drawn from; None where there is nothing to draw."""

from __future__ import annotations

from math import isfinite, sqrt
from statistics import fmean, stdev

from synth.report import measured
from synth.report.facts import Facts
from synth.report.measured import arms, covariate, distances, is_count, judged_metrics, languages, rule
from synth.report.plots.curves import Training, Trainings
from synth.report.plots.distance import FAR, Gradient, Point
from synth.report.plots.estimate import MetricEstimate, TestEstimates
from synth.report.plots.forest import ForestRow
from synth.report.plots.intervals import finite
from synth.report.plots.languages import LanguageScores, Score
from synth.report.wording import opened
from synth.store.rows.runs import VerdictView
from synth.verify.statistics.estimates import Comparison, t_quantile


def forest(facts: Facts) -> list[ForestRow]:
    """Return the tests with an estimate that can be drawn."""
    return [
        ForestRow(
            claim=test.claim,
            run=test.run_id,
            contrast=measured.contrast(test),
            direction=rule(test).get("direction", ""),
            claimed=measured.claimed_size(test),
            estimate=test.estimate,
            low=test.ci[0],
            high=test.ci[1],
            unit=test.unit,
            seeds=test.seeds,
            sesoi=rule(test).get("sesoi") or 0.0,
            fidelity=test.fidelity,
            verdict=test.verdict,
        )
        for test in facts.tests
        if not is_count(test) and test.estimate is not None and isfinite(test.estimate)
    ]


def estimates(test: VerdictView) -> TestEstimates | None:
    """Return the estimates under the metric that decides and the control; None where nothing is compared."""
    registered = rule(test)
    if is_count(test) or not measured.differences(test, registered.get("metric", "")):
        return None
    by_seed = {metric: measured.differences(test, metric) for metric in judged_metrics(test)}
    comparison = Comparison.of(registered)
    plain = comparison.statistic == "mean"
    fitted = comparison.statistic == "coefficient"  # one number of a model: no seed has one of its own
    contrast = measured.contrast(test)
    return TestEstimates(
        claim=test.claim,
        run=test.run_id,
        verdict=test.verdict,
        quantity=f"{'Difference' if comparison.baseline else 'Score of'} {contrast}" if plain else opened(contrast),
        unit=test.unit,
        direction=registered["direction"],
        claimed=measured.claimed_size(test),
        sesoi=registered.get("sesoi") or 0.0,
        level=test.level,
        comparable=test.fidelity == "paper",
        over="families and series" if fitted else measured.unit(test),
        metrics=tuple(
            MetricEstimate(
                metric,
                metric == registered["metric"],
                measured.over_seeds(test, metric),
                () if fitted else tuple(values.values()),
            )
            for metric, values in by_seed.items()
            if values
        ),
    )


def scores(test: VerdictView) -> LanguageScores | None:
    """Return the scores by language, or another label, and arm under the metric that decides and the control.

    None where nothing is told apart by a label, or the labels are items without a name of interest.
    """
    if is_count(test) or not judged_metrics(test):
        return None
    if languages(test) == measured.EVERYTHING or measured.unit(test) == "items":
        return None
    cells = [
        Score(metric, language, arm, cell.mean, cell.low, cell.high)
        for metric in judged_metrics(test)
        for language in languages(test)
        for arm in arms(test)
        if (cell := measured.cell(test, metric, language, arm))
    ]
    far = distances(test)
    return LanguageScores(
        run=test.run_id,
        metrics=tuple(judged_metrics(test)),
        languages=tuple((language, far.get(language)) for language in languages(test)),
        arms=tuple(arms(test)),
        scores=tuple(cells),
        several_seeds=len({row.seed for row in test.measurements}) > 1,
        label=measured.label(test),
    )


def gradient(test: VerdictView) -> Gradient | None:
    """Return the metric that decides against distance, or the test's covariate; None for fewer than two places."""
    if is_count(test) or not judged_metrics(test):
        return None
    metric, alpha = judged_metrics(test)[0], rule(test).get("alpha", 0.05)
    own = covariate(test)
    places = own or distances(test)
    values: dict[tuple[str, str], list[float]] = {}
    for row in test.measurements:
        if row.metric == metric and row.language in places and finite(row.value):
            values.setdefault((row.arm, row.language), []).append(row.value)
    series = {
        arm: tuple(
            Point(language, places[language], *_mean(values[arm, language], alpha))
            for language in languages(test)
            if (arm, language) in values
        )
        for arm in arms(test)
    }
    series = {arm: points for arm, points in series.items() if points}
    if len({point.place for points in series.values() for point in points}) < 2:
        return None
    comparison = Comparison.of(rule(test))
    wide = bool(own) and min(own.values()) > 0 and max(own.values()) >= 10 * min(own.values())
    measured_languages = [(language, places[language]) for language in languages(test) if language in places]
    return Gradient(
        run=test.run_id,
        metric=metric,
        against=comparison.axis.removeprefix("the ") if own else FAR,
        head=measured.axis(test) if own else "Distance",
        level=f"{1 - alpha:.0%} t-interval",
        logarithmic=wide and comparison.statistic != "slope",  # ranks do not mind; a slope is one on the plain axis
        languages=tuple(sorted(measured_languages, key=lambda language: language[1])),
        series=series,
    )


def trainings(test: VerdictView) -> Trainings | None:
    """Return the trainings of two steps or more."""
    curves = []
    for curve in test.provenance.get("curves", []):
        losses = tuple((step, loss) for step, loss in curve["losses"] if loss is not None and isfinite(loss))
        if len(losses) > 1:
            arm, stage = str(curve["arm"] or ""), str(curve["stage"])
            curves.append(Training(arm, curve["seed"], stage, str(curve.get("name") or ""), losses))
    return Trainings(test.run_id, tuple(curves)) if curves else None


def _mean(values: list[float], alpha: float) -> tuple[float, float | None, float | None]:
    """Return mean and Student's interval of the seeds; a single seed has none."""
    mean = fmean(values)
    if len(values) < 2:
        return mean, None, None
    half = t_quantile(1 - alpha / 2, len(values) - 1) * stdev(values) / sqrt(len(values))
    return mean, mean - half, mean + half
