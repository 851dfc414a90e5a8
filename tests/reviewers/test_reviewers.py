"""Each check loses points when its defect is planted, and only what applies is counted."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

from synth.reports.facts import Facts
from synth.reviewers import Review, names, review, review_all
from synth.store.database import Store
from tests.reports import made_up


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return made_up.full(tmp_path_factory.mktemp("good") / "synth.db")


def check(found: Review, name: str) -> dict:
    return next(c for c in found.checks if c["name"] == name)


# What each damage does to the facts, the reviewer and the check that must notice it.
def altered_quote(f: Facts) -> None:
    f.quotes_held[next(iter(f.quotes_held))] = False


def lost_identifier(f: Facts) -> None:
    f.papers[0].update(arxiv_id="", doi="", acl_id="", url="")


def unweighed(f: Facts) -> None:
    f.claims[0]["standing"] = ""


def silent_papers(f: Facts) -> None:
    f.claims[0]["evidence"] = []


def one_paper(f: Facts) -> None:
    for claim in f.claims:
        claim["sources"] = [{"paper": 1}]


def scrambled_confidence(f: Facts) -> None:
    f.claims[2]["confidence"] = 0.9  # there is no evidence for it


def impossible_confidence(f: Facts) -> None:
    f.claims[0]["confidence"] = 1.7


def failed_source(f: Facts) -> None:
    f.search["sources"][1]["status"] = "failed"


def unfinished(f: Facts) -> None:
    f.search["complete"] = False


def one_source(f: Facts) -> None:
    f.search["sources"][0]["hits"] = 0


def unreadable(f: Facts) -> None:
    f.papers[0]["text_state"] = "skipped"


def cut_by_limit(f: Facts) -> None:
    f.excluded[0]["reason"] = "below the limit of 3 papers"


def unexplained(f: Facts) -> None:
    f.excluded[0]["reason"] = ""


def barren(f: Facts) -> None:
    f.papers[0]["claims"] = 0


def untested(f: Facts) -> None:
    f.claims[1]["experiment"] = "made-up"


def undecided(f: Facts) -> None:
    f.tests[0]["verdict"] = "inconclusive"


def registered_late(f: Facts) -> None:
    f.tests[0]["registered"] = "2026-01-02T09:00:00Z"


def changed_rule(f: Facts) -> None:
    f.tests[0]["spec"]["rule"]["sesoi"] = 0.1


def dropped_seed(f: Facts) -> None:
    f.tests[0]["measurements"] = [m for m in f.tests[0]["measurements"] if m["seed"]]


def changed_estimate(f: Facts) -> None:
    f.tests[0]["estimate"] = 6.0


def few_seeds(f: Facts) -> None:
    f.tests[0]["seeds"] = 2


def no_control(f: Facts) -> None:
    f.tests[0]["measurements"] = [m for m in f.tests[0]["measurements"] if "cosine" not in m["metric"]]


def hidden_deviation(f: Facts) -> None:
    f.tests[0]["deviations"] = f.tests[0]["deviations"][1:]


def beyond_scope(f: Facts) -> None:
    f.tests[0]["verdict"] = "not reproduced"


def unknown_rung(f: Facts) -> None:
    f.tests[0]["fidelity"] = "imagined"


def failed_run(f: Facts) -> None:
    f.runs[0]["state"] = "failed"


def no_provenance(f: Facts) -> None:
    f.tests[0]["provenance"] = {}


DEFECTS: list[tuple[Callable[[Facts], None], str, str]] = [
    (altered_quote, "grounding", "quotes verified again"),
    (lost_identifier, "grounding", "papers can be found"),
    (unweighed, "grounding", "claims weighed"),
    (silent_papers, "grounding", "other papers speak to the claims"),
    (one_paper, "grounding", "more than one paper"),
    (scrambled_confidence, "grounding", "confidences rest on evidence"),
    (impossible_confidence, "grounding", "confidences rest on evidence"),
    (failed_source, "coverage", "ledger complete"),
    (unfinished, "coverage", "ledger complete"),
    (one_source, "coverage", "several sources"),
    (unreadable, "coverage", "full texts read"),
    (unreadable, "coverage", "enough papers"),
    (cut_by_limit, "coverage", "nothing left out by the limit"),
    (unexplained, "coverage", "exclusions explained"),
    (barren, "coverage", "papers gave claims"),
    (untested, "reproduction", "testable claims tested"),
    (undecided, "reproduction", "tests decided"),
    (unknown_rung, "reproduction", "fidelity"),
    (registered_late, "reproduction", "registered before the run"),
    (changed_rule, "reproduction", "registered before the run"),
    (dropped_seed, "reproduction", "estimates follow from the measurements"),
    (changed_estimate, "reproduction", "estimates follow from the measurements"),
    (few_seeds, "reproduction", "enough seeds"),
    (no_control, "reproduction", "control measured"),
    (hidden_deviation, "reproduction", "deviations named"),
    (beyond_scope, "reproduction", "verdicts within their scope"),
    (failed_run, "reproduction", "runs ended"),
    (no_provenance, "reproduction", "provenance on record"),
]


@pytest.mark.parametrize(("damage", "reviewer", "name"), DEFECTS, ids=[d[0].__name__ for d in DEFECTS])
def test_a_planted_defect_costs_points(good: Facts, damage: Callable[[Facts], None], reviewer: str, name: str) -> None:
    damaged = deepcopy(good)
    damage(damaged)
    before, after = review(reviewer, good), review(reviewer, damaged)
    assert check(after, name)["points"] < check(before, name)["points"]
    assert check(after, name)["evidence"] != check(before, name)["evidence"] or name == "fidelity"
    assert after.score < before.score


def test_every_check_has_a_planted_defect(good: Facts) -> None:
    planted = {(reviewer, name) for _, reviewer, name in DEFECTS}
    assert {(r.reviewer, c["name"]) for r in review_all(good) for c in r.checks} == planted


def test_scores_and_evidence(good: Facts) -> None:
    assert names() == ["coverage", "grounding", "reproduction"]
    reviews = {r.reviewer: r for r in review_all(good)}
    for found in reviews.values():
        assert 0 <= found.score <= 10
        assert all(0 <= c["points"] <= c["max"] for c in found.checks if c["points"] is not None)
    assert check(reviews["grounding"], "quotes verified again")["evidence"] == "5 of 5 quotes re-verified"
    assert check(reviews["coverage"], "full texts read")["evidence"].startswith("1 of 4 PDFs unreadable")
    tested = check(reviews["reproduction"], "testable claims tested")["evidence"]
    assert tested == "1 of 1 testable claim tested; 0 inconclusive"


def test_what_does_not_apply_gets_no_points(tmp_path: Path) -> None:
    store = Store(tmp_path / "synth.db")
    with store.session() as s:
        made_up.add_search(s, papers=False)
    store.close()
    found = {r.reviewer: r for r in review_all(made_up.facts_of(store))}
    assert found["grounding"].score is None
    assert found["reproduction"].score is None
    assert all(c["points"] is None for c in found["grounding"].checks)
    assert all(c["evidence"].startswith("not applicable") for c in found["grounding"].checks)
    assert found["coverage"].score is not None


def test_no_claim_tested_scores_nothing_for_reproduction(good: Facts) -> None:
    found = review("reproduction", replace(good, tests=[], runs=[]))
    assert found.score == 0
    assert [c["name"] for c in found.checks if c["points"] is not None] == ["testable claims tested"]
