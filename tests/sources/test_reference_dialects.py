"""References as each program writes them: macros of BibTeX, dialects of tagged formats, dates of CSL."""

# ruff: noqa: E501 (cases stand on one line each)
from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from synth.core.errors import UsageError
from synth.sources.formats import bibtex, csljson, endnote, endnotexml, medline, ris
from synth.sources.providers.references import read_references

RELAXED = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def one(read, text):
    records, warnings = read(text)
    assert warnings == []
    [record] = records
    return record


def entry(fields, kind="article", before=""):
    return one(bibtex.read, f"{before}\n@{kind}{{key, title = {{A title}}, {fields}}}")


# ------------------------------------------------------------------------------------------------ BibTeX


@pytest.mark.parametrize(
    ("before", "fields", "authors"),
    [
        ('@string{a = "Ada Lovelace"}', "author = a", ["Ada Lovelace"]),
        ('@STRING(A = {Lovelace, Ada})', "author = a # { and } # \"Noether, Emmy\"", ["Ada Lovelace", "Emmy Noether"]),
        ('@string{x = "Ada"} @string{y = x # " Lovelace"}', "author = Y", ["Ada Lovelace"]),
        ("", 'author = "M{\\"u}ller, J{\\"o}rg"', ["Jörg Müller"]),
        ("", "author = {{NLLB Team} and {Barnes and Noble, Inc.}}", ["NLLB Team", "Barnes and Noble, Inc."]),
        ("", "author = {de la Cruz, Jr., Ana and others}", ["Ana de la Cruz Jr."]),
        ("", r"author = {Ludwig van Beethoven AND \'Emile Zola}", ["Ludwig van Beethoven", "Émile Zola"]),
        ("", r"author = {\.Ilhan \c{C}a\u{g}lar and Bj{\o}rn \AA{}s and Ho\`ang}", ["İlhan Çağlar", "Bjørn Ås", "Hoàng"]),
    ],
)  # fmt: skip
def test_names_and_macros(before, fields, authors):
    assert list(entry(fields, before=before).authors) == authors


def test_numbers_months_comments_and_the_preamble():
    text = """@preamble{"\\newcommand{\\x}{y}"} @comment{@article{no, title={Not one}}}
    @article(key, title = 2001 # " a " # "space " # {odyssey}, year = 1968, month = apr # "~2")"""
    assert one(bibtex.read, text).title == "2001 a space odyssey"


def test_what_is_inherited():
    text = """@inproceedings{a, title={Part}, crossref={B}} @inbook{c, crossref={b}}
    @proceedings{b, title={The whole}, year=1999, author={Ed Itor}} @misc{d, title={Alone}, crossref={gone}}"""
    records, warnings = bibtex.read(text)
    assert [(r.title, r.year) for r in records] == [
        ("Part", 1999),
        ("The whole", 1999),
        ("The whole", 1999),
        ("Alone", None),
    ]
    assert records[0].authors == ()
    assert warnings == ["entry 4 (line 2, d): crossref 'gone' is not in the file"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@article{a, title = {T} year = 2001}", "comma is missing between title and year"),
        ("@article{a, title = {T}, journal = nomacro}", "'nomacro' in journal is not defined"),
        ("@article{a, title = {T \\foo{x} y}}", "TeX in title that is not understood: \\foo"),
        ("@article{a, title = {T}, year = {in press}}", "'in press' is no year"),
        ("@article{a, title = {T}, doi = {see the web}}", "'see the web' is no DOI"),
        ("@article{a, title = {T}, author = {Ada Lovelace; Emmy Noether}}", "semicolons"),
        ("@article{a, title = {T}, author = {Ada Lovelace, Emmy Noether, Sofia K}}", "commas"),
        ("@article{a, year = 2001}", "entry 1 (line 1, a): no title"),
        ("article{lost, title = {T}}\n\n@article{b, title = {U}}", "an entry without its @ (lost)"),
        ("@article{b, title = {U}}\n\n@article{open, title = {T\n\n@article{c, title = {V}}", "(open)"),
        ("@article{a, title = {T}, title = {U}}", "title stands twice"),
    ],
)
def test_what_is_not_understood_is_told(text, words):
    _, warnings = bibtex.read(text)
    assert any(words in warning for warning in warnings), warnings


