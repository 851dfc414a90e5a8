"""What follows from printed levels, and whether they are significant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.quantities import Entailment, Kind, compare, read
from synth.quantities.derivation import difference, mean, ratio, share, shifted, total
from synth.quantities.metrics import lower_is_better
from synth.quantities.significance import significant
from synth.quantities.units import MEASURES
from synth.text.lexicon import load_lexicon


def levels(text):
    return read(text, load_lexicon().mentions(text))


def test_differences_ratios_and_sums():
    a, b, c = levels("Scores are 79.2, 65.4 and 69.1.")
    assert (difference(b, a).low, difference(b, a).sign, difference(a, b).sign) == (pytest.approx(13.8), 1, -1)
    assert ratio(a, b).low == pytest.approx(79.2 / 65.4)
    assert mean([a, b, c]).low == pytest.approx(71.2333, abs=1e-4)
    assert total([a, b, c]).low == pytest.approx(213.7)
    assert shifted(a, difference(b, a), -1).low == pytest.approx(65.4)


def test_a_part_of_a_whole():
    part, whole = levels("185 cases of 196 cases")
    assert share(part, whole).low == pytest.approx(94.39, abs=0.01)
    assert share(whole, part) is None


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_a_difference_is_the_change_between_its_ends(first, last):
    one, two = levels(f"{first / 10:.1f}% here, {last / 10:.1f}% there")
    (claimed,) = read(f"it rises from {first / 10:.1f}% to {last / 10:.1f}%")
    assert compare(claimed, difference(one, two)).outcome is Entailment.ENTAILED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the difference (p = 0.012)", True),
        ("the difference (p < 0.001)", True),
        ("the difference (p = 0.21)", False),
        ("the difference (all P > 0.15)", False),
        ("the difference (p < 0.2)", None),
        ("an odds ratio of 1.5 (95% CI, 1.2 to 1.9)", True),
        ("a hazard ratio of 0.73 (95% CI, 0.52 to 1.03)", False),
        ("a mean difference: gains of 3.1 points (95% CI 0.4 to 5.8)", True),
        ("gains of 0.75 points (95% CI -1.33 to 2.84)", False),
        ("an accuracy of 84.5% (95% CI 83.1–85.9)", None),
    ],
)
def test_significance(text, expected):
    found = [significant(q) for q in levels(text)]
    assert found[-1] is expected


def test_lower_is_better_by_name_and_by_word():
    assert all(map(lower_is_better, ("perplexity", "word error rate", "validation loss", "IC50 cost")))
    assert not any(map(lower_is_better, ("accuracy", "F1", "recall")))


def test_units_agree_with_pint():
    pint = pytest.importorskip("pint")
    registry = pint.UnitRegistry()
    bases = {"second": "second", "byte": "byte", "gram": "gram", "litre": "litre", "metre": "metre", "hertz": "hertz"}
    names = {"sec": "second", "secs": "second", "mins": "minute", "hr": "hour", "hrs": "hour", "mcg": "microgram"}
    skipped = {"KB", "t", "tons", "kilobytes", "TiB", "KiB", "MiB", "GiB"}  # decimal here, whatever is written
    checked = 0
    for spelling, (base, factor) in MEASURES.items():
        if base in bases and spelling not in skipped:
            unit = registry.Quantity(1, names.get(spelling, spelling))
            assert unit.to(bases[base]).magnitude == pytest.approx(factor), spelling
            checked += 1
    assert checked > 50


def test_kinds_are_told():
    assert {q.kind for q in levels("392,702 examples, 80.9%, p < 0.05")} == {Kind.COUNT, Kind.LEVEL, Kind.P_VALUE}
