"""Do the stored measurements carry the estimate, the interval and the verdict? Everything is computed again.

Estimate and interval follow the registered rule with the formulas of `estimates`; what an interval says of a
direction is decided here a second time, by the table of docs/verdicts.md and not by the judge's own code.
"""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

from synth.core.estimate import Estimate
from synth.core.mark import CONTRADICTING, EQUIVALENT, SUPPORTING
from synth.core.reasons.verdicts import GAPS, of
from synth.report.review.rubric import (
    AGAINST,
    FOR,
    OPEN,
    Check,
    ReviewCase,
    counted,
    named,
    nothing,
    registered_rule,
    strict,
    sworn,
)
from synth.store.rows.claims import FullClaimView
from synth.store.rows.runs import VerdictView
from synth.store.rows.stored import StoredRule
from synth.verify.judge.failures import Failure
from synth.verify.statistics.estimates import (
    Comparison,
    PerSeed,
    interval,
    per_seed,
    t_quantile,
    with_answers,
    with_covariates,
)
from synth.verify.statistics.measurement import Measurement
from synth.verify.statistics.replication import REPEATED, estimate_over

NO_ESTIMATE = "no test gave an estimate"
NO_REPEATS = "no claim was tested that takes seeds"
TOLERANCE = 1e-6
SIGNS = {"increase": 1, "greater": 1, "positive": 1, "decrease": -1, "less": -1, "negative": -1}


def _is_count(test: VerdictView) -> bool:
    return Comparison.of(registered_rule(test)).statistic == "count"


def _seeded(case: ReviewCase) -> list[VerdictView]:
    return [test for test in case.facts.tests if not _is_count(test)]


def _names(tests: list[VerdictView]) -> str:
    return named([f"run {test.run_id}" for test in tests])


# --------------------------------------------------------------------------------------------- computed again


def _level(test: VerdictView, seeds: int) -> float:
    """Return α of the interval over so many seeds: that of the look where seeds were added one by one.

    A seed that failed was run, and counts for the look.
    """
    rule, seeds = registered_rule(test), seeds + len(_failed(test))
    looks = [level for n, level in rule.get("looks", ()) if n <= seeds]
    return looks[-1] if looks else rule.get("alpha", 0.05)


def _compared(test: VerdictView) -> set[object]:
    rule = registered_rule(test)
    return {rule.get("treatment"), rule.get("baseline"), *rule.get("rivals", ())}


def _failed(test: VerdictView) -> set[int]:
    """Return the seeds of which a compared arm has failed: the verdict leaves them out with all their arms."""
    compared = _compared(test)
    failures = [Failure.of(row) for row in test.provenance.get("failures", [])]
    return {failure.seed for failure in failures if failure.arm in compared}


def _unit(test: VerdictView) -> str:
    """Return the unit the interval is over; rules of earlier versions do not name it and are over seeds."""
    return str(registered_rule(test).get("unit_of_replication", "seeds"))


def _rows(test: VerdictView) -> list[Measurement]:
    """Return the measurements with their covariates and answers by sentence."""
    failed = _failed(test)
    left = [m for m in test.measurements if m.seed not in failed]
    rows = with_covariates(left, test.provenance.get("covariates", []))
    return with_answers(rows, test.provenance.get("outcomes", []))


def _families(test: VerdictView) -> dict[str, str]:
    return test.analysis.get("family_of") or test.provenance.get("analysis", {}).get("family_of", {})


def _leads(test: VerdictView, held_at_once: bool) -> list[Estimate]:
    """Compute the lead over each rival of the arm called best or worst, each at the level or all at once."""
    rule, comparison = registered_rule(test), Comparison.of(registered_rule(test))
    sign, rivals = 1 if rule.get("direction") == "best" else -1, rule["rivals"]
    share = len(rivals) if held_at_once else 1
    against = [replace(comparison, baseline=rival) for rival in rivals]
    if _unit(test) not in REPEATED:
        level = _level(test, len(test.spec.get("laboratory", {}).get("seeds", ()))) / share
        estimates = [
            estimate_over(_rows(test), lead, rule["metric"], _unit(test), level, _families(test)) for lead in against
        ]
        return [_signed(lead, sign) for lead in estimates]
    leads = [per_seed(_rows(test), lead, rule["metric"]).values for lead in against]
    common = sorted(set.intersection(*map(set, leads)))
    seeds = [PerSeed({seed: sign * values[seed] for seed in common}) for values in leads]
    return [interval(lead, "mean", _level(test, len(lead.values)) / share) for lead in seeds]