def test_a_missing_comma_loses_nothing():
    records, _ = bibtex.read("@article{a,\n author = {Okello, Ruth}\n title = {A title}\n year = 2001\n}")
    assert (records[0].title, records[0].year, records[0].authors) == ("A title", 2001, ("Ruth Okello",))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("journal = {arXiv preprint arXiv:1503.02531}", ("1503.02531", "")),
        ("journal = {CoRR}, volume = {abs/1503.02531}", ("1503.02531", "")),
        ("journal = {ArXiv}, volume = {abs/1503.02531v2}", ("1503.02531", "")),
        ("publisher = {arXiv}, number = {arXiv:1503.02531}", ("1503.02531", "")),
        ("howpublished = {\\url{https://arxiv.org/abs/1503.02531}}", ("1503.02531", "")),
        ("note = {arXiv:hep-th/9901001}", ("hep-th/9901001", "")),
        ("note = {Extends arXiv:1503.02531}", ("", "")),
        ("eprint = {1503.02531}, eprinttype = {arxiv}", ("1503.02531", "")),
        ("ee = {https://doi.org/10.1000/ee}", ("", "10.1000/ee")),
        ("note = {doi: 10.1000/note.}", ("", "10.1000/note")),
        ("note = {Erratum in doi: 10.1000/other}", ("", "")),
        ("doi = {DOI: 10.1000/A\\_b}", ("", "10.1000/a_b")),
        ("url = {https://link.springer.com/article/10.1007/s1-2}", ("", "10.1007/s1-2")),
        ("eprint = {10.1000/eprint}", ("", "10.1000/eprint")),
    ],
)
def test_identifiers_wherever_they_stand(fields, expected):
    record = entry(fields)
    assert (record.arxiv_id, record.doi) == expected


# ------------------------------------------------------------------------------------------------ RIS and its kin

BODY = {"TI": "A title", "AU": "Okello, Ruth", "PY": "2015", "DO": "10.1000/x"}


