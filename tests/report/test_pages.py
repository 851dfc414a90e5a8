"""Page breaks: headings, captions, pictures and short tables stand with what belongs to them."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.core.errors import SynthError
from synth.report.formats.pdf import NOTHING
from synth.report.pages import LINE, _lost, better_end, laid_out

PAPER, INSIDE = (595.0, 842.0), (56.0, 54.0, 539.0, 780.0)


def place(id: str, top: float, foot: float, heading: int = 0) -> SimpleNamespace:
    return SimpleNamespace(id=id, heading=heading, rect=(56.0, top, 539.0, foot))


def pages(body: str) -> tuple[Any, dict[str, Any]]:
    document, positions = laid_out(f'<html><body>{body}<p id="end">.</p></body></html>', PAPER, INSIDE)
    return document, {position.id: position for position in positions if position.id}


@pytest.mark.parametrize("before", range(18, 36))
def test_a_heading_stands_above_what_it_is_of(before: int) -> None:
    """Wherever it would come to stand; a picture does not go on, as text does."""
    picture = f'<div id="keep-1"><img src="{NOTHING}" width="300" height="200"></div><p>x</p>'
    document, found = pages("<p>text</p>" * before + f'<h2 id="one">One</h2><h3 id="two">Two</h3>{picture}')
    two = found["two"]
    assert [b for b in document[two.page_num - 1].get_text("blocks") if b[3] > two.rect[3] + 4]
    assert found["one"].page_num == two.page_num


@pytest.mark.parametrize("before", range(18, 36))
def test_a_short_table_is_on_one_page_with_its_caption(before: int) -> None:
    rows = "".join(f"<tr><td>row{n}</td></tr>" for n in range(8))
    document, found = pages(
        "<p>text</p>" * before + f'<div id="keep-1"><p id="lead-2">Cap</p><table>{rows}</table></div>'
    )
    text = document[found["keep-1"].page_num - 1].get_text()
    assert [f"row{n}" in text for n in range(8)] == [True] * 8
    assert "Cap" in text
    assert document.page_count <= 2


@pytest.mark.parametrize("before", [0, 1, 2, 3, 5, 8])
def test_rows_are_told_once_wherever_pages_end(before: int) -> None:
    """MuPDF loses rows, or begins again for ever, where a page ends between two rows or with the last of them."""
    for rows in range(25, 46):
        table = "".join(f"<tr><td>row{n}.</td></tr>" for n in range(rows))
        document, _ = pages(
            "<p>text</p>" * before + f"<div><table>{table}</table></div><h2 id='next'>Next</h2><p>after</p>"
        )
        words = "".join(page.get_text() for page in document).split()
        assert [words.count(f"row{n}.") for n in range(rows)] == [1] * rows, rows
        assert (words.count("Next"), words.count("after")) == (1, 1), rows
        assert document.page_count <= 3


def test_what_did_not_come_is_noticed() -> None:
    text = '<p id="a">a</p><p id="b">b</p><p id="c">c</p>'
    came = [
        SimpleNamespace(id="a", page_num=1),
        SimpleNamespace(id="b", page_num=2),
        SimpleNamespace(id=None, page_num=2),
    ]
    ends = {1: 780.0, 2: 700.0}
    assert _lost(text, came, ends) == {2: 700 - LINE}
    assert _lost(text, came[1:], ends) == {1: 780 - LINE}
    assert _lost(text, [*came, SimpleNamespace(id="c", page_num=2)], ends) == {}


def test_a_text_that_cannot_be_laid_out_whole_is_refused() -> None:
    def always_lost(*_: Any) -> dict[int, float]:
        return {1: 500.0}

    with pytest.MonkeyPatch.context() as patch, pytest.raises(SynthError, match="could not be laid out whole"):
        patch.setattr("synth.report.pages._lost", always_lost)
        pages("<p>text</p>")


@pytest.mark.parametrize("before", range(24, 30))
def test_no_table_is_lost_that_begins_where_a_page_is_full(before: int) -> None:
    rows = "".join(f"<tr><td>row{n}</td></tr>" for n in range(8))
    document, _ = pages("<p>text</p>" * before + f"<table>{rows}</table><p>after</p>")
    text = "".join(page.get_text() for page in document)
    assert [f"row{n}" in text for n in range(8)] == [True] * 8
    assert "after" in text


def test_what_is_longer_than_a_page_goes_on() -> None:
    rows = "".join(f"<tr><td>row{n}</td></tr>" for n in range(120))
    document, _ = pages(f'<p>text</p><div id="keep-1"><table>{rows}</table></div><p>end</p>')
    text = "".join(page.get_text() for page in document)
    assert [text.count(f"row{n}\n") for n in range(120)] == [1] * 120
    assert document[0].get_text().count("row") > 20
    assert "end" in text


@pytest.mark.parametrize("before", range(18, 36))
def test_long_words_stand_with_their_picture(before: int) -> None:
    words = "word " * 40 + "End."
    picture = f'<div id="keep-1"><img src="{NOTHING}" width="300" height="200"><figcaption>{words}</figcaption></div>'
    document, found = pages("<p>text</p>" * before + picture + "<p>more</p>")
    text = document[found["keep-1"].page_num - 1].get_text()
    assert (text.count("word"), text.count("End.")) == (40, 1)


@pytest.mark.parametrize("before", range(18, 36))
def test_words_stand_with_their_picture(before: int) -> None:
    picture = f'<div id="keep-1"><img src="{NOTHING}" width="300" height="200"><figcaption>Words.</figcaption></div>'
    document, found = pages("<p>text</p>" * before + picture + "<p>more</p>")
    page = document[found["keep-1"].page_num - 1]
    assert "Words." in page.get_text()
    assert page.get_images()


def test_what_stands_above_a_moved_table_stays() -> None:
    rows = "".join(f"<tr><td>row{n}</td></tr>" for n in range(8))
    table = '<div id="keep-{0}"><p id="lead-{0}">Cap{0}.</p><table>{1}</table></div>'
    document, found = pages("".join(table.format(n, rows) for n in range(1, 7)))
    assert [found[f"keep-{n}"].page_num for n in range(1, 7)] == [1, 1, 1, 2, 2, 2]
    assert document.page_count == 2


@given(st.lists(st.integers(1, 60), max_size=40))
def test_nothing_is_lost_or_told_twice(lengths: list[int]) -> None:
    parts = [
        f'<h3 id="h{n}">Head{n}.</h3><p id="keep-{n}">{"word " * many}End{n}.</p>' for n, many in enumerate(lengths)
    ]
    document, _ = pages("".join(parts) or "<p>x</p>")
    words = " ".join("".join(page.get_text() for page in document).split())
    assert [words.count(f"Head{n}.") + words.count(f"End{n}.") for n in range(len(lengths))] == [2] * len(lengths)
    assert words.count("word") == sum(lengths)


def test_the_end_of_a_page() -> None:
    def end(*places: SimpleNamespace) -> float | None:
        return better_end(places, {"keep-1": "block-1"}, 54, 780, 780)

    below = place("block-1", 750, 770)
    assert end(place("keep-1", 700, 779), below) == 699.5  # it may go on
    assert end(place("keep-1", 700, 779), place("block-1", 750, 764)) is None
    assert end(place("keep-1", 700, 779), below, place("block-2", 775, 779)) is None
    assert end(place("keep-1", 700, 779)) == 699.5  # its last part is not here
    assert end(place("keep-1", 700, 779), place("block-1", 770, 790)) == 699.5
    assert (
        better_end([place("keep-1", 700, 749), place("block-1", 740, 749)], {"keep-1": "block-1"}, 54, 749.5, 780)
        is None
    )
    assert end(place("x", 700, 800)) is None
    assert end(place("keep-1", 54, 800)) is None  # at the top: it is longer than the page
    assert end(place("keep-1", 200, 800)) is None  # it would leave the page almost blank
    assert end(place("h", 700, 720, 2)) == 699.5
    assert end(place("h", 700, 720, 2), below) is None
    assert end(place("h", 700, 740, 2), place("block-1", 770, 900)) == 699.5  # one line
    assert end(place("h", 740, 755, 3), place("lead-1", 760, 770)) == 739.5


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ptkl"), st.integers(1, 30)), max_size=30))
def test_any_mixture_comes_whole(parts: list[tuple[str, int]]) -> None:
    """Paragraphs, tables, kept tables and lists, each with a heading: every word once."""
    body, wanted, head = "", [], "<thead><tr><th>a</th></tr></thead>"
    for n, (kind, many) in enumerate(parts):
        own = [f"Head{n}.", *(f"x{n}y{i}." for i in range(many))]
        wanted += own
        rows = "".join(f"<tr><td>{word}</td><td>{'w ' * (many % 7)}</td></tr>" for word in own[1:])
        inside = {
            "p": f"<p>{' '.join(own[1:])}</p>",
            "t": f'<div><p id="lead-{n}">cap</p><table>{head}<tbody>{rows}</tbody></table></div>',
            "k": f'<div id="keep-{n}"><table><tbody>{rows}</tbody></table></div>',
            "l": f"<ul>{''.join(f'<li>{word}</li>' for word in own[1:])}</ul>",
        }
        body += f'<h3 id="h{n}">{own[0]}</h3>{inside[kind]}'
    document, _ = pages(body or "<p>x</p>")
    found = Counter("".join(page.get_text() for page in document).split())
    assert {word: found[word] for word in wanted} == dict.fromkeys(wanted, 1)
