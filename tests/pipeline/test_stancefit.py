"""Fitting the stance model's calibrators, and the baselines beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from synth.evidence import judges
from synth.evidence.calibrator import STANCES, Calibrator, of_toml
from synth.evidence.encoder import Encoder
from synth.evidence.recalibration import fitted
from synth.pipeline import stancefit
from synth.scifact import files
from synth.types import Stance
from tests.evidence.reading_stub import WordModel
from tests.pipeline.labelled import write


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    return Encoder(cache=tmp_path_factory.mktemp("vectors") / "v.db")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    claims, corpus = write(tmp_path_factory.mktemp("set"))
    return files.read_claims(claims)[0], files.read_corpus(corpus)


@pytest.fixture(scope="module")
def parts(data, encoder):
    everything = stancefit.labelled(*data, True, encoder)
    inside = stancefit.divided([one.group for one in everything])
    return [one for one in everything if one.group in inside], [one for one in everything if one.group not in inside]


def test_articles_are_in_one_part_only(parts):
    fit, rest = parts
    assert (len(fit), len(rest)) == (36, 24)
    assert not {one.group for one in fit} & {one.group for one in rest}


def test_bounds_are_those_of_the_best_f1():
    rows = np.array([[2.0], [1.5], [1.0], [-2.0], [-1.5]])
    truth = [Stance.SUPPORT, Stance.SUPPORT, Stance.NOT_ENOUGH_INFO, Stance.NOT_ENOUGH_INFO, Stance.NOT_ENOUGH_INFO]
    one = fitted(rows, truth, ("x",))
    one = replace(one, bounds=stancefit.bounds(one.probabilities(rows), truth))
    said = [one.stance(p) for p in one.probabilities(rows)]
    assert said[:2] == [Stance.SUPPORT] * 2
    assert said[2:] == [Stance.NOT_ENOUGH_INFO] * 3


def test_a_model_that_knows_is_scored_as_one(data, parts, encoder):
    fit, _ = parts
    articles = {one.group for one in fit}
    found = [one for one in stancefit.labelled(*data, False, encoder) if one.group in articles]
    modes = {
        name: (ones, judges.read_documents([one.pair for one in ones], WordModel(), encoder))
        for name, ones in (("named", fit), ("retrieved", found))
    }
    told = stancefit.cross_fitted(modes, None)
    assert [len(told[name]) for name in ("named", "retrieved")] == [len(fit), len(found)]
    scored = stancefit.scores(fit, told["named"], data[1])
    assert scored["abstract_label_only"]["f1"] == 1.0
    assert scored["claims"] == 36


def test_pairs_count_as_much_as_claims():
    """Where both say the contrary of each other, nothing is known."""
    rows = np.array([[1.0], [1.0], [-1.0], [-1.0]])
    yes, no = Stance.SUPPORT, Stance.NOT_ENOUGH_INFO
    claims = stancefit.Part(rows, [yes, yes, no, no], [1, 1, 2, 2])
    pairs = stancefit.Part(np.repeat(-rows, 5, axis=0), [yes] * 10 + [no] * 10, [0] * 20)
    alone = stancefit.mixed(claims, None, ("x",)).probabilities(rows)
    both = stancefit.mixed(claims, pairs, ("x",)).probabilities(rows)
    assert alone[0, 0] > 0.7
    assert both[:, 0] == pytest.approx([0.5] * 4, abs=1e-3)
    assert claims.of({2}).truth == [no, no]


def test_how_far_numbers_hold_for_other_pairs():
    calm = Calibrator(("x",), ((1.0,), (0.0,), (-1.0,)), (0.0, 0.0, 0.0), (0.5, 0.5))
    part = stancefit.Part(
        np.array([[9.0], [9.0], [-9.0], [9.0]]), [Stance.SUPPORT] * 2 + [Stance.NOT_ENOUGH_INFO] * 2, [0] * 4
    )
    found = stancefit.holds(part, {"named": calm})
    assert (found["pairs"], found["accuracy"]) == (4, 0.75)
    assert found["ece"] == pytest.approx(0.25, abs=1e-3)  # as good as certain, and right in three of four
    assert found["brier"] == pytest.approx(0.5, abs=1e-3)


def test_baselines_know_what_they_can(data, parts, encoder):
    fit, rest = parts
    most = stancefit.majority(fit, rest)
    assert {o.stance for o in most} == {max(Stance, key=lambda s: [one.truth for one in fit].count(s))}
    near = stancefit.by_similarity(fit, rest, encoder)
    numbers = stancefit.by_numbers(fit, rest, encoder)
    for told in (most, near, numbers):
        assert len(told) == len(rest)
        assert all(sum(o.probabilities.values()) == pytest.approx(1) for o in told)
        assert 0 <= stancefit.scores(rest, told, data[1])["abstract_label_only"]["f1"] < 1


def test_the_whole_command_writes_numbers_that_can_be_read(tmp_path, monkeypatch, capsys):
    import json
    import tomllib

    claims, corpus = write(tmp_path, 30)
    pairs = tmp_path / "pairs.tsv"
    lines = ["sentence1\tsentence2\tgold_label", *(f"Dogs bark{i}.\tDogs bark.\tentailment" for i in range(9))]
    pairs.write_text("\n".join([*lines, "Cats sleep.\tDogs bark.\tneutral", "No dogs.\tDogs bark.\tcontradiction"]))
    model = WordModel()
    monkeypatch.setattr(stancefit, "CrossEncoder", lambda **_: model)
    monkeypatch.setattr(stancefit, "STORED", tmp_path / "calibrators.toml")
    files = ["--claims", str(claims), "--corpus", str(corpus), "--pairs", str(pairs), "--check", str(pairs)]
    assert stancefit.main([*files, "--test", "--write"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert set(result) == {"pairs", "named", "retrieved"}
    assert result["pairs"]["pairs.tsv"]["pairs"] == 11
    assert set(result["named"]) == {"stance model", "majority", "similarity", "BM25 and numbers"}
    known = of_toml(tomllib.loads((tmp_path / "calibrators.toml").read_text()))
    assert set(known) == {"sentence", "named", "retrieved"}
    assert all(len(one.weights) == len(STANCES) for one in known.values())


def test_a_file_that_is_none_is_told(tmp_path, capsys):
    (tmp_path / "c.jsonl").write_text("{")
    assert stancefit.main(["--claims", str(tmp_path / "c.jsonl"), "--corpus", str(tmp_path / "c.jsonl")]) == 1
    assert "line 1" in capsys.readouterr().err
