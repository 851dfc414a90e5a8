"""Versions of one work under identifiers of their own, and works that share an identifier but nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from synth.core.types import Record
from synth.papers.identity import RecordAgreement, agreement, identifiers, is_placeholder, same_work

TITLE, PEOPLE = "Reviewed preprints have a version in each DOI", ("Ruth Okello", "Carl Sample")
WORK = Record("x", "1", TITLE, PEOPLE, 2023)


def pair(one: str, other: str, years: tuple[int, int] = (2023, 2023)) -> tuple[Record, Record]:
    """Two records; an arXiv id is given as such."""
    made = []
    for number, (name, year) in enumerate(zip((one, other), years, strict=True)):
        arxiv = name.removeprefix("arxiv:") if name.startswith("arxiv:") else ""
        made.append(replace(WORK, source_id=str(number), year=year, doi="" if arxiv else name, arxiv_id=arxiv))
    return made[0], made[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10.7554/eLife.12345.1", "10.7554/eLife.12345.3"),
        ("10.7554/elife.102345.1", "10.7554/elife.102345"),
        ("https://doi.org/10.7554/eLife.12345.2", "10.7554/elife.12345"),
        ("10.12688/f1000research.1234.1", "10.12688/f1000research.1234.2"),
        ("10.12688/wellcomeopenres.14000.1", "10.12688/wellcomeopenres.14000.3"),
        ("10.12688/gatesopenres.12900.1", "10.12688/gatesopenres.12900.2"),
        ("10.12688/openreseurope.13000.1", "10.12688/openreseurope.13000.2"),
        ("10.3310/nihropenres.13000.1", "10.3310/nihropenres.13000.2"),
        ("10.35241/emeraldopenres.13000.1", "10.35241/emeraldopenres.13000.2"),
        ("10.1099/acmi.0.000123.v1", "10.1099/acmi.0.000123.v3"),
        ("10.5281/zenodo.1234567", "10.5281/zenodo.1234568"),
        ("10.6084/m9.figshare.123456.v1", "10.6084/m9.figshare.123456.v2"),
        ("10.5281/zenodo.1234567", "10.1000/published"),
        ("10.48550/arXiv.2005.13013", "10.48550/arXiv.2005.13013v2"),
        ("10.48550/arXiv.2005.13013", "arxiv:2005.13013v1"),
        ("10.1101/2020.01.01.123456", "10.1101/2020.01.01.123456v2"),
        ("10.1101/123456", "10.1101/123456v1"),
        ("10.1101/2020.01.01.123456v1", "10.1000/published"),
        ("10.64898/2026.01.01.123456", "10.1000/published"),
        ("10.21203/rs.3.rs-123456/v1", "10.21203/rs.3.rs-123456/v2"),
        ("10.21203/rs.2.12345/v1", "10.21203/rs.3.rs-123456/v1"),
        ("10.21203/rs.3.rs-123456/v1", "10.1000/published"),
        ("10.2139/ssrn.123456", "10.2139/ssrn.654321"),
        ("10.2139/ssrn.123456", "10.1000/published"),
        ("10.31234/osf.io/abcde", "10.31234/osf.io/abcde_v2"),
        ("10.31219/osf.io/abcde_v1", "10.1000/published"),
        ("10.20944/preprints202001.0001.v1", "10.20944/preprints202001.0001.v2"),
        ("10.26434/chemrxiv-2021-abcde", "10.26434/chemrxiv-2021-abcde-v2"),
        ("10.36227/techrxiv.123456.v1", "10.36227/techrxiv.123456.v2"),
        ("10.22541/au.123456.654321/v1", "10.22541/au.123456.654321/v2"),
        ("10.1002/essoar.10501234.1", "10.1002/essoar.10501234.2"),
        ("10.7287/peerj.preprints.123v1", "10.7287/peerj.preprints.123v2"),
        ("arxiv:2005.13013", "10.1101/2020.01.01.123456"),
        ("arxiv:2005.13013", "10.1000/published"),
    ],
)
def test_versions_are_one_work(one, other):
    a, b = pair(one, other)
    assert same_work(a, b)
    assert same_work(b, a)


def test_versions_of_a_deposit_may_be_years_apart():
    assert same_work(*pair("10.5281/zenodo.1234567", "10.5281/zenodo.7654321", (2017, 2023)))
    assert not same_work(*pair("10.1000/a", "10.5281/zenodo.7654321", (2017, 2023)))


def test_a_version_that_was_renamed_is_the_same_work():
    a, b = pair("10.7554/elife.12345.1", "10.7554/elife.12345.2")
    assert same_work(a, replace(b, title="A wholly new name for it"))
    assert not same_work(a, replace(b, title="A wholly new name for it", authors=("Mira Testova",)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10.1000/a", "10.1000/b"),
        ("10.1000/journal.1", "10.1000/journal.2"),
        ("10.7554/elife.12345", "10.7554/elife.54321"),
        ("10.7554/elife.00013.002", "10.7554/elife.00013.003"),  # figures of one paper
        ("10.12688/f1000research.1234.1", "10.12688/f1000research.4321.1"),
        ("10.1002/14651858.cd000123.pub2", "10.1002/14651858.cd000123.pub3"),  # an update with new evidence
        ("arxiv:2005.13013", "arxiv:2005.13014"),
    ],
)
def test_other_numbers_are_other_works(one, other):
    assert not same_work(*pair(one, other))


def test_deposits_of_other_titles_are_other_works():
    a, b = pair("10.5281/zenodo.1234567", "10.5281/zenodo.1234568")
    assert not same_work(a, replace(b, title="Recordings of the kettles of two towns"))
    assert not same_work(a, replace(b, authors=("Mira Testova",)))


# ------------------------------------------------------------------------------------------ one DOI, other texts


@pytest.mark.parametrize(
    ("title", "authors", "told"),
    [
        (TITLE, PEOPLE, RecordAgreement.SOME),
        (TITLE.upper(), (), RecordAgreement.SOME),
        (f"RETRACTED ARTICLE: {TITLE}", ("Mira Testova",), RecordAgreement.SOME),
        (f"{TITLE}: a study of two towns", ("Mira Testova",), RecordAgreement.SOME),
        ("", (), RecordAgreement.SOME),
        ("", PEOPLE, RecordAgreement.SOME),
        ("", ("Mira Testova",), RecordAgreement.NONE),
        ("okello2023.pdf", (), RecordAgreement.SOME),
        ("A wholly new name for it", ("R. Okello", "C. Sample"), RecordAgreement.SOME),
        ("A wholly new name for it", ("Okello R", "Jan Berg", "Ada Example"), RecordAgreement.SOME),
        ("A wholly new name for it", (), RecordAgreement.UNKNOWN),
        ("Sleep of sailors", ("Mira Testova", "Jan Berg"), RecordAgreement.NONE),
        ("同じ研究の題名をここに記す", ("岡本",), RecordAgreement.SOME),  # another script cannot be compared
    ],
)
def test_what_texts_say_of_a_shared_doi(title, authors, told):
    one, other = replace(WORK, doi="10.1000/a"), Record("y", "2", title, authors, 2023, doi="10.1000/a")
    assert agreement(one, other) is agreement(other, one) is told
    assert same_work(one, other) == same_work(other, one) == (told is RecordAgreement.SOME)


@pytest.mark.parametrize("title", ["Introduction", "Preface", "Abstracts", "Editorial"])
def test_front_matter_of_others_is_other_work(title):
    one = Record("x", "1", title, ("Ruth Okello",), 2020, doi="10.1000/book")
    assert not same_work(one, replace(one, authors=("Mira Testova",)))
    assert same_work(one, replace(one, source="y"))


def test_chapters_and_abstracts_that_share_words_stay_apart():
    one = Record("x", "1", "Sleep of shift workers in hospitals", ("Ruth Okello",), 2019, doi="10.1000/meeting")
    for title in ("Sleep of sailors on long ways", "Retrieval of sentences", "Sleep"):
        assert not same_work(one, Record("x", "2", title, ("Mira Testova",), 2019, doi="10.1000/meeting"))


def test_an_arxiv_id_outweighs_a_title_but_not_title_and_people():
    one = replace(WORK, arxiv_id="2005.13013")
    assert same_work(one, replace(one, title="A wholly new name for it", authors=()))
    assert same_work(one, replace(one, title="A wholly new name for it", authors=("Ruth Okello",)))
    assert not same_work(one, replace(one, title="Sleep of sailors", authors=("Mira Testova",)))


def test_identifiers_of_versions():
    assert dict(identifiers(replace(WORK, doi="10.7554/eLife.12345.1"))) == {"doi": "10.7554/elife.12345"}
    assert dict(identifiers(replace(WORK, doi="10.5281/zenodo.12"))) == {"deposit": "10.5281/zenodo.12"}
    assert dict(identifiers(replace(WORK, doi="10.31234/osf.io/x5v27"))) == {
        "preprint 10.31234": "10.31234/osf.io/x5v27"
    }


@pytest.mark.parametrize(
    "doi",
    ["10.1145/1122445.1122456", "10.1145/nnnnnnn.nnnnnnn", "10.1145/XXXXXXX.XXXXXXX", "10.1109/XXXX.2020.1234567"],
)
def test_placeholders(doi):
    assert is_placeholder(doi)


@pytest.mark.parametrize(
    "doi", ["10.1145/3292500.3330701", "10.1109/ACCESS.2020.3010287", "10.1000/nn.1", "10.1016/j.xxx.1"]
)
def test_real_ones(doi):
    assert not is_placeholder(doi)
