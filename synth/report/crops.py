"""Pictures of the places of quotes, as far as a report has room for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from synth.core.types import Crop
from synth.report.facts import Cropped, Facts
from synth.store.rows.claims import FullClaimView, Quoted, QuoteKey, Span, quote_key

# (stored path of the PDF, its sha256, [(spans, quote), …]) → the pictures of each quote, or why there are none.
Cut = Callable[[str, str, Sequence[tuple[Sequence[Span], str]]], list[list[Crop]] | str]

ROOM = 1_900_000  # bytes of all pictures together; a third more as text, so that a page stays below 3 MB
NO_PDF = "There is no page image: the report knows no PDF of this paper."
NO_ROOM = "There is no page image: the report has no more room for pictures."
NO_PLACE = "There is no page image: the quote was not found on its page."
LOST = "There is no page image: the quote was not found again in the PDF."


CELLS = 2  # cells of a table that are shown for one piece of evidence: the others stand beside them


def with_crops(facts: Facts, cut: Cut, room: int = ROOM) -> Facts:
    """Return `facts` with pictures of sources and of the table cells that speak to the claims.

    The most salient claims come first; the pictures take `room` bytes at most.
    """
    files: dict[tuple[str, str], dict[QuoteKey, str]] = {}
    order: dict[QuoteKey, None] = {}
    for row in (row for claim in facts.claims for row in _pictured(claim)):
        paper = facts.paper.get(row.paper)
        path = paper.pdf_path if paper else row.pdf_path
        files.setdefault((path, row.sha256), {})[quote_key(row)] = row.quote
        order[quote_key(row)] = None
    crops: dict[QuoteKey, Cropped] = {}
    for (path, sha256), quotes in files.items():
        crops |= _of_file(facts, path, sha256, quotes, cut)
    fitting: dict[QuoteKey, Cropped] = {}
    for key in order:
        size = sum(len(picture.png) for picture in crops[key].pictures)
        fitting[key] = crops[key] if size <= room else Cropped(why=NO_ROOM)
        room -= size if size <= room else 0
    return replace(facts, crops=fitting)


def _pictured(claim: FullClaimView) -> list[Quoted]:
    """Return the source rows of a claim and the first cells of every table that takes a side on it."""
    telling = [row for row in claim.evidence if row.takes_side]
    return [*claim.sources, *(cell for row in telling for cell in row.table[:CELLS])]


def _of_file(facts: Facts, path: str, sha256: str, quotes: dict[QuoteKey, str], cut: Cut) -> dict[QuoteKey, Cropped]:
    if not path:
        return dict.fromkeys(quotes, Cropped(why=NO_PDF))
    held = {key: quote for key, quote in quotes.items() if facts.quotes_held.get(key)}
    # A file that verified nothing is asked too: its answer says what is the matter with it.
    wanted = held or quotes
    answer = cut(path, sha256, [(key[1], quote) for key, quote in wanted.items()])
    if isinstance(answer, str):
        return dict.fromkeys(quotes, Cropped(why=f"There is no page image: {answer}"))
    crops = dict.fromkeys(quotes, Cropped(why=LOST))
    for key, pictures in zip(wanted, answer, strict=True):
        if key in held:
            crops[key] = Cropped(tuple(pictures), "" if pictures else NO_PLACE)
    return crops
