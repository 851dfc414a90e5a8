"""Tables of what a test measured: arms × languages with the mean and range over seeds. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist, fmean

from synth.core.estimate import Estimate
from synth.report.wording import amount, count, decimal, listed, opened, worded
from synth.store.rows.runs import VerdictView
from synth.store.rows.stored import StoredRule
from synth.verify.judge.failures import Failure
from synth.verify.statistics.estimates import (
    OVER_LANGUAGES,
    Comparison,
    PerSeed,
    per_seed,
    t_quantile,
    with_answers,
    with_covariates,
)
from synth.verify.statistics.replication import estimate_over

HIDDEN = ("covariates", "analysis", "curves", "training", "outcomes", "failures")
PACKAGES = 12  # of the environment of a command, that are named one by one
# A label of the measurements, by the unit of replication that it is one of; else it is a language.
LABELS = {"data sets": "Data set", "folds": "Fold", "items": "Item"}
EVERYTHING = ["all"]  # the labels of measurements that are told apart by arm and seed alone
KEYS = {
    "modified": "changed since that commit",
    "python": "Python",
    "threads_per_process": "threads a process",
    "spec_hash": "sha256 of the laboratory's specification",
    "experiment_hash": "sha256 of the experiment's file",
    "data": "sha256 of the data",
}
CHECKSUM = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
SHORT = 16  # digits of a checksum that are shown
MAX_LINES, SHOWN_AT_ENDS = 120, 15  # languages of a table that is shown whole; of a longer one, at either end


@dataclass(frozen=True)
class MeasuredCell:
    """One arm in one language: mean, lowest and highest over seeds, in the metric's unit."""

    mean: float
    low: float
    high: float
    seeds: int

    def __str__(self) -> str:
        if self.seeds == 1:
            return f"{decimal(self.mean, 1)} (one seed)"
        return f"{decimal(self.mean, 1)} ({decimal(self.low, 1)} to {decimal(self.high, 1)})"


def rule(test: VerdictView) -> StoredRule:
    """Return the decision rule that was registered before the run."""
    return test.spec.get("rule", {})


def unit(test: VerdictView) -> str:
    """Return the unit that was drawn at random and the interval is over; rules of earlier versions are over seeds."""
    return str(rule(test).get("unit_of_replication", "seeds"))


def contrast(test: VerdictView) -> str:
    """Name the estimate: "a − b", "slope of a − b against distance", "rank correlation of a with distance"."""
    comparison = Comparison.of(rule(test))
    if comparison.statistic == "slope":
        return f"slope of {comparison} against {comparison.axis}"
    if comparison.statistic == "correlation":
        return f"rank correlation of {comparison} with {comparison.axis}"
    if comparison.statistic == "coefficient":
        return f"coefficient of {comparison.axis} in the model of {comparison}"
    return str(comparison)


def is_count(test: VerdictView) -> bool:
    """Return True if a number was counted and nothing compared by languages and seeds."""
    return Comparison.of(rule(test)).statistic == "count"


def claimed_size(test: VerdictView) -> float | None:
    """Return the claimed value where it may be held against the measured one, else None: at `paper`, with nothing
    changed by hand, and where the claim's task and unit are those that were measured.
    """
    comparable = not test.spec.get("altered") and not rule(test).get("direction_only")
    return rule(test).get("value") if test.fidelity == "paper" and comparable else None


def claims_a_size(test: VerdictView) -> bool:
    """Return True if the claimed value may be held against the measured one."""
    return claimed_size(test) is not None


def seeds_needed(test: VerdictView) -> int | None:
    """Estimate how many seeds would narrow the interval to the smallest effect that matters (its SESOI).

    Student's t with the standard deviation of the seeds at hand; None where there is no interval, or a narrow one.
    """
    low, high = test.ci
    smallest, seeds = rule(test).get("sesoi"), test.seeds
    if low is None or high is None or not smallest or seeds < 2 or (high - low) / 2 <= smallest:
        return None
    share = (1 + test.level) / 2
    sd = (high - low) / 2 * sqrt(seeds) / t_quantile(share, seeds - 1)
    needed = max(seeds + 1, ceil((NormalDist().inv_cdf(share) * sd / smallest) ** 2))
    while t_quantile(share, needed - 1) * sd / sqrt(needed) > smallest:
        needed += 1
    return needed


def provenance(test: VerdictView) -> list[str]:
    """Describe the provenance, without what tables and pictures show already, checksums shortened."""
    entries = {key: value for key, value in test.provenance.items() if key not in HIDDEN and value not in ([], {})}
    shown = [f"{KEYS.get(key, key.replace('_', ' '))}: {_flat(value, key)}" for key, value in entries.items()]
    return [*_own_command(test), *shown]


