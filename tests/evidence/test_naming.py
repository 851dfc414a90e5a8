import pytest

from synth.evidence.naming import Naming, opposed_senses


def naming(cosine=0.0, ours=None, theirs=None, same_paper=False):
    return Naming(lambda one, other: cosine, ours or {}, theirs or {}, same_paper)


def likeness(one, other, **known):
    by = naming(**known)
    return by.likeness(by.claimed(one), by.stated(other))


def test_spellings_of_one_name_are_one_thing():
    assert likeness("XLM-R", "XLM-RoBERTa") == 1.0
    assert likeness("multilingual training", "the multilingual training") == 1.0


def test_two_words_may_be_written_as_one():
    assert likeness("backtranslation", "back-translation") == 1.0
    assert likeness("back translation", "backtranslation") == 1.0


def test_an_abbreviation_of_either_paper_is_spelt_out():
    short = {"ITT": "intermediate-task training"}
    assert likeness("ITT", "intermediate-task training", ours=short) == 1.0
    assert likeness("intermediate-task training", "ITT", theirs=short) == 1.0
    assert likeness("ITT", "intermediate-task training") == likeness("intermediate-task training", "ITT")


def test_each_paper_means_its_own_definition():
    known = naming(ours={"CL": "curriculum learning"}, theirs={"CL": "contrastive learning"})
    assert known.likeness(known.claimed("CL"), known.stated("CL")) < 1.0


def test_different_names_are_different_things_however_near():
    assert likeness("pruning mBERT", "pruning XLM-R", cosine=0.99) == 0.0


def test_our_model_is_nothing_that_another_paper_speaks_of():
    assert likeness("our model", "our model", cosine=1.0) == 0.0
    assert likeness("the proposed approach", "our approach", cosine=1.0) == 0.0
    assert likeness("our model", "our model", same_paper=True) == 1.0


def test_generic_words_alone_say_little():
    assert likeness("performance", "performance") <= 0.5
    assert likeness("translation quality", "performance") < likeness("translation quality", "quality of translation")


def test_meaning_counts_where_words_differ():
    assert likeness("backtranslated text", "synthetic parallel sentences", cosine=0.9) == 1.0
    assert likeness("backtranslated text", "synthetic parallel sentences", cosine=0.3) == 0.0


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("similar languages", "distant languages", True),
        ("similar languages", "closely related languages", False),
        ("larger models", "smaller models", True),
        ("training data", "lack of training data", True),
        ("context", "without context", True),
        ("training data", "more training data", False),
    ],
)
def test_words_of_opposite_sense(one, other, expected):
    known = naming()
    assert opposed_senses(known.claimed(one), known.stated(other)) is expected
    assert opposed_senses(known.claimed(other), known.stated(one)) is expected


@pytest.mark.parametrize("text", ["", "(", "the", "a" * 10_000, "$ \\rho", "‏"])
def test_any_phrase_is_read(text):
    known = naming(ours={"(": "x"})
    assert 0.0 <= known.likeness(known.claimed(text), known.stated("the accuracy")) <= 1.0
