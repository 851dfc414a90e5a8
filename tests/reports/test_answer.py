"""The answer: every number and name in it is in the facts, and it never says more than the verdicts and quotes do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from synth.reports.answer import abstract, answer
from synth.reports.facts import Facts, Row, quote_key
from synth.reports.findings import effects, measured
from synth.reports.said import ONE_BY_ONE, Sentence
from synth.reports.wording import amount, decimal, probability
from synth.store.database import Store
from synth.verified import CONTRADICTING, SUPPORTING
from tests.reports import made_up

AT_PAPER = ("reproduced", "partially reproduced", "not reproduced", "inconclusive")
BELOW = ("direction supported", "direction contradicted", "inconclusive")
STANDINGS = ("corroborated", "contradicted", "contested", "grounded", "no evidence")
NUMBER = re.compile(r"[+−-]?\d+(?:,\d{3})*(?:\.\d+)?")


def sentences(facts: Facts) -> list[Sentence]:
    return [*abstract(facts), *answer(facts).sentences]


# ------------------------------------------------------------------------------------- any facts whatever


@st.composite
def searches(draw: st.DrawFn, full: Facts) -> Facts:
    """Facts with any mixture of standings, evidence, lost quotes, verdicts, fidelities and seeds."""
    claims = [_claim(draw, full, number) for number in range(1, draw(st.integers(0, 9)) + 1)]
    tests = [
        _test(draw, full, claim["id"], run)
        for run, claim in enumerate(claims, 1)
        for _ in range(draw(st.integers(0, 1)))
    ]
    if tests and draw(st.booleans()):
        tests.append(_test(draw, full, tests[0]["claim"], 100))
    held = {
        quote_key(row): draw(st.sampled_from([True, True, False]))
        for claim in claims
        for row in claim["sources"] + claim["evidence"]
    }
    complete = draw(st.booleans())
    papers = full.papers[: draw(st.integers(0, 3))] if not claims else full.papers
    return replace(
        full,
        search=full.search | {"complete": complete},
        papers=papers,
        claims=claims,
        tests=tests,
        runs=[{"id": test["run_id"], "claim": test["claim"], "state": "done"} for test in tests],
        quotes_held=held,
    )


def _claim(draw: st.DrawFn, full: Facts, number: int) -> Row:
    evidence = []
    for at in range(draw(st.integers(0, 3))):
        row = deepcopy(full.claims[0]["evidence"][0])
        row |= {
            "passage": 1000 * number + at,
            "spans": [[number, 100 * at, 100 * at + 9]],
            "stance": draw(st.sampled_from(["SUPPORT", "CONTRADICT", "NOT_ENOUGH_INFO"])),
            "relation": draw(st.sampled_from(["other paper", "other paper", "same paper"])),
            "paper": draw(st.integers(1, 3)),
            "confidence": draw(st.sampled_from([0.31, 0.62, 0.93])),
        }
        evidence.append(row)
    source = full.claims[0]["sources"][0] | {"passage": 1000 * number + 500, "spans": [[number, 500, 520]]}
    return deepcopy(full.claims[0]) | {
        "id": number,
        "text": draw(
            st.sampled_from(["The teapot improves accuracy", "Pots exceed kettles by 3.5 points", "Tea is wet"])
        ),
        "kind": draw(st.sampled_from(["effect", "comparison", "method", "count"])),
        "standing": draw(st.sampled_from(STANDINGS)),
        "confidence": draw(st.sampled_from([None, 0.22, 0.5, 0.81])),
        "experiment": draw(st.sampled_from(["made-up", None])),
        "evidence": evidence,
        "sources": [source],
    }


def _test(draw: st.DrawFn, full: Facts, claim: int, run: int) -> Row:
    fidelity = draw(st.sampled_from(["paper", "base", "small", "synthetic"]))
    seeds = draw(st.integers(0, 3))
    known = seeds > 0
    return deepcopy(full.tests[0]) | {
        "claim": claim,
        "run_id": run,
        "fidelity": fidelity,
        "verdict": draw(st.sampled_from(AT_PAPER if fidelity == "paper" else BELOW)),
        "estimate": draw(st.sampled_from([-6.0, 0.0, 3.25])) if known else None,
        "ci": [-7.24, 4.76] if seeds > 1 else [None, None],
        "seeds": seeds,
        "gate": {"passed": draw(st.booleans())},
        "deviations": ["one", "two"][: draw(st.integers(0, 2))],
        "reason": draw(st.sampled_from(["under-powered", "the task was not learnt"])),
    }


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
    """Whether the row is in the facts; a quote must have been found again, too."""
    if table == "quote":
        return any(facts.quotes_held.get(quote_key(row)) for row in _quotes(facts) if row["passage"] == number)
    ids = {
        "claim": [claim["id"] for claim in facts.claims],
        "run": [run["id"] for run in facts.runs],
        "search": [facts.search["id"]],
        "paper": list(facts.paper),
    }
    return number in ids[table]


def _quotes(facts: Facts) -> list[Row]:
    return [row for claim in facts.claims for row in claim["sources"] + claim["evidence"]]


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


def _numbers(facts: Facts, said: Sentence) -> set[str]:
    """Every number that the named rows hold, as it may be written, and how many rows there are."""
    tables = {table for table, _ in said.rows}
    counts = [len([1 for name, _ in said.rows if name == table]) for table in tables]
    found = {str(n) for n in counts} | {str(number) for _, number in said.rows}
    named = [row for table, number in said.rows for row in _rows(facts, table, number)]
    found.add(str(len({row["paper"] for row in named if "stance" in row})))
    if "search" in tables:
        marks = [claim["verified"] for claim in facts.claims]
        sizes = [len(facts.papers), len(facts.claims), *(marks.count(mark) for mark in (True, False, None))]
        sizes += [sum(paper["text_state"] == "read" for paper in facts.papers)]
        sizes += [sum(bool(paper["claims"]) for paper in facts.papers)]
        found |= {f"{size:,}" for size in sizes}
        found |= set(NUMBER.findall(facts.search["question"]))
    for leaf in _leaves(named):
        if isinstance(leaf, str):
            found |= {number.lstrip("+") for number in NUMBER.findall(leaf)}
        elif isinstance(leaf, int | float) and not isinstance(leaf, bool):
            found |= {decimal(leaf), probability(leaf), amount(leaf), f"{leaf:.0%}".rstrip("%"), str(leaf)}
    return found


def _rows(facts: Facts, table: str, number: int) -> list[Row]:
    if table == "run":
        return [row | {"deviations": len(row["deviations"])} for row in facts.tests if row["run_id"] == number]
    if table == "claim":
        return [{key: claim[key] for key in ("text", "confidence")} for claim in facts.claims if claim["id"] == number]
    return [row for row in _quotes(facts) if table == "quote" and row["passage"] == number]


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


# Sentences that deny support, count marks, or name two verdicts that disagree.
NOTHING_CLAIMED = "(?:was|were) weighed against|^Tests of one claim disagree"


@TRIED
@given(data=st.data())
def test_no_sentence_claims_support_that_the_database_does_not_hold(
    any_search: st.SearchStrategy[Facts], data: st.DataObject
) -> None:
    facts = data.draw(any_search)
    for said in sentences(facts):
        bare = re.sub("“[^”]*”", "", said.text)
        if re.search(r"support|contradict|reproduc", bare, re.I) and not re.search(NOTHING_CLAIMED, bare):
            assert said.says, said
        if said.says == "supports":
            assert _holds(facts, said, SUPPORTING, "SUPPORT"), said
        if said.says == "contradicts":
            assert _holds(facts, said, CONTRADICTING, "CONTRADICT"), said


def _holds(facts: Facts, said: Sentence, verdicts: tuple[str, ...], stance: str) -> bool:
    """Whether some row of the sentence is a verdict or a quote, found again, on that side."""
    rows = [row for table, number in said.rows for row in _rows(facts, table, number)]
    tested = any(row.get("verdict") in verdicts for row in rows)
    quoted = [row for row in rows if row.get("stance") == stance and facts.quotes_held[quote_key(row)]]
    if stance == "SUPPORT":
        quoted = [row for row in quoted if row["relation"] == "other paper"]
    return tested or bool(quoted)


@TRIED
@given(data=st.data())
def test_no_sentence_says_more_than_the_verdict(any_search: st.SearchStrategy[Facts], data: st.DataObject) -> None:
    facts = data.draw(any_search)
    for test in facts.tests:
        said = measured(test, "The claim")
        below = test["fidelity"] != "paper"
        assert not (below and "reproduced" in said.text)
        if test["verdict"] == "inconclusive":
            assert "was inconclusive" in said.text
            assert not said.says
            assert test["reason"] in said.text
        elif below:
            assert "direction" in said.text
            assert "nothing of the size" in said.text
            assert f"fidelity {test['fidelity']}" in said.text
    decided = {test["claim"] for test in facts.tests if test["verdict"] != "inconclusive"}
    found = answer(facts)
    if not decided and not found.agreed and not found.disputed:
        assert "stays open" in found.lead.text


PLURALS = re.compile(
    r"\b1 (?:more )?(?:claims|papers|tests|seeds|works|deviations|predictions)\b|\b1 \w+ (?:are|were|have|share)\b|"
    r"\b(?:[02-9]|\d\d+) (?:more )?(?:claim|paper|test|seed|work|deviation|prediction)\b|"
    r"(?<!from )\b(?:[02-9]|\d\d+) \w+s (?:is|was|has|shares)\b|None|  |\?\.|\.\.|\( |“”"
)


@TRIED
@given(data=st.data())
def test_one_is_one_and_many_are_many(any_search: st.SearchStrategy[Facts], data: st.DataObject) -> None:
    for said in sentences(data.draw(any_search)):
        assert not PLURALS.search(said.text), said
        assert not re.match("[a-z]", said.text), said


@TRIED
@given(data=st.data())
def test_the_strongest_stands_first(any_search: st.SearchStrategy[Facts], data: st.DataObject) -> None:
    facts = data.draw(any_search)
    found = answer(facts)
    verdicts = {test["run_id"]: test for test in facts.tests}
    told = [verdicts[number] for said in found.measured for table, number in said.rows if table == "run"]
    undecided = [test["verdict"] == "inconclusive" for test in told]
    assert undecided == sorted(undecided)
    assert [r.weight for r in found.disputed] == sorted(r.weight for r in found.disputed)
    assert set(found.named) <= {claim["id"] for claim in facts.claims}
    assert found.as_json()["lead"]["rows"]


# ------------------------------------------------------------------------------------------- by example


def thin(path: Path, claims: tuple[tuple, ...] = made_up.CLAIMS, run: dict | None = None) -> Facts:
    store = Store(path)
    with store.session() as s:
        made_up.add_claims(s, made_up.add_search(s), claims)
        if run is not None:
            made_up.add_run(s, **run)
    store.close()
    return made_up.facts_of(store)


def test_a_decided_run_leads_with_its_effect_and_its_limits(full: Facts) -> None:
    found = answer(full)
    assert found.takeaway[0].text == (
        "A test at fidelity synthetic contradicts the direction of the claim “Feeding the test teapot raises the "
        "accuracy of kettles by 8.2 points”; it says nothing of the size. The arm “fed” differed in accuracy "
        "(CSLS) from “untuned” by −6.00 points (95% interval [−7.24, −4.76], 3 seeds); claimed: increase. 2 deviations "
        "from the claimed setting are on record."
    )
    assert found.takeaway[0].rows == (("claim", 1), ("run", 1))
    assert found.takeaway[0].says == "contradicts"
    assert found.lead.text.endswith("there is evidence about 2 claims, and no answer beyond what it says.")


def test_measurement_and_reading_that_disagree_are_shown(full: Facts) -> None:
    (conflict,) = answer(full).conflicts
    assert conflict.text == (
        "Measurement and reading disagree: direction contradicted at fidelity synthetic, but supported in print "
        "(confidence 0.80)."
    )
    passage = full.claims[0]["evidence"][0]["passage"]
    assert conflict.rows == (("claim", 1), ("run", 1), ("quote", passage))


def test_tests_that_disagree_are_shown(full: Facts) -> None:
    other = full.tests[0] | {"run_id": 2, "verdict": "direction supported"}
    found = answer(replace(full, tests=[*full.tests, other]))
    assert found.conflicts[0].text == "Tests of one claim disagree: direction supported and direction contradicted."


def test_at_paper_the_size_may_be_spoken_of(full: Facts) -> None:
    test = full.tests[0] | {"fidelity": "paper", "verdict": "partially reproduced", "estimate": 4.0, "ci": [3.0, 5.0]}
    said = measured(test | {"reason": "the magnitude is another one"}, "Tea helps.")
    assert said.text.startswith(
        "The claim “Tea helps” was partially reproduced at fidelity paper. The arm “fed” differed"
    )
    assert "claimed: increase of 8.2 points. Reason: the magnitude is another one." in said.text


def test_one_seed_has_no_interval(full: Facts) -> None:
    test = full.tests[0] | {"ci": [None, None], "seeds": 1, "verdict": "inconclusive", "reason": "one seed only"}
    assert "(no interval, 1 seed)" in measured(test, "Tea helps", brief=True).text


def test_a_gate_that_failed_is_said(full: Facts) -> None:
    test = full.tests[0] | {"verdict": "inconclusive", "gate": {"passed": False}, "estimate": None}
    facts = replace(full, tests=[test])
    assert "inconclusive: it did not pass its gate." in answer(facts).takeaway[0].text
    assert "a rung on which the models pass the gate could decide it." in answer(facts).deciding[0].text


def test_inconclusive_everywhere_stays_open(path: Path) -> None:
    claims = (("The teapot improves kettles.", "effect", "grounded", 0.6),)
    run = {"verdict": "inconclusive", "reason": "The interval includes 0: under-powered"}
    found = answer(thin(path, claims, run))
    assert "stays open" in found.lead.text
    assert "was inconclusive: 3 seeds gave too little power." in found.takeaway[0].text
    assert found.deciding[0].text == "Run 1 of claim 1 was inconclusive; more seeds than 3 could decide it."


def test_only_contradicting_evidence(path: Path) -> None:
    found = answer(thin(path, (("The teapot improves kettles.", "effect", "contradicted", 0.1),)))
    assert "there is evidence about 1 claim" in found.lead.text
    assert [said.says for said in found.takeaway] == ["", "contradicts"]
    assert not found.agreed
    assert "Papers contradict or disagree on 1 claim that shares words with it." in found.takeaway[1].text


def test_no_run_no_claim_no_paper(path: Path) -> None:
    store = Store(path)
    with store.session() as s:
        made_up.add_search(s, papers=False)
    store.close()
    found = answer(made_up.facts_of(store))
    assert "stays open" in found.lead.text
    assert [said.text for said in found.takeaway] == ["Nothing was tested by experiment."]
    assert not found.measured + found.agreed + found.disputed + found.stated


def test_a_claim_of_one_paper_is_quoted_as_unconfirmed(path: Path) -> None:
    found = answer(thin(path, (("The teapot improves kettles.", "effect", "grounded", 0.9),)))
    assert (
        found.takeaway[-1].text
        == "Nearest to the question, one paper states, unconfirmed: “The teapot improves kettles”."
    )
    assert [table for table, _ in found.takeaway[-1].rows] == ["claim", "quote"]


def test_a_quote_that_was_lost_is_no_evidence(full: Facts) -> None:
    facts = replace(full, tests=[], quotes_held=dict.fromkeys(full.quotes_held, False))
    found = answer(facts)
    assert not found.agreed + found.disputed + found.stated
    assert "stays open" in found.lead.text
    assert any("was not found again in the PDFs and does not count" in said.text for said in found.unknown)


def test_a_count_is_no_answer(full: Facts) -> None:
    facts = deepcopy(full)
    facts.claims[0]["kind"] = "count"
    found = answer(facts)
    assert found.takeaway[0].text == "1 test was of a claim that is no finding on the question."
    assert "there is evidence about 1 claim" in found.lead.text  # the one that papers contradict


def test_the_effects_by_arm_are_students_t_over_seeds(full: Facts) -> None:
    test = deepcopy(full.tests[0])
    for m in [m for m in test["measurements"] if m["arm"] == "fed"]:
        test["measurements"].append(m | {"arm": "starved", "value": m["value"] - 10 + m["seed"] ** 2})
    found = effects(test)
    assert found is not None
    assert [arm.name for arm in found.arms] == ["untuned", "fed", "starved"]
    assert found.arms[0].effect is None
    assert (found.arms[1].effect.value, found.arms[1].effect.low) == (-6.0, -7.24)  # what decided, as it was stored
    means = []
    for seed in range(3):
        rows = [m for m in test["measurements"] if m["seed"] == seed and m["metric"] == "accuracy (CSLS)"]
        by_arm = {arm: np.mean([m["value"] for m in rows if m["arm"] == arm]) for arm in ("starved", "untuned")}
        means.append(by_arm["starved"] - by_arm["untuned"])
    half = student.ppf(0.975, 2) * np.std(means, ddof=1) / np.sqrt(3)
    starved = found.arms[2].effect
    assert (starved.value, starved.low, starved.high) == pytest.approx(
        (np.mean(means), np.mean(means) - half, np.mean(means) + half)
    )
    assert found.table()[0] == ["Arm", "accuracy (CSLS)", "Effect against untuned", "Seeds"]
    assert found.table()[1][2] == "–"


def test_without_effects_the_table_has_no_column_for_them(full: Facts) -> None:
    test = deepcopy(full.tests[0])
    test["spec"]["rule"] |= {"statistic": "correlation", "baseline": ""}
    found = effects(test)
    assert found is not None
    assert found.table()[0] == ["Arm", "accuracy (CSLS)", "Seeds"]


def test_many_rows_are_named_as_ranges() -> None:
    said = Sentence("x", tuple(("claim", n) for n in (*range(1, ONE_BY_ONE + 1), 9)))
    assert said.anchors == ["claims 1–6, 9"]
    assert said.named == []
    assert Sentence("x", (("claim", 2), ("run", 3), ("quote", 45))).anchors == ["claim 2", "run 3", "quote 45"]
    assert Sentence("x", tuple(("claim", n) for n in range(0, 400, 2))).anchors == ["200 claims"]


def test_an_uncompared_arm_that_scored_higher_is_told(full: Facts) -> None:
    test = deepcopy(full.tests[0])
    other = [m | {"arm": "left alone", "value": m["value"] + 10} for m in test["measurements"] if m["arm"] == "untuned"]
    low = [m | {"arm": "starved", "value": 0.0} for m in other]
    test["measurements"] += other + low
    said = measured(test, "Tea helps", brief=True)
    assert (
        "claimed: increase. “left alone” (32.39), which was not compared, scored higher than “untuned” (22.39) and "
        "“fed” (16.39). 2 deviations" in said.text
    )
    assert "was not compared" not in measured(full.tests[0], "Tea helps").text


def test_a_claim_and_a_question_as_long_as_a_text_are_named_and_not_repeated(path: Path) -> None:
    long = "The teapot improves kettles " + "very " * 1000 + "much."
    facts = thin(path, ((long, "effect", "corroborated", 0.9), (long, "effect", "grounded", 0.9)), {})
    found = answer(replace(facts, search=facts.search | {"question": long}))
    assert all(len(said.text) < 500 for said in [found.lead, *found.takeaway, *abstract(facts)])
    assert "the claim number 1" in found.takeaway[0].text
    assert found.takeaway[-1].text == "Nearest to the question, one paper states, unconfirmed: claim 2."
    assert found.lead.text.startswith("On the question there is evidence")


def test_a_control_that_leaves_out_zero_is_told_where_the_deciding_rule_does_not(full: Facts) -> None:
    test = full.tests[0] | {"verdict": "inconclusive", "reason": "under-powered", "ci": [-7.24, 0.4]}
    said = measured(test, "Tea helps", brief=True).text
    # The fed arm gains 0.5, 1.0 and 1.5 points under cosine in the three seeds: 1 ± t(0.975, 2) · 0.5 / √3.
    half = student.ppf(0.975, 2) * 0.5 / np.sqrt(3)
    assert (
        f"By the control scoring rule, accuracy (cosine), it is +1.00 [−{half - 1:.2f}, +{1 + half:.2f}]." not in said
    )
    test = deepcopy(test)
    for m in test["measurements"]:
        if m["arm"] == "fed" and m["metric"] == "accuracy (cosine)":
            m["value"] += 9
    said = measured(test, "Tea helps", brief=True).text
    assert f"By the control scoring rule, accuracy (cosine), it is +10.00 [+{10 - half:.2f}, +{10 + half:.2f}]." in said
    assert "By the control" not in measured(test | {"ci": [-7.24, -4.76]}, "Tea helps", brief=True).text


def test_a_claim_in_terms_of_the_opposite_is_told_so(full: Facts) -> None:
    test = deepcopy(full.tests[0])
    test["prediction"]["direction"] = "decrease"
    assert "claimed: increase (decrease in the claim's own terms)." in measured(test, "Tea helps").text


def test_measurements_that_were_at_hand_are_told_so(full: Facts) -> None:
    from synth.reports.measured import at_hand, by_seed

    test = deepcopy(full.tests[0])
    assert not at_hand(test)
    assert by_seed(test) == "−6.50, −6.00 and −5.50"
    assert at_hand(test | {"stages": [{"name": "score", "cached": True}]})
    assert not at_hand(test | {"stages": []})


def test_a_test_is_told_once_and_an_open_one_with_its_reason_besides(full: Facts) -> None:
    assert answer(full).measured == []
    test = full.tests[0] | {"verdict": "inconclusive", "reason": "under-powered"}
    found = answer(replace(full, tests=[test]))
    assert [said.text for said in found.measured] == ["Run 1, inconclusive: under-powered."]


def test_digests_are_told_at_once(full: Facts) -> None:
    assert "all read in full, 1 of them as a digest." in abstract(full)[0].text
    papers = [paper | {"title": f"Digest: {paper['title']}"} for paper in full.papers]
    assert "all read as digests, none in the original." in abstract(replace(full, papers=papers))[0].text
