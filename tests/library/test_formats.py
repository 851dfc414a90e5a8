"""Records read from a line in both formats, and the lines that are none."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from synth.library.formats import FORMATS, LibraryWork, MalformedEntry, acl, arxiv, as_record, detect, parse
from tests.library.records import ARXIV, acl_entry

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def test_a_paper_of_the_anthology():
    record = as_record(acl(acl_entry(56)))
    assert record.source == "library"
    assert record.source_id == "acl:2020.acl-main.56"
    assert record.acl_id == "2020.acl-main.56"
    assert record.authors == ("Ada Author56", "Bo Ümlaut")
    assert record.year == 2020
    assert record.url == "https://aclanthology.org/2020.acl-main.56"
    assert record.pdf_url == "https://aclanthology.org/2020.acl-main.56.pdf"
    assert record.doi == "10.18653/v1/2020.acl-main.56"


def test_a_paper_of_arxiv():
    work = arxiv(ARXIV)
    assert work == LibraryWork(
        source="arxiv",
        source_id="2005.13013",
        title="A paper with a title over two lines",
        abstract="Sentences are retrieved across languages.",
        authors="Ada Author\nBo Author\nCy Author III",
        year=2007,
        doi="10.1002/EXAMPLE.2984 10.1002/example.other",
        version="v2",
        venue="J. Examples 51 (8), 2021",
        comment="12 pages, 2 figures",
        withdrawn=0,
    )
    record = as_record(work)
    assert (record.arxiv_id, record.version) == ("2005.13013", "v2")
    assert (record.doi, record.versions) == ("10.1002/example.2984", ("10.1002/example.other",))
    assert record.url == "https://arxiv.org/abs/2005.13013v2"
    assert record.pdf_url == "https://arxiv.org/pdf/2005.13013v2"


@pytest.mark.parametrize(
    ("comment", "withdrawn"),
    [
        ("This paper has been withdrawn by the author due to an error", True),
        ("Withdrawn.", True),
        ("We study how consent is withdrawn", False),
        (None, False),
    ],
)
def test_a_withdrawn_paper_has_no_pdf(comment, withdrawn):
    record = as_record(arxiv(ARXIV | {"comments": comment}))
    assert record.withdrawn is withdrawn
    assert bool(record.pdf_url) is not withdrawn


def test_authors_without_the_parsed_list():
    work = arxiv({key: value for key, value in ARXIV.items() if key != "authors_parsed"})
    assert work.authors == "Ada Author\nBo Author\nCy Author III"


def test_no_address_is_made_up_for_an_unknown_form_of_id():
    record = as_record(acl(acl_entry(1, id="generated-1")))
    assert (record.url, record.pdf_url, record.acl_id) == ("", "", "")
    assert as_record(arxiv(ARXIV | {"id": "hep-th/9901001"})).arxiv_id == "hep-th/9901001"


def test_which_format_a_line_has():
    assert detect(acl_entry(1)) == "acl"
    assert detect(ARXIV) == "arxiv"
    assert detect({"id": "x"}) is None


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"", "no JSON"),
        (b"{'id': 1}", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"1" * 5000, "no JSON"),
        (b"[1, 2]", "no JSON object"),
        (b'{"title": "No id"}', "no id"),
        (b'{"id": 7, "title": "A number for an id"}', "no id"),
        (b'{"id": "two words", "title": "x"}', "no id"),
        (b'{"id": "x", "title": "  "}', "no title"),
        (b'{"id": "x"}', "no title"),
        (b'{"id": "x", "title": ["x"]}', "no title"),
        (b'{"id": "x", "title": "x", "authors": "Ada"}', "authors are no list"),
    ],
)
def test_lines_that_are_no_record(line, reason):
    with pytest.raises(MalformedEntry, match=reason):
        acl(parse(line))


@settings(deadline=None)
@example("arxiv", {"versions": 1})
@example("arxiv", {"versions": [None, {"version": 7}], "authors_parsed": [["\ud800"], [1], "x"]})
@example("acl", {"year": True, "doi": 5})
@given(st.sampled_from(sorted(FORMATS)), st.dictionaries(st.sampled_from([*ARXIV, *acl_entry(1)]), anything))
def test_any_object_is_a_storable_work_or_malformed(kind, entry):
    try:
        work = FORMATS[kind](parse(json.dumps(ARXIV | entry).encode()))
    except MalformedEntry:
        return
    for value in work:
        assert value is None or isinstance(value, int | str)
        if isinstance(value, str):
            value.encode("utf-8")  # what SQLite could not store would raise here
    as_record(work)
