"""The words that leave a claim open, and how far they reach."""

from __future__ import annotations

import pytest

from synth.claims import load_lexicon, predictions, same_claim
from synth.core.types import ClaimDraft, ClaimKind
from tests.claims.helpers import passage


def hedges(text: str) -> list[str]:
    return [p.hedge for p in predictions(text, load_lexicon())]


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        ("Intermediate-task training may improve accuracy on Tatoeba.", "may"),
        ("Intermediate-task training might improve accuracy on Tatoeba.", "might"),
        ("Intermediate-task training can improve accuracy on Tatoeba by 3 points.", "can"),
        ("Our results suggest that intermediate-task training improves accuracy on Tatoeba.", "suggest"),
        ("This suggests, for most languages, that larger models outperform smaller ones.", "suggests"),
        ("We hypothesize that larger models outperform smaller ones on XNLI.", "hypothesize"),
        ("It seems that larger models outperform smaller ones on XNLI.", "seems"),
        ("It is likely that larger models outperform smaller ones on XNLI.", "likely"),
        ("Perhaps larger models outperform smaller ones on XNLI.", "perhaps"),
        ("Larger models seem to outperform smaller ones on XNLI.", "seem"),
        ("Larger models possibly outperform smaller ones on XNLI.", "possibly"),
        ("The ensemble may achieve an accuracy of 83.6% on XNLI.", "may"),
        ("Retrieval accuracy may be correlated with syntactic distance from English.", "may"),
    ],
)
def test_a_hedge_is_kept_as_printed(text: str, hedge: str):
    assert hedges(text) == [hedge]


@pytest.mark.parametrize(
    "text",
    [
        "Our results show that intermediate-task training improves accuracy on Tatoeba.",
        "Intermediate-task training cannot improve accuracy on Tatoeba.",
        "Intermediate-task training can not improve accuracy on Tatoeba.",
        "As can be seen in the table, larger models outperform smaller ones on XNLI.",
        "The suggested model that we train outperforms mBERT on XNLI.",
        "As expected, larger models outperform smaller ones on XNLI.",
        "We believed that size hardly matters, but we find that larger models outperform smaller ones on XNLI.",
    ],
)
def test_what_is_asserted_outright_has_no_hedge(text: str):
    assert set(hedges(text)) == {""}


def test_a_hedge_changes_nothing_else():
    (plain,) = predictions("Larger models outperform mBERT on XNLI by 3.1 points.", load_lexicon())
    (hedged,) = predictions("Larger models may outperform mBERT on XNLI by 3.1 points.", load_lexicon())
    assert (plain.hedge, hedged.hedge) == ("", "may")
    assert (plain.treatment, plain.direction, plain.value, plain.unit) == (
        hedged.treatment,
        hedged.direction,
        hedged.value,
        hedged.unit,
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Adapters may improve accuracy on XNLI and reduce accuracy on BUCC.", ["may", "may"]),
        ("Adapters may improve accuracy on XNLI, outperforming mBERT by 2 points.", ["may", "may"]),
        ("Adapters may improve accuracy on XNLI, whereas distillation reduces accuracy on BUCC.", ["may", ""]),
        ("Adapters may improve accuracy on XNLI and reduces accuracy on BUCC.", ["may", ""]),
    ],
)
def test_how_far_a_hedge_reaches(text: str, wanted: list[str]):
    assert hedges(text) == wanted


def test_could_and_would_assert_nothing():
    assert hedges("Accuracy on XNLI could be improved.") == []
    assert hedges("A larger corpus would improve accuracy on XNLI.") == []


def test_a_hedged_claim_is_not_its_assertion():
    def draft(text: str) -> ClaimDraft:
        return ClaimDraft(text, ClaimKind.EFFECT, 0.5, predictions(text, load_lexicon()), passage(text))

    assert not same_claim(
        draft("Adapters can improve accuracy on XNLI by 3 points."),
        draft("Adapters improve accuracy on XNLI by 3 points."),
    )
