"""Damage to a good workspace or its report costs the reviewer in charge, and the total; no damage costs nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import planted as table
from synth.core.settings import Settings
from synth.report.quality import quality
from synth.report.review import ReviewCase, ReviewResult, gather
from synth.report.review.rubric import BREACHED
from tests.report.review.planted import DAMAGES, HARMLESS, Damage, damaged

PAGE = Path(__file__).parents[3] / "docs" / "reviewers.md"


@pytest.fixture(scope="module")
def before(case: ReviewCase) -> dict[str, ReviewResult]:
    return {found.reviewer: found for found in gather.reviewed(case, Settings())}


def check(found: ReviewResult, name: str) -> dict:
    return next(row for row in found.checks if row.name == name)


def test_the_good_workspace_is_good(before):
    assert sorted(before) == [
        "calibration",
        "completeness",
        "grounding",
        "reporting",
        "reproduction",
        "statistics",
        "usefulness",
    ]
    assert all(found.score > 9 for found in before.values())
    assert not [row for found in before.values() for row in found.checks if row.breach]
    found = quality(list(before.values()))
    assert (found.agreement.alpha, found.agreement.raters, found.agreement.units) == (pytest.approx(1), 5, 12)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda d: d.name)
def test_damage_costs_the_reviewer_in_charge_and_the_total(good, before, tmp_path, damage: Damage):
    after = {r.reviewer: r for r in gather.reviewed(damaged(good, tmp_path / "copy", damage.do), Settings())}
    mine, was = after[damage.reviewer], before[damage.reviewer]
    assert check(mine, damage.check).points < check(was, damage.check).points
    assert check(mine, damage.check).evidence != check(was, damage.check).evidence
    assert was.score - mine.score >= damage.margin
    totals = [quality(list(reviews.values())) for reviews in (before, after)]
    assert totals[0].mean - totals[1].mean >= damage.total
    assert check(mine, damage.check).breach == damage.breach
    assert not damage.breach or mine.score <= BREACHED
    assert damage.check in [one.check for one in totals[1].deciding if one.reviewer == damage.reviewer]
    # It is the damage that is noticed: no reviewer likes the report better for it.
    # One that has nothing to check any more says nothing.
    assert all(after[name].score is None or after[name].score <= found.score + 1e-9 for name, found in before.items())


@pytest.mark.parametrize("change", HARMLESS, ids=lambda f: f.__name__)
def test_what_is_no_damage_costs_nothing(good, before, tmp_path, change):
    after = gather.reviewed(damaged(good, tmp_path / "copy", change), Settings())
    for found in after:
        assert found.score >= before[found.reviewer].score - 1e-9, [r for r in found.checks if r.lost]
        assert not [row for row in found.checks if row.breach]


def test_the_page_has_the_table_of_every_damage():
    """The numbers are those of the last `python -m benchmarks.planted --write`; the margins are today's."""
    text = PAGE.read_text(encoding="utf-8").partition("<!-- planted -->")[2].partition("<!-- /planted -->")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    assert rows[0] == table.HEAD
    told = {row[0]: row for row in rows[2:] if len(row) == len(table.HEAD)}
    assert set(told) >= {damage.name for damage in DAMAGES}
    for damage in DAMAGES:
        row = told[damage.name]
        assert row[1] == damage.reviewer
        assert float(row[2]) - float(row[3]) >= damage.margin - 0.01
        assert float(row[5]) - float(row[6]) >= damage.total - 0.01
