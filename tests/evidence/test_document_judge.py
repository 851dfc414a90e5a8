"""The judge of whole documents, with the real encoder: rules, tables, conditions, frequencies."""

from __future__ import annotations

import pytest

from synth.core.types import Stance
from synth.evidence.calibrator import Grounds, plain, ruled
from synth.evidence.document_judge import rules, trained, weighed
from synth.evidence.documents import COLUMNS, LEANINGS, DocumentPair, read_documents, without_rules
from synth.evidence.passages.findings import RuleCode
from synth.search.stance_models import table_stance
from tests.evidence.reading_stub import WordModel

CLAIM = "XLM-R outperforms mBERT by 14.6% average accuracy on XNLI."
SAME = "On XNLI, XLM-R outperforms mBERT by 14.6% average accuracy."
OTHER = "XLM-R outperforms mBERT by 10.2% average accuracy on XNLI."
WEATHER = "The weather in Dublin was mild in spring."
TABLE = ("Model | XNLI | MLQA", "mBERT | 65.4 | 57.7", "XLM-R | 80.9 | 71.6")
OWN = {"named": plain(COLUMNS, 0.5), "retrieved": plain(COLUMNS, 0.5)}


@pytest.fixture(scope="module")
def judge(encoder):
    return rules(encoder)


def test_one_opinion_a_pair_in_their_order(judge):
    opinions = judge(
        [
            DocumentPair(CLAIM, (WEATHER, SAME)),
            DocumentPair(CLAIM, (WEATHER,)),
            DocumentPair(CLAIM, (OTHER,)),
            DocumentPair(CLAIM, ()),
        ]
    )
    assert [o.stance for o in opinions] == [
        Stance.SUPPORT,
        Stance.NOT_ENOUGH_INFO,
        Stance.CONTRADICT,
        Stance.NOT_ENOUGH_INFO,
    ]
    assert [o.rationale for o in opinions] == [(1,), (), (0,), ()]
    assert all(sum(o.probabilities.values()) == pytest.approx(1) for o in opinions)


def test_a_document_that_speaks_both_ways_testifies_against(judge):
    [opinion] = judge([DocumentPair(CLAIM, (SAME, OTHER))])
    assert (opinion.stance, opinion.rationale) == (Stance.CONTRADICT, (1,))


def test_no_pairs_need_no_model():
    assert rules(None)([]) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("claim", "stance"),
    [
        ("XLM-R reaches 80.9 on XNLI.", Stance.SUPPORT),
        ("XLM-R reaches 75.1 on XNLI.", Stance.CONTRADICT),
        ("mBERT outperforms XLM-R on MLQA.", Stance.CONTRADICT),
    ],
)
def test_a_document_that_is_a_table_is_judged_as_one(encoder, claim, stance):
    rows = DocumentPair(claim, TABLE, title="Table: Accuracy.")
    whole = DocumentPair(claim, ("\n".join(("Table: Accuracy.", *TABLE)),))
    for opinion in trained(WordModel(), encoder, OWN, tables=table_stance)([rows, whole]):
        assert opinion.stance is stance
        assert opinion.rationale


def test_no_model_overrules_another_condition(encoder):
    """The model finds the word that it takes for support in a sentence about another data set."""
    elsewhere = "On MLQA, XLM-R indeed outperforms mBERT by 13.0% average accuracy."
    model = WordModel()
    [opinion] = trained(model, encoder, OWN)([DocumentPair(CLAIM, (elsewhere,))])
    assert opinion.stance is Stance.NOT_ENOUGH_INFO
    assert opinion.probabilities[Stance.NOT_ENOUGH_INFO] == pytest.approx(
        ruled(Grounds.CONDITION, Stance.NOT_ENOUGH_INFO)
    )
    [reading] = read_documents([DocumentPair(CLAIM, (elsewhere, SAME.replace("14.6%", "indeed much")))], model, encoder)
    assert "MLQA" not in model.asked[-1][1]  # it reads what speaks of the claim's own condition
    assert reading.grounds is not Grounds.CONDITION


def test_a_rule_decides_alone_where_the_passage_says_all_else_of_the_claim(encoder):
    """Of the second pair the number agrees as well, but nothing says whether it holds after pruning."""
    wrongly = f"Put wrongly: {SAME}"
    pairs = [DocumentPair(CLAIM, (SAME,)), DocumentPair(f"After pruning, {CLAIM}", (wrongly,))]
    first, second = read_documents(pairs, WordModel(), encoder)
    assert (first.grounds, first.stance, first.reason) == (Grounds.RULE, Stance.SUPPORT, RuleCode.SAME_VALUE)
    assert second.grounds is Grounds.MODEL
    assert second.leaning is Stance.SUPPORT
    row = dict(zip(COLUMNS, second.row, strict=True))
    assert (row["rule supports"], row["rule contradicts"]) == (1.0, 0.0)
    assert row["contradict, ruled"] == row["contradict"]


def test_what_rules_said_can_be_left_out(encoder):
    [reading] = read_documents([DocumentPair(CLAIM, (SAME,))], WordModel(), encoder)
    plain_one = without_rules(reading)
    assert plain_one.grounds is Grounds.MODEL
    assert plain_one.leaning is Stance.NOT_ENOUGH_INFO
    assert plain_one.row[: -len(LEANINGS)] == reading.row[: -len(LEANINGS)]


def test_a_calibrator_of_fewer_columns_still_weighs(encoder):
    """Numbers that were fitted before a column was added."""
    old = {name: plain(("support", "contradict"), 0.5) for name in ("named", "retrieved")}
    pairs = [DocumentPair("Pruning helps.", ("We find that pruning indeed helps.",))]
    readings = read_documents(pairs, WordModel(), encoder)
    assert [one.probabilities for one in weighed(pairs, readings, old)] == [
        one.probabilities for one in weighed(pairs, readings, OWN)
    ]


def test_a_named_source_is_read_although_no_word_is_shared(encoder):
    pairs = [
        DocumentPair("Decoding doubles its pace.", ("It was twice as quick.",), named=named) for named in (True, False)
    ]
    read, unread = read_documents(pairs, None, encoder)
    assert (set(read.similarity), set(unread.similarity)) == ({0}, set())
