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
    Case,
    Check,
    Row,
    counted,
    named,
    nothing,
    registered_rule,
    strict,
    sworn,
)
from synth.verify.statistics.estimates import (
    Comparison,
    PerSeed,
    interval,
    per_seed,
    t_quantile,
    with_answers,
    with_covariates,
)
from synth.verify.statistics.replication import REPEATED, estimate_over

NO_ESTIMATE = "no test gave an estimate"
NO_REPEATS = "no claim was tested that takes seeds"
TOLERANCE = 1e-6
SIGNS = {"increase": 1, "greater": 1, "positive": 1, "decrease": -1, "less": -1, "negative": -1}


def _is_count(test: Row) -> bool:
    return Comparison.of(registered_rule(test)).statistic == "count"


def _seeded(case: Case) -> list[Row]:
    return [test for test in case.facts.tests if not _is_count(test)]


def _names(tests: list[Row]) -> str:
    return named([f"run {test['run_id']}" for test in tests])


# --------------------------------------------------------------------------------------------- computed again


def _level(test: Row, seeds: int) -> float:
    """α of the interval over so many seeds: that of the look where seeds were added one by one."""
    rule = registered_rule(test)
    looks = [level for n, level in rule.get("looks", ()) if n <= seeds]
    return looks[-1] if looks else rule.get("alpha", 0.05)


def _unit(test: Row) -> str:
    """What the interval is over; rules of earlier versions do not say it and are over seeds."""
    return str(registered_rule(test).get("unit_of_replication", "seeds"))


def _rows(test: Row) -> list[Row]:
    """Return the measurements with what else is known of their languages and sentences."""
    rows = with_covariates(test["measurements"], test["provenance"].get("covariates", []))
    return with_answers(rows, test["provenance"].get("outcomes", []))


def _families(test: Row) -> dict[str, str]:
    return dict(
        test.get("analysis", {}).get("family_of") or test["provenance"].get("analysis", {}).get("family_of", {})
    )


def _leads(test: Row, held_at_once: bool) -> list[Estimate]:
    """By how much the arm that is called best or worst is ahead of each rival, each at the level or all at once."""
    rule, comparison = registered_rule(test), Comparison.of(registered_rule(test))
    sign, rivals = 1 if rule.get("direction") == "best" else -1, rule["rivals"]
    share = len(rivals) if held_at_once else 1
    against = [replace(comparison, baseline=rival) for rival in rivals]
    if _unit(test) not in REPEATED:
        level = _level(test, len(test["spec"].get("laboratory", {}).get("seeds", ()))) / share
        found = [
            estimate_over(_rows(test), one, rule["metric"], _unit(test), level, _families(test)) for one in against
        ]
        return [_signed(one, sign) for one in found]
    leads = [per_seed(test["measurements"], one, rule["metric"]).values for one in against]
    common = sorted(set.intersection(*map(set, leads)))
    seeds = [PerSeed({seed: sign * values[seed] for seed in common}) for values in leads]
    return [interval(one, "mean", _level(test, len(one.values)) / share) for one in seeds]


def _signed(found: Estimate, sign: int) -> Estimate:
    if found.value is None or found.low is None or found.high is None:
        return found
    low, high = sorted((sign * found.low, sign * found.high))
    return replace(found, value=sign * found.value, low=low, high=high)


def computed(test: Row) -> Estimate:
    """Estimate and interval of a test from its stored measurements and its registered rule.

    Of an arm that is called best or worst: the lead over the nearest rival, the intervals of all leads held at once.
    """
    rule, comparison = registered_rule(test), Comparison.of(registered_rule(test))
    if rule.get("rivals"):
        found = _leads(test, held_at_once=True)
        return min(found, key=lambda one: float("inf") if one.value is None else one.value)
    if comparison.statistic == "coefficient":
        return _term(test)
    rows, metric = _rows(test), rule.get("metric", "")
    level = _level(test, len(per_seed(rows, comparison, metric).values))
    return estimate_over(rows, comparison, metric, _unit(test), level, _families(test))


