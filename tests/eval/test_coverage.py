import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.eval.scifact.coverage import CoveragePoint, area, at, curve

JUDGED = [(0.9, True), (0.6, False), (0.8, True), (0.6, True)]


def test_the_curve_by_hand():
    assert curve(JUDGED) == [CoveragePoint(0.9, 0.25, 0.0), CoveragePoint(0.8, 0.5, 0.0), CoveragePoint(0.6, 1.0, 0.25)]


def test_the_area_by_hand():
    assert area(curve(JUDGED)) == pytest.approx(0.5 * 0.25)
    assert math.isnan(area([]))


def test_the_point_at_a_coverage():
    assert at(curve(JUDGED), 0.5) == CoveragePoint(0.8, 0.5, 0.0)
    assert at(curve(JUDGED), 0.51) == CoveragePoint(0.6, 1.0, 0.25)
    assert at([], 0.5) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_all_answers_together_are_wrong_as_often_as_they_are(judged):
    points = curve(judged)
    assert points[-1].coverage == 1.0
    assert points[-1].risk == pytest.approx(sum(not right for _, right in judged) / len(judged))
    assert [p.coverage for p in points] == sorted(p.coverage for p in points)
    assert 0 <= area(points) <= 1 + 1e-9
