"""Author fields as people write them, and what entries inherit from entries that inherit."""

# ruff: noqa: E501 (cases stand on one line each)
from __future__ import annotations

import pytest

from synth.sources.formats import bibtex


def read(author: str) -> tuple[list[str], list[str]]:
    [record], warnings = bibtex.read(f"@article{{key, title = {{A title}}, author = {{{author}}}}}")
    return list(record.authors), warnings


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Lokhorst, Gert-Jan and family=Hoven, given=Jeroen, prefix=van den, useprefix=true", ["Gert-Jan Lokhorst", "Jeroen van den Hoven"]),
        ("given=Hans, family=Harman and given=Simon, prefix=de, family=Beumont", ["Hans Harman", "Simon de Beumont"]),
        ("family=Hasselt, given=Hado P., prefix=van useprefix=false and Guez, Arthur", ["Hado P. van Hasselt", "Arthur Guez"]),
        ('"family={Robert and Sons, Inc.}" and given={Jean Pierre}, given-i=JP, family=Doe, suffix=Jr.', ["Robert and Sons, Inc.", "Jean Pierre Doe Jr."]),
        ("Smith, J. and Doe, J. et al.", ["J. Smith", "J. Doe"]),
        ("Smith, J., et al.", ["J. Smith"]),
        ("Smith, J. and {et al.}", ["J. Smith"]),
        ("Smith, J. and", ["J. Smith"]),
        ("and Smith, J. and ", ["J. Smith"]),
        ("Doe, J., Jr.", ["J. Doe Jr."]),
        ("{Johnson & Johnson} and Procter \\& Gamble", ["Johnson & Johnson", "Procter & Gamble"]),
        ("de Souza, Ana Maria and Garc{\\'\\i}a M{\\'a}rquez, Gabriel", ["Ana Maria de Souza", "Gabriel García Márquez"]),
        ("Anderson, Sandy and Andrand, A.", ["Sandy Anderson", "A. Andrand"]),
    ],
)  # fmt: skip
def test_names_by_the_rules_and_a_little_beside_them(author, names):
    assert read(author) == (names, [])


@pytest.mark.parametrize(
    ("author", "names", "sign"),
    [
        ("Smith, J. & Doe, J.", ["J. Smith", "J. Doe"], "&"),
        ("John Smith \\& Jane Doe", ["John Smith", "Jane Doe"], "&"),
        ("Smith, J., Doe, J., and Roe, R.", ["J. Smith", "J. Doe", "R. Roe"], "commas"),
        ("J. Smith, J. Doe and R. Roe", ["J. Smith", "J. Doe", "R. Roe"], "commas"),
        ("Wilshut E, Rinkenauer G", ["Wilshut E", "Rinkenauer G"], "commas"),
    ],
)
def test_lists_that_bibtex_does_not_know_are_parted_with_a_word(author, names, sign):
    authors, warnings = read(author)
    assert authors == names
    assert len(warnings) == 1
    assert f"parted by {sign} instead of `and`" in warnings[0]


def years(text: str) -> dict[str, int | None]:
    records, warnings = bibtex.read(text)
    assert warnings == []
    return {record.title: record.year for record in records}


@pytest.mark.parametrize("turned", [False, True])
def test_what_a_parent_inherits_its_children_inherit(turned):
    entries = [
        "@incollection{a, title = {Child}, author = {A B}, crossref = {book}}",
        "@book{book, title = {Book}, crossref = {SET}}",
        "@mvbook{set, title = {Set}, date = {1999}}",
        "@article{x, title = {Data}, xdata = {one}}",
        "@xdata{one, xdata = {two}}",
        "@xdata{two, year = 1988, author = {Q R}}",
    ]
    found = years("\n".join(reversed(entries) if turned else entries))
    assert found == {"Child": 1999, "Book": 1999, "Set": 1999, "Data": 1988}


def test_entries_that_refer_to_each_other_end():
    circle = "@book{a, title = {A}, crossref = {b}}\n@book{b, title = {B}, crossref = {a}, year = 2001}\n@book{c, title = {C}, crossref = {c}}"
    assert years(circle) == {"A": 2001, "B": 2001, "C": None}
