"""Journal, volume, issue, pages and publisher, as each source and each format of references gives them."""

from __future__ import annotations

import json

import pytest

from synth.core.types import Publication, PublicationType
from synth.library import formats as library
from synth.sources.formats import bibtex, csljson, endnote, endnotexml, medline, ris
from synth.sources.providers import acl, arxivdump, crossref, openalex, semanticscholar
from tests.sources.test_records import recorded

ARTICLE, PAPER, CHAPTER, BOOK, PREPRINT = (
    PublicationType.ARTICLE,
    PublicationType.INPROCEEDINGS,
    PublicationType.INCOLLECTION,
    PublicationType.BOOK,
    PublicationType.PREPRINT,
)
WHOLE = Publication(ARTICLE, "Journal of Kettles & Lids", "4", "2", "12-34", "Tin Press")


def of_crossref(**values):
    return crossref.as_record({"DOI": "10.1000/a", "title": ["On kettles"], **values}).publication


def test_an_article_of_crossref():
    work = {"container-title": ["Journal of Kettles &amp; Lids"], "volume": "4", "issue": "2", "page": "12-34"}
    assert of_crossref(type="journal-article", publisher="Tin Press", **work) == WHOLE


def test_other_types_of_crossref():
    both = ["Lecture Notes in Kettles", "Kettles – TEA 2018"]
    chapter = of_crossref(type="book-chapter", **{"container-title": both, "page": "3-9"})
    assert chapter == Publication(CHAPTER, "Kettles – TEA 2018", page_range="3-9")
    assert of_crossref(type="posted-content", publisher="Tin Press").publication_type is PREPRINT
    assert of_crossref(type="journal-article", **{"article-number": "e12", "page": None}).page_range == "e12"
    assert of_crossref() == Publication()


@pytest.mark.parametrize("name", ["container-title", "volume", "issue", "page", "article-number", "publisher"])
def test_crossref_is_asked_for_it(name):
    assert name in crossref.SELECT.split(",")


def of_openalex(place=None, **values):
    work = {"id": "https://openalex.org/W1", "display_name": "On kettles", "primary_location": {"source": place}}
    return openalex.as_record(work | values).publication


def test_a_work_of_openalex():
    place = {"display_name": "Journal of Kettles & Lids", "type": "journal", "host_organization_name": "Tin Press"}
    biblio = {"volume": "4", "issue": "2", "first_page": "12", "last_page": "34"}
    assert of_openalex(place, type="article", biblio=biblio) == WHOLE
    assert of_openalex(place, type="article", biblio=biblio | {"last_page": "12"}).page_range == "12"
    assert of_openalex(place | {"type": "conference"}, type="article").publication_type is PAPER
    repository = {"display_name": "arXiv (Cornell University)", "type": "repository"}
    assert of_openalex(repository, type="article", biblio=biblio) == Publication(PREPRINT)
    assert of_openalex(None, type="preprint") == Publication(PREPRINT)
    assert of_openalex() == Publication()
    assert "biblio" in openalex.SELECT.split(",")


def of_semantic_scholar(**values):
    return semanticscholar.as_record({"paperId": "a" * 40, "title": "On kettles", **values}).publication


def test_a_work_of_semantic_scholar():
    journal = {"name": "Journal of Kettles & Lids", "volume": "4", "pages": "\n          12-34\n        "}
    expected = Publication(ARTICLE, "Journal of Kettles & Lids", "4", "", "12-34")
    assert of_semantic_scholar(journal=journal, publicationTypes=["Review", "JournalArticle"]) == expected
    meeting = {"name": "Annual Meeting on Kettles", "type": "conference"}
    assert of_semantic_scholar(publicationVenue=meeting, journal={"pages": "1-9"}) == Publication(
        PAPER, "Annual Meeting on Kettles", page_range="1-9"
    )
    arxiv = {"name": "ArXiv", "volume": "abs/1706.03762"}
    assert of_semantic_scholar(journal=arxiv, publicationTypes=["JournalArticle"]) == Publication(PREPRINT)
    assert of_semantic_scholar(journal=None, venue="", publicationTypes=None) == Publication()


def test_real_works_of_semantic_scholar(data):
    [(_, body)] = recorded(data, "test_get_papers_not_found_warning")
    found = [semanticscholar.as_record(work).publication for work in json.loads(body) if work]
    assert "Experimental & Empirical Studies eJournal" in [one.venue for one in found]
    assert not any(one.volume or one.page_range for one in found if not one.venue)


