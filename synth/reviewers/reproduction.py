"""Was what could be tested tested, and do the stored numbers carry the verdicts?"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from statistics import fmean

from synth.estimates import Comparison, per_seed, with_covariates
from synth.reviewers.rubric import Check, Facts, Row, counted, nothing, share, strict
from synth.verified import CONTRADICTING, SUPPORTING

NO_TESTS = "no claim was tested"
NO_REPEATS = "no claim was tested that takes seeds"
RUNGS = {"paper": 1.0, "base": 0.75, "small": 0.5, "synthetic": 0.25}
PROVENANCE = ("versions", "device")  # a commit only exists in a checkout


def tested(facts: Facts) -> Check:
    """The claims that an experiment can test were tested."""
    testable = [claim for claim in facts.claims if claim["experiment"]]
    done = {test["claim"] for test in facts.tests}
    good = sum(claim["id"] in done for claim in testable)
    inconclusive = sum(test["verdict"] == "inconclusive" for test in facts.tests)
    evidence = f"{good} of {counted(len(testable), 'testable claim')} tested; {inconclusive} inconclusive"
    return share(
        "testable claims tested", 3, good, len(testable), evidence, "no experiment can test a claim found here"
    )


def decisive(facts: Facts) -> Check:
    """The tests decided something."""
    good = sum(test["verdict"] in SUPPORTING + CONTRADICTING for test in facts.tests)
    total = len(facts.tests)
    return share("tests decided", 2, good, total, f"{good} of {counted(total, 'test')} decisive", NO_TESTS)


def fidelity(facts: Facts) -> Check:
    """How close the tests came to the original setting."""
    rungs = [test["fidelity"] for test in facts.tests]
    if not rungs:
        return nothing("fidelity", 3, NO_TESTS)
    evidence = "rungs of the tests: " + ", ".join(f"{rungs.count(rung)} at {rung}" for rung in dict.fromkeys(rungs))
    return Check("fidelity", 3 * fmean(RUNGS.get(rung, 0.0) for rung in rungs), 3, evidence)


def registered(facts: Facts) -> Check:
    """The specification was stored before the run and is unchanged: its hash is computed again."""
    good = sum(_registered(test) for test in facts.tests)
    total = len(facts.tests)
    evidence = f"{good} of {counted(total, 'test')} registered before the run, with a specification that gives its hash"
    return strict("registered before the run", 2, good, total, evidence, NO_TESTS)


def _registered(test: Row) -> bool:
    found = hashlib.sha256(json.dumps(test["spec"], sort_keys=True).encode()).hexdigest()
    return found == test["spec_hash"] and bool(test["started"]) and test["registered"] <= test["started"]


def recomputed(facts: Facts) -> Check:
    """The stored estimate follows from the stored measurements, over the seeds it names."""
    judged = [test for test in facts.tests if test["estimate"] is not None]
    good = sum(_recomputed(test) for test in judged)
    evidence = f"{good} of {counted(len(judged), 'estimate')} recomputed from the stored measurements"
    return strict("estimates follow from the measurements", 2, good, len(judged), evidence, "no test gave an estimate")


def _recomputed(test: Row) -> bool:
    rule = test["spec"].get("rule", {})
    comparison, metric = Comparison.of(rule), rule.get("metric")
    if comparison.statistic == "count":
        counted = {
            m["value"] for m in test["measurements"] if (m["arm"], m["metric"]) == (comparison.treatment, metric)
        }
        return counted == {test["estimate"]}
    rows = with_covariates(test["measurements"], test["provenance"].get("covariates", []))
    if rule.get("rivals"):
        lead = _lead(rows, comparison, rule)
        return lead is not None and abs(lead - test["estimate"]) < 1e-6
    found = per_seed(rows, comparison, metric).values
    return bool(found) and len(found) == test["seeds"] and abs(fmean(found.values()) - test["estimate"]) < 1e-6


def _lead(rows: list[Row], comparison: Comparison, rule: Row) -> float | None:
    """The smallest lead over a rival, of an arm that is called the best or the worst."""
    sign = 1 if rule["direction"] == "best" else -1
    found = [per_seed(rows, replace(comparison, baseline=rival), rule["metric"]).values for rival in rule["rivals"]]
    return min((sign * fmean(values.values()) for values in found if values), default=None)


def seeds(facts: Facts) -> Check:
    """As many seeds were measured as the rule asks for."""
    ruled = [test for test in facts.tests if Comparison.of(test["spec"].get("rule", {})).statistic != "count"]
    good = sum(test["seeds"] >= test["spec"].get("rule", {}).get("minimum_seeds", 2) for test in ruled)
    total = len(ruled)
    fewest = min((test["seeds"] for test in ruled), default=0)
    evidence = f"{good} of {counted(total, 'test')} with the seeds that the rule asks for; fewest: {fewest}"
    return strict("enough seeds", 1, good, total, evidence, NO_REPEATS)


def control(facts: Facts) -> Check:
    """The control scoring rule was measured for both arms."""
    ruled = [test for test in facts.tests if test["spec"].get("rule", {}).get("control_metric")]
    good = 0
    for test in ruled:
        rule = test["spec"]["rule"]
        arms = {m["arm"] for m in test["measurements"] if m["metric"] == rule["control_metric"]}
        good += {rule["treatment"], rule["baseline"]} - {""} <= arms
    evidence = f"{good} of {counted(len(ruled), 'test')} with the control scoring rule measured in both arms"
    return strict("control measured", 1, good, len(ruled), evidence, "no test has a control scoring rule")


def deviations(facts: Facts) -> Check:
    """Below `paper` there are differences from the claimed setting; the verdict names all that were registered."""
    good = 0
    for test in facts.tests:
        named, known = set(test["deviations"]), set(test["spec"].get("deviations", []))
        good += known <= named and (bool(named) or test["fidelity"] == "paper")
    total = len(facts.tests)
    evidence = f"{good} of {counted(total, 'test')} name every registered deviation"
    return strict("deviations named", 1, good, total, evidence, NO_TESTS)


def scope(facts: Facts) -> Check:
    """Below `paper` a verdict speaks of a direction only."""
    good = sum(
        test["fidelity"] == "paper" or test["verdict"].startswith("direction ") or test["verdict"] == "inconclusive"
        for test in facts.tests
    )
    total = len(facts.tests)
    evidence = f"{good} of {counted(total, 'verdict')} within what the fidelity allows"
    return strict("verdicts within their scope", 1, good, total, evidence, NO_TESTS)


def ended(facts: Facts) -> Check:
    """No run failed or was left unfinished."""
    good = sum(run["state"] == "done" for run in facts.runs)
    total = len(facts.runs)
    return share("runs ended", 1, good, total, f"{good} of {counted(total, 'run')} ended with a verdict", "no runs")


def provenance(facts: Facts) -> Check:
    """Where the numbers come from is on record."""
    good = sum(all(test["provenance"].get(key) for key in PROVENANCE) for test in facts.tests)
    total = len(facts.tests)
    evidence = f"{good} of {counted(total, 'test')} with {' and '.join(PROVENANCE)} on record"
    return strict("provenance on record", 1, good, total, evidence, NO_TESTS)


CHECKS = [
    tested,
    decisive,
    fidelity,
    registered,
    recomputed,
    seeds,
    control,
    deviations,
    scope,
    ended,
    provenance,
]
