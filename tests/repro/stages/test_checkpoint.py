import shutil

import pytest

from repro.checkpoints import fingerprint
from repro.errors import LabError
from repro.model import folder_of
from repro.stages import checkpoint as stage
from repro.stages import read_json


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