def _own_command(test: VerdictView) -> list[str]:
    """Describe what was registered of a command of one's own: its code, and what it ran in."""
    params = test.spec.get("laboratory", {}).get("params", {})
    code, versions = params.get("code"), params.get("versions")
    if "command" not in params or not isinstance(code, dict) or not isinstance(versions, dict):
        return []
    commit = f"commit {_flat(code['commit'])}" if code.get("commit") else "in no repository"
    changed = ", with changes since" if code.get("dirty") else ""
    kind = "environment of synth" if versions.get("kind") == "synth" else _flat(versions.get("kind"))
    python = [f"Python {versions['python']}"] if "python" in versions else []
    named = [_flat(versions[key]) for key in ("image", "digest", "program", "sha256", "machine") if versions.get(key)]
    packages = versions.get("packages")
    names = list(map(str, packages)) if isinstance(packages, list) else []
    if len(names) > PACKAGES:
        names = [f"{len(names)} packages, which the specification lists"]
    return [
        f"code of the command: {commit}{changed}, sha256 {_flat(code.get('files'))}",
        f"the command ran in: {', '.join([kind, *python, *named, *names])}",
    ]


def failures(test: VerdictView) -> list[str]:
    """Say of each seed of an arm that has no measurement why."""
    return [str(Failure.of(row)) for row in test.provenance.get("failures", [])]


