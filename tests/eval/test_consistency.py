"""Claims and corpus that do not fit: told when something is left, refused when nothing is."""

from __future__ import annotations

import pytest

from synth.core.errors import UsageError
from synth.core.types import Stance
from synth.eval.scifact.consistency import check
from synth.eval.scifact.records import Claim, CorpusDocument, Gold

CORPUS = {"1": CorpusDocument("1", "Title", ("One.", "Two."))}


def gold(stance=Stance.SUPPORT, sentence=0):
    return Gold(stance, (frozenset({sentence}),))


def test_what_fits_needs_no_note():
    assert check([Claim(1, "a", ("1",), {"1": gold()})], CORPUS, cited=True) == []


def test_a_cited_document_that_is_missing_is_told_and_others_go_on():
    notes = check([Claim(1, "a", ("1", "2")), Claim(2, "b", ())], CORPUS, cited=True)
    assert notes == [
        "1 of 2 cited documents are not in the corpus (it is not judged): 2.",
        "1 claims cite no document and get no evidence: 2.",
    ]
    assert check([Claim(1, "a", ("1", "2"))], CORPUS, cited=False) == []


def test_the_wrong_corpus_is_refused():
    with pytest.raises(UsageError, match="None of the 2 cited documents is in the corpus"):
        check([Claim(1, "a", ("7",)), Claim(2, "b", ("8",))], CORPUS, cited=True)
    with pytest.raises(UsageError, match="None of the 1 evidence documents"):
        check([Claim(1, "a", None, {"9": gold()})], CORPUS, cited=False)


def test_no_citations_at_all_are_refused_with_what_to_do():
    with pytest.raises(UsageError) as caught:
        check([Claim(1, "a"), Claim(2, "b")], CORPUS, cited=True)
    assert "Leave `--cited` out" in caught.value.do


def test_gold_that_cannot_be_met_is_told():
    notes = check([Claim(1, "a", None, {"1": gold(sentence=2), "5": gold()})], CORPUS, cited=False)
    assert notes == [
        "1 of 2 evidence documents are not in the corpus (it cannot be found and counts as missed): 5.",
        "Evidence points behind the end of the document in 1 places: claim 1, document 1.",
    ]


def test_contradictory_duplicates_are_told():
    claims = [
        Claim(1, "Same  text", None, {"1": gold()}),
        Claim(2, "same text", None, {"1": gold(Stance.CONTRADICT)}),
        Claim(3, "same text", None, {"1": gold()}),
    ]
    [note] = check(claims, CORPUS, cited=False)
    assert "opposite labels" in note
    assert note.endswith(": 1 and 2.")


def test_empty_documents_are_told():
    assert check([Claim(1, "a")], {**CORPUS, "2": CorpusDocument("2", "", ())}, cited=False) == [
        "1 documents of the corpus have neither title nor text."
    ]
