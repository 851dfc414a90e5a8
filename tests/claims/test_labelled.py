"""The labelled sentences: what is found, as what kind, with which predictions. Run with -s to see the score."""

from __future__ import annotations

import pytest

from synth.claims import find_claims, load_lexicon, predictions
from tests.claims.helpers import Labelled, agrees, labelled

ROWS = labelled()
CLAIMS = [row for row in ROWS if row.kind]


def right(row: Labelled) -> bool:
    made = predictions(row.passage.text, load_lexicon()) if row.kind != "method" else ()
    return len(made) == len(row.predictions) and all(agrees(p, w) for p, w in zip(made, row.predictions, strict=True))


def test_the_table_is_large_enough_and_has_both_sides():
    assert len(ROWS) >= 80
    assert 25 <= len(ROWS) - len(CLAIMS) <= len(ROWS) - 40


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.passage.text[:60])
def test_claim_or_not(row: Labelled):
    found = find_claims([row.passage])
    assert [claim.kind.value for claim in found] == ([row.kind] if row.kind else [])


def test_score_of_predictions(capsys: pytest.CaptureFixture[str]):
    wrong = [row.passage.text for row in CLAIMS if not right(row)]
    with capsys.disabled():
        print(f"\npredictions all right for {len(CLAIMS) - len(wrong)} of {len(CLAIMS)} labelled claims")
    assert wrong == []
