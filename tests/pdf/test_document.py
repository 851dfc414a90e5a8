"""Whole papers, set as PDFs by the test, read back."""

from __future__ import annotations

import pytest

from synth.core.types import Document, PassageKind
from synth.pdf.document import build, without_lost_quotes
from synth.pdf.extract import opened
from synth.pdf.guard import Limits

from .typeset import Paper

LEADS = ("The", "So the", "As a rule, the", "In our work the", "We find that the", "In what follows now, the")
HYPHENATED = (
    " trans\u00adla\u00adtion of a sen\u00adtence is com\u00adpared with the cross-lin\u00adgual rep\u00adre"
    "\u00adsen\u00adta\u00adtion that our multi\u00adlin\u00adgual model learns from un\u00adla\u00adbelled"
    " text in many lan\u00adguages."
)
VOCABULARY = (
    "We call it translation, sentence, compared, cross-lingual representation, multilingual, unlabelled and languages."
)


def read(path) -> tuple[Document, dict[int, str]]:
    """In this process: what is tested here is the layout analysis, not the guard."""
    with opened(str(path), Limits()) as pdf:
        pages = pdf.pages()
        return build(pdf.sha256, pdf.meta(), pages, pdf.warnings), {page.number: page.text for page in pages}


def sentences(document, section=None):
    return [
        p.text
        for p in document.passages
        if p.kind is PassageKind.SENTENCE and (section is None or p.section == section)
    ]


def numbered(n, topic):
    return f"In sentence number {n} we say that the {topic} of the model grows with the size of its training data."


@pytest.fixture(scope="module", params=[1, 2], ids=["one column", "two columns"])
def paper(request, tmp_path_factory):
    sheet = Paper(request.param, running="Transfer of Everything — A. Author and B. Writer")
    sheet.title("Transfer of Everything to Everywhere", "Anna Author and Boris Writer")
    sheet.heading("Abstract")
    sheet.text("We study transfer. It works better than expected, by 3.5 points on average (Smith et al., 2019).", 0)
    sheet.heading("1 Introduction")
    for n in range(40):
        sheet.text(" ".join([numbered(3 * n, "accuracy"), numbered(3 * n + 1, "error"), numbered(3 * n + 2, "cost")]))
        if n == 5:
            sheet.footnote("1", "The footnote stands apart from the text of the column.")
    sheet.heading("2 Results")
    sheet.table(
        [["Model", "EN", "DE"], ["mBERT", "81.2", "70.1"], ["XLM-R", "89.1", "83.9"]],
        [80, 60, 60],
        "Table 1: Accuracy of two models. Higher is better.",
        bold={(2, 1)},
    )
    sheet.text(VOCABULARY, 0)
    for lead in LEADS:
        sheet.text(lead + HYPHENATED)
    sheet.heading("3 Conclusion")
    sheet.text("We conclude that this holds in all cases that we have tried.", 0)
    sheet.heading("Acknowledgements")
    sheet.text("We thank all of our friends for their help with this work.", 0)
    sheet.heading("References")
    sheet.items(
        [
            f"Anna Author and Boris Writer. 20{n:02d}. A paper on transfer of {n} things between languages. "
            "In Proceedings of a Conference, pages 10-20."
            for n in range(9)
        ]
    )
    sheet.heading("A Details")
    sheet.text("All models were trained with a batch size of 32 for 3 epochs.", 0)
    return read(sheet.save(tmp_path_factory.mktemp("paper") / "paper.pdf"))


def test_every_sentence_is_whole_and_in_order(paper):
    document, _ = paper
    expected = [numbered(n, ("accuracy", "error", "cost")[n % 3]) for n in range(120)]
    assert [text for text in sentences(document, "introduction") if "footnote" not in text] == expected
    assert any(len(p.spans) > 1 for p in document.passages), "none ran over a page"


def test_words_are_mended_in_the_text_and_kept_in_the_quote(paper):
    document, _ = paper
    whole = [lead + HYPHENATED.replace("\u00ad", "") for lead in LEADS]
    mended = [p for p in document.passages if p.text in whole]
    assert [p.text for p in mended] == whole
    assert sum("-\n" in p.quote for p in mended) >= 1


def test_every_quote_is_what_the_page_has(paper):
    document, texts = paper
    for p in document.passages:
        assert p.quote == "\n".join(texts[page][start:end] for page, start, end in p.spans)
        assert p.page == p.spans[0][0]
        assert "".join(c for c in p.text if c.isalnum()) == "".join(c for c in p.quote if c.isalnum())


def test_sections(paper):
    document, _ = paper
    assert len(sentences(document, "abstract")) == 2
    assert document.abstract.startswith("We study transfer. It works better")
    assert sentences(document, "conclusion") == ["We conclude that this holds in all cases that we have tried."]
    assert sentences(document, "appendix") == ["All models were trained with a batch size of 32 for 3 epochs."]


def test_what_is_no_running_text_is_left_out(paper):
    document, _ = paper
    text = " ".join(sentences(document))
    assert "Boris" not in text
    assert "friends" not in text
    assert "Higher is better" not in text
    assert len(document.references) == 9


def test_a_footnote_does_not_break_into_the_text(paper):
    document, _ = paper
    [note] = [p for p in document.passages if "footnote" in p.text]
    assert note.text == "The footnote stands apart from the text of the column."
    assert note.section == "introduction"


def test_captions_and_cells(paper):
    document, _ = paper
    captions = [p for p in document.passages if p.kind is PassageKind.CAPTION]
    assert [p.text for p in captions] == ["Table 1: Accuracy of two models. Higher is better."]
    cells = {(p.row, p.column): (p.text, p.bold, p.table) for p in document.passages if p.kind is PassageKind.CELL}
    assert cells == {
        ("mBERT", "EN"): ("81.2", False, "1"),
        ("mBERT", "DE"): ("70.1", False, "1"),
        ("XLM-R", "EN"): ("89.1", True, "1"),
        ("XLM-R", "DE"): ("83.9", False, "1"),
    }


