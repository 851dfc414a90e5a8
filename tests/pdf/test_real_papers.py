"""Three published papers; they are read only where SYNTH_DATA names the folder that holds them."""

from __future__ import annotations

import re

import pytest

from synth.core.types import Document, PassageKind
from synth.pdf import page_text, read_pdf, read_pdfs, verify_quotes

XLMR, MBERT, PARSER = "1911.02116.pdf", "1906.01502.pdf", "2020.findings-emnlp.45.pdf"


@pytest.fixture(scope="module")
def papers(data) -> dict[str, Document]:
    names = (XLMR, MBERT, PARSER)
    found = {path.name: document for path, document in read_pdfs([data / "papers" / name for name in names])}
    assert all(isinstance(document, Document) for document in found.values())
    return found


def passages(document, kind=PassageKind.SENTENCE):
    return [p for p in document.passages if p.kind is kind]


def cell(document, table, row, column):
    [found] = [p for p in passages(document, PassageKind.CELL) if (p.table, p.row, p.column) == (table, row, column)]
    return found.text, found.bold


SENTENCES = [
    # (paper, page, section, pieces, sentence)
    (
        XLMR,
        1,
        "abstract",
        1,
        "Our model, dubbed XLM-R, significantly outperforms multilingual BERT (mBERT) on a variety"
        " of cross-lingual benchmarks, including +14.6% average accuracy on XNLI, +13% average F1 score on MLQA,"
        " and +2.4% F1 score on NER.",
    ),
    (
        XLMR,
        1,
        "introduction",
        2,
        "It outperforms the previous state of the art by 5.1% average accuracy on XNLI, 2.42%"
        " average F1-score on Named Entity Recognition, and 9.1% average F1-score on cross-lingual Question Answering.",
    ),
    (
        XLMR,
        5,
        "results",
        1,
        "Figure 6 shows that even with a fixed capacity, we observe a 2.8% increase in XNLI average"
        " accuracy as we increase the vocabulary size from 32K to 256K.",
    ),
    (
        MBERT,
        2,
        "other",
        2,
        "We can see that performance using EN-BERT depends directly on word piece overlap: the"
        " ability to transfer deteriorates as word piece overlap diminishes, and F1 scores are near zero for languages"
        " written in different scripts.",
    ),
    (
        MBERT,
        5,
        "conclusion",
        2,
        "The model handles transfer across scripts and to code-switching fairly well, but"
        " effective transfer to typologically divergent and transliterated targets will likely require the model to"
        " incorporate an explicit multilingual training objective, such as that used by Lample and Conneau (2019) or"
        " Artetxe and Schwenk (2018).",
    ),
    (
        PARSER,
        7,
        "results",
        1,
        "The accuracy of our English model is 75.4% (see Appendix B), incurring an upper-bound"
        " penalty of -6.1% for DE and -6.5% for ZH.",
    ),
    (PARSER, 7, "results", 1, "Table 2(a) represents the ideal case of human translating the full dataset."),
    (
        PARSER,
        14,
        "appendix",
        2,
        "We acknowledge our system performs below the state of the art for ATIS by -7.8% and"
        " Overnight by -3.9%, but this is most likely because we omit any English-specific feature augmentation"
        " other than BERT.",
    ),
]


@pytest.mark.parametrize(("name", "page", "section", "pieces", "sentence"), SENTENCES)
def test_known_sentences_are_whole_and_on_their_page(papers, name, page, section, pieces, sentence):
    [found] = [p for p in passages(papers[name]) if p.text == sentence]
    assert (found.page, found.section, len(found.spans)) == (page, section, pieces)


@pytest.mark.parametrize("name", [XLMR, MBERT, PARSER])
def test_all_quotes_are_verified(papers, data, name):
    document = papers[name]
    items = [(p.spans, p.quote) for p in document.passages]
    assert all(verify_quotes(data / "papers" / name, document.sha256, items))
    spans, quote = next((s, q) for s, q in items if len(s) == 1)
    page, start, end = spans[0]
    assert page_text(data / "papers" / name, page)[start:end] == quote


@pytest.mark.parametrize("name", [XLMR, MBERT, PARSER])
def test_furniture_references_and_thanks_are_no_sentences(papers, name):
    for p in passages(papers[name]):
        assert not re.search(r"Association for Computational Linguistics: EMNLP|arXiv:1911|In Proceedings of", p.text)
        assert not re.search(r"\bpages \d+[–-]\d+", p.text)
        assert not re.fullmatch(r"\d+", p.text)
        assert "gratefully ac" not in p.text
        assert "We would like to thank" not in p.text


