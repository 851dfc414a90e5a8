"""References of reference managers: as Zotero and others write them, damaged, and hostile."""

from __future__ import annotations

import json
import time
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synth.core.errors import UsageError
from synth.sources import SourceSettings
from synth.sources.formats import bibtex, csljson, ris
from synth.sources.providers.references import SOURCE, read_references
from synth.text.markup import decode

RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # the machine may be busy

BIBTEX = r"""
@string{acl = "Association for Computational Linguistics"}
@comment{jabref-meta: databaseType:bibtex;}

@inproceedings{phang-etal-2020-english,
    title = "{E}nglish {Intermediate-Task} Training Improves Zero-Shot Cross-Lingual Transfer {Too}",
    author = "Phang, Jason  and
      Calixto, Iacer and Pruksachatkun, Yada",
    publisher = acl,
    year = "2020",
    url = "https://www.aclweb.org/anthology/2020.aacl-main.56",
    abstract = "Intermediate-task training\,---\,fine-tuning a model \& more --- helps by 4.2\%.",
}

@article{garcia,
  title = {Die {\"U}bersetzung von \textit{S{\o}ren} Erd\H{o}s and {\L}ukasz na\"{\i}ve},
  author = {Jos{\'e} Garc{\'\i}a and van der Goot, Rob and others},
  date = {2019-07-01}, doi = {https://doi.org/10.1162/COLI\_a\_00402},
  archivePrefix = {arXiv}, eprint = {1906.01502},
}
"""

RIS = """TY  - CONF
AU  - Phang, Jason
AU  - Calixto, Iacer
TI  - English Intermediate-Task Training
PY  - 2020/12//
DO  - 10.18653/v1/2020.aacl-main.56
UR  - https://arxiv.org/abs/2005.13013
AB  - We study transfer.
ER  -

TY  - JOUR
AU  - Nobody
ER  -
TY  - JOUR
T1  - Another paper, without an end
A1  - García, José
Y1  - 2019
"""

CSL = [
    {
        "id": "phang",
        "type": "paper-conference",
        "title": "English Intermediate-Task Training",
        "author": [
            {"family": "Goot", "given": "Rob", "non-dropping-particle": "van der"},
            {"literal": "The NYU Group"},
        ],
        "issued": {"date-parts": [["2020", 12]]},
        "DOI": "10.18653/v1/2020.aacl-main.56",
        "URL": "https://arxiv.org/abs/2005.13013v3",
    },
    {"id": "none", "type": "book"},
    "nonsense",
]


def test_bibtex():
    records, warnings = bibtex.read(BIBTEX)
    assert warnings == []
    first, second = records
    assert first.title == "English Intermediate-Task Training Improves Zero-Shot Cross-Lingual Transfer Too"
    assert first.authors == ("Jason Phang", "Iacer Calixto", "Yada Pruksachatkun")
    assert (first.year, first.acl_id, first.doi) == (2020, "2020.aacl-main.56", "")
    assert first.abstract.endswith("fine-tuning a model & more — helps by 4.2%.")
    assert second.title == "Die Übersetzung von Søren Erdős and Łukasz naïve"
    assert second.authors == ("José García", "Rob van der Goot")
    assert (second.year, second.doi, second.arxiv_id) == (2019, "10.1162/coli_a_00402", "1906.01502")


def test_ris():
    records, warnings = ris.read(RIS)
    assert [record.title for record in records] == [
        "English Intermediate-Task Training",
        "Another paper, without an end",
    ]
    assert records[0].authors == ("Jason Phang", "Iacer Calixto")
    assert (records[0].year, records[0].arxiv_id, records[0].acl_id) == (2020, "2005.13013", "2020.aacl-main.56")
    assert records[0].abstract == "We study transfer."
    assert (records[1].authors, records[1].year) == (("José García",), 2019)
    assert len(warnings) == 1
    assert "reference 2" in warnings[0]


def test_csl_json():
    records, warnings = csljson.read(json.dumps(CSL))
    [record] = records
    assert record.authors == ("Rob van der Goot", "The NYU Group")
    assert (record.year, record.arxiv_id, record.version) == (2020, "2005.13013", "v3")
    assert [warning.partition(":")[0] for warning in warnings] == ["item 2", "item 3"]


