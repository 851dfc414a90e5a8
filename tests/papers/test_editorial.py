"""Retractions, withdrawals and concerns as sources tell them; errata, corrections and replies are none."""

import pytest

from synth.core.types import Editorial, Notice
from synth.sources.providers import crossref, openalex

WORK = {"DOI": "10.1000/a", "title": ["On kettles"]}


def update(kind, doi="10.1000/N", date="2021-03-04T00:00:00Z", source="publisher"):
    return {"DOI": doi, "type": kind, "label": kind.title(), "source": source, "updated": {"date-time": date}}


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("retraction", Editorial.RETRACTED),
        ("Retraction", Editorial.RETRACTED),
        ("removal", Editorial.RETRACTED),
        ("withdrawal", Editorial.WITHDRAWN),
        ("expression_of_concern", Editorial.CONCERN),
        ("expression-of-concern", Editorial.CONCERN),
        ("partial_retraction", Editorial.CONCERN),
        *((kind, Editorial.NONE) for kind in ("erratum", "correction", "corrigendum", "addendum", "clarification")),
        *((kind, Editorial.NONE) for kind in ("new_version", "new_edition", "reply", "comment", "", "Retracted data")),
    ],
)
def test_a_work_that_another_record_updates(kind, status):
    record = crossref.as_record(WORK | {"updated-by": [update(kind)]})
    assert record.editorial is status
    assert record.withdrawn == status.disqualifies
    assert record.editorial_date == ("2021-03-04" if status else "")
    assert record.notices == ()


def test_the_gravest_status_stands():
    told = [update("expression_of_concern"), update("erratum"), update("retraction", date="2022-01-01T00:00:00Z")]
    record = crossref.as_record(WORK | {"updated-by": told})
    assert (record.editorial, record.editorial_date) == (Editorial.RETRACTED, "2022-01-01")


def test_a_notice_speaks_of_another_work_and_not_of_itself():
    told = [update("retraction", "10.1000/B"), update("erratum", "10.1000/C"), update("retraction", "10.1000/A")]
    record = crossref.as_record({"DOI": "10.1000/a", "title": ["Retraction: On pots"], "update-to": told})
    assert (record.editorial, record.withdrawn) == (Editorial.NOTICE, False)
    assert record.notices == (Notice("10.1000/b", Editorial.RETRACTED, "2021-03-04"),)


def test_titles_that_publishers_mark():
    assert crossref.as_record(WORK | {"title": ["RETRACTED ARTICLE: On kettles"]}).editorial is Editorial.RETRACTED
    assert crossref.as_record(WORK | {"title": ["WITHDRAWN: On kettles"]}).editorial is Editorial.WITHDRAWN
    assert crossref.as_record(WORK | {"title": ["Retracted papers: a survey"]}).editorial is Editorial.NONE


def test_versions_and_translations():
    relation = {
        "is-translation-of": [{"id-type": "doi", "id": "10.1000/FR"}],
        "has-preprint": [{"id-type": "doi", "id": "10.48550/arXiv.2005.13013"}, "nonsense"],
        "is-supplemented-by": [{"id-type": "doi", "id": "10.1000/data"}],
        "references": [{"id-type": "uri", "id": "https://x.example"}],
    }
    record = crossref.as_record(WORK | {"relation": relation})
    assert set(record.versions) == {"10.1000/fr", "10.48550/arxiv.2005.13013"}


@pytest.mark.parametrize(
    "odd", [None, 7, "retraction", {}, [None, 3, {"type": 5}, {"type": "retraction", "updated": 4}]]
)
def test_odd_updates_break_nothing(odd):
    assert crossref.as_record(WORK | {"updated-by": odd, "update-to": odd, "relation": odd}) is not None


def test_openalex_says_that_a_work_is_retracted():
    work = {"id": "https://openalex.org/W1", "display_name": "On kettles"}
    assert openalex.as_record(work | {"is_retracted": True}).editorial is Editorial.RETRACTED
    assert openalex.as_record(work | {"is_retracted": False}).editorial is Editorial.NONE


MEDLINE = """PMID- {number}
TI  - {title}
FAU - Okello, Ruth
DP  - 2019
PT  - Journal Article
{tag}
"""


@pytest.mark.parametrize(
    ("tag", "status"),
    [
        ("PT  - Retracted Publication", Editorial.RETRACTED),
        ("RIN - J Kettles. 2020. doi: 10.1000/n. PMID: 2", Editorial.RETRACTED),
        ("RPI - J Kettles. 2020;3:4. PMID: 2", Editorial.RETRACTED),
        ("ECI - J Kettles. 2020;3:4. PMID: 2", Editorial.CONCERN),
        ("PT  - Retraction of Publication", Editorial.NOTICE),
        ("PT  - Expression of Concern", Editorial.NOTICE),
        ("ROF - J Kettles. 2018. doi: 10.1000/a. PMID: 1", Editorial.NOTICE),
        ("EIN - J Kettles. 2020;3:4. PMID: 2", Editorial.NONE),
        ("EFR - J Kettles. 2020;3:4. PMID: 2", Editorial.NONE),
        ("CIN - J Kettles. 2020;3:4. PMID: 2", Editorial.NONE),
        ("CON - J Kettles. 2020;3:4. PMID: 2", Editorial.NONE),
        ("PT  - Published Erratum", Editorial.NONE),
    ],
)
def test_pubmed(tag, status):
    from synth.sources.formats import medline

    [record], _ = medline.read(MEDLINE.format(number=1, title="On kettles of the town", tag=tag))
    assert (record.editorial, record.withdrawn) == (status, status.withdraws)
    assert record.notices == ((Notice("10.1000/a", Editorial.RETRACTED),) if tag.startswith("ROF") else ())


def test_types_and_notes_of_other_files():
    from synth.sources.formats import bibtex, csljson, endnote, ris

    told = "TY  - JOUR\nTI  - On kettles of the town\n{}\nER  - \n"
    for line in ("M3  - Retracted", "N1  - Retracted article", "N1  - Withdrawn.", "PT  - Retracted Publication"):
        [record], _ = ris.read(told.format(line))
        assert record.withdrawn, line
    for line in ("M3  - Article", "N1  - Cites a retracted article", "M3  - Erratum"):
        [record], _ = ris.read(told.format(line))
        assert not record.withdrawn, line
    for field in ("note = {Retracted}", "type = {Retracted}", "document_type = {Retracted}", "pubstate = {retracted}"):
        [record], _ = bibtex.read(f"@article{{a, title = {{On kettles of the town}}, year = 2019, {field}}}")
        assert record.withdrawn, field
    [record], _ = csljson.read(
        '[{"type": "article-journal", "title": "On kettles of the town", "status": "retracted"}]'
    )
    assert record.withdrawn
    [record], _ = endnote.read_web_of_science(
        "PT J\nTI On kettles of the town\nDT Article; Retracted Publication\nER\n"
    )
    assert record.withdrawn
