"""Known numbers of a report: what is stored, how many of each thing there are, what follows from both.

Computed from the measurements anew, not by the code that writes the report. Pure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from math import isfinite, log10
from statistics import fmean, linear_regression
from typing import TYPE_CHECKING

from synth.core.mark import Axis
from synth.report.review import markdown
from synth.report.review.rubric import ReviewCase, registered_rule
from synth.store.rows.claims import FullClaimView
from synth.store.rows.runs import VerdictView
from synth.store.rows.stored import StoredTraining
from synth.verify.statistics.estimates import Comparison, interval, per_seed, t_quantile, with_covariates

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

# Headings, scales, "PRISMA 2020", findings of a paper that are shown, probabilities from which papers decide.
CONSTANTS = (1, 2, 3, 4, 5, 10, 0.5, 95, 100, 2020, 15, 0.8, 0.2)
CODES = ("_code", "_codes", "_parameters")  # ends of the names of columns that no report prints
MAX_SEEDS = 10**9
NEAR = 60  # findings near a question that an answer counts at most


def known(case: ReviewCase) -> Iterator[float]:
    """Yield every stored number, the counts of each thing, and the means over seeds that tables show."""
    facts = case.facts
    tables = (facts.cited, facts.excluded, facts.claims, facts.tests, facts.runs)
    rows: list[object] = [facts.search, facts.flow, *([_without_codes(row) for row in table] for table in tables)]
    yield from CONSTANTS
    yield from markdown.stored_numbers(rows)
    # The head of the report: title, author, date.
    yield from markdown.stored_numbers([getattr(facts, name, "") for name in ("title", "author", "today")])
    held = facts.quotes_held.values()
    yield from (len(held), sum(held), len(held) - sum(held), len(facts.tests), len(facts.runs))
    for table in (facts.cited, facts.excluded, facts.claims, facts.tests, facts.runs, facts.search.sources):
        yield from _counts(table)
    papers = [paper for paper in facts.papers if paper.text_state != "read"]
    yield len(papers) + sum(paper.text_state == "skipped" for paper in facts.excluded)
    # How many papers stand for a finding, and how many findings near the question are marked alike.
    yield from range(max(len(facts.papers), min(NEAR, len(facts.claims))) + 1)
    yield from _marks(facts.claims)
    detailed = case.report.count("\n### Claim ")
    yield from (detailed, len(facts.claims) - detailed)
    for test in facts.tests:
        yield 100 * test.level
        yield from _means(test)
        yield from _intervals(test)
        yield from _over_languages(test)
        yield from _losses(test)
        yield from _learnt(test)
        yield from _estimated(test)
        yield from _seeds(test)


def _without_codes(row: DataclassInstance) -> dict[str, object]:
    """Leave out the parameters of reasons: a report prints their sentences."""
    return {f.name: getattr(row, f.name) for f in fields(row) if not f.name.endswith(CODES)}


def _counts(table: Sequence[DataclassInstance]) -> Iterator[float]:
    """Yield how many rows have each value of each plain column, or any value at all, or none."""
    columns = [_without_codes(row) for row in table]
    for name in columns[0] if columns else ():
        values = [row[name] for row in columns]
        yield from (sum(map(bool, values)), sum(not value for value in values))
        plain = Counter(value for value in values if value is None or isinstance(value, str | bool | int))
        yield from plain.values()
        yield len(plain)


def _marks(claims: Sequence[FullClaimView]) -> Iterator[float]:
    """Yield the numbers of claims verified, and contradicted, by each axis."""
    marks = [(claim.verified, claim.by.axis) for claim in claims if claim.by]
    yield from Counter(marks).values()
    yield sum(verified is True and axis is not Axis.OWN_PAPER for verified, axis in marks)


def _seeds(test: VerdictView) -> Iterator[float]:
    """Yield the number of seeds that would narrow Student's interval to the smallest effect that matters."""
    (low, high), smallest = test.ci, registered_rule(test).get("sesoi")
    if low is None or high is None or not smallest or test.seeds < 2 or (high - low) / 2 <= smallest:
        return
    share, seeds = (1 + test.level) / 2, test.seeds
    sd = (high - low) / 2 * seeds**0.5 / t_quantile(share, seeds - 1)
    counts = range(seeds + 1, MAX_SEEDS)
    yield counts[bisect_left(counts, True, key=lambda n: t_quantile(share, n - 1) * sd <= smallest * n**0.5)]


def _means(test: VerdictView) -> Iterator[float]:
    """Yield the mean over seeds of each arm in each language, and the differences of two of them."""
    cells: dict[tuple[str, str], dict[str, list[float]]] = {}
    for m in test.measurements:
        cells.setdefault((m.metric, m.language), {}).setdefault(m.arm, []).append(m.value)
    for by_arm in cells.values():
        means = [fmean(values) for values in by_arm.values()]
        yield from means
        yield from (abs(a - b) for a in means for b in means)


