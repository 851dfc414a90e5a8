"""A sentence is read once, whoever asks for it; one reading tells how far its words leave open what it says."""

from __future__ import annotations

import pytest

from synth.claims.analysed import Hedge, analysed
from synth.text.lexicon import Lexicon


def test_a_sentence_is_analysed_once():
    first = analysed("XLM-R reaches 80.1 F1 on XQuAD.")
    assert analysed("XLM-R reaches 80.1 F1 on XQuAD.") is first
    assert first.quantities is first.quantities
    assert analysed(first.text, Lexicon({})) is not first


def test_a_name_that_the_lexicon_knows_hides_its_digits():
    sentence = analysed("Models trained on CoNLL 2003 gain 2 points.")
    assert [q.printed for q in sentence.quantities] == [2.0]
    assert "CoNLL-2003" in sentence.named
    assert {"conll", "2003"} & sentence.names


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        ("A improves B.", Hedge.NONE),
        ("A may improve B.", Hedge.POSSIBLE),
        ("We ask whether A improves B.", Hedge.SUPPOSED),
        ("Does A improve B?", Hedge.SUPPOSED),
        ("If A improves B, C might as well.", Hedge.POSSIBLE),
    ],
)
def test_hedges(text, hedge):
    assert analysed(text).hedge is hedge
