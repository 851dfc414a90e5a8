"""Dumps of metadata: searched without an index, damaged lines counted, hostile files bounded."""

from __future__ import annotations

import gzip
import json
import lzma

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synth.core.errors import SourceError, UsageError
from synth.library import dump as lines
from synth.sources import SourceSettings, dump
from synth.sources.providers import acl, arxivdump

RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy

LINES = [
    {
        "id": "2020.acl-main.1",
        "title": "Sentence retrieval",
        "abstract": "We mine bitext.",
        "authors": ["A B"],
        "year": 2020,
    },
    {
        "id": "P19-1493",
        "title": "How multilingual is it?",
        "abstract": "On sentence-retrieval and transfer.",
        "year": "2019",
    },
    {"id": "2020.acl-main.3", "title": "Parsing", "abstract": "Trees only.", "authors": [], "year": 2020},
    {
        "id": "2020.acl-main.4",
        "title": "Bitext mining",
        "abstract": "",
        "authors": ["C D"],
        "year": 2021,
        "doi": "10.1/x",
    },
]


def write(path, lines):
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines) + "\n"
    opened = {".xz": lzma.open, ".gz": gzip.open}.get(path.suffix, open)
    with opened(path, "wb") as file:
        file.write(text.encode("utf-8", "surrogatepass"))
    return path


def search(file, query, limit=10, start=0, size=10):
    return list(acl.SOURCE.pages(query, limit, start, SourceSettings(acl_dump=file, page_size=size)))


def ids(pages):
    return [record.source_id for page in pages for record in page.records]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.xz"])
def test_records_with_a_term_come_best_first(name, tmp_path):
    file = write(tmp_path / name, LINES)
    pages = search(file, '("sentence retrieval" OR "bitext mining") OR transfer')
    # The second has both terms, the first and the last one have the phrase in the title, in the order of the file.
    assert ids(pages) == ["P19-1493", "2020.acl-main.1", "2020.acl-main.4"]
    assert pages[0].total == 3
    record = pages[0].records[1]
    assert (record.acl_id, record.year, record.authors) == ("2020.acl-main.1", 2020, ("A B",))
    assert record.pdf_url == "https://aclanthology.org/2020.acl-main.1.pdf"


def test_pages_go_on_where_they_stopped(tmp_path):
    file = write(tmp_path / "a.jsonl", LINES)
    query = '"sentence retrieval" OR "bitext mining" OR transfer'
    whole = ids(search(file, query))
    assert [len(page.records) for page in search(file, query, size=2)] == [2, 1]
    assert ids(search(file, query, start=1)) == whole[1:]
    assert ids(search(file, query, limit=2)) == whole[:2]
    [nothing] = search(file, "zebra")
    assert (nothing.records, nothing.total) == ((), 0)


def test_damaged_lines_are_counted_skipped_and_reported(tmp_path):
    damaged = ["{", "null", "[]", '{"id": 3}', '{"id": "P19-0001"}', "", "\x00\x01", "[" * 5000, '{"id": "\ud800"}']
    file = write(tmp_path / "a.jsonl", [LINES[0], *damaged, LINES[1]])
    [page] = search(file, '"sentence retrieval"')
    assert sorted(ids([page])) == ["2020.acl-main.1", "P19-1493"]
    assert page.warnings == ("a.jsonl: 8 lines are no records (line 2, 3, 4, 5, 6, …); passed over.",)


def test_a_line_without_an_end_is_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "MAX_LINE", 1000)
    file = write(tmp_path / "a.jsonl", [LINES[0], "x" * 5000, LINES[1]])
    [page] = search(file, '"sentence retrieval"')
    assert len(page.records) == 2
    assert "1 line is no record (line 2)" in page.warnings[0]


def test_a_file_that_goes_on_for_ever_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "MAX_BYTES", 10_000)
    file = write(tmp_path / "a.jsonl.gz", ["x" * 100] * 1000)
    assert file.stat().st_size < 1000
    with pytest.raises(SourceError, match="more than"):
        search(file, "retrieval")


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.xz"])
def test_a_file_that_was_cut_is_an_error_and_no_result(name, tmp_path):
    file = write(tmp_path / name, [line | {"id": f"2020.acl-main.{n}"} for n in range(2000) for line in LINES[:1]])
    file.write_bytes(file.read_bytes()[:-30])
    with pytest.raises(SourceError, match="cut or damaged after line"):
        search(file, '"sentence retrieval"')


def test_a_dump_that_is_not_there_says_how_to_name_one(tmp_path):
    for source, given_ in (
        (acl.SOURCE, SourceSettings()),
        (arxivdump.SOURCE, SourceSettings(arxiv_dump=tmp_path / "x")),
    ):
        with pytest.raises(UsageError) as caught:
            list(source.pages("retrieval", 10, 0, given_))
        assert "SYNTH_A" in caught.value.do


# A line of arXiv's own dump, shortened.
ARXIV = {
    "id": "0704.0001",
    "submitter": "Pavel Nadolsky",
    "authors": "C. Bal\\'azs, E. L. Berger, P. M. Nadolsky, C.-P. Yuan",
    "title": "Calculation of prompt diphoton production cross sections at Tevatron and\n  LHC energies",
    "comments": "37 pages, 15 figures; published version",
    "journal-ref": "Phys.Rev.D76:013009,2007",
    "doi": "10.1103/PhysRevD.76.013009",
    "abstract": "  A fully differential calculation is presented.\n",
    "versions": [
        {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
        {"version": "v2", "created": "Tue, 24 Jul 2008 20:10:27 GMT"},
    ],
    "update_date": "2008-11-26",
    "authors_parsed": [["Balázs", "C.", ""], ["Berger", "E. L.", ""], ["Yuan", "C. -P.", "Jr."]],
}


def test_a_line_of_arxivs_dump():
    record = arxivdump.as_record(ARXIV)
    assert record is not None
    assert (record.arxiv_id, record.version, record.year) == ("0704.0001", "v2", 2007)
    assert record.title == "Calculation of prompt diphoton production cross sections at Tevatron and LHC energies"
    assert record.authors == ("C. Balázs", "E. L. Berger", "C. -P. Yuan Jr.")
    assert record.doi == "10.1103/physrevd.76.013009"
    assert record.url == "https://arxiv.org/abs/0704.0001v2"
    assert arxivdump.as_record(ARXIV | {"comments": "This paper has been withdrawn"}).withdrawn
    plain = {name: value for name, value in ARXIV.items() if name not in ("authors_parsed", "versions")}
    assert arxivdump.as_record(plain).year == 2008


@RELAXED
@given(st.text(max_size=80))
def test_any_query_is_terms_or_nothing(query):
    for group in dump.terms(query):
        assert group
        assert all(term and term == " ".join(term.split()) for term in group)


def test_what_is_written_is_read_back():
    concepts = [("sentence retrieval", "bitext mining"), ("XLM-R",), ("transfer",)]
    assert dump.terms(dump.written(concepts)) == [("sentence retrieval", "bitext mining"), ("xlm r",), ("transfer",)]


def test_the_real_dump_of_the_anthology(data):
    """The paper of the project's claims is found by its own question."""
    file = data / "acl-anthology" / "acl_anthology_abstracts.jsonl.xz"
    query = acl.SOURCE.query("Does English intermediate-task training improve zero-shot cross-lingual transfer?")
    [page] = search(file, query, limit=20, size=20)
    assert "2020.aacl-main.56" in ids([page])[:5]
    assert page.warnings == ()
    assert page.total > 20
