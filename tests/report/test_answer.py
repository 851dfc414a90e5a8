"""The answer: every number and name in it is in the facts, and it never says more than the verdicts and quotes do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from synth.core.mark import Axis, PredictionVerdict, Side, mark
from synth.report.answer.abstract import abstract
from synth.report.answer.answer import SHOWN, answer
from synth.report.answer.groups import GroupStanding
from synth.report.answer.said import ONE_BY_ONE, AnswerSentence
from synth.report.facts import Facts
from synth.report.findings import effects, measured, supported
from synth.report.measured import seeds_needed
from synth.report.wording import amount, decimal, probability
from synth.store.database import Store
from synth.store.rows.claims import EvidenceView, FullClaimView, GroundsView, SourceView, quote_key
from synth.store.rows.runs import RunView, VerdictView
from tests.report import made_up
from tests.report.made_up import changed, with_rule

AT_PAPER = ("reproduced", "partially reproduced", "not reproduced", "inconclusive")
BELOW = ("direction supported", "direction contradicted", "equivalent", "inconclusive")
NUMBER = re.compile(r"[+−-]?\d+(?:,\d{3})*(?:\.\d+)?")


def sentences(facts: Facts) -> list[AnswerSentence]:
    return [*abstract(facts), *answer(facts).sentences]


# ------------------------------------------------------------------------------------- any facts whatever


@st.composite
def searches(draw: st.DrawFn, full: Facts) -> Facts:
    """Facts with any mixture of evidence, marks, lost quotes, verdicts, fidelities and seeds."""
    claims = [_claim(draw, full, number) for number in range(1, draw(st.integers(0, 9)) + 1)]
    tests = [
        _test(draw, full, claim.id, run) for run, claim in enumerate(claims, 1) for _ in range(draw(st.integers(0, 1)))
    ]
    if tests and draw(st.booleans()):
        tests.append(_test(draw, full, tests[0].claim, 100))
    claims = [_marked(draw, claim, [test for test in tests if test.claim == claim.id]) for claim in claims]
    held = {
        quote_key(row): draw(st.sampled_from([True, True, False]))
        for claim in claims
        for row in [*claim.sources, *claim.evidence]
    }
    papers = full.papers[: draw(st.integers(0, 3))] if not claims else full.papers
    retracted = draw(st.sampled_from([None, 1, 2]))
    alike = {frozenset((a, b)): 0.9 for a in range(1, 5) for b in range(a + 1, 5) if draw(st.booleans())}
    return replace(
        full,
        search=replace(full.search, complete=draw(st.booleans())),
        papers=[replace(paper, withdrawn=paper.id == retracted) for paper in papers],
        claims=claims,
        tests=tests,
        runs=[RunView(test.run_id, test.claim, "made-up", test.fidelity, "done", "", "") for test in tests],
        quotes_held=held,
        alike=alike,
    )


def _claim(draw: st.DrawFn, full: Facts, number: int) -> FullClaimView:
    evidence = []
    for at in range(draw(st.integers(0, 3))):
        relations = ["other paper", "other paper", "same paper", "reported", "restatement"]
        row = replace(
            full.claims[0].evidence[0],
            spans=((number, 100 * at, 100 * at + 9),),
            stance=draw(st.sampled_from(["SUPPORT", "CONTRADICT", "NOT_ENOUGH_INFO"])),
            relation=draw(st.sampled_from(relations)),
            paper=draw(st.integers(1, 3)),
            confidence=draw(st.sampled_from([0.31, 0.62, 0.93])),
        )
        # Now and then the sentence of another claim speaks to this one.
        own = 1000 * number + at
        evidence.append(replace(row, passage=draw(st.sampled_from([own, own, 1500, 2500]))))
    paper = draw(st.integers(1, 3))
    source = replace(full.claims[0].sources[0], passage=1000 * number + 500, spans=((number, 500, 520),), paper=paper)
    texts = ["The teapot improves accuracy", "Pots exceed kettles by 3.5 points", "Tea is wet"]
    return replace(
        full.claims[0],
        id=number,
        text=draw(st.sampled_from(texts)),
        kind=draw(st.sampled_from(["effect", "comparison", "count"])),
        experiment=draw(st.sampled_from(["made-up", None])),
        nearness=draw(st.sampled_from([None, 0.2, 0.7, 0.75])),
        predictions=draw(st.sampled_from([(), full.claims[0].predictions])),
        evidence=tuple(evidence),
        sources=(source,),
        paper=paper,
    )


def _marked(draw: st.DrawFn, claim: FullClaimView, tests: list[VerdictView]) -> FullClaimView:
    """Give the claim the mark that its evidence and its tests may have."""
    rows = [row for row in claim.evidence if row.relation == "other paper"]
    sides = [len({row.paper for row in rows if row.stance == stance}) for stance in ("SUPPORT", "CONTRADICT")]
    sure = draw(st.sampled_from([0.05, 0.5, 0.9])) if any(sides) else None
    own = draw(st.sampled_from([Side(), Side(0.9, 1, 0, "Table 2"), Side(0.1, 0, 1, "p. 3")]))
    tested = [PredictionVerdict(test.verdict, test.run_id, test.fidelity, "increase") for test in tests]
    found = mark(tested, Side(sure, *sides), own)
    return replace(
        claim,
        verified=found.verified,
        by=GroundsView(found.axis, found.papers, found.where, found.fidelity) if found.axis else None,
        conflict=found.conflict,
        contested=found.contested,
        witnesses=sides[0],
        against=sides[1],
        confidence=sure if sure is not None else own.confidence,
        verdict=", ".join(test.verdict for test in tests) or "not tested",
    )


def _test(draw: st.DrawFn, full: Facts, claim: int, run: int) -> VerdictView:
    fidelity = draw(st.sampled_from(["paper", "base", "small", "synthetic"]))
    seeds = draw(st.integers(0, 3))
    return replace(
        full.tests[0],
        claim=claim,
        run_id=run,
        fidelity=fidelity,
        verdict=draw(st.sampled_from(AT_PAPER if fidelity == "paper" else BELOW)),
        estimate=draw(st.sampled_from([-6.0, 0.0, 3.25])) if seeds else None,
        ci=(-7.24, 4.76) if seeds > 1 else (None, None),
        seeds=seeds,
        gate={"passed": draw(st.booleans())},
        deviations=("one", "two")[: draw(st.integers(0, 2))],
        reason=draw(st.sampled_from(["under-powered", "the task was not learnt"])),
    )


@pytest.fixture(scope="module")
def any_search(full: Facts) -> st.SearchStrategy[Facts]:
    return searches(full)


TRIED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@TRIED
@given(data=st.data())
def test_every_row_that_is_named_exists(any_search: st.SearchStrategy[Facts], data: st.DataObject) -> None:
    facts = data.draw(any_search)
    for said in sentences(facts):
        for table, number in said.rows:
            assert _resolved(facts, table, number), (said, table, number)


def _resolved(facts: Facts, table: str, number: int) -> bool:
    """Return True if the row is in the facts; a quote of evidence must have been found again, too."""
    if table == "quote":
        return any(row.passage == number for row in _quotes(facts))
    ids = {
        "claim": [claim.id for claim in facts.claims],
        "run": [run.id for run in facts.runs],
        "search": [facts.search.id],
        "paper": list(facts.paper),
    }
    return number in ids[table]


def _quotes(facts: Facts) -> list[EvidenceView | SourceView]:
    return [row for claim in facts.claims for row in [*claim.sources, *claim.evidence]]


@TRIED
@given(data=st.data())
def test_every_quote_that_is_shown_was_found_again(any_search: st.SearchStrategy[Facts], data: st.DataObject) -> None:
    facts = data.draw(any_search)
    found = answer(facts)
    for group in [*([found.first] if found.first else []), *(point.group for point in found.points)]:
        assert all(facts.quotes_held[quote_key(row)] for row in group.pro + group.con)
        retracted = {paper.id for paper in facts.papers if paper.withdrawn}
        assert not retracted & (group.papers_for | group.papers_against)


@TRIED
@given(data=st.data())
def test_every_number_is_in_the_rows_that_the_sentence_names(
    any_search: st.SearchStrategy[Facts], data: st.DataObject
) -> None:
    facts = data.draw(any_search)
    for said in sentences(facts):
        assert said.rows or not NUMBER.search(said.text), said
        allowed = _numbers(facts, said)
        assert {found.lstrip("+") for found in NUMBER.findall(said.text)} <= allowed, (said, allowed)


def _numbers(facts: Facts, said: AnswerSentence) -> set[str]:
    """Every number that the named rows hold, as it may be written, and how many rows there are."""
    tables = {table for table, _ in said.rows}
    counts = [len([1 for name, _ in said.rows if name == table]) for table in tables]
    found = {str(n) for n in counts} | {str(number) for _, number in said.rows} | {"1"}
    named = [row for table, number in said.rows for row in _rows(facts, table, number)]
    papers = {row["paper"] for row in named if "paper" in row} | {n for table, n in said.rows if table == "paper"}
    found |= {str(number) for number in range(len(papers) + 1)}
    marks = [claim.verified for claim in facts.claims if ("claim", claim.id) in said.rows]
    found |= {str(marks.count(one)) for one in (True, False, None)}
    sides = [supported(test) for test in facts.tests if ("run", test.run_id) in said.rows]
    found |= {str(sides.count(side)) for side in (True, False, None)} | {str(len(sides))}
    if "search" in tables:
        found |= {f"{size:,}" for size in _sizes(facts)}
        found |= set(NUMBER.findall(facts.search.question))
    for leaf in _leaves(named):
        if isinstance(leaf, str):
            found |= {number.lstrip("+") for number in NUMBER.findall(leaf)}
        elif isinstance(leaf, int | float) and not isinstance(leaf, bool):
            found |= {decimal(leaf), probability(leaf), amount(leaf), f"{leaf:.0%}".rstrip("%"), str(leaf)}
    return found


def _sizes(facts: Facts) -> Iterator[int]:
    marks = [(claim.verified, claim.by.axis if claim.by else None) for claim in facts.claims]
    yield from (len(facts.papers), len(facts.claims), len({c.paper for c in facts.claims}))
    yield from (sum(one[0] is mark_ for one in marks) for mark_ in (True, False, None))
    yield from (marks.count(one) for one in set(marks))
    yield sum(paper.text_state == "read" for paper in facts.papers)


def _rows(facts: Facts, table: str, number: int) -> list[dict[str, Any]]:
    if table == "run":
        tests = [test for test in facts.tests if test.run_id == number]
        return [
            asdict(test) | {"deviations": len(test.deviations), "needed": seeds_needed(test) or 0} for test in tests
        ]
    if table == "claim":
        rows = [asdict(claim) for claim in facts.claims if claim.id == number]
        return [{k: row[k] for k in ("text", "confidence", "by", "id")} for row in rows]
    return [asdict(row) for row in _quotes(facts) if table == "quote" and row.passage == number]


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


@TRIED
@given(data=st.data())
def test_no_sentence_says_more_than_the_rows_do(any_search: st.SearchStrategy[Facts], data: st.DataObject) -> None:
    facts = data.draw(any_search)
    for said in sentences(facts):
        if said.says == "supports":
            assert _holds(facts, said, True), said
        if said.says == "contradicts":
            assert _holds(facts, said, False), said
    for test in facts.tests:
        said = measured(test, "The claim")
        assert f"({test.fidelity})" in said.text
        assert test.fidelity == "paper" or "reproduced" not in said.text
        if test.verdict == "inconclusive":
            assert "leaves “The claim” open" in said.text
            assert not said.says
        elif test.fidelity != "paper" and test.verdict != "equivalent":
            assert "the direction of" in said.text


def _holds(facts: Facts, said: AnswerSentence, side: bool) -> bool:
    """Return True if some row of the sentence is a verdict on that side, or a quote that was found again."""
    tests = [test for test in facts.tests if ("run", test.run_id) in said.rows]
    quoted = [row for row in _quotes(facts) if ("quote", row.passage) in said.rows]
    return any(supported(test) is side for test in tests) or any(facts.quotes_held[quote_key(row)] for row in quoted)


PLURALS = re.compile(
    r"\b1 (?:more )?(?:claims|papers|tests|seeds|findings|deviations|predictions)\b|\b1 \w+ (?:are|were|have|rest)\b|"
    r"\b(?:[02-9]|\d\d+) (?:more )?(?:claim|paper|test|seed|finding|deviation|prediction)\b|"
    r"(?<!from )\b(?:[02-9]|\d\d+) \w+s (?:is|was|has|rests)\b|None|  |\?\.|\.\.|\( |“”"
)


@TRIED
@given(data=st.data())
def test_one_is_one_and_many_are_many(any_search: st.SearchStrategy[Facts], data: st.DataObject) -> None:
    for said in sentences(data.draw(any_search)):
        assert not PLURALS.search(said.text), said
        assert not re.match("[a-z]", said.text), said


@TRIED
@given(data=st.data())
def test_what_is_spoken_to_stands_first_and_each_finding_once(
    any_search: st.SearchStrategy[Facts], data: st.DataObject
) -> None:
    facts = data.draw(any_search)
    found = answer(facts)
    groups = [*([found.first] if found.first else []), *(point.group for point in found.points + found.stated)]
    members = [claim.id for group in groups for claim in group.members]
    assert len(groups) <= SHOWN
    assert len(members) == len(set(members))
    assert [group.rank for group in groups] == sorted(group.rank for group in groups)
    assert set(found.named) <= {claim.id for claim in facts.claims}
    assert found.as_json()["lead"]["rows"]
    if not any(group.is_spoken_to for group in groups):
        assert found.lead.text.startswith(("No answer", "Open."))


# ------------------------------------------------------------------------------------------- by example


def thin(path: Path, claims: tuple[tuple, ...] = made_up.CLAIMS, run: dict | None = None) -> Facts:
    store = Store(path)
    with store.session() as s:
        made_up.add_claims(s, made_up.add_search(s), claims)
        if run is not None:
            made_up.add_run(s, **run)
    store.close()
    return made_up.facts_of(store)


IMPROVES = ("The teapot improves kettles.", "effect", "grounded", 0.6)


def test_papers_that_agree_and_a_run_that_contradicts_make_one_sentence(full: Facts) -> None:
    found = answer(full)
    assert found.lead.text == (
        "“Feeding the test teapot raises the accuracy of kettles by 8.2 points”: 2 papers for, none against "
        "(probability 0.81); run 1 (synthetic) contradicts the direction."
    )
    assert found.first is not None
    assert found.first.state is GroupStanding.AGREED
    passage = full.claims[0].evidence[0].passage
    assert found.lead.rows == (("claim", 1), ("paper", 1), ("paper", 2), ("quote", passage), ("run", 1))
    assert [said.text for said in found.summary] == ["2 findings stand near the question: 2 contradicted."]
    (other,) = found.points
    assert other.sentence.text == (
        "The invented kettle is better than the made-up pot: 1 paper for, 1 against (probability 0.12)."
    )
    assert [said.text for said in found.conflicts] == ["Claim 1: run 1 contradicts it, papers say otherwise."]


def test_a_test_is_told_with_effect_interval_seeds_and_deviations(full: Facts) -> None:
    (said,) = answer(full).measured
    assert said.text == (
        "Run 1 (synthetic) contradicts the direction of “Feeding the test teapot raises the accuracy of kettles by 8.2 "
        "points”: “fed” differs from “untuned” in accuracy (CSLS) by −6.00 points (95% interval [−7.24, −4.76], 3 "
        "seeds); claimed: increase. 2 deviations from the claimed setting are on record."
    )
    assert said.rows == (("claim", 1), ("run", 1))


def test_papers_that_disagree_stand_side_by_side(path: Path) -> None:
    found = answer(thin(path, (("The teapot improves kettles.", "effect", "contradicted", 0.1),)))
    assert found.lead.text.startswith("The papers disagree. “The teapot improves kettles”: 1 paper for, 1 against")
    assert found.first is not None
    assert [row.quote for row in found.first.con] == ["We saw what bears on claim 0."]
    assert "Papers disagree on claim 1, and an experiment" not in found.missing[0].text
    assert found.missing[0].text == "Papers disagree on claim 1; an experiment would decide:"
    assert found.missing[0].command == "synth verify --claim 1 --experiment made-up"


def test_what_one_paper_states_decides_nothing(path: Path) -> None:
    found = answer(thin(path, (IMPROVES,)))
    assert found.lead.text == (
        "Open. Nearest to the question one paper states “The teapot improves kettles”; nothing found confirms or "
        "denies it (probability 0.60). No finding speaks of “feeding”, “test”, “accuracy” or “invented”."
    )
    assert found.missing[0].text == "Claim 1 rests on one paper: at least 1 more paper with its own results is needed."


def test_own_results_are_told_as_such(full: Facts) -> None:
    evidence = replace(full.claims[0].evidence[0], relation="same paper", paper=1, location="Table 2")
    by = GroundsView(Axis.OWN_PAPER, 0, "Table 2", None)
    claim = replace(full.claims[0], evidence=(evidence,), by=by, verified=True, conflict=False)
    found = answer(replace(full, tests=[], claims=[claim]))
    assert found.lead.text.endswith(
        ": one paper shows it in its own results (Table 2), no other confirms or denies it (probability 0.81). "
        "No finding speaks of “invented”."
    )
    denied = replace(claim, verified=False, evidence=(replace(evidence, stance="CONTRADICT"),))
    found = answer(replace(full, tests=[], claims=[denied]))
    assert found.lead.text.endswith(
        ": one paper says so, and its own results (Table 2) say otherwise (probability 0.81). "
        "No finding speaks of “invented”."
    )


def test_findings_that_say_the_same_are_one_group(full: Facts) -> None:
    first = full.claims[0]
    source = replace(first.sources[0], passage=900, paper=3, spans=((9, 1, 2),))
    text = "Teapots that are fed raise kettle accuracy."
    other = replace(first, id=9, text=text, evidence=(), sources=(source,))
    facts = replace(full, tests=[], quotes_held={**full.quotes_held, quote_key(source): True})
    one = answer(replace(facts, claims=[first, other])).first
    assert one is not None
    assert [claim.id for claim in one.members] == [1, 9]  # the same treatment, task and direction
    assert one.papers_for == {1, 2, 3}
    opposite = replace(other, predictions=(replace(other.predictions[0], direction="decrease"),))
    found = answer(replace(facts, claims=[first, opposite]))
    assert found.first is not None
    assert [claim.id for claim in found.first.opposed] == [9]
    assert "2 papers for, 1 against" in found.lead.text


def test_nearly_the_same_sentences_are_one_group_unless_a_slot_keeps_them_apart(full: Facts) -> None:
    alike = {frozenset((1, 2)): 0.85}
    joined = answer(replace(full, alike=alike, claims=changed(full.claims, 1, predictions=()))).first
    assert joined is not None
    assert [claim.id for claim in joined.same] == [2]
    pots = replace(full.claims[0].predictions[0], task="pots")
    apart = answer(replace(full, alike=alike, claims=changed(full.claims, 1, predictions=(pots,)))).first
    assert apart is not None
    assert apart.same == []


def test_a_retracted_paper_and_a_copy_count_nothing(full: Facts) -> None:
    papers = [replace(paper, withdrawn=paper.id == 1) for paper in full.papers]
    assert "1 paper for, none against" not in answer(full).lead.text
    found = answer(replace(full, papers=papers)).first
    assert found is not None
    assert found.papers_for == {2}
    copy = replace(full.claims[0].evidence[0], relation="restatement")
    copied = answer(replace(full, claims=changed(full.claims, evidence=(copy,)))).first
    assert copied is not None
    assert copied.papers_for == {1}
    assert copied.pro == []


def test_no_run_no_claim_no_paper(path: Path) -> None:
    store = Store(path)
    with store.session() as s:
        made_up.add_search(s, papers=False)
    store.close()
    found = answer(made_up.facts_of(store))
    assert found.lead.text == "No answer: no paper was found that could be used."
    assert not found.measured + found.points + found.stated


def test_a_quote_that_was_lost_is_no_evidence(full: Facts) -> None:
    facts = replace(full, tests=[], quotes_held=dict.fromkeys(full.quotes_held, False))
    found = answer(facts)
    assert not found.points
    assert found.lead.text.startswith("Open.")
    assert any("were not found again in the PDFs and do not count" in said.text for said in found.missing)


def test_too_few_seeds_are_told_with_the_number_that_is_needed(path: Path) -> None:
    run = {"verdict": "inconclusive", "estimate": 0.5, "ci_low": -4.0, "ci_high": 5.0}
    found = answer(thin(path, (IMPROVES,), run))
    assert found.lead.text.endswith(
        "nothing found confirms or denies it (probability 0.60); run 1 (synthetic) leaves it open. "
        "No finding speaks of “feeding”, “test”, “accuracy” or “invented”."
    )
    # sd = 4.5 √3 / t(0.975, 2) = 1.811; the least n with t(0.975, n − 1) · sd / √n ≤ 1 is 16.
    assert "Run 1 (synthetic) was inconclusive: with 3 seeds it could not tell; about 16 are needed." in [
        said.text for said in found.missing
    ]


def test_a_gate_that_failed_is_said(full: Facts) -> None:
    test = replace(full.tests[0], verdict="inconclusive", gate={"passed": False}, estimate=None)
    told = [said.text for said in answer(replace(full, tests=[test])).missing]
    assert "Run 1 (synthetic) was inconclusive: its models learnt too little: it needs a larger fidelity." in told


def test_tests_that_disagree_are_shown_once(full: Facts) -> None:
    other = replace(full.tests[0], run_id=2, verdict="direction supported")
    found = answer(replace(full, tests=[*full.tests, other]))
    assert [said.text for said in found.conflicts] == [
        "Tests of claim 1 disagree: direction supported and direction contradicted."
    ]


def test_a_count_is_no_answer(full: Facts) -> None:
    first = answer(replace(full, claims=changed(full.claims, kind="count"))).first
    assert first is not None
    assert first.head.id == 2


def test_at_paper_the_size_may_be_spoken_of(full: Facts) -> None:
    test = replace(full.tests[0], fidelity="paper", verdict="partially reproduced", estimate=4.0, ci=(3.0, 5.0))
    said = measured(test, "Tea helps.")
    assert said.text.startswith("Run 1 (paper) reproduced “Tea helps” in part: “fed” differs")
    assert "claimed: increase of 8.2 points." in said.text


def test_one_seed_has_no_interval(full: Facts) -> None:
    test = replace(full.tests[0], ci=(None, None), seeds=1, verdict="inconclusive", reason="one seed only")
    assert "(no interval, 1 seed)" in measured(test, "Tea helps").text


def test_no_effect_that_matters_speaks_against_a_claimed_effect(full: Facts) -> None:
    test = replace(full.tests[0], verdict="equivalent")
    assert measured(test, "Tea helps").says == "contradicts"
    absence = replace(test, prediction=replace(test.prediction, direction="no effect"))
    assert measured(absence, "Tea helps not").says == "supports"


def test_many_rows_are_named_as_ranges_and_readers_see_claims_and_runs() -> None:
    said = AnswerSentence("x", tuple(("claim", n) for n in (*range(1, ONE_BY_ONE + 1), 9)))
    assert said.anchors == said.shown == ["claims 1–6, 9"]
    assert said.named == []
    some = AnswerSentence("x", (("claim", 2), ("run", 3), ("quote", 45), ("paper", 1), ("search", 1)))
    assert some.anchors == ["claim 2", "run 3", "quote 45", "paper 1", "search 1"]
    assert some.shown == ["claim 2", "run 3"]
    assert AnswerSentence("x", tuple(("claim", n) for n in range(0, 400, 2))).anchors == ["200 claims"]


def test_a_claim_and_a_question_as_long_as_a_text_are_named_and_not_repeated(path: Path) -> None:
    long = "The teapot improves kettles " + "very " * 1000 + "much."
    facts = thin(path, ((long, "effect", "corroborated", 0.9),), {})
    found = answer(replace(facts, search=replace(facts.search, question=long)))
    assert all(len(said.text) < 500 for said in [found.lead, *found.measured, *abstract(facts)])
    assert found.lead.text.startswith("Claim 1: 2 papers for")


def test_the_effects_by_arm_are_students_t_over_seeds(full: Facts) -> None:
    fed = [m for m in full.tests[0].measurements if m.arm == "fed"]
    starving = (replace(m, arm="starved", value=m.value - 10 + m.seed**2) for m in fed)
    test = replace(full.tests[0], measurements=(*full.tests[0].measurements, *starving))
    found = effects(test)
    assert found is not None
    assert [arm.name for arm in found.arms] == ["untuned", "fed", "starved"]
    assert found.arms[0].effect is None
    assert (found.arms[1].effect.value, found.arms[1].effect.low) == (-6.0, -7.24)  # what decided, as it was stored
    means = []
    for seed in range(3):
        rows = [m for m in test.measurements if m.seed == seed and m.metric == "accuracy (CSLS)"]
        by_arm = {arm: np.mean([m.value for m in rows if m.arm == arm]) for arm in ("starved", "untuned")}
        means.append(by_arm["starved"] - by_arm["untuned"])
    half = student.ppf(0.975, 2) * np.std(means, ddof=1) / np.sqrt(3)
    starved = found.arms[2].effect
    assert (starved.value, starved.low, starved.high) == pytest.approx(
        (np.mean(means), np.mean(means) - half, np.mean(means) + half)
    )
    assert found.table()[0] == ["Arm", "accuracy (CSLS)", "Effect against untuned", "Seeds"]
    assert found.table()[1][2] == "–"


def test_without_effects_the_table_has_no_column_for_them(full: Facts) -> None:
    found = effects(with_rule(full.tests[0], statistic="correlation", baseline=""))
    assert found is not None
    assert found.table()[0] == ["Arm", "accuracy (CSLS)", "Seeds"]


def test_an_uncompared_arm_that_scored_higher_is_told(full: Facts) -> None:
    test = full.tests[0]
    other = [replace(m, arm="left alone", value=m.value + 10) for m in test.measurements if m.arm == "untuned"]
    low = [replace(m, arm="starved", value=0.0) for m in other]
    said = measured(replace(test, measurements=(*test.measurements, *other, *low)), "Tea helps")
    assert (
        "claimed: increase. “left alone” (32.39), which was not compared, scored higher than “untuned” (22.39) and "
        "“fed” (16.39). 2 deviations" in said.text
    )
    assert "was not compared" not in measured(full.tests[0], "Tea helps").text


def test_a_control_that_leaves_out_zero_is_told_where_the_deciding_rule_does_not(full: Facts) -> None:
    test = replace(full.tests[0], verdict="inconclusive", reason="under-powered", ci=(-7.24, 0.4))
    said = measured(test, "Tea helps").text
    # The fed arm gains 0.5, 1.0 and 1.5 points under cosine in the three seeds: 1 ± t(0.975, 2) · 0.5 / √3.
    half = student.ppf(0.975, 2) * 0.5 / np.sqrt(3)
    assert (
        f"By the control scoring rule, accuracy (cosine), it is +1.00 [−{half - 1:.2f}, +{1 + half:.2f}]." not in said
    )
    higher = tuple(
        replace(m, value=m.value + 9) if (m.arm, m.metric) == ("fed", "accuracy (cosine)") else m
        for m in test.measurements
    )
    test = replace(test, measurements=higher)
    said = measured(test, "Tea helps").text
    assert f"By the control scoring rule, accuracy (cosine), it is +10.00 [+{10 - half:.2f}, +{10 + half:.2f}]." in said
    assert "By the control" not in measured(replace(test, ci=(-7.24, -4.76)), "Tea helps").text


def test_a_claim_in_terms_of_the_opposite_is_told_so(full: Facts) -> None:
    test = replace(full.tests[0], prediction=replace(full.tests[0].prediction, direction="decrease"))
    assert "claimed: increase (decrease in the claim's own terms)." in measured(test, "Tea helps").text


def test_measurements_that_were_at_hand_are_told_so(full: Facts) -> None:
    from synth.report.measured import at_hand, by_seed

    test = full.tests[0]
    assert not at_hand(test)
    assert by_seed(test) == "−6.50, −6.00 and −5.50"
    assert at_hand(replace(test, stages=({"name": "score", "cached": True},)))
    assert not at_hand(replace(test, stages=()))


def test_digests_are_told_at_once(full: Facts) -> None:
    assert abstract(full)[0].text.endswith("gave 3 papers, all read in full, 1 as a digest.")
    papers = [replace(paper, title=f"Digest: {paper.title}") for paper in full.papers]
    assert abstract(replace(full, papers=papers))[0].text.endswith("gave 3 papers, all read as digests.")
