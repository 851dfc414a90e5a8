"""What pronouns and "our model" stand for, and that in doubt nothing is resolved."""

from __future__ import annotations

import pytest

from synth.claims import find_claims
from tests.claims.helpers import passage


def treatments(*sentences: str, sections: tuple[str, ...] = ()) -> list[list[str]]:
    """Treatments of the findings of each sentence, in order."""
    places = sections or ("results",) * len(sentences)
    passages = [passage(s, p, n) for n, (s, p) in enumerate(zip(sentences, places, strict=True))]
    found = {c.passage.order: c for c in find_claims(passages)}
    return [[p.treatment for p in found[n].predictions] if n in found else [] for n in range(len(sentences))]


@pytest.mark.parametrize(
    ("before", "sentence", "name"),
    [
        ("XLM-R handles a hundred languages.", "It outperforms mBERT on XNLI by 5 points.", "XLM-R"),
        ("Adapters add few parameters.", "They reduce memory by 40%.", "Adapters"),
        ("We propose ConvKB.", "Our model outperforms TransE on WN18RR.", "ConvKB"),
        ("We introduce a sparse encoder.", "This encoder reduces latency by 20%.", "a sparse encoder"),
        ("We compare distillation and pruning in depth.", "The latter improves accuracy by 2 points.", "pruning"),
    ],
)
def test_what_stands_before_is_named(before: str, sentence: str, name: str):
    assert treatments(before, sentence)[1] == [name]


def test_the_claim_stays_as_printed():
    before, sentence = "XLM-R handles a hundred languages.", "It outperforms mBERT on XNLI by 5 points."
    found = find_claims([passage(before, order=0), passage(sentence, order=1)])
    assert [c.text for c in found] == [sentence]


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ("The experiments took three days.", "It outperforms mBERT on XNLI by 5 points."),
        ("Adapters add few parameters.", "It outperforms mBERT on XNLI by 5 points."),
        ("We train for three days.", "They outperform mBERT on XNLI by 5 points."),
    ],
)
def test_in_doubt_nothing_is_resolved_and_nothing_is_found(before: str, sentence: str):
    assert treatments(before, sentence)[1] == []


def test_nothing_reaches_over_the_border_of_a_section():
    before, sentence = "XLM-R handles a hundred languages.", "It outperforms mBERT on XNLI by 5 points."
    assert treatments(before, sentence, sections=("results", "conclusion"))[1] == []


def test_two_proposals_name_no_model():
    assert treatments("We propose ConvKB.", "We introduce RotatE.", "Our model outperforms TransE on WN18RR.")[2] == [
        "Our model"
    ]


def test_a_pronoun_is_resolved_within_its_sentence():
    assert treatments("Distillation improves accuracy by 2 points, and it reduces latency by 20%.")[0] == [
        "Distillation",
        "Distillation",
    ]
