import errno
import json
import multiprocessing
import os
import time

import pytest

from repro.artifacts import MANIFEST, Store
from repro.errors import LabError

KEY = "ab" * 32


def fill(folder):
    (folder / "inner").mkdir()
    (folder / "inner" / "a.txt").write_text("alpha")


def test_an_artifact_is_built_once_and_read_back(tmp_path):
    store = Store(tmp_path)
    assert not store.has(KEY)
    assert store.build(KEY, fill, {"label": "stage", "seed": 1})
    assert store.has(KEY)
    assert (store.read(KEY) / "inner" / "a.txt").read_text() == "alpha"
    manifest = store.manifest(KEY)
    assert manifest["label"] == "stage"
    assert list(manifest["files"]) == ["inner/a.txt"]
    assert manifest["seconds"] >= 0

    def never(folder):
        raise AssertionError("built twice")

    assert not store.build(KEY, never, {})


def test_a_changed_file_is_found_when_read(tmp_path):
    store = Store(tmp_path)
    store.build(KEY, fill, {})
    (store.path(KEY) / "inner" / "a.txt").write_text("alphA")
    with pytest.raises(LabError, match=r"damaged: inner/a\.txt") as caught:
        store.read(KEY)
    assert str(store.path(KEY)) in caught.value.do


def test_a_lost_file_is_found_when_read(tmp_path):
    store = Store(tmp_path)
    store.build(KEY, fill, {})
    (store.path(KEY) / "inner" / "a.txt").unlink()
    with pytest.raises(LabError, match="damaged"):
        store.read(KEY)


def test_what_is_absent_cannot_be_read(tmp_path):
    with pytest.raises(LabError, match="not in the store"):
        Store(tmp_path).read(KEY)


def test_a_failure_leaves_nothing_but_the_checkpoint(tmp_path):
    store = Store(tmp_path)
    store.partial(KEY).mkdir(parents=True)

    def fails(folder):
        fill(folder)
        raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        store.build(KEY, fails, {})
    assert not store.has(KEY)
    assert not list((tmp_path / "tmp").iterdir())
    assert store.partial(KEY).is_dir()
    assert store.build(KEY, fill, {})
    assert store.manifest(KEY)["resumed"]
    assert not store.partial(KEY).exists()


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (RuntimeError("Error while serializing: I/O error: No space left on device (os error 28)"), "the disk is full"),
        (OSError(errno.EROFS, "Read-only file system"), "cannot be written to"),
    ],
)
def test_a_full_or_read_only_disk_is_said_and_leaves_no_stage(tmp_path, error, what):
    store = Store(tmp_path)

    def full(folder):
        fill(folder)
        raise error

    with pytest.raises(LabError, match=what):
        store.build(KEY, full, {})
    assert not store.has(KEY)
    assert not list((tmp_path / "tmp").iterdir())


def test_a_disk_that_is_really_full(tmp_path):
    if not os.path.exists("/dev/full"):
        pytest.skip("this system has no /dev/full")
    store = Store(tmp_path)

    def full(folder):
        with open("/dev/full", "w") as stream:
            stream.write("x" * 100_000)

    with pytest.raises(LabError, match="the disk is full"):
        store.build(KEY, full, {})
    assert not store.has(KEY)


def test_leftovers_of_a_killed_process_are_removed(tmp_path):
    store = Store(tmp_path)
    store.build(KEY, fill, {})
    (tmp_path / "tmp" / "dead").mkdir()
    (tmp_path / "tmp" / "dead" / "half").write_text("half")
    assert store.clean() == 1
    assert not (tmp_path / "tmp" / "dead").exists()
    assert store.has(KEY)


def test_cleaning_an_absent_store_does_nothing(tmp_path):
    assert Store(tmp_path / "nowhere").clean() == 0


def slow_fill(folder):
    time.sleep(0.5)
    fill(folder)


def build_slowly(root, built):
    store = Store(root)
    if store.build(KEY, slow_fill, {}):
        built.put(os.getpid())


def test_two_processes_never_build_the_same_artifact(tmp_path):
    context = multiprocessing.get_context("fork")
    built = context.Queue()
    both = [context.Process(target=build_slowly, args=(tmp_path, built)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join()
        assert process.exitcode == 0
    built.get(timeout=1)
    assert built.empty()
    Store(tmp_path).read(KEY)


def test_cleaning_spares_what_another_process_is_writing(tmp_path):
    context = multiprocessing.get_context("fork")
    process = context.Process(target=build_slowly, args=(tmp_path, context.Queue()))
    process.start()
    while not (tmp_path / "tmp" / KEY).exists():
        time.sleep(0.01)
    assert Store(tmp_path).clean() == 0
    process.join()
    assert Store(tmp_path).has(KEY)


def test_durations_are_processor_seconds_of_whole_stages(tmp_path):
    store = Store(tmp_path)
    store.build("11", fill, {"cost_key": "x"})
    store.partial("22").mkdir(parents=True)
    store.build("22", fill, {"cost_key": "x"})  # resumed: measured in part only
    assert store.durations() == {"x": [store.manifest("11")["cpu_seconds"]]}


def test_a_folder_without_manifest_does_not_count(tmp_path):
    store = Store(tmp_path)
    fill_at = store.path(KEY)
    fill_at.mkdir(parents=True)
    assert not store.has(KEY)
    assert store.build(KEY, fill, {})
    assert json.loads((fill_at / MANIFEST).read_text())["key"] == KEY