def _signed(estimate: Estimate, sign: int) -> Estimate:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return estimate
    low, high = sorted((sign * estimate.low, sign * estimate.high))
    return replace(estimate, value=sign * estimate.value, low=low, high=high)


def computed(test: VerdictView) -> Estimate:
    """Compute estimate and interval of a test from its stored measurements and its registered rule.

    Of an arm that is called best or worst: the lead over the nearest rival, the intervals of all leads held at once.
    """
    rule, comparison = registered_rule(test), Comparison.of(registered_rule(test))
    if rule.get("rivals"):
        leads = _leads(test, held_at_once=True)
        return min(leads, key=lambda lead: float("inf") if lead.value is None else lead.value)
    if comparison.statistic == "coefficient":
        return _term(test)
    rows, metric = _rows(test), rule.get("metric", "")
    level = _level(test, len(per_seed(rows, comparison, metric).values))
    return estimate_over(rows, comparison, metric, _unit(test), level, _families(test))


def _term(test: VerdictView) -> Estimate:
    """Compute a term of the model that was fitted to published figures, from its stored estimates and errors.

    Errors over families and over series are added, with Satterthwaite's degrees of freedom (docs/verdicts.md,
    "Published figures"); where the mixed model did not converge, least squares with the resampled error.
    """
    rule = registered_rule(test)
    rows = {
        m.metric.removeprefix(f"{rule['covariate']} | "): (m.value, int(m.n or 0))
        for m in test.measurements
        if (m.arm, m.language) == (rule["treatment"], "all") and m.metric.startswith(f"{rule['covariate']} | ")
    }
    if "estimate" in rows and "error over families" in rows:
        value = rows["estimate"][0]
        errors = [rows[name] for name in ("error over families", "error over series") if name in rows]
    elif "least squares" in rows and "resampled error" in rows:
        value, errors = rows["least squares"][0], [rows["resampled error"]]
    else:
        return Estimate(None, None, None, 0, 0)
    square = sum(size**2 for size, _ in errors)
    parts = sum(size**4 / (groups - 1) for size, groups in errors if groups > 1)
    half = t_quantile(1 - rule["alpha"] / 2, max(1.0, square**2 / parts if parts else 1.0)) * sqrt(square)
    return Estimate(value, value - half, value + half, 1, 0)


# ----------------------------------------------------------------------------------------------------- checks


def estimates(case: ReviewCase) -> Check:
    """Check that the stored estimate follows from the stored measurements, over the seeds it names."""
    judged = [test for test in case.facts.tests if test.estimate is not None]
    wrong = [test for test in judged if not follows(test)]
    good = len(judged) - len(wrong)
    evidence = f"{good} of {counted(len(judged), 'estimate')} computed again from the measurements{_names(wrong)}"
    return sworn("estimates follow from the measurements", 3, good, len(judged), evidence, NO_ESTIMATE)


def follows(test: VerdictView) -> bool:
    """Return True if estimate and seeds of a test are those that its measurements give."""
    rule = registered_rule(test)
    if _is_count(test):
        wanted = (rule.get("treatment"), rule.get("metric"))
        counts = {m.value for m in test.measurements if (m.arm, m.metric) == wanted}
        return counts == {test.estimate}
    recomputed = computed(test)
    return (
        recomputed.value is not None
        and test.estimate is not None
        and recomputed.seeds == test.seeds
        and abs(recomputed.value - test.estimate) < TOLERANCE
    )


