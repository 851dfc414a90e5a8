"""Metadata from the first page and the PDF itself; empty rather than wrong."""

from __future__ import annotations

import pytest

from synth.pdf import metadata
from synth.pdf.records import Meta

from .lines import line, page

STAMP = "arXiv:1911.02116v2  [cs.CL]  8 Apr 2020"


def stamped(text=STAMP):
    stamp = line(text, 20, 400, 20)
    stamp.upright = False
    return page([stamp, line("running text", 72, 300)])


def test_the_arxiv_stamp():
    assert metadata.arxiv_id(stamped()) == ("1911.02116", 2020)
    assert metadata.arxiv_id(stamped("arXiv:cmp-lg/9404001v1 4 Apr 1994")) == ("cmp-lg/9404001", 1994)
    # An arXiv number in the text is another paper's.
    assert metadata.arxiv_id(page([line("see arXiv:1911.02116v2", 72, 300)])) == ("", None)


def test_year():
    foot = page([line("Proceedings of EMNLP 2020, pages 1-9", 72, 800)])
    assert metadata.year(foot, None) == 2020
    assert metadata.year(foot, 2019) == 2019
    assert metadata.year(page([line("text of 1999", 72, 300)]), None) is None


def test_doi():
    assert metadata.doi(page([line("https://doi.org/10.18653/v1/P19-1493", 72, 800)])) == "10.18653/v1/P19-1493"
    assert metadata.doi(page([line("see 10.18653/v1/P19-1493 for more", 72, 400)])) == ""


def test_title_over_several_lines():
    sheet = page([line("A Study of", 200, 90, 16), line("Everything", 210, 110, 16), line("the text " * 6, 72, 200)])
    assert metadata.title(sheet.lines, sheet, Meta(), 10) == "A Study of Everything"


def test_the_pdf_s_title_is_used_unless_it_is_junk():
    sheet = page([line("1 Introduction", 72, 90, 12), line("the text " * 6, 72, 200)])
    assert metadata.title(sheet.lines, sheet, Meta(title="A Study"), 10) == "A Study"
    for junk in ("Microsoft Word - paper.docx", "paper.tex", "untitled", ""):
        assert metadata.title(sheet.lines, sheet, Meta(title=junk), 10) == ""


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        (["Anna Author  Boris B. Writer", "University of Somewhere"], ("Anna Author", "Boris B. Writer")),
        (
            ["Anna Author, Boris van der Writer and Chloé Dupont-Côté"],
            ("Anna Author", "Boris van der Writer", "Chloé Dupont-Côté"),
        ),
        (["Anna Author1,2  Boris Writer2"], ("Anna Author", "Boris Writer")),
        (
            ["Anna Author(1, 2), Boris Writer [2,*] and Chloé Dupont (a)"],
            ("Anna Author", "Boris Writer", "Chloé Dupont"),
        ),
        (["Anna Author¹,² Boris Writer²"], ("Anna Author", "Boris Writer")),
        (["Google Research", "{a,b}@google.com"], ()),
        (["A paper about many things and about nothing"], ()),
    ],
)
def test_authors(rows, names):
    assert metadata.authors(rows, Meta()) == names


def test_declared_authors_come_first():
    assert metadata.authors(["Someone Else"], Meta(authors="Tom Sherborne ; Yumo Xu")) == ("Tom Sherborne", "Yumo Xu")
    assert metadata.authors(["Anna Author"], Meta(authors="admin")) == ("Anna Author",)
