"""Signs, dots and fractions as publishers set them, which look like those of a keyboard and are others."""

from __future__ import annotations

import pytest

from synth.quantities import Kind, read


@pytest.mark.parametrize("minus", ["-", "\u2010", "\u2011", "\u2012", "\u2212", "\ufe63", "\uff0d", "\u2796"])
def test_every_minus_lowers(minus):
    [found] = read(f"The loss changed by {minus}2.5 points.")
    assert found.printed == -2.5
    assert found.kind is Kind.CHANGE


@pytest.mark.parametrize("hyphen", ["\u2010", "\u2011"])
def test_a_hyphen_between_two_figures_is_no_minus(hyphen):
    [found] = read(f"It rose by 3{hyphen}5 points.")
    assert (found.low, found.high) == (3, 5)


@pytest.mark.parametrize("dot", ["·", "\u2219", "\u22c5", "\u2027"])
def test_a_raised_dot_parts_decimals(dot):
    text = f"The rate fell by 12{dot}5%."
    [found] = read(text)
    assert (found.low, found.unit) == (12.5, "%")
    assert text[found.start : found.end] == f"12{dot}5%"
    assert [item.low for item in read(f"at 2{dot}10^3 steps")] == [2000]


def test_the_unit_behind_a_spread_is_the_figure_s():
    assert [(item.low, item.unit) for item in read("an accuracy of 84.5±0.3%")] == [(84.5, "%")]
    assert [(item.low, item.unit) for item in read("an accuracy of 84.5 ± 0.3 points")] == [(84.5, "points")]


@pytest.mark.parametrize(("text", "value"), [("by 2½ points", 2.5), ("by 3¾ points", 3.75), ("by 12⅓%", 12.333333333)])
def test_fractions_of_one_character_are_no_small_print(text, value):
    assert [item.low for item in read(text)] == [value]