def intervals(case: ReviewCase) -> Check:
    """Check that the stored interval is the one that the seeds give at the registered level."""
    bounded = [test for test in _seeded(case) if test.ci[0] is not None or test.ci[1] is not None]
    wrong = [test for test in bounded if not _interval_follows(test)]
    good = len(bounded) - len(wrong)
    evidence = f"{good} of {counted(len(bounded), 'interval')} computed again at the registered level{_names(wrong)}"
    return sworn("intervals follow from the seeds", 3, good, len(bounded), evidence, "no test gave an interval")


def _interval_follows(test: VerdictView) -> bool:
    recomputed = computed(test)
    pairs = zip(test.ci, (recomputed.low, recomputed.high), strict=True)
    return all(a is not None and b is not None and abs(a - b) < TOLERANCE * max(1.0, abs(b)) for a, b in pairs)


def verdicts(case: ReviewCase) -> Check:
    """Check that a verdict that decides is the one that the recomputed numbers give by the registered rule."""
    decided = [test for test in case.facts.tests if test.verdict in (*SUPPORTING, *CONTRADICTING, EQUIVALENT)]
    wrong = [test for test in decided if not _verdict_follows(test)]
    good = len(decided) - len(wrong)
    evidence = f"{good} of {counted(len(decided), 'decisive verdict')} given by the measurements{_names(wrong)}"
    return sworn("verdicts follow from the numbers", 3, good, len(decided), evidence, "no verdict decides anything")


def _verdict_follows(test: VerdictView) -> bool:
    """Return True if the measurements give the verdict: its side, or an interval inside the bounds for
    an equivalence.
    """
    if test.verdict == EQUIVALENT:
        recomputed, sesoi = computed(test), registered_rule(test).get("sesoi", 0.0)
        return (
            recomputed.low is not None
            and recomputed.high is not None
            and -sesoi < recomputed.low
            and recomputed.high < sesoi
        )
    return _side(test) == (FOR if test.verdict in SUPPORTING else AGAINST)


def _side(test: VerdictView) -> int | None:
    """Return FOR, AGAINST or OPEN as the measurements have it; None where they give no interval."""
    rule = registered_rule(test)
    if _is_count(test):
        counts = {m.value for m in test.measurements if m.arm == rule.get("treatment")}
        return None if len(counts) != 1 or rule.get("value") is None else FOR if counts == {rule["value"]} else AGAINST
    recomputed = computed(test)
    if recomputed.value is None or recomputed.low is None or recomputed.high is None:
        return None
    if rule.get("rivals"):
        return _ahead(test)
    sized = test.fidelity == "paper" and not test.spec.get("altered") and not rule.get("direction_only")
    return says(
        recomputed.value, recomputed.low, recomputed.high, rule.get("direction", ""), rule.get("sesoi", 0.0), sized
    )


def _ahead(test: VerdictView) -> int:
    """Return FOR if ahead of every rival, each at the rule's level; AGAINST if behind one, all intervals at once."""
    if all(lead.low is not None and lead.low > 0 for lead in _leads(test, held_at_once=False)):
        return FOR
    held = _leads(test, held_at_once=True)
    return AGAINST if any(lead.high is not None and lead.high < 0 for lead in held) else OPEN


def says(value: float, low: float, high: float, direction: str, sesoi: float, sized: bool) -> int:
    """Grade a claimed direction by an estimate with its interval (docs/verdicts.md, "Fixed before the run").

    `sized`: a magnitude is spoken of; else a direction holds whatever its size, and an interval inside the bounds is an
    equivalence, which is for a claimed absence and against a claimed effect.
    """
    inside = -sesoi < low and high < sesoi
    if direction in ("no effect", "equal"):
        return FOR if inside else AGAINST if low > sesoi or high < -sesoi else OPEN
    if SIGNS.get(direction, 1) < 0:
        value, low, high = -value, -high, -low
    if low > 0:
        if sized:
            return FOR if value >= sesoi else OPEN
        return AGAINST if inside else FOR
    return AGAINST if high < 0 or inside else OPEN


