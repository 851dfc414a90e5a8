"""The bundled digests as a source."""

from __future__ import annotations

import subprocess
import sys

from synth.core.types import Record
from synth.sources import SourceSettings, names, source
from synth.sources.digests.read import digests

QUESTION = (
    "Does scaling the size of the pretrained model mitigate the negative effects of typological distance when "
    "applying English intermediate-task training for cross-lingual sentence retrieval?"
)
SETTINGS = SourceSettings()


def found(question: str, limit: int = 100, start: int = 0) -> list[Record]:
    return [record for page in source("demo").pages(question, limit, start, SETTINGS) for record in page.records]


def test_is_listed():
    assert "demo" in names()
    assert source("demo").name == "demo"


def test_question_finds_digests_best_first():
    assert {record.source_id for record in found(QUESTION)} == {digest.key for digest in digests()}
    for question, best in (
        ("Does intermediate-task training on MNLI or SQuAD improve BUCC and Tatoeba?", "phang2020"),
        ("Is constituent order or composition crucial?", "chai2022"),
        ("Which source languages suit part-of-speech tagging?", "devries2022"),
    ):
        assert found(question)[0].source_id == best


def test_records_point_to_the_original_without_posing_as_it():
    for record in found(QUESTION):
        digest = next(digest for digest in digests() if digest.key == record.source_id)
        assert record.title.startswith("Digest: ")
        assert record.url == digest.work.url
        assert (record.doi, record.arxiv_id, record.acl_id) == ("", "", "")
        assert not set(record.authors) & set(digest.work.authors)
        assert digest.work.identifiers in record.comment
        assert record.comment.startswith("Digest of ")


def test_goes_on_where_a_search_stopped():
    everything = found(QUESTION)
    assert found(QUESTION, limit=5) + found(QUESTION, start=5) == everything
    assert found(QUESTION, limit=3, start=3) == []


def test_foreign_question_finds_nothing_and_says_so():
    (page,) = source("demo").pages("Photosynthese Kartoffel", 10, 0, SETTINGS)
    assert (page.records, page.total) == ((), 0)


def test_query_is_what_the_digests_are_ranked_by():
    assert source("demo").query("How does model size matter?") == "model size matter"


def test_pdf_is_rendered_into_the_folder(tmp_path):
    record = found("intermediate-task training on MNLI, SQuAD, HellaSwag", limit=1)[0]
    path = source("demo").fetch_pdf(record, tmp_path / "pdfs", SETTINGS)
    assert path == tmp_path / "pdfs" / "demo-phang2020.pdf"
    assert path.read_bytes().startswith(b"%PDF")
    assert [entry.name for entry in path.parent.iterdir()] == ["demo-phang2020.pdf"]


def test_foreign_record_has_no_pdf(tmp_path):
    assert source("demo").fetch_pdf(Record("arxiv", "phang2020", "x"), tmp_path, SETTINGS) is None
    assert source("demo").fetch_pdf(Record("demo", "nobody1999", "x"), tmp_path, SETTINGS) is None


def test_listing_loads_no_pdf_library():
    code = "import sys, synth.sources.providers.demo as d; d.ranked('language'); print('pymupdf' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
