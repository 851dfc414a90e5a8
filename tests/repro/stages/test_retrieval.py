import json

import pytest

from repro.data import Library
from repro.errors import LabError
from repro.stages import Job, retrieval

PARAMS = {"target": "heldout", "layer": 1, "pooling": "mean-without-specials", "neighbours": 5}


@pytest.fixture
def job(tmp_path, model, tokenizer, realm):
    from repro.languages import ENGLISH, distance, sentence
    from repro.model import save_model

    save_model(model, tmp_path / "parent" / "model")
    tokenizer.save_pretrained(tmp_path / "parent" / "model")
    folder = tmp_path / "languages"
    (folder / "heldout").mkdir(parents=True)
    for language in realm.languages:
        tests = [sentence(scene, language, realm.lexicons[language.code]) for scene in realm.heldout(30)]
        (folder / "heldout" / f"{language.code}.txt").write_text("\n".join(tests) + "\n", encoding="utf-8")
    facts = {lang.code: {"distance": distance(ENGLISH, lang), "text": 7} for lang in realm.languages}
    (folder / "languages.json").write_text(json.dumps(facts))
    inputs = {"model": tmp_path / "parent", "languages": folder}
    (tmp_path / "out").mkdir()

    def make(params):
        steps: list[float] = []
        made = Job(
            params, 1, inputs, tmp_path / "out", tmp_path, lambda share, what: steps.append(share), Library(None, None)
        )
        return made, steps

    return make


def test_rows_of_a_small_laboratory(job, tmp_path):
    made, steps = job(PARAMS)
    retrieval.run(made)
    rows = json.loads((tmp_path / "out" / "measurements.json").read_text())
    assert {row["language"] for row in rows} == {"aa", "dd"}
    assert {row["metric"] for row in rows} == {f"accuracy_{rule}" for rule in ("cosine", "centred", "csls", "margin")}
    assert all(0 <= row["value"] <= 100 and row["n"] == 30 and row["distance"] >= 0 for row in rows)
    assert all(row["text"] == 7 for row in rows)
    assert steps == sorted(steps)
    assert steps[-1] == pytest.approx(1.0)


def test_what_is_missing_is_said(job):
    for params, what in (
        ({**PARAMS, "target": "tatoeba"}, "tatoeba"),
        ({**PARAMS, "target": "mewsli"}, "no target 'mewsli'"),
        ({**PARAMS, "layer": 9}, "no layer 9"),
        ({**PARAMS, "pooling": "max"}, "no pooling 'max'"),
    ):
        with pytest.raises(LabError, match=what):
            retrieval.run(job(params)[0])
