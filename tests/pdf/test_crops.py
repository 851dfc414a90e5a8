"""Pictures of where quotes stand: the right place, marked, small, and nothing for what is not there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pymupdf
import pytest

from synth.core.errors import UnreadablePdf
from synth.core.types import Crop
from synth.pdf import Quotes, crop_quotes, page_text, read_pdf

FIRST, SECOND = "We show that the small teapot works well.", "It improves by 3.2 points over the kettle."


def two_columns(path: Path) -> Path:
    with pymupdf.open() as pdf:
        page = pdf.new_page()
        page.insert_text((72, 700), FIRST)
        page.insert_text((330, 90), SECOND)
        pdf.new_page().insert_text((72, 90), "Another page.")
        pdf.save(path)
    return path


def cropped(path: Path, *spans: tuple[int, int, int], sha256: str = "") -> list[Crop] | UnreadablePdf:
    [(_, answer)] = crop_quotes([Quotes(path, sha256 or read_pdf(path).sha256, [(spans, "")])])
    return answer if isinstance(answer, UnreadablePdf) else answer[0]


def test_the_quote_is_marked_where_it_stands(tmp_path: Path) -> None:
    path = two_columns(tmp_path / "a.pdf")
    start = page_text(path, 1).index("small teapot")
    [crop] = cropped(path, (1, start, start + len("small teapot")))
    pixels = pymupdf.Pixmap(crop.png)
    assert (pixels.width, pixels.height) == (crop.width, crop.height)
    assert crop.page == 1
    assert crop.whole
    # The paper under the quote is yellow; left and right of it, and above, it is white.
    colours = [pixels.pixel(x, y) for y in range(pixels.height) for x in range(pixels.width)]
    yellow = [place % pixels.width for place, (red, _, blue) in enumerate(colours) if red - blue > 60]
    assert 0.2 < min(yellow) / pixels.width < FIRST.index("small") / len(FIRST) + 0.1
    assert max(yellow) / pixels.width < 0.85
    assert all(pixels.pixel(x, 2) == (255, 255, 255) for x in range(pixels.width))


def test_a_quote_over_two_columns_has_two_pictures(tmp_path: Path) -> None:
    path = two_columns(tmp_path / "a.pdf")
    end = len(page_text(path, 1))
    crops = cropped(path, (1, 0, end))
    assert [crop.page for crop in crops] == [1, 1]
    assert all(crop.height < 100 for crop in crops)  # not all that lies between them
    assert [crop.page for crop in cropped(path, (1, 0, 5), (2, 0, 5))] == [1, 2]


def test_what_is_cut_off_is_said(tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    with pymupdf.open() as pdf:
        page = pdf.new_page()
        for line in range(45):
            page.insert_text((72, 60 + 15 * line), f"Line {line} of a long quote.")
        pdf.save(path)
    [crop] = cropped(path, (1, 0, len(page_text(path, 1))))
    assert not crop.whole
    assert crop.height < 450


LINES = [
    "The quick pony jumps; by any gauge (p. 3) it is quite apt.",
    "Typologically far languages may gain by joint training.",
    "We judge the jumping gauge by its Å, É and Ö height.",
    "Many of yesterday's queries carry fjords and glyphs.",
    "Only half of the pygmy gnus agree; their joy is big.",
]
QUOTED = "jumping gauge"


def drawn(path: Path, texts: list[tuple[float, float, str]], rules: Sequence[tuple[float, ...]] = ()) -> Path:
    """A page with a line of 11-point type at each (x, baseline), and rules from point to point."""
    with pymupdf.open() as pdf:
        page = pdf.new_page()
        for x0, y0, x1, y1 in rules:
            page.draw_line((x0, y0), (x1, y1), width=0.8)
        for x, y, text in texts:
            page.insert_text((x, y), text, fontname="tiro", fontsize=11)
        pdf.save(path)
    return path


def pictured(path: Path, *quotes: str) -> list[Crop]:
    text = page_text(path, 1)
    found = cropped(path, *((1, text.index(quote), text.index(quote) + len(quote)) for quote in quotes))
    assert not isinstance(found, UnreadablePdf)
    return found


def edges_are_white(crop: Crop) -> bool:
    """Return True if three rows at the top and at the foot are blank."""
    pixels = pymupdf.Pixmap(crop.png)
    rows = [*range(3), *range(crop.height - 3, crop.height)]
    return all(pixels.pixel(x, y) == (255, 255, 255) for x in range(crop.width) for y in rows)


@pytest.mark.parametrize("leading", [11.5, 12.0, 13.6, 16.0])
def test_lines_around_the_quote_are_whole_or_not_there(tmp_path: Path, leading: float) -> None:
    page = [(72.0, 100 + leading * i, text) for i, text in enumerate(LINES)]
    [crop] = pictured(drawn(tmp_path / "all.pdf", page), QUOTED)
    assert edges_are_white(crop)
    # The same picture as that of a page that has nothing but the quote's line and its neighbours.
    assert [crop] == pictured(drawn(tmp_path / "three.pdf", page[1:4]), QUOTED)
    assert [crop] != pictured(drawn(tmp_path / "two.pdf", page[1:3]), QUOTED)


@pytest.mark.parametrize("far", [24.0, 30.0])
def test_a_line_that_is_not_near_is_left_out(tmp_path: Path, far: float) -> None:
    page = [(72.0, 100 - far, LINES[0]), (72.0, 100.0, LINES[2]), (72.0, 100 + far, LINES[3])]
    found = pictured(drawn(tmp_path / "all.pdf", page), QUOTED)
    assert found == pictured(drawn(tmp_path / "one.pdf", page[1:2]), QUOTED)


def test_the_next_column_is_not_seen_in_part(tmp_path: Path) -> None:
    lines = [(72.0, 100 + 13.6 * i, text) for i, text in enumerate(LINES)]
    right = max(72 + pymupdf.get_text_length(text, "tiro", 11) for text in LINES)
    beside = [(right + 2, 107 + 13.6 * i, text) for i, text in enumerate(LINES[:2] * 3)]
    found = pictured(drawn(tmp_path / "both.pdf", lines + beside), QUOTED)
    assert found == pictured(drawn(tmp_path / "one.pdf", lines), QUOTED)


def test_a_wide_line_over_two_columns_does_not_draw_the_other_one_in(tmp_path: Path) -> None:
    lines = [(72.0, 100.0, " ".join(LINES[:2])), (72.0, 114.0, "The jumping gauge."), (330.0, 114.0, LINES[3])]
    found = pictured(drawn(tmp_path / "both.pdf", lines), QUOTED)
    assert found == pictured(drawn(tmp_path / "one.pdf", lines[1:2]), QUOTED)


def test_a_longer_line_below_is_not_cut_off_at_the_side(tmp_path: Path) -> None:
    lines = [(72.0, 100.0, "The jumping gauge."), (84.0, 113.6, LINES[1])]
    [crop] = pictured(drawn(tmp_path / "two.pdf", lines), QUOTED)
    [alone] = pictured(drawn(tmp_path / "one.pdf", lines[:1]), QUOTED)
    assert crop.width > 1.5 * (12 + pymupdf.get_text_length(LINES[1], "tiro", 11))
    assert crop.height > alone.height + 15


def test_rules_of_a_table_are_not_cut(tmp_path: Path) -> None:
    cells = [(100.0, 100 + 12.0 * i, text) for i, text in enumerate(["10.4", "jumping gauge", "11.5"])]
    across = [(60, 103, 400, 103), (60, 128, 400, 128)]
    upright = [(97, 80, 97, 140), (175, 91, 175, 103)]
    found = pictured(drawn(tmp_path / "ruled.pdf", cells, across + upright), QUOTED)
    assert found == pictured(drawn(tmp_path / "bare.pdf", cells), QUOTED)
    # A rule that is all in the picture stays.
    inside = drawn(tmp_path / "inside.pdf", cells, [(101, 103.5, 150, 103.5)])
    assert found != pictured(inside, QUOTED)


def test_pieces_of_a_quote_show_nothing_that_stands_between_them(tmp_path: Path) -> None:
    left = [(72.0, 700.0, LINES[0]), (72.0, 713.6, LINES[1])]
    caption = [(72.0, 730.0, "Table 1: Gains."), (330.0, 86.4, "A running head.")]
    right = [(330.0, 100.0, "and on it goes."), (330.0, 113.6, LINES[2])]
    quotes = (LINES[1], "and on it goes.")
    crops = pictured(drawn(tmp_path / "all.pdf", left + caption + right), *quotes)
    assert len(crops) == 2
    assert all(map(edges_are_white, crops))
    assert crops == pictured(drawn(tmp_path / "bare.pdf", left + right), *quotes)


@pytest.mark.parametrize("spans", [[(9, 0, 5)], [(0, 0, 5)], [(1, 5, 5)], [(1, 100_000, 100_009)], []])
def test_a_place_that_is_not_there_has_no_picture(tmp_path: Path, spans: list) -> None:
    assert cropped(two_columns(tmp_path / "a.pdf"), *spans) == []


def test_a_file_that_is_gone_or_changed_says_so(tmp_path: Path) -> None:
    path = two_columns(tmp_path / "a.pdf")
    assert cropped(path, (1, 0, 5), sha256="0" * 64).reason == "changed"
    assert cropped(tmp_path / "none.pdf", (1, 0, 5), sha256="0" * 64).reason == "missing"


def test_real_pages_make_small_pictures(data: Path) -> None:
    path = data / "papers" / "1911.02116.pdf"
    document = read_pdf(path)
    quotes = [(p.spans, p.quote) for p in document.passages if p.kind == "sentence"][:40]
    [(_, crops)] = crop_quotes([Quotes(path, document.sha256, quotes)])
    assert all(crops)
    sizes = [sum(len(crop.png) for crop in found) for found in crops]
    assert sum(sizes) / len(sizes) < 9000
