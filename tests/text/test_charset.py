"""Text files in any encoding: right letters, and a warning for what was guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.text.charset import decoded

TEXTS = {
    "German": "author = {Müller, Jörg}, title = {Größere Wörterbücher}",
    "French": "Le café au lait à Paris – élèves français",
    "Spanish": "José García niño año",
    "Swedish": "Ångström, Åsa and Sjölander",
    "Icelandic": "Sigurðsson, Þór",
}


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "mac_roman"])
def test_western_text(language, encoding):
    try:
        content = TEXTS[language].encode(encoding)
    except UnicodeEncodeError:
        pytest.skip("not in this encoding")
    text, [warning] = decoded(content)
    assert text == TEXTS[language]
    assert "no UTF-8; read as" in warning


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Łukasz Żółć źródło gęś", "cp1250"),
        ("Dvořák: Příliš žluťoučký kůň", "cp1250"),
        ("Иванов Иван, Модели языка и перевода", "cp1251"),
        ("Иванов Иван, Модели языка и перевода", "koi8_r"),
        ("日本語の言語モデルについて", "shift_jis"),
    ],
)
def test_other_text(text, encoding):
    assert decoded(f"title = {{{text}}}".encode(encoding))[0] == f"title = {{{text}}}"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_needs_no_warning(encoding):
    assert decoded(TEXTS["German"].encode(encoding)) == (TEXTS["German"], [])


def test_a_file_of_two_encodings_and_a_damaged_one():
    assert decoded("Müller\n".encode() + "Jörg\nx".encode("latin-1")) == (
        "Müller\nJörg\nx",
        ["line 2: no UTF-8; read as Windows-1252: look at letters with accents"],
    )
    text, [warning] = decoded("äöü é".encode()[:-1] + b"\nx")
    assert text == "äöü \ufffd\nx"
    assert warning == "line 1: damaged characters, shown as \ufffd"


def test_what_the_file_says_of_itself_counts():
    assert decoded("% Encoding: ISO-8859-2\nGłowacki ą".encode("iso8859-2"))[0].endswith("Głowacki ą")


@given(st.binary(max_size=200))
def test_any_bytes(content):
    text, _ = decoded(content)
    text.encode("utf-8", "surrogatepass")
    assert (
        not text.startswith("\ufeff") or content.count(b"\xef\xbb\xbf") > 1 or b"\xfe" in content or b"\xff" in content
    )
