"""Running heads, page numbers and line numbers are taken off; what looks like them is not."""

from __future__ import annotations

import pytest

from synth.pdf.layout import furniture

from .lines import line, page

BODY = "the running text of a page is long enough"


def kept(pages):
    found = furniture.strip(pages)
    return [[item.text for item in lines] for lines in found]


def body(first=100.0, count=40):
    return [line(BODY, 72, first + 12 * i) for i in range(count)]


def test_running_heads_and_page_numbers():
    pages = [page([line(f"Smith et al. {n}", 72, 45), *body(), line(str(n + 10), 295, 800)], n) for n in range(1, 6)]
    assert all(texts == [BODY] * 40 for texts in kept(pages))


def test_the_footer_of_a_conference_on_one_page():
    footer = line("Findings of the Association for Computational Linguistics: EMNLP 2020, pages 499–517", 72, 800)
    assert kept([page([*body(), footer])]) == [[BODY] * 40]


@pytest.mark.parametrize(
    "text",
    [
        "https://doi.org/10.5555/bread.2021.007 (c) 2021 The Authors",
        "doi:10.5555/bread.2021.007",
        "https://doi.org/10.5555/bread.2021.007. Published by Crumbs Ltd. All rights reserved.",
    ],
)
def test_a_doi_at_the_foot_of_a_page(text):
    assert kept([page([*body(), line(text, 72, 800)])]) == [[BODY] * 40]


def test_the_last_line_of_a_reference_at_the_foot_of_a_page_is_kept():
    entry = "https://doi.org/10.5555/bread.2021.007"
    pages = [page(body(), 1), page([*body(), line(entry, 72, 780)], 2)]
    assert kept(pages)[1] == [*[BODY] * 40, entry]


def test_the_top_row_of_a_table_is_no_page_number():
    row = [line(text, 72 + 60 * i, 70) for i, text in enumerate(["Model", "vi", "12", "en"])]
    assert kept([page([*row, *body(82)])])[0][:4] == ["Model", "vi", "12", "en"]


def test_the_first_line_of_text_on_each_page_is_kept():
    pages = [page(body(72), n) for n in range(1, 6)]
    assert all(len(texts) == 40 for texts in kept(pages))


def test_line_numbers_of_a_review_version():
    numbers = [line(f"{i:03d}", 30, 100 + 12 * i, 7) for i in range(40)]
    assert kept([page([*numbers, *body()])]) == [[BODY] * 40]


def test_figures_in_a_column_are_no_line_numbers():
    figures = [
        line(str(value), 400, 100 + 12 * i) for i, value in enumerate([3, 17, 5, 90, 2, 44, 31, 8, 12, 7, 77, 6, 1])
    ]
    assert len(kept([page([*figures, *body()])])[0]) == 53


def test_rotated_text_is_the_stamp():
    stamp = line("arXiv:1911.02116v2  [cs.CL]  8 Apr 2020", 20, 400, 20)
    stamp.upright = False
    sheet = page([stamp, *body()])
    assert furniture.stamps(sheet).startswith("arXiv:1911.02116v2")
    assert kept([sheet]) == [[BODY] * 40]
