import json

import numpy as np
import pytest

from repro.errors import LabError
from repro.languages.grammar import sentence
from repro.models.encoder import Encoder
from repro.models.shape import ModelShape
from repro.models.xlmr import new_model, save_model
from repro.retrieval.scoring import centred, normalised
from repro.stages import fusion, read_json
from tests.repro.conftest import SHAPE

N, K = 210, 5
PARAMS = {"target": "heldout", "layer": 1, "pooling": "mean", "neighbours": K}


@pytest.fixture
def inputs(tmp_path, tokenizer, realm):
    """Two models with random weights, and the held-out sentences of two languages."""
    found = {"languages": tmp_path / "languages"}
    for seed in (1, 2):
        found[f"member {seed}"] = tmp_path / f"member{seed}"
        save_model(new_model(ModelShape.read(SHAPE), len(tokenizer), seed), found[f"member {seed}"] / "model")
        tokenizer.save_pretrained(found[f"member {seed}"] / "model")
    (found["languages"] / "heldout").mkdir(parents=True)
    languages = realm.languages[:2]
    for language in languages:
        lines = [sentence(scene, language, realm.lexicons[language.code]) for scene in realm.heldout(N)]
        (found["languages"] / "heldout" / f"{language.code}.txt").write_text("\n".join(lines) + "\n")
    facts = {language.code: {"distance": 0.5} for language in languages}
    (found["languages"] / "languages.json").write_text(json.dumps(facts))
    return found


def run(make_job, inputs, fuse, **changes):
    job = make_job({**PARAMS, **changes, "fuse": fuse}, **inputs)
    fusion.run(job)
    return {row["metric"]: row["value"] for row in read_json(job.out / "measurements.json")}


def vectors(inputs):
    """(English, other) of each member."""
    sides = [(inputs["languages"] / "heldout" / f"{code}.txt").read_text().splitlines() for code in ("en", "aa")]
    for role in ("member 1", "member 2"):
        encode = Encoder(inputs[role] / "model", 1, "mean").encode
        yield tuple(encode(side).astype(np.float64) for side in sides)


def csls(english, other):
    cosines = normalised(centred(english)) @ normalised(centred(other)).T
    near = np.sort(cosines, axis=1)[:, -K:].mean(1, keepdims=True), np.sort(cosines, axis=0)[-K:].mean(0)
    return 2 * cosines - near[0] - near[1]


def share(scores):
    return 100 * float((scores.argmax(axis=1) == np.arange(N)).mean())


def test_by_score_is_the_mean_of_the_scores(make_job, inputs):
    found = run(make_job, inputs, "score")
    cosines = np.mean([normalised(a) @ normalised(b).T for a, b in vectors(inputs)], axis=0)
    # A float32 vector may turn the order of nearly equal scores.
    assert found["accuracy_cosine"] == pytest.approx(share(cosines), abs=100 / N)
    assert found["accuracy_csls"] == pytest.approx(
        share(np.mean([csls(*own) for own in vectors(inputs)], axis=0)), abs=100 / N
    )
    assert found["accuracy_cosine_pool200"] >= found["accuracy_cosine"]


def test_what_each_way_measures(make_job, inputs):
    rules = {f"accuracy_{rule}" for rule in ("cosine", "centred", "csls", "margin")}
    pooled = {f"accuracy_{rule}_pool200" for rule in ("cosine", "centred")}
    assert set(run(make_job, inputs, "rank")) == rules
    for way in ("score", "embedding", "members"):
        assert set(run(make_job, inputs, way)) == rules | pooled


def test_one_member_is_itself_whatever_the_way(make_job, inputs):
    alone = {role: folder for role, folder in inputs.items() if role != "member 2"}
    expected = run(make_job, alone, "members")
    for way in ("score", "rank"):
        found = run(make_job, alone, way)
        assert found == pytest.approx({metric: expected[metric] for metric in found})


def test_mining_is_not_fused_by_score_or_rank(make_job, inputs):
    for way in ("score", "rank"):
        assert run(make_job, inputs, way, target="bucc") == {}


def test_an_unknown_way_is_an_error(make_job, inputs):
    with pytest.raises(LabError, match="no fusion 'votes'"):
        run(make_job, inputs, "votes")