def _term(test: Row) -> Estimate:
    """Compute a term of the model that was fitted to published figures, from its stored estimates and errors.

    Errors over families and over series are added, with Satterthwaite's degrees of freedom (docs/verdicts.md,
    "Published figures"); where the mixed model did not converge, least squares with the resampled error.
    """
    rule = registered_rule(test)
    rows = {
        m["metric"].removeprefix(f"{rule['covariate']} | "): (m["value"], int(m["n"] or 0))
        for m in test["measurements"]
        if (m["arm"], m["language"]) == (rule["treatment"], "all") and m["metric"].startswith(f"{rule['covariate']} | ")
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


def estimates(case: Case) -> Check:
    """Return the stored estimate follows from the stored measurements, over the seeds it names."""
    judged = [test for test in case.facts.tests if test["estimate"] is not None]
    wrong = [test for test in judged if not follows(test)]
    good = len(judged) - len(wrong)
    evidence = f"{good} of {counted(len(judged), 'estimate')} computed again from the measurements{_names(wrong)}"
    return sworn("estimates follow from the measurements", 3, good, len(judged), evidence, NO_ESTIMATE)


def follows(test: Row) -> bool:
    """Return True if estimate and seeds of a test are those that its measurements give."""
    rule = registered_rule(test)
    if _is_count(test):
        wanted = (rule.get("treatment"), rule.get("metric"))
        counts = {m["value"] for m in test["measurements"] if (m["arm"], m["metric"]) == wanted}
        return counts == {test["estimate"]}
    found = computed(test)
    return found.value is not None and found.seeds == test["seeds"] and abs(found.value - test["estimate"]) < TOLERANCE


def intervals(case: Case) -> Check:
    """Return the stored interval is the one that the seeds give at the registered level."""
    given = [test for test in _seeded(case) if test["ci"][0] is not None or test["ci"][1] is not None]
    wrong = [test for test in given if not _interval_follows(test)]
    good = len(given) - len(wrong)
    evidence = f"{good} of {counted(len(given), 'interval')} computed again at the registered level{_names(wrong)}"
    return sworn("intervals follow from the seeds", 3, good, len(given), evidence, "no test gave an interval")


def _interval_follows(test: Row) -> bool:
    found = computed(test)
    pairs = zip(test["ci"], (found.low, found.high), strict=True)
    return all(a is not None and b is not None and abs(a - b) < TOLERANCE * max(1.0, abs(b)) for a, b in pairs)


def verdicts(case: Case) -> Check:
    """Return a verdict that decides is the one that the numbers, computed again, give by the registered rule."""
    decided = [test for test in case.facts.tests if test["verdict"] in (*SUPPORTING, *CONTRADICTING, EQUIVALENT)]
    wrong = [test for test in decided if not _given(test)]
    good = len(decided) - len(wrong)
    evidence = f"{good} of {counted(len(decided), 'decisive verdict')} given by the measurements{_names(wrong)}"
    return sworn("verdicts follow from the numbers", 3, good, len(decided), evidence, "no verdict decides anything")


def _given(test: Row) -> bool:
    """Return True if the measurements give the verdict: its side, or an interval inside the bounds for
    an equivalence.
    """
    if test["verdict"] == EQUIVALENT:
        found, sesoi = computed(test), registered_rule(test).get("sesoi", 0.0)
        return found.low is not None and found.high is not None and -sesoi < found.low and found.high < sesoi
    return _side(test) == (FOR if test["verdict"] in SUPPORTING else AGAINST)


def _side(test: Row) -> int | None:
    """FOR, AGAINST or OPEN as the measurements have it; None where they give no interval."""
    rule = registered_rule(test)
    if _is_count(test):
        counts = {m["value"] for m in test["measurements"] if m["arm"] == rule.get("treatment")}
        return None if len(counts) != 1 or rule.get("value") is None else FOR if counts == {rule["value"]} else AGAINST
    found = computed(test)
    if found.value is None or found.low is None or found.high is None:
        return None
    if rule.get("rivals"):
        return _ahead(test)
    sized = test["fidelity"] == "paper" and not test["spec"].get("altered") and not rule.get("direction_only")
    return says(found.value, found.low, found.high, rule.get("direction", ""), rule.get("sesoi", 0.0), sized)


def _ahead(test: Row) -> int:
    """Ahead of every rival, each at the rule's level; behind some rival, the intervals of all held at once."""
    if all(one.low is not None and one.low > 0 for one in _leads(test, held_at_once=False)):
        return FOR
    held = _leads(test, held_at_once=True)
    return AGAINST if any(one.high is not None and one.high < 0 for one in held) else OPEN


def says(value: float, low: float, high: float, direction: str, sesoi: float, sized: bool) -> int:
    """What an estimate with its interval says of a claimed direction (docs/verdicts.md, "Fixed before the run").

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


def every_seed(case: Case) -> Check:
    """Every registered seed was measured, or the rule stopped before it; none was dropped."""
    tests = [test for test in _seeded(case) if _planned(test)]
    wrong = [test for test in tests if not _all_seeds(test)]
    measured = sum(len({m["seed"] for m in test["measurements"]}) for test in tests)
    planned = sum(len(_planned(test)) for test in tests)
    evidence = f"{measured} of {counted(planned, 'registered seed')} measured; {len(wrong)} tests lack some"
    return sworn(
        "no seed dropped", 2, len(tests) - len(wrong), len(tests), evidence + _names(wrong), "no seeds registered"
    )


def _planned(test: Row) -> list[int]:
    return list(test["spec"].get("laboratory", {}).get("seeds", ()))


def _all_seeds(test: Row) -> bool:
    """All seeds, where the rule has looks the first so many; and each with every language of every compared arm."""
    rule, planned = registered_rule(test), _planned(test)
    compared = {rule.get("treatment"), rule.get("baseline"), *rule.get("rivals", ())}
    found: dict[int, set[tuple[str, str, str]]] = {}
    for m in test["measurements"]:
        if m["arm"] in compared:
            found.setdefault(m["seed"], set()).add((m["arm"], m["language"], m["metric"]))
    if not found:
        return test["verdict"] == "inconclusive"
    expected = planned[: len(found)] if rule.get("looks") else planned
    everything = set().union(*found.values())
    # A value that is no number is not stored, and the reason says so; of what was dropped it says nothing.
    owned = any(reason.code in GAPS for reason in of(test))
    return set(found) == set(expected) and all(rest == everything or owned for rest in found.values())


def enough(case: Case) -> Check:
    """As many seeds were measured as the rule asks for."""
    ruled = [test for test in _seeded(case) if _unit(test) in REPEATED]
    good = sum(test["seeds"] >= registered_rule(test).get("minimum_seeds", 2) for test in ruled)
    fewest = min((test["seeds"] for test in ruled), default=0)
    evidence = f"{good} of {counted(len(ruled), 'test')} with the seeds that the rule asks for; fewest: {fewest}"
    return strict("enough seeds", 1, good, len(ruled), evidence, NO_REPEATS)


def second_opinion(case: Case) -> Check:
    """Where a verdict decides, the control scoring rule does not say the opposite."""
    name, most = "control does not contradict", 1
    tests = [
        t
        for t in _seeded(case)
        if registered_rule(t).get("control_metric") and t["verdict"] in SUPPORTING + CONTRADICTING
    ]
    if not tests:
        return nothing(name, most, "no decisive test has a control scoring rule")
    wrong = [test for test in tests if _opposed(test)]
    good = len(tests) - len(wrong)
    evidence = f"{good} of {counted(len(tests), 'test')} whose control does not exclude 0 on the other side"
    return sworn(name, most, good, len(tests), evidence + _names(wrong), "")


def _opposed(test: Row) -> bool:
    found = computed(test)
    other = {
        **test,
        "spec": {**test["spec"], "rule": {**registered_rule(test), "metric": registered_rule(test)["control_metric"]}},
    }
    control = computed(other)
    if None in (found.low, found.high, control.low, control.high):
        return False
    return (found.low > 0 and control.high < 0) or (found.high < 0 and control.low > 0)  # type: ignore[operator]


def grade(case: Case, claim: Row) -> int | None:
    """What the measurements say, whatever verdict is stored; tests that differ leave it open. None without interval."""
    sides = [_side(test) for test in case.facts.tests if test["claim"] == claim["id"] and test["gate"].get("passed")]
    found = {side for side in sides if side is not None}
    if not found:
        return None
    decided = found - {OPEN}
    return decided.pop() if len(decided) == 1 else OPEN


CHECKS = [estimates, intervals, verdicts, every_seed, enough, second_opinion]
