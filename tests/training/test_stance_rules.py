"""The calibration: what is counted, that documents are held out, and the set it was counted on."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.core.types import Stance
from synth.evidence.calibration import CalibrationCell, CalibrationTable, table
from training import stance_rules
from training.stance_rules import JudgementOutcome

outcomes = st.lists(
    st.builds(JudgementOutcome, st.integers(0, 9), st.sampled_from(Stance), st.floats(0.3, 1.0), st.booleans()),
    max_size=60,
)


@given(outcomes)
def test_chances_do_not_fall_with_similarity_and_nothing_is_lost(found):
    fitted = stance_rules.fitted(found, 10, 6)
    for stance in Stance:
        cells = [cell for cell in fitted.cells if cell.stance is stance]
        assert sum(cell.n for cell in cells) == sum(o.stance is stance for o in found)
        assert [cell.chance for cell in cells] == sorted(cell.chance for cell in cells)


def test_a_document_is_never_judged_by_a_table_that_saw_it():
    wrong = [JudgementOutcome(0, Stance.SUPPORT, 0.95, False)] * 50
    right = [JudgementOutcome(article, Stance.SUPPORT, 0.95, True) for article in range(1, 5) for _ in range(50)]
    chances = [p for p, is_right in stance_rules.cross_fitted(wrong + right, 10, 6) if not is_right]
    assert len(chances) == 50
    assert min(chances) == max(chances) == pytest.approx(201 / 202)


def test_no_cases_give_one_half():
    assert CalibrationTable(6, 10, ()).chance_right(Stance.CONTRADICT, 0.9) == 0.5
    assert CalibrationCell(Stance.SUPPORT, 0.0, 0, 0).chance == 0.5


def test_scores_of_known_predictions():
    sure = [(1.0, True), (0.0, False)]
    assert stance_rules.brier(sure) == 0
    assert stance_rules.calibration_error(sure) == 0
    assert stance_rules.brier([(0.8, True), (0.8, False)]) == pytest.approx((0.04 + 0.64) / 2)
    assert stance_rules.calibration_error([(0.8, True), (0.8, False)]) == pytest.approx(0.3)
    assert stance_rules.reliability([(0.81, True), (0.89, False)]) == [
        {"n": 2, "predicted": pytest.approx(0.85), "right": 0.5}
    ]


def test_documents_that_share_a_sentence_are_one_article():
    corpus = {1: ("a", "b"), 2: ("b", "c"), 3: ("c",), 4: ("d",)}
    articles = stance_rules._articles(corpus)
    assert articles[1] == articles[2] == articles[3] != articles[4]


def test_the_shipped_table_is_what_fit_writes(tmp_path):
    import tomllib

    written = tomllib.loads(stance_rules.as_toml(table(), "somewhere"))
    assert written["claims"] == table().claims
    assert len(written["cell"]) == len(table().cells)
    assert 0.5 < table().ceiling < 1


@pytest.mark.slow
def test_the_shipped_counts_are_those_of_the_data(encoder):
    data = Path(os.environ.get("SYNTH_DATA", "")) / "citation-integrity"
    if not os.environ.get("SYNTH_DATA") or not data.is_dir():
        pytest.skip("SYNTH_DATA does not hold citation-integrity")
    pairs = stance_rules.load(data)
    supported = sum(pair.label is Stance.SUPPORT for pair in pairs)
    counted = stance_rules.fitted(stance_rules.judged(pairs, encoder), len(pairs), supported)
    assert set(counted.cells) == set(table().cells)
    assert (counted.supported, counted.claims) == (table().supported, table().claims)
