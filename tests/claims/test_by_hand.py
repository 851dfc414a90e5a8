"""The sixty findings judged by hand: the judgements are whole, and the page says what follows from them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.core.types import ClaimKind

SCRIPT = Path(__file__).parents[2] / "docs" / "claims_by_hand.py"
_spec = importlib.util.spec_from_file_location("claims_by_hand", SCRIPT)
by_hand = sys.modules["claims_by_hand"] = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(by_hand)

ROWS = by_hand.judged()
KINDS = {kind.value for kind in ClaimKind}


def test_there_are_sixty_different_claims():
    assert len({row["sha256"] for row in ROWS}) == len({row["paper"] for row in ROWS}) == len(ROWS) == 60


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["opens"])
def test_what_is_not_right_is_said_and_typed(row):
    assert row["kind"] in KINDS - {"method"}
    assert {p["judged"] for p in row["predictions"]} <= {"right", "incomplete", "wrong"}
    assert set(row["misses"]) <= set(by_hand.TYPES)
    perfect = row["claim"] and by_hand._all_right(row)
    assert bool(row["misses"]) == bool(row.get("note")) == (not perfect)


def test_the_figures_follow_from_the_judgements():
    found = by_hand.figures(ROWS)
    assert found["claim"] == (sum(1 for row in ROWS if row["claim"]), 60)
    wrong = sum(p["judged"] == "wrong" for row in ROWS for p in row["predictions"])
    incomplete = sum(p["judged"] == "incomplete" for row in ROWS for p in row["predictions"])
    right, total = found["prediction, right"]
    assert right + wrong + incomplete == total
    assert found["prediction, nothing in it false"] == (right + incomplete, total)
    page = SCRIPT.with_name("claims-by-hand.md").read_text(encoding="utf-8")
    for what, (good, of) in found.items():
        low, high = by_hand.wilson(good, of)
        assert f"| {what} | {good} of {of}: {good / of:.2f} [{low:.2f}, {high:.2f}] |" in page


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (50, 100, 0.4038, 0.5962), (100, 100, 0.9630, 1.0)],
)
def test_intervals_by_hand(right: int, total: int, low: float, high: float):
    assert by_hand.wilson(right, total) == pytest.approx((low, high), abs=5e-5)


@settings(deadline=None)
@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share_and_mirrors(counts):
    right, total = counts
    low, high = by_hand.wilson(right, total)
    assert 0 <= low <= right / total + 1e-12
    assert right / total - 1e-12 <= high <= 1
    assert by_hand.wilson(total - right, total) == pytest.approx((1 - high, 1 - low), abs=1e-12)
