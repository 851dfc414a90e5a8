"""Models on the hub: named with a revision, found in the hub's copy on this machine, known by their files."""

from __future__ import annotations

from pathlib import Path

import pytest

from synth import doctor
from synth.core.errors import SynthError
from synth.core.settings import Settings
from synth.models.cross_encoder import CrossEncoder
from synth.models.encoder import Encoder
from synth.models.files import HubModel, located, pinned
from synth.search.run import _pin_models
from synth.store.database import Store
from synth.store.job import Job
from synth.store.tables import Search, now

NAME = "acme/tiny-encoder"
OLD, NEW = "a" * 40, "b" * 40


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """A copy of the hub with two commits of one model; `main` is the newer one, `v1` a tag of the older."""
    folder = tmp_path / "hub" / f"models--{NAME.replace('/', '--')}"
    for commit in (OLD, NEW):
        snapshot = folder / "snapshots" / commit
        snapshot.mkdir(parents=True)
        (snapshot / "config.json").write_text(f'{{"commit": "{commit}"}}')
        (snapshot / "model.safetensors").write_bytes(b"\0" * 8)
    (folder / "refs").mkdir()
    (folder / "refs" / "main").write_text(NEW)
    (folder / "refs" / "v1").write_text(OLD)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(folder.parent))
    return folder


@pytest.mark.parametrize(
    ("name", "commit"), [(NAME, NEW), (f"{NAME}@v1", OLD), (f"{NAME}@{OLD}", OLD), (f"{NAME}@main", NEW)]
)
def test_a_revision_leads_to_its_files(name, commit, hub):
    assert located(name, "sentence encoder") == hub / "snapshots" / commit
    assert HubModel.named(name).commit() == commit
    assert pinned(name) == f"{NAME}@{commit}"


@pytest.mark.parametrize("kind", [Encoder, CrossEncoder])
def test_what_was_computed_is_kept_apart_by_revision(kind, hub):
    newest, old = kind(NAME), kind(f"{NAME}@v1")
    assert newest.identity != old.identity
    assert newest.identity == kind(f"{NAME}@{NEW}").identity
    (hub / "refs" / "main").write_text(OLD)  # the authors put another one there
    assert kind(NAME).identity == old.identity


def test_a_revision_that_is_not_at_hand(hub):
    name = f"{NAME}@{'c' * 40}"
    assert pinned(name) == name
    with pytest.raises(SynthError, match="cccc"):
        located(name, "sentence encoder")


def test_a_folder_and_no_model_have_no_revision(tmp_path, hub):
    (tmp_path / "my@model").mkdir()
    for name in (str(tmp_path), str(tmp_path / "my@model"), ""):
        assert pinned(name) == name
    assert pinned("no such/model name") == "no such/model name"


def test_the_doctor_shows_it(workspace, monkeypatch, hub):
    monkeypatch.setenv("SYNTH_ENCODER", f"{NAME}@v1")
    monkeypatch.setenv("SYNTH_RERANKER", "acme/other")
    rows = {row.what: row for row in doctor.diagnose(workspace)}
    assert rows["encoder"].found == f"{NAME} (from the hub, revision v1; at hand: {OLD})"
    assert rows["reranker"].found == (
        "acme/other (from the hub, newest revision; NAME@REVISION keeps one; not at hand yet)"
    )
    assert Path(hub).is_dir()


def test_a_search_keeps_the_revision_that_it_used(workspace, hub):
    store = Store(workspace.database)
    with store.session() as s:
        s.add(Search(question="q", key="k" * 64, options={"max_papers": 3, "encoder": NAME}, created=now()))
    _pin_models(Job(store, workspace, Settings(encoder=NAME), 1, lambda *_: None))
    with store.session() as s:
        search = s.get_one(Search, 1)
        assert search.options == {"max_papers": 3, "encoder": f"{NAME}@{NEW}"}
        assert search.key == "k" * 64  # the same command still finds it
    store.close()
