"""Publication data: preprints told from publications, pages in one form, and the record that says most of a work."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import select

from synth.core.types import Publication, PublicationType, Record
from synth.papers import duplicates
from synth.papers.publication import best, in_anthology, of_record, page_range, publication
from synth.store.database import Store
from synth.store.tables import Paper, PaperRecord
from tests.papers.test_duplicates import JOURNAL, PEOPLE, PREPRINT, TITLE, begin, take

ARTICLE = publication(
    PublicationType.ARTICLE, venue="Journal of Kettles", volume="4", issue="2", pages="12--34", publisher="Tin Press"
)
REFERENCE = Publication(journal_reference="J. Kettles 4 (2020) 12")


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("12-34", "12-34"),
        ("12--34", "12-34"),
        ("12 – 34", "12-34"),
        ("pp. 12–34", "12-34"),
        ("7-7", "7"),
        ("e0123", "e0123"),
        ("iv—xii, 3", "iv-xii, 3"),
        *((text, "") for text in ("n/a-n/a", "no-no", "-", " ", "N/A")),
    ],
)
def test_pages(text, pages):
    assert page_range(text) == pages
    assert page_range(pages) == pages


@pytest.mark.parametrize(
    "venue", ["arXiv preprint arXiv:1706.03762", "ArXiv", "CoRR", "bioRxiv", "SSRN Electronic Journal", "Preprints.org"]
)
def test_a_server_of_preprints_is_no_venue(venue):
    described = publication(PublicationType.ARTICLE, venue=venue, volume="abs/1706.03762", publisher="x")
    assert described == Publication(PublicationType.PREPRINT)


@pytest.mark.parametrize("venue", ["Corrosion Science", "Archive of Applied Mechanics", "Journal of Documentation"])
def test_a_journal_is_one(venue):
    assert publication(PublicationType.ARTICLE, venue=venue).venue == venue


@pytest.mark.parametrize(
    ("acl_id", "booktitle", "expected"),
    [
        ("Q19-1038", "Transactions of the Association for Computational Linguistics, Volume 7",
         (PublicationType.ARTICLE, "Transactions of the Association for Computational Linguistics", "7", "")),
        ("2021.cl-4.30", "Computational Linguistics, Volume 47, Issue 4 - December 2021",
         (PublicationType.ARTICLE, "Computational Linguistics", "47", "4")),
        ("2020.acl-main.421", "Proceedings of ACL (Volume 1: Long Papers)",
         (PublicationType.INPROCEEDINGS, "Proceedings of ACL (Volume 1: Long Papers)", "", "")),
        ("J93-2003", "", (PublicationType.ARTICLE, "", "", "")),
        ("", "A book", (PublicationType.UNKNOWN, "A book", "", "")),
    ],
)  # fmt: skip
def test_the_anthology_names_the_volume_in_the_title_of_the_book(acl_id, booktitle, expected):
    described = in_anthology(acl_id, booktitle)
    assert (described.publication_type, described.venue, described.volume, described.issue) == expected


def test_what_was_published_says_more_than_a_preprint_and_all_parts_come_from_one():
    less = Publication(PublicationType.ARTICLE, "J. Kettles", "5")
    assert best([Publication(PublicationType.PREPRINT), REFERENCE, less, ARTICLE]) == ARTICLE
    assert best([ARTICLE, less]) == ARTICLE
    assert best([REFERENCE, Publication(PublicationType.PREPRINT)]) == REFERENCE
    assert best([]) == Publication()


def described(store: Store, work: int) -> tuple:
    with store.session() as s:
        row = s.get_one(Paper, work)
        return (row.publication_type, row.venue, row.volume, row.issue, row.page_range, row.published_year, row.year)


@pytest.fixture
def store(workspace):
    opened = Store(workspace.database)
    yield opened
    opened.close()


@pytest.mark.parametrize("turned", [False, True], ids=["preprint first", "published first"])
def test_a_work_has_the_publication_of_its_published_record(turned, store):
    preprint = replace(PREPRINT, publication=Publication(PublicationType.PREPRINT))
    published = replace(JOURNAL, year=2020, publication=ARTICLE)
    records = [published, preprint] if turned else [preprint, published]
    one, other = take(store, begin(store), *records)
    assert one == other
    assert described(store, one)[:6] == ("article", "Journal of Kettles", "4", "2", "12-34", 2020)


def test_a_record_that_is_split_off_takes_its_publication_along(store, workspace):
    preprint = replace(PREPRINT, publication=REFERENCE)
    work, _ = take(store, begin(store), preprint, replace(JOURNAL, publication=ARTICLE))
    with store.session() as s:
        number = s.exec(select(PaperRecord.id).where(PaperRecord.source == "crossref")).one()
    new = duplicates.split(workspace, work, [number], "they are two").work
    assert described(store, work) == ("", "", "", "", "", None, 2019)
    assert described(store, new)[:3] == ("article", "Journal of Kettles", "4")
    with store.session() as s:
        assert s.get_one(Paper, work).journal_reference == REFERENCE.journal_reference


def test_what_no_source_says_stays_empty(store):
    [work] = take(store, begin(store), Record("x", "1", TITLE, PEOPLE, 2019))
    assert described(store, work) == ("", "", "", "", "", None, 2019)
    assert of_record(Record("x", "1", TITLE, (), 2019)) == Publication()
