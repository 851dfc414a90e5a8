"""Files that appear whole or not at all."""

from __future__ import annotations

import pytest

from synth.core.atomic import atomic_path, atomic_write
from synth.core.errors import SynthError


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(tmp_path):
    file = tmp_path / "report.md"
    file.write_text("old")
    with pytest.raises(KeyboardInterrupt), atomic_path(file) as part:
        part.write_text("half of the n")
        raise KeyboardInterrupt
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_write_replaces_the_file_and_makes_its_folders(tmp_path):
    file = tmp_path / "a" / "b" / "report.md"
    atomic_write(file, b"old")
    atomic_write(file, b"new")
    assert file.read_bytes() == b"new"
    assert list(file.parent.iterdir()) == [file]


def test_a_folder_is_not_written_over(tmp_path):
    with pytest.raises(SynthError, match="is a folder"):
        atomic_write(tmp_path, b"new")
    assert not list(tmp_path.iterdir())
