"""DOIs in every spelling are one; what stands around them is no part; several in one text are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.text.identifiers import doi, doi_address, doi_in, dois, pmcid, pmid

SICI = "10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.1000/ABC", "10.1000/abc"),
        ("https://doi.org/10.1000/x", "10.1000/x"),
        ("http://dx.doi.org/10.1000/x", "10.1000/x"),
        ("doi.org/10.1000/x", "10.1000/x"),
        ("www.doi.org/10.1000/x", "10.1000/x"),
        ("https://doi-org.proxy.example.edu/10.1000/x", "10.1000/x"),
        ("https://doi.org/doi:10.1000/x", "10.1000/x"),
        ("doi:10.1000/x", "10.1000/x"),
        ("DOI: 10.1000/x.", "10.1000/x"),
        ("doi = 10.1000/x", "10.1000/x"),
        ("info:doi/10.1000/x", "10.1000/x"),
        ("urn:doi:10.1000/x", "10.1000/x"),
        ("10.1000/x [doi]", "10.1000/x"),
        ("<https://doi.org/10.1000/x>", "10.1000/x"),
        ("(10.1000/x)", "10.1000/x"),
        ("10.1000/x),", "10.1000/x"),
        ("10.1000/a(b)", "10.1000/a(b)"),
        ("“10.1000/x”", "10.1000/x"),
        ("https://doi.org/10.1000/x?nosfx=y&a=b", "10.1000/x"),
        ("https://doi.org/10.1000%2Fx", "10.1000/x"),
        (SICI.upper(), SICI),
        (SICI.replace("<", "&lt;").replace(">", "&gt;"), SICI),
        (SICI.replace("<", "&amp;lt;").replace(">", "&amp;gt;"), SICI),
        (SICI.replace("<", "\\textless{}").replace(">", "\\textgreater "), SICI),
        (SICI.replace("<", "$<$").replace(">", "$>$"), SICI),
        (doi_address(SICI), SICI),
        ("10.1002/x12:1<67::aid-agr6>3.0.co;2-#", "10.1002/x12:1<67::aid-agr6>3.0.co;2-#"),
        ("10.1007/978-3-642-00958-7{\\_}12", "10.1007/978-3-642-00958-7_12"),
        ("\\url{https://doi.org/10.1000/a\\_b}", "10.1000/a_b"),
        ("10.1000/soft\u00adhyphen\u200b", "10.1000/softhyphen"),
        ("10.1000.10/123", "10.1000.10/123"),
        ("10.1000/", None),
        ("10.1000/.", None),
        ("10.1/x", None),
        ("see 10.1000/x", None),
        ("", None),
    ],
)
def test_one_form(text, expected):
    assert doi(text) == expected
    if expected:
        assert doi(expected) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see doi: 10.1000/x, p. 5", "10.1000/x"),
        ("https://link.springer.com/article/10.1007/s1-2", "10.1007/s1-2"),
        ("https://onlinelibrary.wiley.com/doi/full/10.1002/asi.1?journalCode=x", "10.1002/asi.1"),
        ("https://journals.plos.org/plosone/article?id=10.1371%2Fjournal.pone.1&type=x", "10.1371/journal.pone.1"),
        ("https://www.biorxiv.org/content/10.1101/2020.01.01.123456v1.full.pdf", "10.1101/2020.01.01.123456"),
        ("https://www.frontiersin.org/articles/10.3389/fpsyg.2015.1/full", "10.3389/fpsyg.2015.1"),
        ("10.1000/x and 10.1000/y", None),
        ("10.1000/x and again 10.1000/X", "10.1000/x"),
        ("version 10.4 of 10 things", None),
    ],
)
def test_a_doi_in_a_text(text, expected):
    assert doi_in(text) == expected


def test_pubmed():
    assert [pmid(t) for t in ("123", "PMID: 0123", "https://pubmed.ncbi.nlm.nih.gov/123/", "x", "")] == ["123"] * 3 + [
        None
    ] * 2
    assert [pmcid(t) for t in ("PMC12", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC12/", "PMCID: PMC12", "12")] == [
        "PMC12",
        "PMC12",
        "PMC12",
        None,
    ]


@given(st.text(max_size=80))
def test_any_text(text):
    for found in (doi(text), doi_in(text), doi(f"10.1000/{text}"), doi_in(f"https://doi.org/10.1000/{text}")):
        assert found is None or doi(found) == found
        assert found is None or found == found.lower()
    pmid(text)
    pmcid(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("none", ()),
        ("10.1000/a", ("10.1000/a",)),
        ("10.1000/a 10.1000/B", ("10.1000/a", "10.1000/b")),
        ("10.1000/a, 10.1000/b; 10.1000/a", ("10.1000/a", "10.1000/b")),
        ("10.1000/a;10.1000/b", ("10.1000/a", "10.1000/b")),
        ("doi:10.1000/a and https://doi.org/10.1000/b", ("10.1000/a", "10.1000/b")),
        (f"{SICI} 10.1000/b", (SICI, "10.1000/b")),
        (SICI, (SICI,)),
    ],
)
def test_a_field_may_hold_several_dois(text, expected):
    assert dois(text) == expected