def _flat(value: object, key: str = "") -> str:
    """Join a nested record on one line: "x 1, y 2"."""
    if isinstance(value, dict):
        return "; ".join(f"{name} {_flat(item)}" for name, item in value.items())
    if isinstance(value, list):
        return (" " if key == "command" else ", ").join(map(_flat, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "not known"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text[:SHORT] if CHECKSUM.fullmatch(text) else text


def described(test: VerdictView) -> list[tuple[str, str]]:
    """Return the registered description of each arm, in the order of the tables."""
    descriptions = {row["name"]: row["description"] for row in test.spec.get("laboratory", {}).get("arms", [])}
    return [(arm, descriptions[arm]) for arm in arms(test) if descriptions.get(arm)]


def at_hand(test: VerdictView) -> bool:
    """Return True if all of its stages had been finished by earlier runs, so that nothing was measured for this one."""
    return bool(test.stages) and all(stage["cached"] for stage in test.stages)


def by_seed(test: VerdictView) -> str:
    """List the estimate seed by seed: "+0.81, +0.74 and +1.45"; "" for one seed and where nothing is compared."""
    fixed = rule(test)
    metric = fixed.get("metric")
    if fixed.get("rivals") or metric is None:
        return ""
    values = differences(test, metric)
    return listed([decimal(values[seed], sign=True) for seed in sorted(values)]) if len(values) > 1 else ""


def stages(test: VerdictView) -> str:
    """List the stages computed, each once with its seeds, and how much of it was at hand."""
    seeds: dict[str, list[str]] = {}
    for stage in test.stages:
        what, _, seed = stage["name"].partition(", seed ")
        seeds.setdefault(what, []).append(seed)
    for_each = {what: tuple(filter(None, done)) for what, done in seeds.items()}
    groups: dict[tuple[str, ...], list[str]] = {}
    for what, done in for_each.items():
        groups.setdefault(done, []).append(what)
    lines = [
        listed(names) + (f" for {'seed' if len(done) == 1 else 'seeds'} {listed(done)}" if done else "")
        for done, names in groups.items()
    ]
    cached, total = sum(bool(stage["cached"]) for stage in test.stages), len(test.stages)
    reused = {0: "all computed for this run", total: "all re-used from earlier runs"}
    rest = reused.get(cached, f"{cached:,} of them re-used from earlier runs")
    return f"{'; '.join(lines)}. {count(total, 'stage')}, {rest}."


def metrics(test: VerdictView) -> list[str]:
    """Return the metric that decides, the control, then the others that were measured."""
    first = [rule(test).get("metric"), rule(test).get("control_metric")]
    measured = dict.fromkeys(m.metric for m in test.measurements)
    return [m for m in first if m in measured] + [m for m in measured if m not in first]


def judged_metrics(test: VerdictView) -> list[str]:
    """Return the metric that decides and the control, as far as they were measured."""
    return [m for m in metrics(test) if m in (rule(test).get("metric"), rule(test).get("control_metric"))]


def arms(test: VerdictView) -> list[str]:
    """List baseline, treatment, then the other arms that were measured."""
    first = [rule(test).get("baseline"), rule(test).get("treatment")]
    measured = dict.fromkeys(m.arm for m in test.measurements)
    return [a for a in first if a in measured] + [a for a in measured if a not in first]


def distances(test: VerdictView) -> dict[str, float]:
    """Return the typological distance of the languages where the laboratory states it; empty otherwise."""
    stated = test.spec.get("laboratory", {}).get("distances", {})
    return {**_by_language(test, "distance"), **{str(language): float(value) for language, value in stated.items()}}


def covariate(test: VerdictView) -> dict[str, float]:
    """Map each language to the covariate of the test, where that is not distance; empty otherwise."""
    tested = Comparison.of(rule(test))
    if tested.statistic not in OVER_LANGUAGES or tested.covariate == "distance":
        return {}
    return _by_language(test, tested.covariate)


def axis(test: VerdictView) -> str:
    """Return the head of the covariate's column: "Amount of text"."""
    return opened(Comparison.of(rule(test)).axis.removeprefix("the "))


def _by_language(test: VerdictView, name: str) -> dict[str, float]:
    """Return a covariate by language; where it differs from seed to seed, the mean over the seeds."""
    by_seed_values: dict[str, list[float]] = {}
    for row in _covariates(test):
        if row.get(name) is not None:
            by_seed_values.setdefault(str(row["language"]), []).append(float(row[name]))
    return {language: fmean(values) if len({*values}) > 1 else values[0] for language, values in by_seed_values.items()}


def _covariates(test: VerdictView) -> list[dict[str, str | float]]:
    return test.provenance.get("covariates", [])


def label(test: VerdictView) -> str:
    """Return the head of the column of labels: "Language", or what the unit of replication is."""
    return LABELS.get(unit(test), "Language")


def languages(test: VerdictView) -> list[str]:
    """Return the measured languages, nearest first where distances are stated, else in the order measured."""
    measured = list(dict.fromkeys(m.language for m in test.measurements))
    far = distances(test)
    return sorted(measured, key=lambda language: far.get(language, 0.0))


def cell(test: VerdictView, metric: str, language: str, arm: str) -> MeasuredCell | None:
    values = [m.value for m in test.measurements if (m.metric, m.language, m.arm) == (metric, language, arm)]
    return MeasuredCell(fmean(values), min(values), max(values), len(values)) if values else None


def differences(test: VerdictView, metric: str) -> dict[int, float]:
    """Map each seed to the tested number: treatment − baseline over languages, or its slope or correlation."""
    return _per_seed(test, metric).values


def over_seeds(test: VerdictView, metric: str) -> Estimate:
    """Estimate a metric over the unit of replication, with the interval at the level of the test.

    Of the metric that decides it is what the verdict rests on, of the control the same statistic.
    """
    estimate = _over_units(test, metric)
    if metric != rule(test).get("metric") or test.estimate is None:
        return estimate
    low, high = test.ci
    return Estimate(test.estimate, low, high, estimate.seeds, estimate.languages)


def _over_units(test: VerdictView, metric: str) -> Estimate:
    if is_count(test):
        return Estimate(None, None, None, 0, 0)
    provenance = test.provenance
    rows = with_answers(with_covariates(test.measurements, _covariates(test)), provenance.get("outcomes", []))
    families = provenance.get("analysis", test.analysis).get("family_of")
    return estimate_over(rows, Comparison.of(rule(test)), metric, unit(test), 1 - test.level, families)


def _per_seed(test: VerdictView, metric: str) -> PerSeed:
    comparison = Comparison.of(rule(test))
    if comparison.statistic == "count":
        return PerSeed()
    if comparison.statistic in OVER_LANGUAGES:
        return per_seed(with_covariates(test.measurements, _covariates(test)), comparison, metric)
    return per_seed(test.measurements, comparison, metric)


def table(test: VerdictView, metric: str) -> list[list[str]]:
    """Return head and rows of the measured table.

    Language, its distance and what else it was set against, one column an arm, and the difference that was tested.
    """
    far, against, shown = distances(test), covariate(test), arms(test)
    baseline, treatment = rule(test).get("baseline", ""), rule(test).get("treatment", "")
    paired = treatment in shown and baseline in shown
    places = [*(["Distance"] if far else []), *([axis(test)] if against else [])]
    only = languages(test) == EVERYTHING
    rows = [["Metric" if only else label(test), *places, *shown, *(["Difference"] if paired else [])]]
    for language in languages(test):
        cells = [cell(test, metric, language, arm) for arm in shown]
        row = [worded(metric) if only else language, *([decimal(far.get(language))] if far else [])]
        row += [amount(against[language]) if language in against else "–"] if against else []
        row += ["–" if c is None else str(c) for c in cells]
        if paired:
            base, treated = (cell(test, metric, language, arm) for arm in (baseline, treatment))
            row.append(decimal(treated.mean - base.mean, 1, sign=True) if base and treated else "–")
        rows.append(row)
    return shortened(rows)


def shortened(rows: list[list[str]]) -> list[list[str]]:
    """Leave the middle out of a table, its head first, that has more lines than anyone reads."""
    head, body = rows[0], rows[1:]
    if len(body) <= MAX_LINES:
        return rows
    left = "… more in `synth show claim` with `--json`"
    return [head, *body[:SHOWN_AT_ENDS], [left, *[""] * (len(head) - 1)], *body[-SHOWN_AT_ENDS:]]