@pytest.mark.parametrize("name", [XLMR, MBERT, PARSER])
def test_sentences_begin_and_end_as_sentences_do(papers, name):
    for p in passages(papers[name]):
        assert re.search(r"[.!?:;…\]][\"'”’)\]»]*$", p.text), p.text
        assert not re.match(r"[a-z]+\b(?![.)-])", p.text), p.text


def test_metadata(papers):
    xlmr, mbert, parser = papers[XLMR], papers[MBERT], papers[PARSER]
    assert xlmr.title == "Unsupervised Cross-lingual Representation Learning at Scale"
    assert xlmr.authors[0] == "Alexis Conneau"
    assert "Francisco Guzmán" in xlmr.authors
    assert len(xlmr.authors) == 10
    assert (xlmr.arxiv_id, xlmr.year, xlmr.pages) == ("1911.02116", 2020, 12)
    assert mbert.title == "How multilingual is Multilingual BERT?"
    assert mbert.authors == ("Telmo Pires", "Eva Schlinger", "Dan Garrette")
    assert (mbert.arxiv_id, mbert.year) == ("1906.01502", 2019)
    assert parser.title == "Bootstrapping a Crosslingual Semantic Parser"
    assert parser.authors == ("Tom Sherborne", "Yumo Xu", "Mirella Lapata")
    assert (parser.arxiv_id, parser.year) == ("", 2020)
    assert mbert.abstract.startswith("In this paper, we show that Multilingual BERT")
    assert mbert.abstract.endswith("affecting certain language pairs.")


def test_references_are_counted(papers):
    # As recognised; not counted by hand on the pages.
    assert len(papers[MBERT].references) == 25
    assert len(papers[XLMR].references) in range(38, 44)
    entry = next(entry for entry in papers[XLMR].references if entry.startswith("Samuel R. Bowman"))
    assert "2015. A large annotated corpus for learning natural language inference. In EMNLP." in entry
    assert len(papers[PARSER].references) in range(80, 87)


def test_every_caption_is_found(papers):
    def numbers(name):
        return sorted(re.match(r"(\w+ \d+)", p.text).group(1) for p in passages(papers[name], PassageKind.CAPTION))

    assert numbers(XLMR) == sorted([*(f"Figure {n}" for n in range(1, 8)), *(f"Table {n}" for n in range(1, 8))])
    assert numbers(MBERT) == sorted([*(f"Figure {n}" for n in range(1, 4)), *(f"Table {n}" for n in range(1, 9))])
    assert numbers(PARSER) == sorted([*(f"Figure {n}" for n in range(1, 6)), *(f"Table {n}" for n in range(1, 8))])


def test_a_table_with_sub_tables(papers):
    document = papers[PARSER]
    assert cell(document, "2(b)", "Shared Encoder +BERT-ML", "DE (MT)") == ("66.4", False)
    assert cell(document, "2(b)", "MT-Paraphrase +BERT-ML", "DE (MT)") == ("67.8", False)
    assert cell(document, "2(b)", "MT-Ensemble +BERT-ML", "DE (MT)") == ("64.8", False)
    assert cell(document, "2(b)", "MT-Ensemble +Shared Encoder", "ZH (MT)") == ("68.3", True)
    assert cell(document, "2(a)", "Shared Encoder +BERT-ML", "DE") == ("69.5", True)


def test_heads_over_two_rows_and_names_over_two_rows(papers):
    assert cell(papers[PARSER], "3", "MT-Ensemble +Shared Encoder", "DE (MT) Avg.") == ("74.6", True)
    assert cell(papers[PARSER], "3", "SEQ2SEQ", "ZH (MT) Ba.") == ("78.5", False)
    assert cell(papers[XLMR], "2", "mBERT / en / 1", "Avg") == ("78.52", False)
    assert cell(papers[XLMR], "5", "Monolingual baselines: BERT / CC", "sw") == ("70.8", False)


def test_groups_of_rows(papers):
    group = "Fine-tune multilingual model on all training sets (TRANSLATE-TRAIN-ALL)"
    assert cell(papers[XLMR], "1", f"{group}: XLM-R / CC", "Avg") == ("83.6", True)


def test_two_tables_side_by_side(papers):
    assert cell(papers[XLMR], "6", "lt / Lithuanian", "Size (GiB)") == ("13.7", False)
    # The halves of this one have rules of their own under their heads.
    halves = {(p.row, p.column) for p in passages(papers[MBERT], PassageKind.CELL) if p.table == "4"}
    assert halves == {(r, c) for half in (("HI", "UR"), ("EN", "BG", "JA")) for r in half for c in half}


def test_one_paper_alone_gives_the_same(papers, data):
    assert read_pdf(data / "papers" / MBERT) == papers[MBERT]
