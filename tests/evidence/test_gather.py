"""Claims to evidence, with the real encoder: what is a witness, what is asked of the model, what is kept."""

import math
from dataclasses import dataclass

import numpy as np
import pytest

from synth.core.types import ClaimKind, PassageKind, Prediction, Stance
from synth.evidence import agreement
from synth.evidence.candidates import EvidenceClaim, PassageCandidate, SearchContext
from synth.evidence.confidence import weigh
from synth.evidence.gather import MAX_READ_OTHERS, gather
from synth.evidence.relation import Relation
from synth.evidence.witnesses import Dependence, Witnesses
from synth.models.stance_reader import Reader
from tests.evidence.reading_stub import WordModel

SOURCE = "XLM-R outperforms mBERT by +14.6% average accuracy on XNLI and by +13% average F1 on MLQA."
PASSAGES = [
    PassageCandidate(1, 1, SOURCE, section="abstract", page=1),
    PassageCandidate(
        2, 1, "On XNLI, XLM-R outperforms mBERT by 14.6% average accuracy.", section="results", page=5, order=1
    ),
    PassageCandidate(3, 1, "XLM-R also outperforms mBERT by 13.0% F1 on MLQA.", section="results", page=6, order=2),
    PassageCandidate(4, 2, "XLM-R outperforms mBERT by 14.6% average accuracy on XNLI and 13% average F1 on MLQA."),
    PassageCandidate(5, 2, "The weather in Dublin was mild in spring."),
    PassageCandidate(6, 1, "14.6", PassageKind.CELL, section="results", order=9),
    PassageCandidate(7, 1, "XLM-R outperforms mBERT by 14.6% on XNLI, as we conclude.", section="conclusion"),
    PassageCandidate(
        8, 1, "Figure 2: XLM-R outperforms mBERT by 14.6% on XNLI.", PassageKind.CAPTION, section="results"
    ),
    PassageCandidate(10, 5, "Conneau et al. (2020) report that XLM-R outperforms mBERT on XNLI.", cites=frozenset({1})),
    PassageCandidate(11, 5, "As Liu et al. (2019) found, XLM-R outperforms mBERT on XNLI."),
    PassageCandidate(12, 6, "In our experiments XLM-R outperforms mBERT on XNLI by a wide margin."),
]
CLAIM = EvidenceClaim(1, SOURCE, sources=frozenset({1}), papers=frozenset({1}))


def relations(rows):
    return {row.passage_id: row.relation for row in rows}


@pytest.fixture(scope="module")
def found(encoder):
    return dict(gather([CLAIM], PASSAGES, encoder))[1]


def test_the_own_paper_testifies_by_its_results_alone(found):
    own = {row.passage_id for row in found if row.paper == 1}
    assert own <= {2, 3}
    assert own
    assert all(row.relation is Relation.SAME_PAPER for row in found if row.paper == 1)


def test_passages_that_share_out_the_numbers_are_read_together(found):
    rows = {row.passage_id: row for row in found}
    assert rows[2].stance is rows[3].stance is Stance.SUPPORT
    assert rows[2].location == "p. 5"


def test_who_reports_and_who_found_it(encoder):
    claim = EvidenceClaim(1, "XLM-R outperforms mBERT on XNLI.", papers=frozenset({1}))
    shown = relations(dict(gather([claim], PASSAGES[8:], encoder))[1])
    assert shown.get(10, Relation.REPORTED) is Relation.REPORTED
    assert shown.get(11, Relation.RESTATEMENT) is Relation.RESTATEMENT
    assert shown.get(12, Relation.OTHER_PAPER) is Relation.OTHER_PAPER
    assert shown


def test_retracted_and_dependent_papers_are_shown_and_count_nothing(encoder):
    claim = EvidenceClaim(1, "XLM-R outperforms mBERT on XNLI.", papers=frozenset({1}))
    search = SearchContext(retracted=frozenset({6}), witnesses=Witnesses({(1, 2): Dependence.COPY}))
    rows = dict(gather([claim], PASSAGES, encoder, search=search))[1]
    shown = relations(rows)
    assert shown.get(12, Relation.RETRACTED) is Relation.RETRACTED
    assert shown.get(4, Relation.RESTATEMENT) is Relation.RESTATEMENT
    assert weigh(rows).papers.supporting == 0


def test_methods_are_not_judged(encoder):
    method = EvidenceClaim(
        2, "We fine-tune XLM-R on XNLI for ten epochs.", papers=frozenset({1}), kind=ClaimKind.METHOD
    )
    assert next(gather([method, CLAIM], PASSAGES, encoder)) == (2, [])


