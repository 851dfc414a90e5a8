"""Nothing that leaves the machine names one of its folders; PDFs go along only under a known licence."""

from __future__ import annotations

import pytest

from synth.bundle.licences import CC_BY, OWN, licence
from synth.bundle.places import cleaner, pdf_names
from synth.store.rows.searches import PaperView
from tests.blank import blank


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("/home/me/My Papers/a.pdf is damaged", "…/a.pdf is damaged"),
        ("read /var/lib/x/b.pdf; C:\\Users\\me\\c.pdf", "read …/b.pdf; …/c.pdf"),
        ("https://example.org/a/b and/or 3/4 of 10.1000/a/b", "https://example.org/a/b and/or 3/4 of 10.1000/a/b"),
        ("/home/me/My Papers", "…/"),
        ("--papers=/data/x/y", "--papers=…/y"),
    ],
)
def test_folders_are_taken_out(text, cleaned):
    clean = cleaner(["/home/me/My Papers", "/home/me"])
    assert clean(text) == cleaned
    assert clean(cleaned) == cleaned


def test_names_of_pdfs_are_plain_and_unique():
    rows = [
        blank(PaperView, id=1, pdf_path="/home/me/a.pdf", sha256="1" * 64),
        blank(PaperView, id=2, pdf_path="other/A.pdf", sha256="2" * 64),
        blank(PaperView, id=3, pdf_path="db/pdfs/2005.13013v1.pdf", sha256="3" * 64),
        blank(PaperView, id=4, pdf_path="naïve\u202e.pdf", sha256="4" * 64),
        blank(PaperView, id=5, pdf_path="", sha256=""),
    ]
    assert pdf_names(rows) == {
        1: f"db/pdfs/{'1' * 64}.pdf",
        2: f"db/pdfs/{'2' * 64}.pdf",
        3: "db/pdfs/2005.13013v1.pdf",
        4: f"db/pdfs/{'4' * 64}.pdf",
    }


@pytest.mark.parametrize(
    ("acl", "file", "found_in", "address"),
    [
        ("", "db/pdfs/demo-x.pdf", "demo", OWN),
        ("2020.acl-main.421", "db/pdfs/2020.acl-main.421.pdf", "acl", CC_BY),
        ("D18-1269", "db/pdfs/D18-1269.pdf", "acl,arxiv", CC_BY),
        ("D15-1001", "db/pdfs/D15-1001.pdf", "acl", ""),  # before 2016
        ("P98-1001", "db/pdfs/P98-1001.pdf", "acl", ""),
        ("2020.lrec-1.1", "db/pdfs/2020.lrec-1.1.pdf", "acl", ""),  # not ACL's own meeting
        ("2020.acl-main.421", "db/pdfs/1910.11856v3.pdf", "acl,arxiv", ""),  # arXiv's file
        ("", "db/pdfs/2005.13013v1.pdf", "arxiv", ""),
        ("", "/home/me/a.pdf", "demo,local", ""),
    ],
)
def test_licences(acl, file, found_in, address):
    assert licence(blank(PaperView, acl_id=acl, pdf_path=file, found_in=found_in)) == address
