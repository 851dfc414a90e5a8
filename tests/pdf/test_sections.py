"""Headings and canonical section names."""

from __future__ import annotations

import pytest

from synth.pdf.layout.rows import Row
from synth.pdf.layout.sections import Heading, Outline, canonical, find, is_label, label_of, parse

from .lines import line


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Introduction", "introduction"),
        ("Related Work", "related work"),
        ("Background", "related work"),
        ("Our Approach", "method"),
        ("Models and Data", "data"),
        ("Experimental Setup", "experiments"),
        ("Results and Discussion", "results"),
        ("Cross-lingual Understanding Results", "results"),
        ("Error Analysis", "analysis"),
        ("Discussion and Conclusion", "conclusion"),
        ("Limitations", "limitations"),
        ("Acknowledgments", "acknowledgements"),
        ("Acknowledgement", "acknowledgements"),
        ("References", "references"),
        ("Appendices", "appendix"),
        ("Vocabulary Memorization", "other"),
    ],
)
def test_canonical_names(title, name):
    assert canonical(title) == name


def test_numbers_are_parted_from_titles():
    assert parse("3.2  Generalization across scripts") == Heading("3.2", "Generalization across scripts", 2)
    assert parse("A Model Parameters") == Heading("A", "Model Parameters", 1)
    assert parse("IV. RESULTS") == Heading("IV", "RESULTS", 1)
    assert parse("This is a sentence that ends with a stop.") is None
    assert parse("3.5") is None


def heading(text, size=10.0, bold=False, apart=True, font="Serif"):
    return find(Row([line(text, 72, 100, size, bold=bold, font=font)]), 10.0, "Serif", apart)


def test_a_heading_differs_from_the_body():
    assert heading("4 Results", bold=True)
    assert heading("Results", 12)
    assert heading("4 RESULTS")
    assert heading("Abstract", font="Sans")
    assert heading("4 results are shown in the table and in") is None
    assert heading("Results of this kind are shown") is None
    assert heading("BERT is a model, and", bold=True, apart=False) is None


def test_the_outline_follows_the_paper():
    outline = Outline()
    path = [
        (Heading("", "Abstract", 1), "abstract"),
        (Heading("1", "Introduction", 1), "introduction"),
        (Heading("2", "Models and Data", 1), "data"),
        (Heading("2.1", "Some subsection", 2), "data"),
        (Heading("2.2", "Experiments on names", 2), "experiments"),
        (Heading("3", "Memorization", 1), "other"),
        (Heading("4", "Results", 1), "results"),
        (Heading("4.1", "Larger Models", 2), "results"),
        (Heading("4.2", "Error Analysis", 2), "analysis"),
        (Heading("", "References", 1), "references"),
        (Heading("A", "Results for all languages", 1), "appendix"),
        (Heading("B", "Data", 1), "appendix"),
    ]
    assert [outline.enter(item) for item, _ in path] == [name for _, name in path]


def test_labels_of_structured_abstracts():
    assert label_of("Results: Sleep improved recall.") == ("Results", 9)
    assert label_of("RESULTS Sleep improved recall.") == ("RESULTS", 8)
    assert label_of("Patients and methods. We ran a trial.") == ("Patients and methods", 22)
    assert label_of("Abstract—We study sleep.") == label_of("Abstract-We study sleep.") == ("", 9)
    assert label_of("Results Rye lowered it.", labelled=True) == ("Results", 8)
    assert label_of("Main results Rye lowered it.", labelled=True) == ("", 0)
    assert label_of("Results Rye lowered it.") == label_of("Results of it fell.", labelled=True) == ("", 0)
    assert label_of("Results of this kind are rare.") == ("", 0)
    assert label_of("Sleep: a review of it.") == ("", 0)
    assert is_label("Background and aims")
    assert is_label("Main Outcomes and Measures:")
    assert not is_label("Sleep")


def test_a_letter_after_numbered_sections_opens_an_appendix():
    outline = Outline()
    for number, title in (("1", "Introduction"), ("2", "Method"), ("3", "Results"), ("4", "Conclusion")):
        outline.enter(Heading(number, title, 1))
    assert outline.enter(Heading("A", "Proofs", 1)) == "appendix"
    assert outline.enter(Heading("A.1", "Results on all sets", 2)) == "appendix"


def test_a_summary_inside_the_text_is_no_abstract():
    outline = Outline()
    assert outline.enter(Heading("", "Summary", 1)) == "abstract"
    outline.enter(Heading("1", "Introduction", 1))
    assert outline.enter(Heading("2", "Examples", 1)) == "other"
    assert outline.enter(Heading("2.6", "Summary", 2)) == "other"
    assert outline.enter(Heading("3", "Summary", 1)) == "conclusion"
