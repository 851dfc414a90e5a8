"""Entailment between two quantities, by hand-computed pairs and by properties."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.quantities import Comparator, Entailment, Kind, Quantity, compare, read
from synth.quantities.comparison import complement
from synth.quantities.outcome import INCOMPARABLE
from synth.text.lexicon import load_lexicon

E, C, N = Entailment.ENTAILED, Entailment.CONTRADICTED, Entailment.NEITHER


def one(text: str) -> Quantity:
    (found,) = read(text, load_lexicon().mentions(text))
    return found


def outcome(claimed: str, stated: str) -> Entailment:
    return compare(one(claimed), one(stated)).outcome


@pytest.mark.parametrize(
    ("claimed", "stated", "expected"),
    [
        # One level in three scales.
        ("The accuracy is 0.87.", "The accuracy is 87%.", E),
        ("The F1 is 87.0.", "The F1 is 0.87.", E),
        ("The accuracy is 0.87.", "The accuracy is 78%.", C),
        ("It has 560M parameters.", "It has 0.56B parameters.", E),
        ("It took 250k steps.", "It took 250,002 steps.", E),
        ("It took 90 minutes.", "It took 1.5 hours.", E),
        ("It took 90 minutes.", "It took 90 MB.", N),
        # Bounds.
        ("It has more than 100 languages.", "It has 104 languages.", E),
        ("It has more than 100 languages.", "It has 100 languages.", C),
        ("It has 104 languages.", "It has more than 100 languages.", N),
        ("It has at least 100 languages.", "It has 93 languages.", C),
        ("It has more than 50 languages.", "It has more than 100 languages.", E),
        ("At least four fifths of it is read.", ">85% of it is read.", E),
        ("It gains up to 10.2 points.", "It gains 10.2 points.", E),
        ("It gains up to 10.2 points.", "It gains 3.1 points.", N),
        ("It gains up to 10.2 points.", "It gains 12.4 points.", C),
        ("It gains 10.2 points.", "It gains up to 10.2 points.", N),
        ("The share is about 40%.", "The share is 38.4%.", E),
        ("The share is about 40%.", "The share is 36%.", N),
        ("The share is about 40%.", "The share is 20%.", C),
        ("It takes more than 27 months.", "It takes about 27 months.", N),
        ("It has fewer than two heads.", "It has two heads.", C),
        ("The share is more than 3%.", "The share is 2.8%.", C),
        ("The share is more than 2.8%.", "The share is 3%.", N),  # 3 stands for 2.5 to 3.5
        ("It has more than 2.8 million heads.", "It has 3.1 million heads.", E),
        ("The error falls by more than 3%.", "The error falls from 10 to 7.2.", N),  # 28 % of it, 2.8 points
        ("Half of it is read.", "48.3% of it is read.", E),
        ("Seven in a hundred are read.", "7.2% of it is read.", E),
        ("It is up to a factor of 2.3 faster.", "It is 2.5 times faster.", C),
        # Ranges.
        ("The gain is between 3 and 5 points.", "The gain is 5.2 points.", N),  # rounds to an end
        ("The gain is between 3 and 5 points.", "The gain is 5.7 points.", C),
        ("The gain is between 3 and 5 points.", "The gain is 4.2 points.", E),
        ("The gain is 4.2 points.", "The gain is between 3 and 5 points.", N),
        ("The gain is 7.0 points.", "The gain is between 3 and 5 points.", C),
        ("Fewer than 90% of it is read.", "Between 90% and 94% of it is read.", C),
        # Changes and factors.
        ("Accuracy rises by 48.8 points.", "Accuracy rises from 31.0 to 79.8.", E),
        ("Accuracy rises by more than 3 points.", "Accuracy rises from 71.2% to 74.4%.", E),
        ("Accuracy rises by 40 points.", "Accuracy rises from 31.0 to 79.8.", C),
        ("Accuracy rises by 48.8 points.", "Accuracy falls from 79.8 to 31.0.", C),
        ("The error falls by 20% relative.", "The error falls from 10.0% to 8.0%.", E),
        ("It is twice as large.", "It is 2 times as large.", E),
        ("It doubles.", "It increases by 100%.", E),
        ("Memory use is halved.", "Memory use falls by 50%.", E),
        ("It doubles.", "It rises from 100 to 200.", E),
        ("Accuracy rises by 5 points.", "Accuracy is 5%.", N),
        ("The odds rise by 65%.", "The odds ratio is 1.65.", E),
        ("The risk more than doubles.", "The relative risk is 2.28.", E),
        # Metrics.
        ("The accuracy is 88.2%.", "The error rate is 11.8%.", E),
        ("The error rate is 12%.", "The accuracy is 85.2%.", C),
        ("The F1 is 76.1.", "The perplexity is 76.1.", N),
        ("Dropout improves perplexity by 2 points.", "Dropout lowers perplexity by 2 points.", E),
        # Significance.
        ("It holds at p < 0.05.", "It holds (p = 0.012).", E),
        ("It holds at p < 0.05.", "It holds (p = 0.21).", C),
        ("It holds (p = 0.012).", "It holds at p < 0.05.", N),
        ("The correlation is r = 0.62.", "The correlation is r = −0.62.", C),
        # Shares of those who did not.
        ("Fewer than one in five achieved it.", "81.2% did not achieve it.", E),
    ],
)
def test_pairs_computed_by_hand(claimed, stated, expected):
    assert outcome(claimed, stated) is expected


# ------------------------------------------------------------------------------------------------- properties

values = st.integers(-10_000, 10_000).map(lambda v: v / 10)
positive = st.integers(1, 10_000).map(lambda v: v / 10)
LEVELS = (Kind.LEVEL, Kind.COUNT, Kind.COEFFICIENT, Kind.P_VALUE, Kind.DURATION, Kind.RATIO)


def quantity(value, kind=Kind.LEVEL, comparator=Comparator.EXACT, unit="", high=None):
    return Quantity(value, value if high is None else high, 0.1, unit, kind, comparator, "", 0, 1, f"{value}")


kinds = st.sampled_from([*LEVELS, Kind.CHANGE, Kind.RELATIVE_CHANGE, Kind.FACTOR])
comparators = st.sampled_from(Comparator)


@given(positive, kinds, comparators)
def test_every_quantity_entails_itself(value, kind, comparator):
    same = quantity(value, kind, comparator, "%" if kind is Kind.RELATIVE_CHANGE else "")
    assert compare(same, same).outcome is E


@given(positive, positive, st.sampled_from([*LEVELS, Kind.CHANGE, Kind.FACTOR]))
def test_points_are_symmetric(a, b, kind):
    one_, other = quantity(a, kind), quantity(b, kind)
    assert compare(one_, other).outcome is compare(other, one_).outcome


@given(positive, positive, comparators, comparators)
def test_a_contradiction_holds_both_ways(a, b, first, second):
    """What no value can make true together, no order of the two makes true.

    Left out: a maximum, which is no bound on the others; "100" beside "more than 100", which may be 100 rounded.
    """
    extremes = {Comparator.UP_TO, Comparator.DOWN_TO}
    if {first, second} & extremes or a == b:
        return
    one_, other = quantity(a, comparator=first), quantity(b, comparator=second)
    if compare(one_, other).outcome is C:
        assert compare(other, one_).outcome is C


@given(positive, positive, positive)
def test_bounds_are_monotone(low, high, value):
    """Whatever is more than the higher bound is more than the lower; and the other way round for "less than"."""
    low, high = sorted((low, high))
    stated = quantity(value)
    for comparator, weak, strong in ((Comparator.MORE, low, high), (Comparator.LESS, high, low)):
        if compare(quantity(strong, comparator=comparator), stated).outcome is E:
            assert compare(quantity(weak, comparator=comparator), stated).outcome is E
        if compare(quantity(weak, comparator=comparator), stated).outcome is C:
            assert compare(quantity(strong, comparator=comparator), stated).outcome is C


@given(positive, positive, comparators)
def test_at_least_is_weaker_than_more_than(bound, value, comparator):
    stated = quantity(value, comparator=comparator)
    if compare(quantity(bound, comparator=Comparator.MORE), stated).outcome is E:
        assert compare(quantity(bound, comparator=Comparator.AT_LEAST), stated).outcome is E


@given(st.integers(1000, 9999), st.integers(0, 2))
def test_a_number_agrees_with_itself_printed_shorter(value, places):
    long, short = f"{value / 100:.2f}", f"{value / 100:.{places}f}"
    told = [f"The accuracy is {printed}%." for printed in (long, short)]
    assert outcome(*told) is outcome(*reversed(told)) is E


@given(st.integers(1000, 9999), st.integers(1, 2))
def test_one_unit_of_the_last_digit_apart_is_another_number(value, places):
    near, far = (f"The accuracy is {v / 10**places:.{places}f}%." for v in (value, value + 1))
    assert outcome(near, far) is outcome(far, near) is C


@given(st.integers(1000, 9999))
def test_error_rate_is_what_accuracy_lacks(value):
    claim = f"The accuracy is {value / 100:.2f}%."
    assert outcome(claim, f"The error rate is {100 - value / 100:.2f}%.") is E
    assert outcome(claim, f"The error rate is {100 - value / 100 + 0.5:.2f}%.") is C


@given(positive, comparators)
def test_the_complement_of_the_complement_is_the_share(value, comparator):
    share = replace(quantity(value % 100, unit="%", comparator=comparator), metric="accuracy")
    back = complement(complement(share))
    assert (back.low, back.metric, back.comparator) == (pytest.approx(share.low), share.metric, share.comparator)


@given(st.integers(0, 999), st.integers(2, 999), st.sampled_from([-1, 0, 1]))
def test_both_ends_of_a_change_give_its_size_within_their_rounding(start, size, off):
    ends = f"Accuracy rises from {start / 10:.1f} to {(start + size + off) / 10:.1f}."
    assert outcome(f"Accuracy rises by {size / 10:.1f} points.", ends) is E
    assert outcome(f"Accuracy falls by {size / 10:.1f} points.", ends) is C
    # A size does not tell where the change began.
    assert outcome(ends, f"Accuracy rises by {size / 10:.1f} points.") is N


@given(values, values, kinds, kinds, st.sampled_from(["", "%", "points", "second"]), st.sampled_from(["", "%", "gram"]))
def test_what_cannot_be_compared_has_a_reason(a, b, first, second, one_unit, other_unit):
    found = compare(quantity(a, first, unit=one_unit), quantity(b, second, unit=other_unit))
    assert found.comparable or found.outcome is N
    assert found.comparable == (found.reason not in INCOMPARABLE)
