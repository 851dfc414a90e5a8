"""Each check loses points when its defect is planted, and only what applies is counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from synth.core.mark import Axis
from synth.core.reasons.screening import ExclusionReason
from synth.report import quality as qualities
from synth.report.facts import Facts
from synth.report.review import ReviewCase, ReviewResult, names, review, review_all
from synth.report.review.rubric import AGAINST, BREACHED, FOR, OPEN, Check, ScoredCheck, scored
from synth.report.review.rubrics import reporting, statistics, usefulness
from synth.store.database import Store
from synth.store.rows.claims import GroundsView
from tests.report import made_up
from tests.report.made_up import changed
from tests.report.review.planted import DAMAGES

SEVEN = ["calibration", "completeness", "grounding", "reporting", "reproduction", "statistics", "usefulness"]


def check(found: ReviewResult, name: str) -> ScoredCheck:
    return next(c for c in found.checks if c.name == name)


# What each defect does to the facts, the reviewer and the check that must notice it. Those that are planted in a
# database or a report are in `planted`; these are the rest.
def lost_identifier(f: Facts) -> Facts:
    return replace(f, papers=changed(f.papers, arxiv_id="", doi="", acl_id="", url=""))


def unweighed(f: Facts) -> Facts:
    return replace(f, claims=changed(f.claims, standing=""))


def silent_papers(f: Facts) -> Facts:
    return replace(f, claims=changed(f.claims, evidence=()))


def one_paper(f: Facts) -> Facts:
    claims = [replace(c, sources=tuple(replace(source, paper=1) for source in c.sources)) for c in f.claims]
    return replace(f, claims=claims)


def no_source(f: Facts) -> Facts:
    return replace(f, claims=changed(f.claims, sources=()))


def impossible_confidence(f: Facts) -> Facts:
    return replace(f, claims=changed(f.claims, confidence=1.7))


def impossible_judgement(f: Facts) -> Facts:
    return replace(f, claims=changed(f.claims, evidence=tuple(changed(f.claims[0].evidence, confidence=1.0))))


def wrong_order(f: Facts) -> Facts:
    first, other = f.claims[0].confidence, f.claims[6].confidence
    return replace(f, claims=changed(changed(f.claims, 0, confidence=other), 6, confidence=first))


def one_source(f: Facts) -> Facts:
    return replace(f, search=replace(f.search, sources=tuple(changed(f.search.sources, hits=0))))


def few_papers(f: Facts) -> Facts:
    papers = [replace(paper, text_state="skipped") if n < 5 else paper for n, paper in enumerate(f.papers)]
    return replace(f, papers=papers)


def cut_by_limit(f: Facts) -> Facts:
    limit = {"reason": "below the limit of 3 papers", "reason_code": ExclusionReason.BELOW_LIMIT}
    return replace(f, excluded=changed(f.excluded, **limit))


def unexplained(f: Facts) -> Facts:
    return replace(f, excluded=changed(f.excluded, reason=""))


def barren(f: Facts) -> Facts:
    return replace(f, papers=changed(f.papers, claims=0))


def untested(f: Facts) -> Facts:
    return replace(f, claims=changed(f.claims, 5, experiment="made-up"))


def undecided(f: Facts) -> Facts:
    return replace(f, tests=changed(f.tests, verdict="inconclusive"))


def few_seeds(f: Facts) -> Facts:
    return replace(f, tests=changed(f.tests, seeds=2))


def unknown_fidelity(f: Facts) -> Facts:
    return replace(f, tests=changed(f.tests, fidelity="imagined"))


def unmeasured_arm(f: Facts) -> Facts:
    rest = tuple(m for m in f.tests[0].measurements if m.arm != "untuned")
    return replace(f, tests=changed(f.tests, measurements=rest))


def at_hand(f: Facts) -> Facts:
    stages = tuple({**stage, "cached": True} for stage in f.tests[0].stages)
    return replace(f, tests=changed(f.tests, stages=stages))


def failed_run(f: Facts) -> Facts:
    return replace(f, runs=changed(f.runs, state="failed"))


def no_provenance(f: Facts) -> Facts:
    return replace(f, tests=changed(f.tests, provenance={}))


def open_question(f: Facts) -> Facts:
    open_claims = [replace(claim, by=None, verified=None) if n < 5 else claim for n, claim in enumerate(f.claims)]
    return replace(f, claims=open_claims)


def own_papers_only(f: Facts) -> Facts:
    return replace(f, claims=[replace(claim, witnesses=0, against=0) for claim in f.claims])


def another_question(f: Facts) -> Facts:
    return replace(f, search=replace(f.search, question="Do pots whistle?"))


DEFECTS: list[tuple[Callable, str, str]] = [
    (lost_identifier, "grounding", "papers can be found"),
    (unweighed, "grounding", "claims weighed"),
    (silent_papers, "grounding", "other papers speak to the claims"),
    (one_paper, "grounding", "more than one paper"),
    (no_source, "grounding", "claims have a source"),
    (impossible_confidence, "calibration", "they are probabilities"),
    (impossible_judgement, "calibration", "judgements are probabilities"),
    (wrong_order, "calibration", "more support, more confidence"),
    (one_source, "completeness", "several sources"),
    (few_papers, "completeness", "enough papers"),
    (cut_by_limit, "completeness", "nothing left out by the limit"),
    (unexplained, "completeness", "exclusions explained"),
    (barren, "completeness", "papers gave claims"),
    (untested, "reproduction", "testable claims tested"),
    (undecided, "reproduction", "tests decided"),
    (unknown_fidelity, "reproduction", "fidelity"),
    (unmeasured_arm, "reproduction", "every arm measured"),
    (at_hand, "reproduction", "measured after registering"),
    (failed_run, "reproduction", "runs ended"),
    (no_provenance, "reproduction", "provenance on record"),
    (few_seeds, "statistics", "enough seeds"),
    (another_question, "reporting", "question addressed"),
    (open_question, "usefulness", "question answered"),
    (own_papers_only, "usefulness", "papers agree or disagree"),
]


@pytest.mark.parametrize(("damage", "reviewer", "name"), DEFECTS, ids=[d[0].__name__ for d in DEFECTS])
def test_a_planted_defect_costs_points(case: ReviewCase, damage: Callable, reviewer: str, name: str) -> None:
    damaged = replace(case, facts=damage(case.facts))
    before, after = review(reviewer, case), review(reviewer, damaged)
    assert check(after, name).points < check(before, name).points
    assert check(after, name).evidence != check(before, name).evidence or name == "fidelity"
    assert after.score < before.score


def test_a_run_that_failed_and_is_passed_over(case: ReviewCase) -> None:
    runs = [*case.facts.runs, replace(case.facts.runs[0], id=9, state="failed")]
    silent = replace(case, facts=replace(case.facts, runs=runs))
    told = replace(silent, report=f"{case.report}\n- Run 9 of claim 1 (kettles, small): failed. No space.\n")
    assert check(review("reporting", silent), "unfinished runs told").points == 0
    assert check(review("reporting", told), "unfinished runs told").points == 1


def test_every_check_has_a_planted_defect(case: ReviewCase) -> None:
    planted = {(reviewer, name) for _, reviewer, name in DEFECTS} | {(d.reviewer, d.check) for d in DAMAGES}
    planted.add(("reporting", "unfinished runs told"))
    assert {(r.reviewer, c.name) for r in review_all(case) for c in r.checks} == planted


def test_there_are_seven_and_each_is_a_file() -> None:
    assert names() == SEVEN


# ---------------------------------------------------------------------------------------------- what applies


def test_what_does_not_apply_gets_no_points(tmp_path: Path) -> None:
    store = Store(tmp_path / "synth.db")
    with store.session() as s:
        made_up.add_search(s, papers=False)
    store.close()
    found = {r.reviewer: r for r in review_all(made_up.facts_of(store))}
    assert found["usefulness"].score == 0
    assert usefulness.decided(ReviewCase(made_up.facts_of(store))).ceiling == usefulness.UNDECIDED
    for name in ("grounding", "calibration", "reproduction", "statistics", "reporting"):
        assert found[name].score is None
        assert all(c.points is None for c in found[name].checks)
        assert all(c.evidence.startswith("not applicable") for c in found[name].checks)
    assert found["completeness"].score is not None


def test_a_database_without_any_run_scores_nothing_for_reproduction(case: ReviewCase) -> None:
    bare = replace(case, facts=replace(case.facts, tests=[], runs=[]))
    found = review("reproduction", bare)
    assert found.score == 0
    assert [c.name for c in found.checks if c.points is not None] == ["testable claims tested"]
    assert review("statistics", bare).score is None


def test_bare_facts_are_reviewed_as_far_as_they_go(case: ReviewCase) -> None:
    found = {r.reviewer: r for r in review_all(case.facts)}
    assert found["reporting"].score is None
    assert check(found["grounding"], "papers are those of the records").points is None
    assert check(found["calibration"], "confidences computed again").points is None
    assert found["statistics"].score == 10


# -------------------------------------------------------------------------------------------------- the score


def test_the_score_by_hand() -> None:
    plain = scored("x", [Check("a", 1, 2, ""), Check("b", 2, 2, ""), Check("c", None, 5, "")])
    assert plain.score == pytest.approx(7.5)
    assert [c.lost for c in plain.checks] == [pytest.approx(2.5), 0, None]
    breached = scored("x", [Check("a", 1, 2, "", breach=True), Check("b", 8, 8, "")])
    assert breached.score == BREACHED == 5
    assert [c.lost for c in breached.checks] == [pytest.approx(1 + 4), 0]
    assert sum(c.lost for c in breached.checks) == pytest.approx(10 - breached.score)
    worse = scored("x", [Check("a", 0, 9, "", breach=True), Check("b", 1, 1, "")])
    assert worse.score == pytest.approx(1)


def test_mean_spread_and_what_decided() -> None:
    reviews = [
        scored("one", [Check("a", 4, 4, "all"), Check("b", 2, 6, "some")]),  # 6.0
        scored("two", [Check("c", 9, 10, "most")]),  # 9.0
        scored("three", [Check("d", None, 1, "not applicable")]),
    ]
    found = qualities.quality(reviews)
    assert (found.mean, found.low, found.high) == (pytest.approx(7.5), pytest.approx(6), pytest.approx(9))
    assert found.sd == pytest.approx(2.1213, abs=1e-4)  # √((1.5² + 1.5²) / 1)
    assert (found.reviewers, found.invited) == (2, 3)
    assert [(d.check, d.cost) for d in found.deciding] == [("b", pytest.approx(2)), ("c", pytest.approx(0.5))]
    assert found.spread == "2 reviewers, 6.0–9.0, standard deviation 2.1"
    assert qualities.BREACHED == BREACHED


def test_a_report_that_decides_nothing_is_held_below_six(case: ReviewCase) -> None:
    facts = replace(case.facts, claims=[replace(claim, by=None, verified=None) for claim in case.facts.claims])
    reviews = review_all(replace(case, facts=facts))
    found = qualities.quality(reviews)
    assert found.mean == pytest.approx(usefulness.UNDECIDED)
    assert found.held is not None
    assert found.held > 6
    assert found.deciding[0].check == "findings decided"
    lost = sum(c.lost for r in reviews for c in r.checks if c.lost is not None) / found.reviewers
    assert lost + found.held - found.mean == pytest.approx(10 - found.mean)
    assert qualities.quality(review_all(case)).held is None


@pytest.mark.parametrize(("decided", "ceiling"), [(0, 5.5), (1, 7.375), (2, 9.25), (3, 10)])
def test_the_more_is_decided_the_higher_a_report_may_score(case: ReviewCase, decided: int, ceiling: float) -> None:
    by = GroundsView(Axis.OWN_PAPER, 0, "Table 1", None)
    claims = [replace(c, by=by if n < decided else None) for n, c in enumerate(case.facts.claims)]
    found = usefulness.decided(replace(case, facts=replace(case.facts, claims=claims)))
    assert found.ceiling == pytest.approx(ceiling)
    assert found.points == pytest.approx(3 * min(1, decided * usefulness.OWN_PAPER / 12 / usefulness.ENOUGH))


def test_costs_add_up_to_what_is_missing(case: ReviewCase) -> None:
    reviews = review_all(case)
    found = qualities.quality(reviews)
    lost = sum(c.lost for r in reviews for c in r.checks if c.lost is not None) / found.reviewers
    assert lost == pytest.approx(10 - found.mean)


# --------------------------------------------------------------------------------------- a second opinion


@pytest.mark.parametrize(
    ("value", "low", "high", "direction", "said"),
    [
        (2, 0.5, 3.5, "increase", FOR),
        (0.8, 0.5, 1.1, "increase", OPEN),  # below the SESOI of 1
        (2, -0.5, 4.5, "increase", OPEN),
        (-2, -3, -1, "increase", AGAINST),
        (0.1, -0.5, 0.7, "increase", AGAINST),  # inside ±SESOI
        (-2, -3, -1, "decrease", FOR),
        (-2, -3, -1, "less", FOR),
        (2, 1, 3, "negative", AGAINST),
        (0.1, -0.5, 0.7, "no effect", FOR),
        (2, 1.2, 3, "equal", AGAINST),
        (2, 0.5, 3, "no effect", OPEN),
    ],
)
def test_what_an_interval_says(value: float, low: float, high: float, direction: str, said: int) -> None:
    assert statistics.says(value, low, high, direction, 1.0, sized=True) == said


def test_the_second_opinion_is_the_judges(case: ReviewCase) -> None:
    """Two implementations of one table, over a grid of intervals."""
    from synth.verify.judge import decision

    words = {"supported": FOR, "contradicted": AGAINST, "inconclusive": OPEN}
    for direction in ("increase", "decrease", "greater", "less", "positive", "negative", "no effect", "equal"):
        for middle in (-3, -1.2, -0.4, 0, 0.4, 1.2, 3):
            for half in (0.1, 0.5, 0.9, 1.5, 4):
                low, high = middle - half, middle + half
                case = decision.case_of(middle, low, high, direction, 1.0)
                for sized in (True, False):
                    words["equivalent"] = FOR if direction in decision.NEITHER else AGAINST
                    theirs = words[case.decision(sized)]
                    ours = statistics.says(middle, low, high, direction, 1.0, sized)
                    assert ours == theirs, (direction, low, high, sized)


def test_grades_of_a_claim_that_the_experiment_contradicts(case: ReviewCase) -> None:
    """The papers contradict claim 2 and so does the run; claim 1 is supported by both; claim 5 is open."""
    grades = {r.reviewer: r.grades for r in review_all(case)}
    assert [grades[name][1] for name in ("grounding", "calibration", "reproduction", "statistics", "reporting")] == [
        FOR
    ] * 5
    assert [grades[name][2] for name in ("grounding", "calibration", "reproduction", "statistics", "reporting")] == [
        AGAINST
    ] * 5
    assert grades["grounding"][5] == grades["calibration"][5] == grades["reporting"][5] == OPEN
    assert 5 not in grades["statistics"]
    assert grades["completeness"] == {}


def test_a_report_that_is_no_report_is_graded_by_nobody(case: ReviewCase) -> None:
    found = review("reporting", replace(case, report="# Something else\n"))
    assert found.grades == {}
    assert found.score < 3
    assert reporting.CHECKS[0](replace(case, report="# x\n")).breach


def test_a_report_with_more_numbers_is_compared_with_the_known_ones_once(monkeypatch):
    from synth.report.review import markdown

    made = []
    real = markdown.Decimal
    monkeypatch.setattr(markdown, "Decimal", lambda text: made.append(text) or real(text))
    known = [n / 100 for n in range(1, 401)]
    printed = [f"{n / 100:.2f}" for n in range(1, 301)] + ["12%", "7.77"]
    assert markdown.unexplained(printed, known) == ["7.77"]
    assert len(made) < 3 * (len(known) + len(printed))


def test_the_quantile_of_a_t_distribution_is_scipys():
    from scipy import stats

    from synth.verify.statistics.estimates import t_quantile

    for degrees in (1, 2.5, 9, 400):
        assert t_quantile(0.975, degrees) == stats.t.ppf(0.975, degrees)
