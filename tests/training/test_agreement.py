import json

import numpy as np
import pytest

from synth.core.types import Stance
from training import agreement
from training.agreement import Rows, own_pairs, report, turned_round

SENTENCES = {
    "a#0": "Adversarial training improves robustness.",
    "b#1": "Training on adversarial examples helps.",
    "b#2": "It runs.",
}


@pytest.fixture
def pairs(tmp_path, monkeypatch):
    def write(*rows):
        file = tmp_path / "pairs.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        monkeypatch.setattr(agreement, "PAIRS", file)
        monkeypatch.setattr(agreement, "sentences", lambda data: SENTENCES)
        monkeypatch.setattr(agreement, "printed", lambda data: {})
        return list(own_pairs(tmp_path))

    return write


def test_agreement_is_taken_both_ways_and_its_opposite_made(pairs):
    found = pairs({"claim": "a#0", "passage": "b#1", "label": "SUPPORT", "topic": "robust"})
    assert [(e.claim, e.passage) for e in found[:2]] == [
        (SENTENCES["a#0"], SENTENCES["b#1"]),
        (SENTENCES["b#1"], SENTENCES["a#0"]),
    ]
    made = [e for e in found if e.label is Stance.CONTRADICT]
    assert [e.passage for e in made] == ["Adversarial training worsens robustness."]


def test_kept_pairs_are_taken_as_they_are(pairs):
    (only,) = pairs({"claim": "a#0", "passage": "b#1", "label": "SUPPORT", "topic": "metrics", "kept": True})
    assert only.kept


def test_places_that_are_not_found_are_left_out_and_several_are_read_together(pairs):
    (found,) = pairs(
        {"claim": "a#0", "passage": "gone#7", "label": "SUPPORT", "topic": "x"},
        {"claim": "a#0", "passage": "b#1+2", "label": "NOT_ENOUGH_INFO", "topic": "x"},
    )
    assert found.passage == f"{SENTENCES['b#1']} {SENTENCES['b#2']}"


def test_a_sentence_without_a_direction_cannot_be_turned_round():
    assert turned_round("We release a corpus.") == ""
    assert turned_round("Depth improves accuracy.") == "Depth worsens accuracy."


def test_the_report_counts_only_pairs_of_the_field():
    rows = Rows(np.zeros((3, 1)), np.array([0, 2, 0]), np.array([1.0, 1.0, 0.05]), np.array(["a", "b", "c"]))
    found = np.array([[0.9, 0.0, 0.1], [0.85, 0.05, 0.1], [0.9, 0.0, 0.1]])
    told = report(found, rows)
    assert told["pairs"] == 2
    assert told["SUPPORT P >= 0.8"] == "1 of 2 right, of 1"


def test_no_label_of_the_packaged_pairs_is_unknown_and_kept_topics_are_fitted_by_nothing():
    rows = [json.loads(line) for line in agreement.PAIRS.read_text(encoding="utf-8").splitlines()]
    kept = {row["topic"] for row in rows if row.get("kept")}
    assert {row["label"] for row in rows} <= set(Stance)
    assert kept
    assert not kept & {row["topic"] for row in rows if not row.get("kept")}
