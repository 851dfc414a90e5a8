import json

import numpy as np
import pytest

from repro.design.stage_parameters import ScoringParameters
from repro.retrieval import scoring
from repro.stages import read_json, reading, retrieval, vectors
from repro.targets import parallel_rows

USUAL = {
    "target": "heldout", "reading": "last", "isotropy": "none", "rule": "cosine", "asks": "english", "pool": 0,
    "lengths": "all", "neighbours": 5,
}  # fmt: skip
ENGLISH = ["a cat", "a dog sees the cat", "the dog", "a cat sees a dog today", "a bird", "the old dog sees a bird"]
OTHER = ["ена мачка", "пас ja", "пас", "мачка", "птица", "стари пас"]


@pytest.fixture
def world(tmp_path, model, tokenizer):
    """A model, and six aligned sentences in one language."""
    from repro.models.xlmr import save_model

    save_model(model, tmp_path / "parent" / "model")
    tokenizer.save_pretrained(tmp_path / "parent" / "model")
    folder = tmp_path / "languages"
    (folder / "heldout").mkdir(parents=True)
    (folder / "heldout" / "en.txt").write_text("\n".join(ENGLISH) + "\n", encoding="utf-8")
    (folder / "heldout" / "aa.txt").write_text("\n".join(OTHER) + "\n", encoding="utf-8")
    (folder / "languages.json").write_text(json.dumps({"en": {"distance": 0.0}, "aa": {"distance": 0.5}}))
    return {"model": tmp_path / "parent", "languages": folder}


@pytest.fixture
def encoded(world, make_job):
    """The folder of vectors of the world, read in two places."""
    readings = {"last": {"layer": 2, "pooling": "mean"}, "half": {"layer": 1, "pooling": "cls"}}
    job = make_job({"target": "heldout", "readings": readings, "prefix": ""}, **world)
    vectors.run(job)
    return job.out


def test_a_pass_gives_what_single_measurements_give(world, encoded, make_job):
    params = {"target": "heldout", "layer": 2, "pooling": "mean", "neighbours": 5}
    single = make_job(params, **world)
    retrieval.run(single)
    expected = {row["metric"]: row for row in read_json(single.out / "measurements.json")}
    for rule, metric in (("cosine", "accuracy_cosine"), ("margin", "accuracy_margin")):
        job = make_job({**USUAL, "rule": rule}, vectors=encoded, languages=world["languages"])
        reading.run(job)
        rows = {row["metric"]: row for row in read_json(job.out / "measurements.json")}
        assert set(rows) == {"accuracy", "accuracy_csls"}
        assert rows["accuracy"]["value"] == expected[metric]["value"]
        assert rows["accuracy_csls"]["value"] == expected["accuracy_csls"]["value"]
        assert rows["accuracy"]["distance"] == 0.5


def test_a_prefix_stands_before_every_sentence(world, make_job):
    found = []
    for prefix in ("", "the "):
        job = make_job(
            {"target": "heldout", "readings": {"last": {"layer": 2, "pooling": "mean"}}, "prefix": prefix}, **world
        )
        vectors.run(job)
        found.append(np.load(job.out / "last.npy"))
    assert found[0].dtype == np.float16
    assert found[0].shape == found[1].shape == (12, 16)
    assert not np.isclose(found[0], found[1]).all(axis=1).any()


def sides(n=40, dim=8, noise=0.6):
    random = np.random.default_rng(3)
    english = random.normal(size=(n, dim)).astype(np.float32)
    return english, english + noise * random.normal(size=(n, dim)).astype(np.float32)


def measured(both, asking=None, **changes):
    params = ScoringParameters.read({**USUAL, **changes})
    rows = reading.language_rows("aa", both, asking or [True] * len(both[0]), params, {"latin": 0.25})
    assert all(row["latin"] == 0.25 for row in rows)
    return {row["metric"]: row for row in rows}


def test_rules_and_centring_are_those_of_the_published_protocols():
    both = sides()
    expected = {row["metric"]: row["value"] for row in parallel_rows("aa", *both, 5)}
    assert measured(both)["accuracy"]["value"] == expected["accuracy_cosine"]
    assert measured(both, isotropy="centred")["accuracy"]["value"] == expected["accuracy_centred"]
    assert measured(both, rule="margin")["accuracy"]["value"] == expected["accuracy_margin"]
    assert measured(both, isotropy="centred", rule="csls")["accuracy"]["value"] == expected["accuracy_csls"]


def test_the_other_language_asks_when_it_is_told_to():
    both = sides()
    forth, back = measured(both, asks="other"), measured(both[::-1])
    assert forth["accuracy"] == back["accuracy"]
    assert forth["accuracy"]["value"] != measured(both)["accuracy"]["value"]


def test_a_smaller_pool_is_expected_exactly():
    both = sides()
    ahead = scoring.ahead(scoring.normalised(both[0]), scoring.normalised(both[1]), np.arange(40))
    assert measured(both, pool=10)["accuracy"]["value"] == 100 * scoring.pool_accuracy(ahead, 40, 10)
    assert measured(both, pool=10)["accuracy"]["value"] > measured(both)["accuracy"]["value"]


def test_short_and_long_sentences_ask_out_of_the_whole_pool():
    both = sides()
    half = [i < 20 for i in range(40)]
    first, second = measured(both, half), measured(both, [not one for one in half])
    assert first["accuracy"]["n"] == 20
    assert first["accuracy"]["value"] + second["accuracy"]["value"] == pytest.approx(
        2 * measured(both)["accuracy"]["value"]
    )
    assert reading._asking(ENGLISH, "short") == [len(text) < 12 for text in ENGLISH]
    assert reading._asking(["a", "bb", "ccc"], "long") == [False, False, True]


def test_the_share_of_latin_letters_is_read_off_the_sentences():
    assert reading.latin_share(["Äpfel, 3!", "été"]) == 1.0
    assert reading.latin_share(["пас ja"]) == pytest.approx(2 / 5)
    assert reading.latin_share(["123", ""]) == 0.0
