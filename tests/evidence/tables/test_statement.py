"""Figures with their role, comparatives, superlatives and how many settings a claim is about."""

from __future__ import annotations

import pytest

from synth.evidence.tables.rules.cues import Sense
from synth.evidence.tables.statement import FigureRole, Quantifier, Statement


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("XLM-R reaches 80.9% on XNLI.", [("80.9%", FigureRole.LEVEL)]),
        ("XLM-R outperforms mBERT by 14.6 points.", [("14.6 points", FigureRole.CHANGE)]),
        ("an improvement of about 2.4%", [("2.4%", FigureRole.CHANGE)]),
        ("it is 3.2 points higher", [("3.2 points", FigureRole.CHANGE)]),
        ("including +13% on MLQA", [("+13%", FigureRole.CHANGE)]),
        ("beats X by 15.7% and 11.4%", [("15.7%", FigureRole.CHANGE), ("11.4%", FigureRole.CHANGE)]),
        ("is 2.5 times faster", [("2.5 times", FigureRole.FACTOR)]),
        ("on the seven languages", [("seven", FigureRole.COUNT)]),
        ("As Table 3 shows, it reaches 80.9.", [("80.9", FigureRole.LEVEL)]),
    ],
)
def test_roles_of_figures(text: str, roles: list[tuple[str, FigureRole]]):
    assert [(f.quantity.text, f.role) for f in Statement(text).figures] == roles


@pytest.mark.parametrize(
    ("text", "sense"),
    [
        ("A outperforms B.", Sense.BETTER),
        ("A is worse than B.", Sense.WORSE),
        ("A has a lower loss than B.", Sense.LOWER),
        ("A improves over B.", Sense.BETTER),
        ("A improves the F1 of B.", Sense.BETTER),
        ("A has more classes than B.", Sense.HIGHER),
    ],
)
def test_comparatives(text: str, sense: Sense):
    assert [cue.sense for cue in Statement(text).comparatives] == [sense]


def test_superlatives_have_a_rank_and_are_none_of_a_change():
    (cue,) = Statement("A has the second-best F1.").superlatives
    assert (cue.sense, cue.rank) == (Sense.BETTER, 2)
    assert Statement("The largest gain is on X.").superlatives == ()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("on all languages", (Quantifier.ALL, -1, -1)),
        ("on all but two languages", (Quantifier.ALL_BUT, 2, -1)),
        ("in 13 of 15 languages", (Quantifier.COUNT, 13, 15)),
        ("on most tasks", (Quantifier.MOST, -1, -1)),
        ("on average", (Quantifier.AVERAGE, -1, -1)),
        ("A beats B", (Quantifier.NONE, -1, -1)),
    ],
)
def test_quantifiers(text: str, wanted: tuple[Quantifier, int, int]):
    assert Statement(text).quantifier == wanted


def test_what_the_claim_points_to():
    assert Statement("See Tables 2 and 3.").tables == {"2", "3"}
    assert Statement("Figure 3 shows it.").points_to_figure


def test_clauses_and_negation():
    one = Statement("While A is worse than B, C does not outperform D.")
    assert one.text[one.clause_start(40) :].startswith("C does")
    assert one.clause_end(10) == one.text.index(", C")
    assert [one.negated(cue.start) for cue in one.comparatives] == [False, True]