def test_done_claims_are_left_out_and_order_is_kept(encoder):
    claims = [EvidenceClaim(number, SOURCE, papers=frozenset({1})) for number in (3, 1, 2)]
    assert [number for number, _ in gather(claims, PASSAGES, encoder, finished={1})] == [3, 2]


def test_nothing_to_search_in(encoder):
    assert list(gather([CLAIM], [], encoder)) == [(1, [])]
    assert list(gather([], PASSAGES, encoder)) == []


# ------------------------------------------------------------------------------------------------ tables


@dataclass(frozen=True)
class Finding:
    stance: Stance = Stance.SUPPORT
    table: str = "Table 2"
    cells: tuple[int, ...] = (9,)
    note: str = "14.6 stands there"
    confidence: float = 0.93
    matched: tuple[str, ...] = ("XLM-R", "XNLI")


class TableDouble:
    """Says the same of every claim."""

    def __init__(self, *findings):
        self.findings, self.asked = findings, []

    def judge(self, claim, predictions, /, *, own_paper):
        self.asked.append(own_paper)
        return self.findings


def test_tables_of_other_papers_have_to_name_what_the_claim_names(encoder):
    vague = EvidenceClaim(1, "Some tasks improved more than others.", papers=frozenset({1}))
    other = TableDouble(Finding(cells=(1,), matched=("all tasks",)))
    passages = [PassageCandidate(9, 2, "8.7", PassageKind.CELL, order=1), *PASSAGES]
    assert not [
        r for r in dict(gather([vague], passages, encoder, search=SearchContext(tables={2: other})))[1] if r.cells
    ]
    named = TableDouble(Finding(cells=(1,), matched=("XLM-R", "XNLI")))
    rows = dict(gather([CLAIM], passages, encoder, search=SearchContext(tables={2: named})))[1]
    assert [row.relation for row in rows if row.cells] == [Relation.OTHER_PAPER]


def test_the_number_of_another_system_in_another_paper_is_no_evidence(encoder):
    claim = EvidenceClaim(1, "Ernie reaches 72.5 accuracy on XNLI.", (Prediction("Ernie"),), papers=frozenset({1}))
    passages = [PassageCandidate(9, 2, "72.5", PassageKind.CELL, order=1), *PASSAGES]
    for row, count in (("Bertha", 0), ("Ernie", 1)):
        table = TableDouble(Finding(cells=(1,), matched=(row, "XNLI")))
        rows = dict(gather([claim], passages, encoder, search=SearchContext(tables={2: table})))[1]
        assert len([one for one in rows if one.method == "table"]) == count


@pytest.mark.parametrize(("subject", "decides"), [("Bertha", False), ("Ernie", True)])
@pytest.mark.parametrize("predictions", [(), (Prediction("Ernie"),)])
def test_the_same_number_of_something_else_decides_nothing(encoder, subject, decides, predictions):
    claim = EvidenceClaim(1, "Ernie reaches 72.5% accuracy on XNLI.", predictions, papers=frozenset({1}))
    other = [PassageCandidate(2, 2, f"{subject} reaches 72.5% accuracy on XNLI.")]
    rows = dict(gather([claim], other, encoder))[1]
    assert bool([row for row in rows if row.stance is not Stance.NOT_ENOUGH_INFO]) is decides


def test_a_table_is_evidence_with_its_cells_and_place(encoder):
    own, other = TableDouble(Finding(confidence=0.999)), TableDouble(Finding(cells=(404,)))
    rows = dict(gather([CLAIM], PASSAGES, encoder, search=SearchContext(tables={1: own, 2: other})))[1]
    (row,) = [row for row in rows if row.method == "table"]
    assert (row.passage_id, row.cells, row.location, row.relation) == (6, (6,), "Table 2", Relation.SAME_PAPER)
    assert own.asked == [True]
    assert other.asked == [False]
    assert weigh(rows).own.place == "Table 2"


# ------------------------------------------------------------------------------------------------ the stance model


class CountingModel(WordModel):
    def __init__(self, value=None):
        super().__init__()
        self.value = value

    def logits(self, pairs, progress=None):
        found = super().logits(pairs)
        return found if self.value is None else np.full_like(found, self.value)


MANY = [
    PassageCandidate(
        number, 2 + number % 7, f"We indeed see XLM-R outperform mBERT on XNLI in setting {number} of many."
    )
    for number in range(100, 160)
]


