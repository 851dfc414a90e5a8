"""The rendered digests: marked, complete, in two columns, the same bytes every time."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import pymupdf
import pytest

from synth.sources.digests.read import cite, digests, works
from synth.sources.digests.render import COLUMN, GUTTER, MARGIN, pdf_bytes, render_all

ALL = digests()
IDS = [digest.key for digest in ALL]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    return {path.stem: path for path in render_all(tmp_path_factory.mktemp("pdfs") / "new")}


def running_head(digest) -> str:
    return f"Digest of {digest.work.short_authors}, not the original paper."


@pytest.mark.parametrize("digest", ALL, ids=IDS)
def test_first_page_carries_title_and_marking(digest, rendered):
    with pymupdf.open(rendered[digest.key]) as document:
        first = " ".join(document[0].get_text().split())
        assert digest.marking in first
        assert digest.title in first
        assert document.metadata["title"] == digest.title
        assert document.metadata["author"] == "The synth project"
        assert 1 <= len(document) <= 2


def joined(text: str) -> str:
    """Without white space and hyphens, so that line ends don't matter."""
    return "".join(text.split()).replace("-", "")


@pytest.mark.parametrize("digest", ALL, ids=IDS)
def test_whole_text_is_there_in_reading_order(digest, rendered):
    with pymupdf.open(rendered[digest.key]) as document:
        lines = [line.strip() for page in document for line in page.get_text().splitlines()]
    text = joined(" ".join(line for line in lines if line != running_head(digest) and not line.isdigit()))
    at = 0
    for section in digest.sections:
        at = text.index(joined(section.title), at)
        for block in section.blocks:
            if isinstance(block, str):
                at = text.index(joined(cite(block, works())), at)
            else:
                at = text.index(joined(block.caption), at)
                for cell in (cell for row in block.rows for cell in row if not cell.isdigit()):
                    at = text.index(joined(cell), at)
    for key in digest.cited:
        at = text.index(joined(works()[key].title), at)
        at = text.index(joined(works()[key].url), at)


@pytest.mark.parametrize("digest", ALL, ids=IDS)
def test_nothing_sticks_out_of_the_columns(digest, rendered):
    with pymupdf.open(rendered[digest.key]) as document:
        for page in document:
            for x0, _, x1, bottom, *_ in page.get_text("words"):
                assert x0 > MARGIN - 1
                assert x1 < MARGIN + 2 * COLUMN + GUTTER + 1
                assert bottom < 812


@pytest.mark.parametrize("digest", ALL, ids=IDS)
def test_every_page_has_running_head_and_number(digest, rendered):
    with pymupdf.open(rendered[digest.key]) as document:
        for number, page in enumerate(document, start=1):
            lines = [line.strip() for line in page.get_text().splitlines()]
            assert running_head(digest) in lines
            assert str(number) in lines


def test_fonts_are_embedded(rendered):
    with pymupdf.open(rendered["phang2020"]) as document:
        fonts = document[0].get_fonts()
        assert fonts
        for xref, *_ in fonts:
            assert document.extract_font(xref)[3]  # the font file


def test_same_bytes_in_another_process(rendered):
    """Another process, another hash seed, another day: the PDF's checksum is what quotes are verified against."""
    code = (
        "import hashlib, synth.sources.digests.render as r, synth.sources.digests.read as d;"
        "print(hashlib.sha256(b''.join(r.pdf_bytes(x) for x in d.digests()[:3])).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    answer = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    here = hashlib.sha256(b"".join(pdf_bytes(digest) for digest in ALL[:3])).hexdigest()
    assert answer.stdout.strip() == here
    assert here == hashlib.sha256(b"".join(rendered[digest.key].read_bytes() for digest in ALL[:3])).hexdigest()
