import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.text.lexicon import load_lexicon
from training.stance import rewriting

DRAW = random.Random(1)


@pytest.mark.parametrize(
    ("sentence", "rewritten"),
    [
        ("We show that tuning on English improves retrieval.", "Tuning on English improves retrieval."),
        ("However, tuning on English improves retrieval.", "Tuning on English improves retrieval."),
        ("Our experimental results indicate that the gain is very small.", "The gain is very small."),
        ("Tuning on English improves retrieval.", None),
    ],
)
def test_the_statement_inside_a_frame(sentence, rewritten):
    assert rewriting.statement(sentence, DRAW) == rewritten


@pytest.mark.parametrize(
    ("sentence", "rewritten"),
    [
        ("Tuning on text improves the retrieval by 2.3 points on average.", "Tuning on text improves the retrieval."),
        (
            "Tuning on English text improves retrieval, which is unexpected.",
            "Tuning on English text improves retrieval.",
        ),
        (
            "The large model improves the retrieval of sentences on Tatoeba.",
            "The large model improves the retrieval of sentences.",
        ),
        ("No model that we tried improves the retrieval of sentences on Tatoeba.", None),
    ],
)
def test_a_weaker_statement_leaves_something_out(sentence, rewritten):
    found = {rewriting.weaker(sentence, random.Random(seed)) for seed in range(20)}
    assert rewritten in found
    assert rewritten is not None or found == {None}


@pytest.mark.parametrize(
    ("rewrite", "sentence", "rewritten"),
    [
        (rewriting.opposite, "Tuning improves retrieval.", "Tuning degrades retrieval."),
        (rewriting.opposite, "Tuning changes retrieval.", None),
        (rewriting.negation, "The gain is small.", "The gain is not small."),
        (rewriting.negation, "The gain is not small.", "The gain is small."),
        (rewriting.negation, "Tuning improves retrieval.", "Tuning does not improve retrieval."),
        (rewriting.negation, "It does not improve retrieval.", "It improve retrieval."),
        (rewriting.exchanged, "BERT outperforms GPT on all tasks.", "GPT outperforms BERT on all tasks."),
        (rewriting.exchanged, "The model learns.", None),
        (rewriting.possibility, "The gain is small.", "The gain may be small."),
        (rewriting.possibility, "Tuning improves retrieval.", "Tuning may improve retrieval."),
        (rewriting.other_number, "It was in 2019.", None),
    ],
)
def test_rewriting_by_rule(rewrite, sentence, rewritten):
    assert rewrite(sentence, DRAW) == rewritten


@given(st.integers(0, 10**7), st.integers(0, 3), st.integers(0, 100))
def test_another_number_is_printed_alike_and_is_another(value, places, seed):
    printed = f"{value / 10**places:,.{places}f}"
    told = rewriting.other_number(f"It is {printed}.", random.Random(seed))
    if told is None:  # what looks like a year is left alone
        assert places == 0
        assert 1900 <= value < 2100
        assert "," not in printed
        return
    number = told.removeprefix("It is ").removesuffix(".")
    assert float(number.replace(",", "")) != float(printed.replace(",", ""))
    assert len(number.partition(".")[2]) == places


def test_another_name_of_the_same_kind():
    rewrite = rewriting.of_another(load_lexicon())
    told = rewrite("Accuracy on MNLI is high.", random.Random(3))
    assert told != "Accuracy on MNLI is high."
    assert told.startswith("Accuracy on ") or told.endswith("on MNLI is high.")
    assert rewrite("Nothing is named.", DRAW) is None


@given(st.text(max_size=200), st.integers(0, 3))
def test_no_text_breaks_a_rule(text, seed):
    for rewrite in (rewriting.statement, rewriting.weaker, rewriting.opposite, rewriting.negation, rewriting.exchanged):
        told = rewrite(text, random.Random(seed))
        assert told is None or told != text
