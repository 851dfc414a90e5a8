"""Papers with tables made by hand."""

from __future__ import annotations

from synth.core.types import Passage, PassageKind, Prediction, Stance
from synth.evidence.tables import TableFinding, Tables
from synth.text.lexicon import load_lexicon

Rows = dict[str, dict[str, str]]

XNLI: Rows = {
    "mBERT": {"en": "82.1", "de": "71.1", "sw": "50.4", "Avg": "67.9"},
    "XLM (Lample and Conneau, 2019)": {"en": "83.7", "de": "73.7", "sw": "58.0", "Avg": "71.8"},
    "XLM-R Base": {"en": "85.8", "de": "78.7", "sw": "66.5", "Avg": "77.0"},
    "XLM-R": {"en": "89.1", "de": "83.9", "sw": "73.9", "Avg": "82.3"},
}
CAPTION = "Accuracy on XNLI, zero-shot."


def sentence(text: str, order: int = 1) -> Passage:
    return Passage(PassageKind.SENTENCE, text, text, 1, ((1, 0, len(text)),), "introduction", order)


def table(rows: Rows, caption: str = CAPTION, label: str = "1", page: int = 4, first: int = 100) -> list[Passage]:
    text = f"Table {label}: {caption}"
    found = [Passage(PassageKind.CAPTION, text, text, page, ((page, 0, len(text)),), "results", first - 1)]
    for row, cells in rows.items():
        for column, value in cells.items():
            order = first + len(found) - 1
            place = (page, ((page, 0, len(value)),), "results", order)
            found.append(Passage(PassageKind.CELL, value, value, *place, row, column, label))
    return found


def judge(claim: str, passages: list[Passage] | None = None, *, own_paper: bool = True) -> list[TableFinding]:
    tables = Tables(table(XNLI) if passages is None else passages, load_lexicon())
    return tables.judge(claim, own_paper=own_paper)


def decided(claim: str, passages: list[Passage] | None = None) -> list[tuple[Stance, str]]:
    return [(f.stance, f.reason) for f in judge(claim, passages)]


def prediction(treatment: str) -> Prediction:
    return Prediction(treatment=treatment)
