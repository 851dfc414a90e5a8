"""The PDF: pages, bookmarks, links, what it says about itself, and the same bytes again."""

from __future__ import annotations

import re
from unicodedata import normalize

import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.report import render
from synth.report.crops import with_crops
from synth.report.facts import Facts
from synth.report.formats.html import SECTIONS
from synth.report.formats.pdf import DETAILS, MAX_WORD, breakable
from synth.report.review import review_all
from tests.report.test_html import cut
from tests.report.test_report import HOSTILE, with_text


def opened(facts: Facts) -> pymupdf.Document:
    return pymupdf.open("pdf", render(facts, review_all(facts), "pdf"))


@pytest.fixture(scope="module")
def document(full: Facts) -> pymupdf.Document:
    return opened(with_crops(full, cut))


def test_bookmarks_and_contents_lead_to_the_sections(document: pymupdf.Document) -> None:
    toc = document.get_toc()
    headings = {heading for _, heading in (*SECTIONS, DETAILS)}
    assert {words for level, words, _ in toc if level == 1} == headings
    assert [words for level, words, _ in toc if level == 2 and words.startswith(("Run", "Claim"))] == [
        "Run 1: direction contradicted",
        "Claim 1",
        "Claim 2",
        "Claim 3",
    ]
    for _, words, page in toc:
        text = normalize("NFKC", document[page - 1].get_text())  # the font joins letters: "Conﬂicts"
        assert words in " ".join(text.split())
    pages = {words: page for level, words, page in toc if level == 1}
    contents = next(page for page in document if "\nContents\n" in f"\n{page.get_text()}")
    for heading in headings:
        # In the contents each has its page number on its own line.
        assert re.search(rf"{re.escape(heading)}\s", normalize("NFKC", contents.get_text()))
    goto = [link["page"] + 1 for link in contents.get_links() if link["kind"] == pymupdf.LINK_GOTO]
    wanted = [pages[heading] for heading in dict.fromkeys(w for lv, w, _ in toc if lv == 1)]
    assert wanted in [goto[i : i + len(wanted)] for i in range(len(goto))]


def test_every_page_has_its_number_and_nothing_leaves_the_paper(document: pymupdf.Document) -> None:
    for number, page in enumerate(document, 1):
        assert f"Page {number} of {document.page_count}" in page.get_text()
        for block in page.get_text("blocks"):
            assert block[0] > 40
            assert block[2] < page.rect.width - 40


def test_it_says_what_it_is(document: pymupdf.Document, full: Facts) -> None:
    meta = document.metadata
    assert meta["title"] == full.title
    assert meta["author"] == "Assignee Research"
    assert meta["subject"] == full.search.question
    assert meta["creationDate"] == "D:20261121000000Z"


def test_links_lead_outside_and_inside(document: pymupdf.Document) -> None:
    links = [link for page in document for link in page.get_links()]
    assert "http://arxiv.org/abs/2001.00001" in {link.get("uri") for link in links}
    assert sum(link["kind"] == pymupdf.LINK_GOTO for link in links) > len(SECTIONS)


def test_pictures_and_page_images_are_in_it(document: pymupdf.Document) -> None:
    assert any(page.get_images() for page in document)
    text = " ".join(normalize("NFKC", " ".join(page.get_text() for page in document)).split())  # no ligatures
    assert "Typological distance from English" in text  # the pictures are vectors, their words are text
    assert "There is no page image: The file cannot be read." in text


def test_the_same_facts_give_the_same_bytes(full: Facts) -> None:
    assert render(full, [], "pdf") == render(full, [], "pdf")


@pytest.mark.parametrize("text", [*HOSTILE, "x" * 5000, "漢字 हिन्दी العربية ไทย"])
def test_hostile_text_stays_on_the_page_whole(full: Facts, text: str) -> None:
    document = opened(with_text(full, text))
    for page in document:
        for block in page.get_text("blocks"):
            assert block[2] < page.rect.width - 40, block[4][:80]
    said = "".join(page.get_text() for page in document)
    if text.isascii():
        clean = re.sub(r"\W", "", text)
        assert clean[:2000] in re.sub(r"\W", "", re.sub(r"Page \d+ of \d+", "", said))


@given(st.text(alphabet="ab &<>;", max_size=200))
def test_only_long_words_are_given_places_to_break(text: str) -> None:
    done = breakable(text)
    assert done.replace("\u200b", "") == text
    for word in re.findall(r"[ab]+", done):
        assert len(word) <= MAX_WORD


def test_tags_and_pictures_are_left_alone() -> None:
    long = "y" * 90
    assert (
        breakable(f"<a href='{long}'>z</a><svg><text>{long}</text></svg>")
        == f"<a href='{long}'>z</a><svg><text>{long}</text></svg>"
    )
