"""Phrases that denote the same thing, and phrases that do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.verify.linking.matching import NEAR_ENOUGH, MatchKind, matched, stems, vocabulary

WORDS = st.lists(st.sampled_from("lexical overlap layer middle pooling margin cosine".split()), min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("phrase", "term", "how"),
    [
        ("the shared encoder", "shared encoder", MatchKind.SAME),
        ("high lexical overlap", "lexical overlap", MatchKind.SAME),
        ("translating the source data", "translated data", MatchKind.SAME),
        ("typologically similar languages", "typological similarity", MatchKind.SAME),
        ("the intermediate tasks", "intermediate-task training", MatchKind.DETAIL),
        ("a bigger model", "larger model", MatchKind.SAME),
        ("mean-pooling in German", "mean pooling", MatchKind.DETAIL),
    ],
)
def test_other_forms_and_neutral_words_leave_a_term_what_it_is(phrase, term, how):
    assert matched(phrase, [term]).how is how


@pytest.mark.parametrize(
    ("phrase", "term"),
    [
        ("pre-training on CommonCrawl", "pre-training"),
        ("training without intermediate tasks", "intermediate tasks"),
        ("low lexical overlap", "lexical overlap"),
        ("fewer candidates", "more candidates"),
        ("more training data", "larger model"),
        ("ANLI", "ANLI+"),
        ("layer 7", "layer 8"),
        ("intermediate layers", "intermediate-task training"),
        ("translation quality", "translated data"),
        ("", "shared encoder"),
    ],
)
def test_another_word_is_another_thing(phrase, term):
    assert matched(phrase, [term]) is None


def test_the_contrasts_own_words_are_harmless_and_listed():
    own = vocabulary(("a shared multilingual encoder", "accuracy on parsing"))
    assert matched("a shared encoder for parsing", ["shared encoder"]) is None
    assert matched("a shared encoder for parsing", ["shared encoder"], own=own).extra == ("pars",)


def test_a_word_that_a_phrase_leaves_out_may_stand_elsewhere_in_the_claim():
    around = frozenset(stems("Performance improves with similarity of linguistic structures."))
    found = matched("similarity", ["linguistic similarity"], around=around)
    assert (found.how, found.assumed) == (MatchKind.ASSUMED, ("linguist",))
    assert matched("similarity", ["linguistic similarity"]) is None
    assert matched("linguistic", ["linguistic similarity"], around=around) is None  # says nothing of what


def test_the_encoder_is_asked_only_where_no_words_decide():
    own = vocabulary(("sharing of subwords", "lexical overlap"))

    def found(phrase, cosine):
        return matched(phrase, ["lexical overlap"], own=own, near=lambda a, b: cosine)

    assert found("lexical sharing", NEAR_ENOUGH).how is MatchKind.MEANING
    assert found("lexical sharing", NEAR_ENOUGH - 0.01) is None
    # However near: a name, a negation, a comparative or a word that the contrast does not use is another thing.
    for phrase in (
        "lexical sharing with SQuAD",
        "no lexical sharing",
        "less lexical sharing",
        "lexical items",
        "sharing",
    ):
        assert found(phrase, 0.99) is None


@given(WORDS)
def test_a_phrase_denotes_itself(words):
    phrase = " ".join(words)
    found = matched(phrase, [phrase])
    assert (found.how, found.score) == (MatchKind.SAME, 1.0)


@given(WORDS, WORDS)
def test_words_decide_whatever_their_order(words, more):
    one, other = " ".join(words), " ".join(reversed(words))
    assert (matched(one, [" ".join(more)]) is None) == (matched(other, [" ".join(more)]) is None)
