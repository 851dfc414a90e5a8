"""Training and comparing with the real encoder: on the project's own labelled sentences, and on real abstracts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from synth.claims import training
from synth.claims.detector import load, packaged
from synth.claims.features import Document
from synth.errors import UsageError
from synth.evidence.encoder import Encoder
from synth.pipeline import claimtraining
from synth.pipeline.detection import RULES, judge
from tests.claims.helpers import labelled, passage


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("vectors") / "vectors.sqlite"


@pytest.fixture(scope="module")
def encoder(cache) -> Encoder:
    return Encoder(cache=cache)


def written(path: Path) -> Path:
    """Thirty short documents of the labelled sentences, three a document."""
    rows = [(row.passage.text, "claim" if row.kind not in ("", "method") else "none") for row in labelled()[:90]]
    lines = [
        json.dumps({"sentences": [t for t, _ in part], "labels": [label for _, label in part]})
        for part in (rows[i::30] for i in range(30))
    ]
    path.write_text("\n".join(lines))
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    capsys.readouterr()
    assert claimtraining.main([str(a) for a in arguments]) == 0
    return capsys.readouterr().out


def test_training_twice_gives_the_same_file_and_it_can_be_compared(tmp_path, capsys, cache, monkeypatch):
    monkeypatch.setattr(training, "PENALTIES", (0.03, 0.1))
    monkeypatch.setattr(training, "RATIOS", (10.0,))
    data = written(tmp_path / "own.jsonl")
    common = (data, "--positive", "claim", "--cache", cache)
    told = json.loads(run(capsys, "train", *common, "--out", tmp_path / "a", "--about", "data=own"))
    assert (
        json.loads(run(capsys, "train", *common, "--out", tmp_path / "b", "--about", "data=own")) | {"out": told["out"]}
        == told
    )
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert load(tmp_path / "a").about["data"] == "own"
    assert sum(part["documents"] for part in told["parts"].values()) == 30
    assert told["chosen"] == min(told["variants"], key=lambda row: row["dev loss"])["variant"]
    table = run(capsys, "evaluate", *common, "--detector", tmp_path / "a", "--table")
    rows = {line.split("|")[1].strip(): line for line in table.splitlines()[2:]}
    assert {"first sentences", "cue words", "rules", "detector as given", "trained here"} <= set(rows)
    assert rows["detector as given"].split("|")[2] == rows["trained here"].split("|")[2]


def test_a_file_without_claims_is_told(tmp_path, capsys):
    (tmp_path / "x.jsonl").write_text('{"sentences": ["A."], "labels": ["0"]}')
    assert claimtraining.main(["train", str(tmp_path / "x.jsonl"), "--positive", "1", "--out", "y"]) == 2
    assert "--positive" in capsys.readouterr().err


def test_the_packaged_detector_tells_results_from_the_rest_of_an_abstract(encoder):
    abstract = (
        "Models for many languages have drawn much attention.",
        "It is an open question how they represent word order.",
        "We train six encoders on parallel text and probe their layers.",
        "Our experiments demonstrate the effectiveness of the method in distant languages.",
        "Promising results are shown for languages with little text.",
    )
    detector = load(packaged())
    assert detector.encoder == encoder.identity
    assert detector.about["licence"] == "Apache-2.0"
    assert packaged().stat().st_size < 100_000
    chances = detector.chances(Document.abstract(abstract), encoder.encode(abstract))
    assert max(chances[:3]) < 0.3
    assert min(chances[3:]) > 0.6


def test_a_judge_needs_its_own_encoder(encoder, tmp_path):
    from dataclasses import replace

    from synth.claims.detector import save

    assert judge(RULES, encoder) is None
    chances = judge("", encoder)([passage("Our results are promising.", "abstract", 7)])
    assert list(chances) == [7]
    assert 0 < chances[7] < 1
    save(replace(load(packaged()), encoder="another"), tmp_path / "d.safetensors")
    with pytest.raises(UsageError, match="another encoder"):
        judge(str(tmp_path / "d.safetensors"), encoder)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "positive", "least", "ahead"), [("pubmed_claims", "1", 0.72, 0.05), ("sciark", "claim", 0.45, 0.0)]
)
def test_held_back_documents_of_the_labelled_sets(data, capsys, cache, name, positive, least, ahead):
    file = data / "claim-detection" / f"{name}.jsonl.gz"
    if not file.is_file():
        pytest.skip("SYNTH_DATA does not hold claim-detection")
    told = json.loads(run(capsys, "evaluate", file, "--positive", positive, "--cache", cache))
    assert told["test"]["trained here"]["f1"] > least
    assert told["test"]["trained here"]["ahead of the strongest baseline"][0] > ahead
