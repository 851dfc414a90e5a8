"""`synth data` below the command line: states, pulling into a workspace, and what a check finds."""

from __future__ import annotations

import io
import json
import tarfile
from importlib.resources import files

import pytest

import repro.data.library
from repro.data import download
from repro.data.catalogue import parse
from repro.published.results import read
from synth.core.errors import SynthError, UsageError
from synth.core.workspace import Workspace
from synth.doctor import diagnose
from synth.verify import datasets
from tests.servers.file_server import FileServer, Reply

ROWS = b'{"a": 1}\n{"a": 2}\n'
ENTRY = """
name = "sick"
title = "Toy"
what = "A toy."
licence = "CC0"
licence_url = "https://example.org/licence"
citation = "Nobody 2000"
homepage = "https://example.org"
revision = "1"
notes = ""
download = "direct"
[[files]]
name = "a.jsonl"
url = "{url}"
sha256 = ""
bytes = 0
[[at_hand]]
path = "t.tsv"
sha256 = ""
bytes = 0
rows = 2
"""


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """One data set, on a local server; no SYNTH_DATA."""
    monkeypatch.delenv("SYNTH_DATA", raising=False)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with FileServer({"/a.jsonl": ROWS}) as server:
        entry = parse(ENTRY.format(url=server.url("/a.jsonl")), "sick.toml", loopback=True)
        monkeypatch.setattr(repro.data.library, "dataset", lambda name: entry)
        monkeypatch.setattr(datasets, "dataset", lambda name: entry)
        monkeypatch.setattr(datasets, "names", lambda: ["sick"])
        yield Workspace(tmp_path / "workspace")


def test_from_absent_to_pulled_to_damaged(workspace):
    assert [row["state"] for row in datasets.overview(workspace)] == ["absent"]
    entry = datasets.terms("sick")
    assert not datasets.is_complete(workspace, entry)
    seen = []
    files = datasets.pull(workspace, entry, lambda stage, done, total, note="": seen.append((stage, done, total)))
    assert seen[-1] == ("pull sick", 1, 1)
    assert [(f.name, f.bytes, f.stated) for f in files] == [("a.jsonl", len(ROWS), False)]
    assert datasets.is_complete(workspace, entry)
    row = datasets.overview(workspace)[0]
    assert (row["state"], row["layout"], row["folder"]) == ("pulled", "upstream", str(workspace.data / "sick"))
    assert [(r["rows"], r["problem"]) for r in datasets.check(workspace)] == [(2, None)]

    (workspace.data / "sick" / "a.jsonl").write_bytes(ROWS[:-4])
    row = datasets.overview(workspace)[0]
    assert row["state"] == "damaged"
    assert "truncated" in row["problem"]
    assert "truncated" in datasets.check(workspace)[0]["problem"]
    assert not datasets.is_complete(workspace, entry)
    assert datasets.pull(workspace, entry)[0].fetched
    assert datasets.overview(workspace)[0]["state"] == "pulled"


def test_files_at_hand_are_counted(workspace, tmp_path, monkeypatch):
    monkeypatch.setenv("SYNTH_DATA", str(tmp_path))
    for content, problem in (("a\n1\n2\n", None), ("a\n1\n", "1 rows, not 2"), ("a\n1\n2\t3\n", "2 columns, not 1")):
        (tmp_path / "t.tsv").write_text(content)
        found = datasets.check(workspace, "sick")
        assert [row["layout"] for row in found] == ["at_hand"]
        assert problem is None or problem in found[0]["problem"]
        assert (found[0]["problem"] is None) == (problem is None)
    assert datasets.overview(workspace)[0]["state"] == "at hand"


def test_what_cannot_be_asked_for(workspace):
    with pytest.raises(SynthError, match="not on this machine"):
        datasets.check(workspace, "sick")
    assert datasets.check(workspace) == []


def test_licensed_and_unknown_sets_are_wrong_usage():
    for name in ("ccgbank", "no-such"):
        with pytest.raises(UsageError):
            datasets.terms(name)


def test_doctor_tells_damage(workspace):
    def row():
        return next(row for row in diagnose(workspace) if row.what == "data sets")

    assert "1 absent" in row().found
    datasets.pull(workspace, datasets.terms("sick"))
    assert row().ok
    (workspace.data / "sick" / "a.jsonl").write_bytes(b"")
    assert not row().ok
    assert "synth data check" in row().do


def results(models: tuple[str, ...]) -> bytes:
    """An archive of results as the repository of mteb's results is packed."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for model in models:
            rows = [{"hf_subset": f"{code}-eng", "accuracy": 0.5, "f1": 0.4} for code in ("deu", "fra", "jpn")]
            content = json.dumps({"task_name": "Tatoeba", "scores": {"test": rows}}).encode()
            place = tarfile.TarInfo(f"results-f4cc6c8/results/{model.replace('/', '__')}/abc/Tatoeba.json")
            place.size = len(content)
            archive.addfile(place, io.BytesIO(content))
    return packed.getvalue()


def test_published_results_are_pulled_whole_and_read(tmp_path, monkeypatch):
    """The entry itself, but for the server: cut, continued, truncated on disk, fetched anew, unpacked, read."""
    monkeypatch.delenv("SYNTH_DATA", raising=False)
    monkeypatch.setattr(download, "BACK_OFF", 0.001)
    content = results(("maker/one", "maker/two"))
    path = "/embeddings-benchmark/results/tar.gz/f4cc6c8b365a3c779dbc708d6affe0b0355b2ddf"
    text = files("repro").joinpath("datasets", "mteb-results.toml").read_text(encoding="utf-8")
    with FileServer({path: content}) as server:
        entry = parse(text.replace("https://codeload.github.com", server.url("")), "mteb-results.toml", loopback=True)
        monkeypatch.setattr(repro.data.library, "dataset", lambda name: entry)
        monkeypatch.setattr(datasets, "dataset", lambda name: entry)
        monkeypatch.setattr(datasets, "names", lambda: ["mteb-results"])
        workspace = Workspace(tmp_path / "workspace")
        server.files[path] = content[:-20]
        with pytest.raises(SynthError, match="truncated or damaged"):
            datasets.pull(workspace, entry)
        assert datasets.overview(workspace)[0]["state"] == "absent"
        server.files[path] = content
        server.script += [Reply(cut=100), Reply(503)]
        assert [f.bytes for f in datasets.pull(workspace, entry)] == [len(content)]
        assert [row["problem"] for row in datasets.check(workspace)] == [None]
        file = workspace.data / "mteb-results" / "results.tar.gz"
        file.write_bytes(content[:-7])
        assert datasets.overview(workspace)[0]["state"] == "damaged"
        server.files[path] = results(("maker/other",))
        with pytest.raises(SynthError, match="less of the file|another file|larger than"):
            datasets.pull(workspace, entry)
        server.files[path] = content
        assert datasets.pull(workspace, entry)[0].stated
    with tarfile.open(file) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    assert set(read(tmp_path / "unpacked" / "results-f4cc6c8" / "results").models) == {"maker/one", "maker/two"}
