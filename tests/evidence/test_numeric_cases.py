"""The rules on 150 pairs labelled by hand before they were written. Run with -s to see the score.

The pairs were labelled first; the rules were then mended on those that they got wrong. The score says that the
phenomena are handled, not how often the rules are right on sentences that nobody chose.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from synth.evidence.stance import judge
from synth.types import Stance

CASES = tomllib.loads(Path(__file__).with_name("numeric_cases.toml").read_text(encoding="utf-8"))["case"]
SIMILARITY = 0.92  # of two sentences on one thing; the rules read no vector
STILL_WRONG = {
    "change-08": "“10 instead of 30 hours”: a unit printed once for two numbers that are no list",
    "change-13": "“treatment” and “treated” are two words to a rule that only takes endings off",
    "count-12": "the passage says more (“and a hidden size of 768”): taken for another statement",
}
NOTED_OTHERWISE = {
    "count-10": "“we evaluate” is read as an aim, before any number is compared",
    "nothing-06": "too little in common to say more than that nothing is decided",
}


def judged(case):
    claim = SimpleNamespace(text=case["claim"], predictions=())
    return judge(claim, case["passage"], SIMILARITY, same_paper=True)


def marked(ids, reasons):
    return [pytest.param(c, id=c["id"], marks=_mark(reasons.get(c["id"]))) for c in ids]


def _mark(reason):
    return [pytest.mark.xfail(reason=reason, strict=True)] if reason else []


def test_the_table_has_all_three_labels_and_no_case_twice():
    labels = Counter(case["label"] for case in CASES)
    assert len(CASES) == len({case["id"] for case in CASES}) == 150
    assert labels["CONTRADICT"] >= 35
    assert labels["NOT_ENOUGH_INFO"] >= 45
    assert set(labels) == set(Stance)
    assert set(STILL_WRONG) < {case["id"] for case in CASES}


@pytest.mark.parametrize("case", marked(CASES, STILL_WRONG))
def test_case(case):
    found = judged(case)
    assert found.stance == case["label"], f"{found.note} ({case['why']})"


@pytest.mark.parametrize("case", marked([c for c in CASES if "differs" in c], NOTED_OTHERWISE))
def test_the_note_says_what_differs(case):
    assert judged(case).note.startswith(f"different {case['differs']}")


def test_score(capsys):
    right = Counter(case["label"] for case in CASES if judged(case).stance == case["label"])
    with capsys.disabled():
        told = ", ".join(f"{label} {right[label]} of {n}" for label, n in Counter(c["label"] for c in CASES).items())
        print(f"\n{right.total()} of {len(CASES)} pairs right: {told}")
    assert right.total() >= len(CASES) - len(STILL_WRONG)
