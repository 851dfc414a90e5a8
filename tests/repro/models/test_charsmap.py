import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import normalizers

from repro.models.charsmap import precompiled

CHARACTERS = st.characters(exclude_categories=("Cs",), exclude_characters="\0")


@settings(deadline=None)
@given(st.dictionaries(CHARACTERS, st.text(CHARACTERS, max_size=6), max_size=60), st.lists(CHARACTERS, max_size=20))
def test_every_character_is_replaced_as_the_table_says_and_no_other(table, others):
    normaliser = normalizers.Precompiled(precompiled(table))
    for character in [*table, *others]:
        assert normaliser.normalize_str(character) == table.get(character, character)


def test_every_letter_of_a_text_is_replaced():
    normaliser = normalizers.Precompiled(precompiled({"ﬁ": "fi", "\t": " ", "\x07": ""}))
    assert normaliser.normalize_str("ﬁne\tbe\x07ll, naïve") == "fine bell, naïve"


@pytest.mark.parametrize("table", [{"": "a"}, {"a": "\0"}, {"\0": "a"}])
def test_what_cannot_be_written_down_is_refused(table):
    with pytest.raises(ValueError, match="cannot be replaced"):
        precompiled(table)
