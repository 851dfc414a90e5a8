"""The HTML as a file: one file, nothing from outside, everything escaped, the words of the Markdown."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as parser
from markdown_it import MarkdownIt
from sqlmodel import select

from synth.core.types import Crop
from synth.report import render
from synth.report.crops import LOST, NO_PDF, NO_ROOM, with_crops
from synth.report.facts import Facts, quote_key
from synth.report.formats.html import SECTIONS, shown
from synth.report.markdown import plain
from synth.report.review import review_all
from synth.store.database import Store
from synth.store.tables import Measurement
from tests.report import made_up
from tests.report.test_report import HOSTILE, with_text

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def rendered(facts: Facts) -> str:
    return str(render(facts, review_all(facts), "html"))


def parsed(text: str) -> parser.HtmlElement:
    return parser.document_fromstring(text.encode(), parser=parser.HTMLParser(encoding="utf-8"))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_it_has_the_sections_in_their_order_and_headings_without_gaps(full: Facts) -> None:
    page = parsed(rendered(full))
    assert [h.text.strip() for h in page.xpath("//main//h2")] == [heading for _, heading in SECTIONS]
    levels = [int(h.tag[1]) for h in page.iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("section", ["Abstract", "1 Introduction", "2 Methodology", "3 Results", "4 Limitations"])
def test_it_says_what_the_markdown_says(full: Facts, section: str) -> None:
    """Two sets of templates tell of the same facts: neither may fall behind the other."""
    reviews = review_all(full)
    markdown = MarkdownIt().render(str(render(full, reviews)))
    told = parsed(f"<html><body>{markdown}</body></html>")
    heading = told.xpath(f"//h2[.='{section}']")[0]
    expected = []
    for part in heading.itersiblings():
        if part.tag == "h2":
            break
        expected += words(part.text_content())
    own = parsed(str(render(full, reviews, "html"))).xpath(
        f"//section[h2[starts-with(normalize-space(), '{section}')]]"
    )[0]
    own.remove(own.find("h2"))
    assert words(own.text_content()) == expected


def test_nothing_points_outside_but_links(full: Facts) -> None:
    page = parsed(rendered(full))
    for element in page.iter():
        for name in ("src", "srcset", "action", "data", "poster", "style", "background"):
            assert element.get(name, "data:").startswith("data:"), element.tag
        assert not [name for name in element.attrib if name.startswith("on")]
    assert {link.get("href") for link in page.iter("link")} == {"data:,"}
    assert not re.search(r"@import|url\(", rendered(full))
    addresses = [a.get("href") for a in page.iter("a")]
    assert all(href.startswith(("#", "http://arxiv.org/", "https://doi.org/")) for href in addresses)


def test_every_link_inside_the_page_has_its_place_and_ids_are_used_once(full: Facts) -> None:
    page = parsed(rendered(full))
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {a.get("href")[1:] for a in page.iter("a") if a.get("href").startswith("#")} <= set(ids)
    named = [i for svg in page.iter("svg") for i in svg.get("aria-labelledby").split()]
    assert named
    assert set(named) <= set(ids)


def test_the_policy_names_the_style_and_the_script_and_allows_nothing_else(full: Facts) -> None:
    page = parsed(rendered(full))
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    for element in (*page.iter("style"), *page.iter("script")):
        assert base64.b64encode(sha256(element.text.encode()).digest()).decode() in policy
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert "unsafe" not in policy


# ------------------------------------------------------------------------------------------- hostile content


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_breaks_nothing(full: Facts, text: str) -> None:
    check_whole(str(render(with_text(full, text), [], "html")), full, text)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1).filter(lambda t: plain(t)))
def test_any_text_breaks_nothing(full: Facts, text: str) -> None:
    check_whole(str(render(with_text(full, text), [], "html")), full, text)


def check_whole(report: str, full: Facts, text: str) -> None:
    page = parsed(report)
    tags = {element.tag for element in page.iter() if isinstance(element.tag, str)}
    assert tags <= {element.tag for element in parsed(rendered(full)).iter() if isinstance(element.tag, str)} | {"bdi"}
    assert [h.text.strip() for h in page.xpath("//main//h2")] == [heading for _, heading in SECTIONS]
    assert len(page.xpath("//script")) == 1
    found = {"".join(e.itertext()) for e in page.xpath("//table[@id='claim-table']//span[@class='claim']")}
    assert found == {plain(text)}  # whole, and as itself
    assert len(page.xpath("//table[@id='claim-table']/tbody/tr")) == len(full.claims)
    assert all(len(row.findall("td")) == 5 for row in page.xpath("//table[@id='claim-table']/tbody/tr"))


@given(st.text())
def test_any_text_is_shown_as_itself(text: str) -> None:
    fragment = parser.fragment_fromstring(str(shown(text)), create_parent="p")
    assert fragment.text_content() == plain(text)
    assert {child.tag for child in fragment} <= {"bdi"}


@pytest.mark.parametrize("value", [float("inf"), float("-inf")])
@pytest.mark.parametrize("format", ["md", "html", "pdf"])
def test_what_is_no_number_is_a_dash(path: Path, value: float, format: str) -> None:
    """SQLite keeps no NaN (it is NULL), but infinities."""
    store = Store(path)
    with store.session() as s:
        made_up.add_claims(
            s, made_up.add_search(s), [("A kettle.", "effect", "corroborated", value), *made_up.CLAIMS[1:]]
        )
        run = made_up.add_run(s, estimate=value, ci_low=-value, ci_high=value)
        s.flush()
        for one in s.exec(select(Measurement).where(Measurement.run_id == run.id, Measurement.seed == 1)).all():
            one.value = value
    store.close()
    facts = made_up.facts_of(store)
    text = render(facts, review_all(facts), format)
    if isinstance(text, str):
        assert not re.search(r"\b(nan|inf|None)\b", text)


@pytest.mark.parametrize("format", ["md", "html", "pdf"])
def test_a_search_without_papers_claims_and_runs_is_told(path: Path, format: str) -> None:
    store = Store(path)
    with store.session() as s:
        made_up.add_search(s, papers=False)
    store.close()
    assert render(made_up.facts_of(store), [], format)


# ----------------------------------------------------------------------------------------------- page images


def cut(path: str, sha256: str, quotes: list) -> list[list[Crop]] | str:
    return "The file cannot be read." if path == "two.pdf" else [[Crop(1, PNG, 1, 1, False)] for _ in quotes]


def test_each_claim_has_its_page_image_or_the_reason_why_not(full: Facts) -> None:
    page = parsed(rendered(with_crops(full, cut)))
    rows = page.xpath("//table[@id='claim-table']/tbody/tr")
    assert [len(row.xpath(".//img")) for row in rows] == [1, 1, 0]
    image = rows[0].xpath(".//img")[0]
    assert image.get("alt") == "Part of page 1 of On Test Teapots, with the quote underlined and highlighted."
    assert base64.b64decode(image.get("src").removeprefix("data:image/png;base64,")) == PNG
    assert "The quote goes on beyond this picture." in rows[0].text_content()
    assert "There is no page image: The file cannot be read." in rows[2].text_content()


def test_page_images_stop_where_the_room_ends(full: Facts) -> None:
    facts = with_crops(full, cut, room=len(PNG))
    assert [facts.crops[quote_key(c.sources[0])].why for c in facts.claims[:2]] == ["", NO_ROOM]


def test_a_quote_that_was_not_found_again_has_no_page_image(full: Facts) -> None:
    first = quote_key(full.claims[0].sources[0])
    facts = with_crops(replace(full, quotes_held={**full.quotes_held, first: False}), cut)
    assert facts.crops[first].why == LOST
    assert not facts.crops[first].pictures


def test_a_paper_without_a_pdf_says_so(full: Facts) -> None:
    facts = replace(full, papers=[replace(paper, pdf_path="") for paper in full.papers])
    assert {found.why for found in with_crops(facts, cut).crops.values()} == {NO_PDF}