@pytest.mark.parametrize("between", ["  - ", " - ", "  -  ", "\t- ", " -\t", "- ", "  – "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_marks_between_tag_and_value(between, end):
    text = end.join([f"TY{between}JOUR", *(f"{tag}{between}{value}" for tag, value in BODY.items()), f"ER{between}"])
    record = one(ris.read, text)
    assert (record.title, record.authors, record.year, record.doi) == ("A title", ("Ruth Okello",), 2015, "10.1000/x")


def test_tags_in_lower_case():
    assert one(ris.read, "ty - jour\nti - A title\npy - 2015\ner -\n").year == 2015


def test_values_over_several_lines_and_several_values():
    text = """TY  - JOUR
TI  - A title that
 is wrapped
A1  - Okello, Ruth; Sample, Carl
N2  - One.

      Two - and AI - too.
Y1  - 2015/03/02/Spring
UR  - https://a.example/x;https://doi.org/10.1000/x
ER  -"""
    record = one(ris.read, text)
    assert record.title == "A title that is wrapped"
    assert record.authors == ("Ruth Okello", "Carl Sample")
    assert record.abstract == "One. Two - and AI - too."
    assert (record.year, record.doi) == (2015, "10.1000/x")


def test_records_without_an_end_or_a_beginning():
    text = (
        "TY  - JOUR\nTI  - One\nTY  - JOUR\nTI  - Two\nER  - \nTI  - Three\nER  - \nstray text\nTY  - JOUR\nAU  - X\n"
    )
    records, warnings = ris.read(text)
    assert [record.title for record in records] == ["One", "Two", "Three"]
    assert warnings == [
        "reference 3 (line 6): begins with TI instead of TY",
        "reference 4 (line 9): no title; passed over",
        "line 8: 'stray text' outside of references; passed over",
    ]


@pytest.mark.parametrize(
    ("lines", "doi"),
    [
        ("M3  - http://dx.doi.org/10.1000/m3", "10.1000/m3"),
        ("M3  - Article", ""),
        ("L3  - 10.1000/l3", "10.1000/l3"),
        ("DI  - 10.1000/DI", "10.1000/di"),
        ("N1  - doi: 10.1000/n1", "10.1000/n1"),
        ("N1  - Comment on: doi: 10.1000/n1", ""),
        ("UR  - https://onlinelibrary.wiley.com/doi/full/10.1000/ur", "10.1000/ur"),
        ("DO  - https://doi.org/10.1000%2F(SICI)1%3C2%3A%3AAID%3E3.0.CO%3B2-O", "10.1000/(sici)1<2::aid>3.0.co;2-o"),
    ],
)
def test_where_a_doi_stands(lines, doi):
    assert one(ris.read, f"TY  - JOUR\nTI  - T\n{lines}\nER  - \n").doi == doi


@pytest.mark.parametrize("date", ["PY  - 2015", "Y1  - 2015///", "DA  - 2015/03/01", "PY  - Mar 2015", "PY  - c2015.", "Y1  - 20150301"])  # fmt: skip
def test_years(date):
    assert one(ris.read, f"TY  - JOUR\nTI  - T\n{date}\nER  - \n").year == 2015


NBIB = """
PMID- 123
OWN - NLM
PMC - PMC77
DP  - 2014 Dec-2015 Jan
TI  - Wrapped
      title.
LID - 10.1000/pm [doi]
AID - S0000-1 [pii]
FAU - Okello, Ruth
AU  - Okello R
CN  - The Study Group
AB  - BACKGROUND: One.
      Two.
PT  - Journal Article
PT  - Retracted Publication

PMID- 124
TI  - Second
DP  - 2001
"""


def test_medline():
    first, second = medline.read(NBIB)[0]
    assert (first.title, first.year, first.doi) == ("Wrapped title.", 2014, "10.1000/pm")
    assert first.authors == ("Ruth Okello", "The Study Group")
    assert (first.pmid, first.pmcid, first.withdrawn) == ("123", "PMC77", True)
    assert (second.pmid, second.title, second.withdrawn) == ("124", "Second", False)


def test_endnote_and_web_of_science():
    text = "%0 Journal Article\n%T A title\n%A Okello, Ruth\n%A Sample, Carl\n%D 2015\n%R 10.1000/x\n%U https://a.example\n"
    record = one(endnote.read, text)
    assert (record.title, record.authors, record.year) == ("A title", ("Ruth Okello", "Carl Sample"), 2015)
    text = "FN Clarivate\nVR 1.0\nPT J\nAU Okello, R\n   Sample, C\nAF Okello, Ruth\n   Sample, Carl\nTI A title\n   in two\nPY 2015\nDI 10.1000/X\nPM 5\nER\n\nEF"
    record = one(endnote.read_web_of_science, text)
    assert (record.title, record.authors, record.doi, record.pmid) == (
        "A title in two",
        ("Ruth Okello", "Carl Sample"),
        "10.1000/x",
        "5",
    )


def test_endnote_xml():
    text = """<?xml version="1.0" encoding="UTF-16"?><xml><records><record><ref-type name="Book">6</ref-type>
    <contributors><authors><author><style face="normal">Okello, Ruth</style></author></authors></contributors>
    <titles><title><style>A </style><style face="italic">title</style></title></titles><dates><year>2015</year></dates>
    <electronic-resource-num>10.1000/x</electronic-resource-num></record><record/></records></xml>"""
    records, warnings = endnotexml.read(text)
    [record] = records
    assert (record.title, record.authors, record.year, record.doi) == ("A title", ("Ruth Okello",), 2015, "10.1000/x")
    assert warnings == ["record 2 (line 4): no title; passed over"]


def test_xml_with_entities_is_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><records><record><titles><title>&a;</title></titles></record></records></xml>'
    records, [warning] = endnotexml.read(bomb)
    assert records == []
    assert "document type" in warning


# ------------------------------------------------------------------------------------------------ CSL-JSON


@pytest.mark.parametrize(
    "issued",
    [
        "2015-03", "2015-03-01/2016-01", "2015?", "2015~", "2015-21", 2015, {"raw": "March 2015"}, {"raw": "1 Mar 2015"},
        {"literal": "Spring 2015"}, {"date-parts": [["2015", "3"]]}, {"date-parts": [[2015, 3], [2016, 1]]},
        {"date-parts": [2015]}, [{"year": "2015"}], {"year": 2015}, {"date-parts": [["2015-03-01"]]},
    ],
)  # fmt: skip
def test_dates(issued):
    assert one(csljson.read, json.dumps([{"title": "T", "issued": issued}])).year == 2015


@pytest.mark.parametrize("issued", ["201X", "in press", {"raw": "n.d."}])
def test_a_date_without_a_year_is_told(issued):
    [record], [warning] = csljson.read(json.dumps([{"title": "T", "issued": issued}]))
    assert record.year is None
    assert "no year" in warning


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ({"family": "Beethoven", "given": "Ludwig", "dropping-particle": "van"}, "Ludwig van Beethoven"),
        (
            {"family": "Goot", "given": "Rob", "non-dropping-particle": "van der", "suffix": "Jr."},
            "Rob van der Goot Jr.",
        ),
        ({"literal": "The Group"}, "The Group"),
        ({"name": "The Group"}, "The Group"),
        ("Okello, Ruth", "Ruth Okello"),
    ],
)
def test_csl_names(name, spoken):
    assert one(csljson.read, json.dumps({"title": "T", "author": [name]})).authors == (spoken,)


