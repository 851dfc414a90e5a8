"""Pictures of where quotes stand: the right place, marked, small, and nothing for what is not there."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from synth.errors import UnreadablePdf
from synth.reading import Quotes, crop_quotes, page_text, read_pdf
from synth.types import Crop

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