def every_seed(case: ReviewCase) -> Check:
    """Check that every registered seed was measured, or the rule stopped before it; none was dropped."""
    tests = [test for test in _seeded(case) if _planned(test)]
    wrong = [test for test in tests if not _all_seeds(test)]
    measured = sum(len({m.seed for m in test.measurements}) for test in tests)
    planned = sum(len(_planned(test)) for test in tests)
    evidence = f"{measured} of {counted(planned, 'registered seed')} measured; {len(wrong)} tests lack some"
    return sworn(
        "no seed dropped", 2, len(tests) - len(wrong), len(tests), evidence + _names(wrong), "no seeds registered"
    )


def _planned(test: VerdictView) -> list[int]:
    return list(test.spec.get("laboratory", {}).get("seeds", ()))


def _all_seeds(test: VerdictView) -> bool:
    """Return True if all seeds, or the first so many at a look, have every language of every compared arm."""
    rule, planned, failed, compared = registered_rule(test), _planned(test), _failed(test), _compared(test)
    cells: dict[int, set[tuple[str, str, str]]] = {}
    for m in test.measurements:
        if m.arm in compared and m.seed not in failed:
            cells.setdefault(m.seed, set()).add((m.arm, m.language, m.metric))
    if not cells:
        return test.verdict == "inconclusive"
    run = planned[: len(cells) + len(failed)] if rule.get("looks") else planned
    expected = {seed for seed in run if seed not in failed}
    everything = set().union(*cells.values())
    # A value that is no number is not stored, and the reason says so; of what was dropped it says nothing.
    owned = any(reason.code in GAPS for reason in of(test.reason, test.reason_codes))
    return set(cells) == expected and all(rest == everything or owned for rest in cells.values())


def enough(case: ReviewCase) -> Check:
    """Check that as many seeds were measured as the rule asks for."""
    ruled = [test for test in _seeded(case) if _unit(test) in REPEATED]
    good = sum(test.seeds >= registered_rule(test).get("minimum_seeds", 2) for test in ruled)
    fewest = min((test.seeds for test in ruled), default=0)
    evidence = f"{good} of {counted(len(ruled), 'test')} with the seeds that the rule asks for; fewest: {fewest}"
    return strict("enough seeds", 1, good, len(ruled), evidence, NO_REPEATS)


def second_opinion(case: ReviewCase) -> Check:
    """Check that where a verdict decides, the control scoring rule does not say the opposite."""
    name, most = "control does not contradict", 1
    tests = [
        t for t in _seeded(case) if registered_rule(t).get("control_metric") and t.verdict in SUPPORTING + CONTRADICTING
    ]
    if not tests:
        return nothing(name, most, "no decisive test has a control scoring rule")
    wrong = [test for test in tests if _opposed(test)]
    good = len(tests) - len(wrong)
    evidence = f"{good} of {counted(len(tests), 'test')} whose control does not exclude 0 on the other side"
    return sworn(name, most, good, len(tests), evidence + _names(wrong), "")


def _opposed(test: VerdictView) -> bool:
    recomputed = computed(test)
    rule: StoredRule = {**registered_rule(test), "metric": registered_rule(test)["control_metric"]}
    other = replace(test, spec={**test.spec, "rule": rule})
    control = computed(other)
    if None in (recomputed.low, recomputed.high, control.low, control.high):
        return False
    return (recomputed.low > 0 and control.high < 0) or (recomputed.high < 0 and control.low > 0)  # type: ignore[operator]


def grade(case: ReviewCase, claim: FullClaimView) -> int | None:
    """Grade by the measurements, whatever verdict is stored; tests that differ leave it open. None without interval."""
    sides = [_side(test) for test in case.facts.tests if test.claim == claim.id and test.gate.get("passed")]
    distinct_sides = {side for side in sides if side is not None}
    if not distinct_sides:
        return None
    decided = distinct_sides - {OPEN}
    return decided.pop() if len(decided) == 1 else OPEN


CHECKS = [estimates, intervals, verdicts, every_seed, enough, second_opinion]