def _intervals(test: VerdictView) -> Iterator[float]:
    """Yield the score of each arm over the seeds and its effect against the baseline, with their intervals."""
    rule = registered_rule(test)
    if not rule or not test.measurements:
        return
    tested = Comparison.of(rule)
    for arm in {m.arm for m in test.measurements}:
        for metric in {rule.get("metric", ""), tested.baseline_metric or rule.get("metric", "")}:
            alone = replace(tested, treatment=arm, baseline="", statistic="count", baseline_metric="")
            for comparison in (alone, replace(tested, treatment=arm, statistic="mean")):
                spread = interval(per_seed(test.measurements, comparison, metric), "mean", 1 - test.level)
                yield from (number for number in (spread.value, spread.low, spread.high) if number is not None)


def _over_languages(test: VerdictView) -> Iterator[float]:
    """Yield scores of each arm in each language with Student's interval over the seeds, and their slopes.

    The slopes are least-squares ones of these scores over what the languages differ by, and over its logarithm.
    """
    rule = registered_rule(test)
    if not rule:
        return
    for places in (_distances(test), _covariate(test, Comparison.of(rule).covariate)):
        yield from places.values()
        for arm in {m.arm for m in test.measurements} if places else ():
            alone, points = Comparison(arm, "", "count"), []
            for language, place in places.items():
                rows = [m for m in test.measurements if m.language == language]
                spread = interval(per_seed(rows, alone, rule.get("metric", "")), "mean", rule.get("alpha", 0.05))
                yield from (number for number in (spread.value, spread.low, spread.high) if number is not None)
                points += [(place, spread.value)] if spread.value is not None else []
            if len({x for x, _ in points}) > 1:
                yield linear_regression(*zip(*points, strict=True)).slope
                if min(points)[0] > 0:
                    yield linear_regression([log10(x) for x, _ in points], [y for _, y in points]).slope


def _distances(test: VerdictView) -> dict[str, float]:
    return {**_covariate(test, "distance"), **test.spec.get("laboratory", {}).get("distances", {})}


def _covariate(test: VerdictView, name: str) -> dict[str, float]:
    """Map each language to its recorded value of this covariate, the mean over the seeds."""
    recorded: dict[str, list[float]] = {}
    for row in test.provenance.get("covariates", []):
        if row.get(name) is not None:
            recorded.setdefault(str(row["language"]), []).append(float(row[name]))
    return {language: fmean(values) for language, values in recorded.items()}


def _losses(test: VerdictView) -> Iterator[float]:
    """Yield first and last loss of each training, mean over its seeds."""
    by_training: dict[tuple[str, str], list[list[float]]] = {}
    for curve in test.provenance.get("curves", []):
        losses = [loss for _, loss in curve["losses"] if loss is not None and isfinite(loss)]
        if len(losses) > 1:
            name = curve["arm"] or curve.get("name") or curve["stage"]
            by_training.setdefault((curve["stage"], name), []).append([losses[0], losses[-1]])
    for ends in by_training.values():
        yield from (fmean(end) for end in zip(*ends, strict=True))


def _estimated(test: VerdictView) -> Iterator[float]:
    """Yield the estimates seed by seed under the deciding rule and the control, and the control's interval."""
    rule = registered_rule(test)
    rows = with_covariates(test.measurements, test.provenance.get("covariates", []))
    for metric in (rule.get("metric"), rule.get("control_metric")):
        if metric and Comparison.of(rule).statistic != "count":
            seeds = per_seed(rows, Comparison.of(rule), metric)
            yield from seeds.values.values()
            spread = interval(seeds, Comparison.of(rule).statistic, 1 - test.level)
            yield from (number for number in (spread.value, spread.low, spread.high) if number is not None)


def _learnt(test: VerdictView) -> Iterator[float]:
    """Yield the development score of each task of each arm in per cent, mean and ends over its seeds.

    Beside them what it is compared with, and in how many seeds the task was learnt.
    """
    by_task: dict[tuple[str, str], list[StoredTraining]] = {}
    for row in test.provenance.get("training", []):
        by_task.setdefault((row["arm"], row["task"]), []).append(row)
    for rows in by_task.values():
        scores = [100 * row["accuracy"] for row in rows]
        yield from (fmean(scores), min(scores), max(scores), sum(bool(row["learnt"]) for row in rows), len(rows))
        yield from (100 * fmean(row["shortcut"] for row in rows), 100 * fmean(row["chance"] for row in rows))
