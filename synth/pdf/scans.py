"""Pages that are pictures: a stamp or watermark on a scan is no text; a layer of recognised text is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from synth.pdf.records import Page

_COVERED = 0.5  # share of the page that its images cover
_MAX_STAMP = 200  # letters and figures that a stamp may have
_EDGE = 0.09  # of the page's height
_COVER = re.compile(
    r"\b(?:downloaded|JSTOR|terms (?:and|&) conditions|terms of use|repository|HAL Id|digiti[sz]ed|stable url"
    r"|see discussions, stats|archived? (?:at|by)|cover (?:page|sheet)|persistent link)\b",
    re.I,
)


def scanned(pages: Sequence[Page]) -> set[int]:
    """Return the numbers of the pages that are pictures with no more than a stamp on them."""
    keys = Counter(key for page in pages for key in {_key(line.text) for line in page.lines})
    return {page.number for page in pages if _is_scan(page, keys)}


def is_image_only(pages: Sequence[Page]) -> bool:
    """Return True if all that can be read on the pages is a stamp, or the sheet that a repository put before a scan."""
    bare = scanned(pages)
    texts = [page for page in pages if page.number not in bare and page.text.strip()]
    if not bare or not texts:
        return bool(bare)
    return len(bare) >= 2 and texts == [pages[0]] and len(texts[0].text) < 4000 and bool(_COVER.search(texts[0].text))


def _key(text: str) -> str:
    return re.sub(r"\d+", "#", " ".join(text.lower().split()))


def _is_scan(page: Page, keys: Counter[str]) -> bool:
    if not page.text.strip():
        return bool(page.images)
    area = sum(
        max(0.0, min(box[2], page.width) - max(box[0], 0)) * max(0.0, min(box[3], page.height) - max(box[1], 0))
        for box in page.images
    )
    if area < _COVERED * page.width * page.height:
        return False
    own = [
        line
        for line in page.lines
        if line.upright
        and keys[_key(line.text)] == 1
        and line.y1 > _EDGE * page.height
        and line.y0 < (1 - _EDGE) * page.height
    ]
    return sum(char.isalnum() for line in own for char in line.text) <= _MAX_STAMP
