"""Nothing that a stranger wrote may reach the terminal as more than letters."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.screening.plain import marked, plain


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        ("a\x1b[2Jb", "ab"),
        ("a\x1b[31;1mred\x1b[0m", "ared"),
        ("a\x1b]0;title\x07b", "ab"),
        ("a\x1b]8;;http://evil\x1b\\click\x1b]8;;\x1b\\", "aclick"),
        ("a\x1bP+q544e\x1b\\b", "ab"),
        ("a\x9b2Jb", "ab"),
        ("a\x1bcb", "ab"),
        ("one\r\ntwo\x08\x08three\x00", "one twothree"),
        ("abc\u202egnp.exe\u202c", "abcgnp.exe"),
        ("zero\u200bwidth\u2066x\u2069", "zerowidthx"),
        ("\u05e9\u05dc\u05d5\u05dd world", "\u05e9\u05dc\u05d5\u05dd world"),
        ("[bold]not markup[/bold]", "[bold]not markup[/bold]"),
        ("a" + "\u0301" * 50, "a" + "\u0301" * 3),
        ("half \ud800 pair", "half pair"),
    ],
)
def test_hostile_texts(hostile, harmless):
    assert plain(hostile) == harmless


@given(st.text())
def test_no_control_or_format_sign_survives(text):
    assert not [c for c in plain(text) if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert plain(plain(text)) == plain(text)


def test_words_of_the_question_are_marked_in_any_inflection():
    pieces = marked("Improved retrieval improves; unimproved does not.", "Does training improve retrieval?")
    assert "".join(text for text, _ in pieces) == "Improved retrieval improves; unimproved does not."
    assert [text for text, hit in pieces if hit] == ["Improved", "retrieval", "improves"]


@given(st.text(), st.text())
def test_marking_changes_no_text(text, question):
    assert "".join(piece for piece, _ in marked(text, question)) == text
