"""Reproduction: was what could be tested tested as registered, and is all reported that a repetition needs?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean

from synth.core.mark import CONTRADICTING, DIRECTIONS, EQUIVALENT, SUPPORTING
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
    share,
    strict,
    sworn,
)
from synth.store.rows.claims import FullClaimView
from synth.store.rows.runs import VerdictView

NO_TESTS = "no claim was tested"
NEARNESS = {"paper": 1.0, "base": 0.75, "published": 0.6, "small": 0.5, "synthetic": 0.25}
PROVENANCE = ("versions", "device")  # a commit only exists in a checkout


def tested(case: ReviewCase) -> Check:
    """Check that the claims that an experiment can test were tested."""
    testable = [claim for claim in case.facts.claims if claim.experiment]
    done = {test.claim for test in case.facts.tests}
    good = sum(claim.id in done for claim in testable)
    inconclusive = sum(test.verdict == "inconclusive" for test in case.facts.tests)
    evidence = f"{good} of {counted(len(testable), 'testable claim')} tested; {inconclusive} inconclusive"
    return share(
        "testable claims tested", 3, good, len(testable), evidence, "no experiment can test a claim found here"
    )


def decisive(case: ReviewCase) -> Check:
    """Check that the tests decided something."""
    good = sum(test.verdict in SUPPORTING + CONTRADICTING for test in case.facts.tests)
    total = len(case.facts.tests)
    return share("tests decided", 2, good, total, f"{good} of {counted(total, 'test')} decisive", NO_TESTS)


def fidelity(case: ReviewCase) -> Check:
    """Score how close the tests came to the original setting."""
    fidelities = [test.fidelity for test in case.facts.tests]
    if not fidelities:
        return nothing("fidelity", 3, NO_TESTS)
    counts = [f"{fidelities.count(name)} at {name}" for name in dict.fromkeys(fidelities)]
    evidence = "fidelities of the tests: " + ", ".join(counts)
    return Check("fidelity", 3 * fmean(NEARNESS.get(name, 0.0) for name in fidelities), 3, evidence)


def registered(case: ReviewCase) -> Check:
    """Check that the specification was stored before the run and is unchanged: its hash is computed again."""
    wrong = [f"run {test.run_id}" for test in case.facts.tests if not _registered(test)]
    total = len(case.facts.tests)
    good = total - len(wrong)
    evidence = f"{good} of {counted(total, 'test')} registered before the run, with a specification that gives its hash"
    return sworn("registered before the run", 3, good, total, evidence + named(wrong), NO_TESTS)


def _registered(test: VerdictView) -> bool:
    digest = hashlib.sha256(json.dumps(test.spec, sort_keys=True).encode()).hexdigest()
    return digest == test.spec_hash and test.started is not None and test.registered <= test.started


def blind(case: ReviewCase) -> Check:
    """Check that the rule was stored before anything was measured, not only before it was applied."""
    staged = [test for test in case.facts.tests if test.stages]
    reused = [f"run {test.run_id}" for test in staged if all(stage["cached"] for stage in test.stages)]
    good = len(staged) - len(reused)
    evidence = f"{good} of {counted(len(staged), 'test')} measured something after its rule was stored{named(reused)}"
    return strict("measured after registering", 1, good, len(staged), evidence, "no test has stages on record")


def gate(case: ReviewCase) -> Check:
    """Check that nothing was decided where the gate did not pass."""
    wrong = [
        f"run {test.run_id} ({test.verdict})"
        for test in case.facts.tests
        if not test.gate.get("passed") and test.verdict != "inconclusive"
    ]
    total = len(case.facts.tests)
    passed = sum(bool(test.gate.get("passed")) for test in case.facts.tests)
    evidence = f"gate passed in {passed} of {counted(total, 'test')}; {len(wrong)} decided without{named(wrong)}"
    return sworn("gate heeded", 2, total - len(wrong), total, evidence, NO_TESTS)


def arms(case: ReviewCase) -> Check:
    """Check that every arm that the rule compares was measured, the baseline too; else nothing was decided."""
    tests = case.facts.tests
    lacking = [test for test in tests if not set(_compared(test)) <= {m.arm for m in test.measurements}]
    evidence = f"{len(tests) - len(lacking)} of {counted(len(tests), 'test')} with measurements of every compared arm"
    return _measured("every arm measured", tests, lacking, evidence, NO_TESTS)


def _measured(
    name: str, tests: Sequence[VerdictView], lacking: Sequence[VerdictView], evidence: str, none: str
) -> Check:
    """Check for measurements: one that is lacking is a weakness; a decision made without it is a breach."""
    decided = [test for test in lacking if test.verdict in (*SUPPORTING, *CONTRADICTING, EQUIVALENT)]
    check = strict(name, 2, len(tests) - len(lacking), len(tests), evidence + _runs(lacking), none)
    return replace(check, breach=bool(decided))


def _runs(tests: Sequence[VerdictView]) -> str:
    return named([f"run {test.run_id} ({test.verdict})" for test in tests])


def _compared(test: VerdictView) -> list[str]:
    rule = registered_rule(test)
    return [arm for arm in (rule.get("treatment"), rule.get("baseline"), *rule.get("rivals", ())) if arm]


def control(case: ReviewCase) -> Check:
    """Check that the control scoring rule was measured for every compared arm; else nothing was decided."""
    ruled = [test for test in case.facts.tests if registered_rule(test).get("control_metric")]
    lacking = []
    for test in ruled:
        metric = test.spec["rule"]["control_metric"]
        if not set(_compared(test)) <= {m.arm for m in test.measurements if m.metric == metric}:
            lacking.append(test)
    good = len(ruled) - len(lacking)
    evidence = f"{good} of {counted(len(ruled), 'test')} with the control scoring rule measured in both arms"
    return _measured("control measured", ruled, lacking, evidence, "no test has a control scoring rule")


def deviations(case: ReviewCase) -> Check:
    """Check that below `paper` the verdict names all registered differences from the claimed setting."""
    hiding = []
    for test in case.facts.tests:
        stored, known = set(test.deviations), set(test.spec.get("deviations", []))
        if not (known <= stored and (stored or test.fidelity == "paper")):
            hiding.append(f"run {test.run_id} ({len(known - stored)} of {len(known)} not named)")
    total = len(case.facts.tests)
    good = total - len(hiding)
    evidence = f"{good} of {counted(total, 'test')} name every registered deviation{named(hiding)}"
    return sworn("deviations named", 2, good, total, evidence, NO_TESTS)


def scope(case: ReviewCase) -> Check:
    """Check that below `paper` a verdict speaks of a direction only."""
    good = sum(
        test.fidelity == "paper" or test.verdict in (*DIRECTIONS, "inconclusive", EQUIVALENT)
        for test in case.facts.tests
    )
    total = len(case.facts.tests)
    evidence = f"{good} of {counted(total, 'verdict')} within what the fidelity allows"
    return sworn("verdicts within their scope", 1, good, total, evidence, NO_TESTS)


def ended(case: ReviewCase) -> Check:
    """Check that no run failed or was left unfinished."""
    good = sum(run.state == "done" for run in case.facts.runs)
    total = len(case.facts.runs)
    return share("runs ended", 1, good, total, f"{good} of {counted(total, 'run')} ended with a verdict", "no runs")


def provenance(case: ReviewCase) -> Check:
    """Check that the provenance of the numbers is on record."""
    good = sum(all(test.provenance.get(key) for key in PROVENANCE) for test in case.facts.tests)
    total = len(case.facts.tests)
    evidence = f"{good} of {counted(total, 'test')} with {' and '.join(PROVENANCE)} on record"
    return strict("provenance on record", 1, good, total, evidence, NO_TESTS)


def grade(case: ReviewCase, claim: FullClaimView) -> int | None:
    """Grade by the newest verdicts; predictions that disagree leave it open. None if the claim was not tested."""
    verdicts = [test.verdict for test in case.facts.tests if test.claim == claim.id]
    if not verdicts:
        return None
    pro, con = (any(verdict in side for verdict in verdicts) for side in (SUPPORTING, CONTRADICTING))
    return OPEN if pro == con else FOR if pro else AGAINST


CHECKS = [tested, decisive, fidelity, registered, blind, gate, arms, control, deviations, scope, ended, provenance]