def test_metadata(paper):
    document, _ = paper
    assert document.title == "Transfer of Everything to Everywhere"
    assert document.authors == ("Anna Author", "Boris Writer")
    assert [p.order for p in document.passages] == list(range(len(document.passages)))


def test_lists_headings_in_bold_and_equations(tmp_path):
    sheet = Paper(1)
    sheet.heading("1 Method")
    sheet.text("We contribute the following things:", 0)
    sheet.text("• A new data set that is larger than all of the others.", 0)
    sheet.text("• A model that we train on it from the beginning.", 0)
    sheet.y += 20
    sheet.put(72, sheet.y, "Training Data.", font="tibo")
    sheet.put(145, sheet.y, "The data come from the web and are cleaned. We define the loss as")
    sheet.y += 20
    sheet.put(250, sheet.y, "x = y + z", font="symb")
    sheet.put(500, sheet.y, "(1)")
    sheet.y += 8
    sheet.text("where all of the terms are learned from the data that we have.", 0)
    document, _ = read(sheet.save(tmp_path / "p.pdf"))
    assert [(p.text, p.section) for p in document.passages] == [
        ("We contribute the following things:", "method"),
        ("A new data set that is larger than all of the others.", "method"),
        ("A model that we train on it from the beginning.", "method"),
        ("The data come from the web and are cleaned.", "data"),
        ("We define the loss as [equation] where all of the terms are learned from the data that we have.", "data"),
    ]


def test_a_paper_as_a_word_processor_sets_it(tmp_path):
    """One column, ragged right, blank lines between paragraphs, headings in bold at the text's own size."""
    sheet = Paper(1, size=12, numbers=False)
    sheet.put(72, 90, "A Study of Things", 16, "hebo")
    sheet.put(72, 110, "Carla Coder", 12, "helv")
    sheet.y = 120
    for heading, body in [
        ("Abstract", "We study things of many kinds. They are found to be good."),
        ("Introduction", "Things are everywhere, as Smith et al. (2019) have shown. We ask how many there are."),
        ("Methods", "We count them one by one. This takes a long time, which is why nobody did it before us."),
        ("Results", "There are 4,311 things in total. That is 12.5% more than anybody thought before."),
    ]:
        sheet.y += 28
        sheet.put(72, sheet.y, heading, 12, "hebo")
        sheet.y += 6
        sheet.text(body, 0)
    document, _ = read(sheet.save(tmp_path / "word.pdf"))
    assert document.title == "A Study of Things"
    assert document.authors == ("Carla Coder",)
    assert [(p.section, p.text) for p in document.passages] == [
        ("abstract", "We study things of many kinds."),
        ("abstract", "They are found to be good."),
        ("introduction", "Things are everywhere, as Smith et al. (2019) have shown."),
        ("introduction", "We ask how many there are."),
        ("method", "We count them one by one."),
        ("method", "This takes a long time, which is why nobody did it before us."),
        ("results", "There are 4,311 things in total."),
        ("results", "That is 12.5% more than anybody thought before."),
    ]


def test_the_text_of_a_figure_is_no_running_text(tmp_path):
    sheet = Paper(2)
    sheet.heading("1 Results")
    sheet.page.draw_rect((72, 120, 280, 240))
    for n in range(8):
        sheet.page.draw_line((90 + 20 * n, 230), (90 + 20 * n, 150 + 5 * n))
        sheet.put(88 + 20 * n, 236, str(n), 6, "helv")
    sheet.put(100, 130, "Accuracy of the model. It grows with size.", 7, "helv")
    sheet.put(72, 260, "Figure 1: Accuracy over size.", 9)
    sheet.y = 280
    for n in range(30):
        sheet.text(numbered(n, "accuracy"))
    document, _ = read(sheet.save(tmp_path / "p.pdf"))
    assert sentences(document) == [numbered(n, "accuracy") for n in range(30)]
    assert [p.text for p in document.passages if p.kind is PassageKind.CAPTION] == ["Figure 1: Accuracy over size."]


def test_a_line_that_begins_with_a_table_s_name_is_no_caption(tmp_path):
    sheet = Paper(1)
    sheet.heading("1 Results")
    sheet.text("All of this can be seen in the very long and very detailed listing that we give in the", 0)
    sheet.y += sheet.leading
    sheet.put(72, sheet.y, "Table 1. The other results are not shown here because there is no room for them.")
    document, _ = read(sheet.save(tmp_path / "p.pdf"))
    assert [p.kind for p in document.passages] == [PassageKind.SENTENCE] * len(document.passages)
    assert document.passages[-1].text.startswith("The other results")


def test_characters_that_no_database_can_hold_are_replaced_one_for_one():
    from synth.pdf.extract import _clean

    assert _clean("a\x00b\ud800c\x7f\x85é中") == "a b�c��é中"
    assert _clean("di\x0berent\tand \x0crst\n") == "di�erent and �rst "  # codes of ligatures in fonts of TeX
    assert _clean("plain") == "plain"


def test_a_passage_that_is_not_found_again_is_dropped_and_told(paper):
    paper, _ = paper
    wanted = paper.passages[0]
    kept = without_lost_quotes(paper, lambda spans, quote: quote != wanted.quote)
    assert wanted not in kept.passages
    assert len(kept.passages) == len(paper.passages) - 1
    assert "1 passages" in kept.warnings[-1]
    assert without_lost_quotes(paper, lambda spans, quote: True) == paper