@pytest.mark.parametrize("name", ["a.bib", "a.txt"])
def test_the_form_is_told_by_name_or_beginning(name, tmp_path):
    for content in (BIBTEX, RIS, json.dumps(CSL)):
        file = tmp_path / (name if content == BIBTEX else "b.txt")
        file.write_text(content, "utf-8")
        assert read_references((file,))[0]


def test_the_source_gives_every_reference_once(tmp_path):
    (tmp_path / "a.bib").write_text(BIBTEX, "utf-8")
    (tmp_path / "b.bib").write_text(BIBTEX, "utf-8")
    settings = SourceSettings(references=(tmp_path / "a.bib", tmp_path / "b.bib"), page_size=1)
    pages = list(SOURCE.pages("whatever", 10, 0, settings))
    assert [len(page.records) for page in pages] == [1, 1]
    [rest] = SOURCE.pages("whatever", 10, 1, settings)
    assert rest.records == pages[1].records


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"@article{", b"[]", b"{}", b"TY  - JOUR\nER  - \n", b"@article{\0}", b"{" * 9999]
)
def test_a_file_without_references_is_a_usage_error(content, tmp_path):
    file = tmp_path / "a.txt"
    file.write_bytes(content)
    with pytest.raises(UsageError) as caught:
        read_references((file,))
    assert caught.value.do
    with pytest.raises(UsageError):
        read_references((tmp_path / "missing.bib",))
    with pytest.raises(UsageError):
        read_references(())


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    file = tmp_path / "a.bib"
    with file.open("wb") as opened:
        opened.truncate(bibtex.MAX_BYTES + 1)
    with pytest.raises(UsageError, match="MB"):
        read_references((file,))


HOSTILE = {
    "unclosed entries": "@article{" * 5000,
    "deep braces": "@article{a, title={" + "{" * 50_000,
    "balanced deep braces": "@article{a, title={" + "{" * 20_000 + "x" + "}" * 20_000 + "}}",
    "unclosed quotes": '@article{a, title="' + '{"' * 20_000,
    "at signs": "@" * 100_000,
    "a bomb of strings": "".join(f"@string{{a{n + 1} = a{n} # a{n}}}\n" for n in range(60)) + "@article{k, title=a60}",
    "fields without end": "@article{k," + "a=1," * 10_000,
    "commands": "@article{k, title={" + "\\a" * 30_000 + "}}",
    "accents": "@article{k, title={" + "\\'" * 30_000 + "}}",
    "names": "@article{k, title={T of things}, author={" + " and ".join(["A B"] * 50_000) + "}}",
    "control characters": "@article{k, title={T\x07of\x1b[31m things\u202e}}",
    "scripts": "@article{k, title={<script>x</script> of things}, url={javascript:alert(1)}}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bibtex_is_read_in_bounded_time_and_harms_nothing(name):
    before = time.process_time()
    records, _ = bibtex.read(HOSTILE[name])
    assert time.process_time() - before < 20
    for record in records:
        assert len(record.title) <= 1000
        assert len(record.authors) <= 1000
        assert record.url == ""
        assert not any(ord(c) < 32 for c in record.title)
        assert "<script>" not in record.title


def test_one_damaged_entry_takes_no_other_with_it():
    records, warnings = bibtex.read(BIBTEX + "\n@article{broken, title = {No end, year = 2020\n\n" + BIBTEX)
    assert len(records) >= 3
    assert warnings


@RELAXED
@given(st.text(max_size=200))
def test_any_text_is_read_without_an_exception(text):
    for read in (bibtex.read, ris.read, csljson.read):
        read(text)
    bibtex.read("@article{k, title={" + text + "}}")


@RELAXED
@given(st.text(max_size=60).filter(lambda text: not set(text) & set('{}$\\~-%#&_@"')))
def test_text_without_tex_stays_what_it_is(text):
    assert decode(text)[0] == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("given_fields", "address"),
    [
        ("eprint = {1911.02116}, archiveprefix = {arXiv}", "https://arxiv.org/abs/1911.02116"),
        ("eprint = {1911.02116}, archiveprefix = {arXiv}, doi = {10.1000/x}", "https://doi.org/10.1000/x"),
        ("url = {https://example.org/p}, eprint = {1911.02116}, archiveprefix = {arXiv}", "https://example.org/p"),
        ("note = {nothing}", ""),
    ],
)
def test_the_address_of_a_reference(given_fields, address):
    [record], _ = bibtex.read(f"@article{{a, title = {{A title of its own}}, {given_fields}}}")
    assert record.url == address