def test_the_model_reads_a_few_of_many_and_telling_pairs_both_ways(encoder):
    model = CountingModel()
    claim = EvidenceClaim(1, "XLM-R outperforms mBERT on XNLI.", papers=frozenset({1}))
    rows = dict(gather([claim], MANY, encoder, reader=Reader(model)))[1]
    forward = [pair for pair in model.asked if pair[0] == claim.text]
    assert 0 < len(forward) <= MAX_READ_OTHERS
    assert {(passage, text) for text, passage in forward} <= {*model.asked}
    assert rows


def test_the_pairs_of_many_claims_are_read_in_one_batch(encoder):
    calls = []

    class Batches(CountingModel):
        def logits(self, pairs, progress=None):
            calls.append(len(pairs))
            return super().logits(pairs)

    claims = [EvidenceClaim(number, f"XLM-R outperforms mBERT on XNLI by {number}.5 points.") for number in range(1, 9)]
    assert len(list(gather(claims, MANY, encoder, reader=Reader(Batches())))) == 8
    assert len(calls) == 2


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_no_number_from_the_model_is_no_answer_and_said(encoder, value):
    claim = EvidenceClaim(1, "XLM-R outperforms mBERT on XNLI.", papers=frozenset({1}))
    rows = dict(gather([claim], MANY, encoder, reader=Reader(CountingModel(value))))[1]
    assert all(0 <= row.confidence <= 1 for row in rows)
    assert not [row for row in rows if row.method == "model"]
    assert any("not read" in row.note for row in rows)


def test_a_condition_that_differs_by_rule_is_never_overruled(encoder):
    claim = EvidenceClaim(1, "XLM-R reaches 79.2% accuracy on XNLI.", papers=frozenset({1}))
    other = [PassageCandidate(2, 2, "XLM-R indeed reaches 79.2% accuracy on MLQA.")]
    model = CountingModel()
    rows = dict(gather([claim], other, encoder, reader=Reader(model)))[1]
    assert all(row.stance is Stance.NOT_ENOUGH_INFO for row in rows if row.method == "condition")
    assert [row.method for row in rows] == ["condition"]
    assert model.asked == []


def test_another_model_or_data_set_is_another_condition(encoder):
    claim = EvidenceClaim(1, "Tuning XLM-R on English text helps the retrieval of translations.", papers=frozenset({1}))
    other = "Tuning mBERT on English text indeed helps the retrieval of translations from French."
    model = CountingModel()
    (row,) = dict(gather([claim], [PassageCandidate(1, 2, other)], encoder, reader=Reader(model)))[1]
    assert (row.stance, row.method) == (Stance.NOT_ENOUGH_INFO, "condition")
    assert "another model" in row.note
    assert model.asked == []


def test_a_sentence_with_an_open_subject_is_read_with_the_one_before(encoder):
    claim = EvidenceClaim(1, "XLM-R outperforms mBERT on XNLI.", papers=frozenset({1}))
    passages = [
        PassageCandidate(1, 2, "We compare XLM-R with mBERT on XNLI.", section="results", order=1),
        PassageCandidate(2, 2, "It outperforms the older model by a wide margin on XNLI.", section="results", order=2),
        PassageCandidate(3, 3, "It outperforms the older model by a wide margin on XNLI.", section="results", order=2),
    ]
    model = CountingModel()
    rows = dict(gather([claim], passages, encoder, reader=Reader(model)))[1]
    assert any(f"{passages[0].text} {passages[1].text}" in pair for pair in model.asked) or any(
        "sentence before" in row.note for row in rows
    )


def test_the_claim_is_never_read_as_the_sentence_before(encoder):
    claim = EvidenceClaim(1, "XLM-R outperforms mBERT on XNLI.", sources=frozenset({1}), papers=frozenset({2}))
    passages = [
        PassageCandidate(1, 2, claim.text, section="results", order=1),
        PassageCandidate(2, 2, "It outperforms the older model by a wide margin on XNLI.", section="results", order=2),
    ]
    model = CountingModel()
    dict(gather([claim], passages, encoder, reader=Reader(model)))
    assert not [pair for pair in model.asked if f"{claim.text} " in pair[0] or f"{claim.text} " in pair[1]]


# ------------------------------------------------------------------------------------------------ the regressions


def test_the_packaged_regressions_fit_the_columns():
    for name, columns in agreement.COLUMNS.items():
        found = agreement.packaged(name)
        assert found.columns == columns
        probabilities = found.probabilities(np.zeros((2, len(columns))))
        assert probabilities.sum(axis=1) == pytest.approx([1, 1])
    assert 0.9 < agreement.ceiling() < 1