def test_the_anthology_and_arxiv():
    line = {"id": "2020.acl-main.1", "title": "T", "booktitle": "Proceedings of ACL"}
    assert acl.as_record(line).publication == Publication(PAPER, "Proceedings of ACL")
    assert library.as_record(library.acl(line)).publication == Publication(PAPER, "Proceedings of ACL")
    line = {"id": "0704.0001", "title": "T", "journal-ref": "Phys.Rev.D76:013009,2007", "authors_parsed": []}
    for record in (arxivdump.as_record(line), library.as_record(library.arxiv(line))):
        assert record.publication == Publication(journal_reference="Phys.Rev.D76:013009,2007")
    line["journal-ref"] = None
    for record in (arxivdump.as_record(line), library.as_record(library.arxiv(line))):
        assert record.publication == Publication(PREPRINT)


BIBTEX = r"""@article{a, title={On kettles}, journal={Journal of Kettles \& Lids}, volume=4, number={2}, pages={12--34},
  publisher={Tin Press}}"""
RIS = """TY  - JOUR
TI  - On kettles
T2  - Journal of Kettles & Lids
J2  - J. Kettles
VL  - 4
IS  - 2
SP  - 12
EP  - 34
PB  - Tin Press
ER  - 
"""  # noqa: W291
NBIB = """PMID- 1
TI  - On kettles
TA  - J Kettles
JT  - Journal of Kettles & Lids
VI  - 4
IP  - 2
PG  - 12-34
PB  - Tin Press
PT  - Journal Article
"""
REFER = """%0 Journal Article
%T On kettles
%J Journal of Kettles & Lids
%V 4
%N 2
%P 12-34
%I Tin Press
"""
WEB = """PT J
TI On kettles
SO Journal of Kettles & Lids
VL 4
IS 2
BP 12
EP 34
PU Tin Press
ER
"""
XML = """<xml><records><record><ref-type name="Journal Article">17</ref-type><titles><title>On kettles</title>
<secondary-title>Journal of Kettles &amp; Lids</secondary-title></titles><volume>4</volume><number>2</number>
<pages>12-34</pages><publisher>Tin Press</publisher></record></records></xml>"""
CSL = {
    "type": "article-journal",
    "title": "On kettles",
    "container-title": "Journal of Kettles &amp; Lids",
    "volume": 4,
    "issue": "2",
    "page": "12–34",
    "publisher": "Tin Press",
}


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (bibtex.read, BIBTEX),
        (ris.read, RIS),
        (medline.read, NBIB),
        (endnote.read, REFER),
        (endnote.read_web_of_science, WEB),
        (endnotexml.read, XML),
        (csljson.read, json.dumps([CSL])),
    ],
    ids=["BibTeX", "RIS", "nbib", "refer", "Web of Science", "EndNote's XML", "CSL-JSON"],
)
def test_an_article_in_every_format(read, text):
    [record], warnings = read(text)
    assert (record.publication, warnings) == (WHOLE, [])


def of_bibtex(text):
    records, _ = bibtex.read(text)
    return [record.publication for record in records]


def test_parts_of_books_in_bibtex():
    text = """@inproceedings{b, title={On lids}, crossref={p}, pages={1--9}}
    @proceedings{p, title={Proceedings of TEA}, publisher={Tin Press}, year=2019, volume={2}}
    @incollection{c, title={On tea}, booktitle={The Book of Tea}, pages={e4}}
    @misc{d, title={On cups}}
    @article{e, title={On jugs}, journal={arXiv preprint arXiv:1706.03762}}"""
    assert of_bibtex(text) == [
        Publication(PAPER, "Proceedings of TEA", "2", "", "1-9", "Tin Press"),
        Publication(BOOK, "", "2", "", "", "Tin Press"),
        Publication(CHAPTER, "The Book of Tea", page_range="e4"),
        Publication(),
        Publication(PREPRINT),
    ]


def test_a_last_page_of_medline_is_written_out():
    [record], _ = medline.read("PMID- 1\nTI  - T\nJT  - J\nPG  - 1071-8\n")
    assert record.publication.page_range == "1071-1078"


@pytest.mark.parametrize("value", [None, 7.5, True, [], {}, {"x": 1}, "\x00\x1b[31m", "x" * 10_000, "\ud800"])
def test_nonsense_is_no_publication(value):
    names = ("container-title", "volume", "issue", "page", "publisher")
    described = of_crossref(type="journal-article", **dict.fromkeys(names, value))
    parts = (described.venue, described.volume, described.issue, described.page_range, described.publisher)
    assert all(isinstance(part, str) and len(part) <= 500 and part.isprintable() for part in parts)
    described = of_semantic_scholar(venue=value, publicationVenue=value, journal=value, publicationTypes=value)
    assert len(described.venue) <= 500
    assert of_openalex(value, biblio=value, type=value).page_range == ""