@pytest.mark.parametrize(
    "wrap",
    [lambda i: i, lambda i: [i], lambda i: {"items": [i]}, lambda i: {"message": i}, lambda i: {"references": [i]}],
)
def test_what_items_stand_in(wrap):
    item = {"title": ["H<sub>2</sub>O"], "DOI": "https://doi.org/10.1000/X", "PMID": 7, "author": {"family": "Okello"}}
    record = one(csljson.read, json.dumps(wrap(item)))
    assert (record.title, record.doi, record.pmid, record.authors) == ("H2O", "10.1000/x", "7", ("Okello",))


# ------------------------------------------------------------------------------------------------ any bytes

READERS = [
    bibtex.read,
    ris.read,
    csljson.read,
    medline.read,
    endnote.read,
    endnote.read_web_of_science,
    endnotexml.read,
]
PIECES = st.sampled_from(
    ["@article{k,", "@string{a=", "title={", "}", "{", '"', " # ", ",", "=", "TY  - JOUR\n", "TI  - ", "ER  - \n", "\n", "\\'",
     "PMID- ", "TI  - T\n", "      ", "PT J\n", "%0 Book\n", "%T ", "<record>", "</record>", "<titles><title>", "&amp;", "<sub>",
     "$", "^", "_", "10.1000/x", "2015", "crossref={k}", " and ", "\\frac", "\\begin{a}", "--", "DO  - ", "~", "\r", "é", "\0"]
)  # fmt: skip


@RELAXED
@given(st.lists(PIECES | st.text(max_size=8), max_size=40).map("".join))
@pytest.mark.parametrize("read", READERS)
def test_no_text_breaks_a_reader(read, text):
    records, warnings = read(text)
    assert all(record.title and "\n" not in record.title for record in records)
    assert all(isinstance(warning, str) for warning in warnings)


@RELAXED
@given(st.binary(max_size=300))
@pytest.mark.parametrize("name", ["a.bib", "a.ris", "a.json", "a.nbib", "a.xml", "a.txt"])
def test_no_bytes_break_an_import(tmp_path_factory, name, content):
    file = tmp_path_factory.getbasetemp() / name
    file.write_bytes(content)
    try:
        read_references((file,))
    except UsageError as error:
        assert error.do  # noqa: PT017


@pytest.mark.parametrize("name", ["a.bib", "a.ris", "a.txt"])
def test_content_counts_more_than_the_name(tmp_path, name):
    for content in (NBIB, '{"title": "T", "type": "book"}', "@article{a, title={T}}", "\n\nTY  - JOUR\nTI  - T\n"):
        file = tmp_path / name
        file.write_text(content)
        assert read_references((file,))[0]


def test_files_in_other_encodings_are_read_and_told(tmp_path):
    text = "@article{one,\n  author = {Müller, Jörg},\n  title = {Größere Wörterbücher}\n}"
    for encoding in ("latin-1", "cp1252", "mac_roman", "utf-16", "utf-8-sig", "utf-32", "utf-16-le"):
        file = tmp_path / "a.bib"
        file.write_bytes(text.encode(encoding))
        [record], warnings = read_references((file,))
        assert (record.title, record.authors) == ("Größere Wörterbücher", ("Jörg Müller",))
        assert bool(warnings) == (not encoding.startswith("utf")), encoding
