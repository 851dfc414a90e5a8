import json

import pytest

from repro.errors import LabError
from repro.languages.grammar import sentence
from repro.models.tokenizer import load_tokenizer
from repro.models.xlmr import load_model
from repro.stages import pretrain, read_json

SHAPE = {"layers": 1, "hidden": 16, "heads": 2, "feedforward": 16, "dropout": 0.1, "positions": 40}
SCHEDULE = {"steps": 6, "batch": 8, "lr": 1e-3}
PARAMS = {"masked": 0.3, "shape": SHAPE, "schedule": SCHEDULE}


@pytest.fixture
def corpus(tmp_path, realm, tokenizer):
    folder = tmp_path / "corpus"
    (folder / "text").mkdir(parents=True)
    for language in realm.languages:
        scenes = realm.world.scenes(30, 1, "text")
        lines = [sentence(scene, language, realm.lexicons[language.code]) for scene in scenes]
        (folder / "text" / f"{language.code}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    tokenizer.save_pretrained(folder / "tokenizer")
    return folder


def run(make_job, corpus, seed=1, **changes):
    job = make_job({**PARAMS, **changes}, seed, languages=corpus)
    pretrain.run(job)
    return job.out, read_json(job.out / "training.json")


def test_a_model_in_hub_format_comes_out(make_job, corpus, tokenizer):
    out, facts = run(make_job, corpus)
    assert len(facts["losses"]) == 6
    assert facts["sentences"] == 90
    assert facts["pairs"] == 0
    model = load_model(out / "model")
    assert facts["parameters"] == sum(p.numel() for p in model.parameters())
    assert model.config.max_position_embeddings == 42
    assert load_tokenizer(out / "model").get_vocab() == tokenizer.get_vocab()
    assert json.loads((out / "model" / "config.json").read_text())["model_type"] == "xlm-roberta"


def test_the_seed_decides_everything(make_job, corpus):
    assert run(make_job, corpus)[1]["losses"] == run(make_job, corpus)[1]["losses"]
    assert run(make_job, corpus)[1]["losses"] != run(make_job, corpus, seed=2)[1]["losses"]


def test_without_steps_the_model_is_random(make_job, corpus):
    trained, _ = run(make_job, corpus)
    out, facts = run(make_job, corpus, schedule={**SCHEDULE, "steps": 0, "epochs": 0})
    assert facts["losses"] == []
    name = "roberta.encoder.layer.0.output.dense.weight"
    weights = [load_model(folder / "model").state_dict()[name] for folder in (out, trained)]
    assert not weights[0].equal(weights[1])


def test_pairs_are_read_two_texts_at_a_time(make_job, corpus):
    english, other = ((corpus / "text" / f"{code}.txt").read_text().splitlines() for code in ("en", "aa"))
    rows = [f"aa\t{one}\t{two}" for one, two in zip(english, other, strict=True)]
    (corpus / "pairs.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    schedule = {"lr": 1e-3, "epochs": 0.1, "tokens": 256}
    _, facts = run(make_job, corpus, schedule=schedule)
    assert facts["pairs"] == 30
    assert facts["losses"]


def test_an_endless_text_is_an_error_unless_it_may_be_cut(make_job, corpus):
    (corpus / "text" / "zz.txt").write_text("farmer " * 100 + "\n")
    with pytest.raises(LabError, match="tokens and the model takes 40"):
        run(make_job, corpus)
    assert run(make_job, corpus, cut=True)[1]["losses"]
