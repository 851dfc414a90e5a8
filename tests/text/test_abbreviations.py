from hypothesis import given
from hypothesis import strategies as st

from synth.text.abbreviations import abbreviations, long_form


def test_a_bracket_defines_what_stands_before_it():
    text = (
        "We study neural machine translation (NMT) and Masked Language Modelling (MLM), not sentiment (e.g. reviews)."
    )
    assert abbreviations([text]) == {"NMT": "neural machine translation", "MLM": "Masked Language Modelling"}


def test_the_first_definition_counts_and_plurals_are_one():
    assert abbreviations(["pre-trained language models (PLMs)", "prompt learning methods (PLM)"])["PLM"].startswith(
        "pre-"
    )


def test_letters_have_to_be_there_in_order():
    assert long_form("NMT", "we translate with statistical") == ""
    assert long_form("ITT", "we call it intermediate-task training") == "intermediate-task training"


@given(st.text(max_size=40), st.text(max_size=80))
def test_a_long_form_ends_the_text_before_the_bracket(short, before):
    found = long_form(short, before)
    assert before.endswith(found)
    assert not found or len(found) > len(short)
