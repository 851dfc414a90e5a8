"""What all targets share."""

import tarfile
import zipfile

import numpy as np
import pytest

from repro.errors import LabError
from repro.targets import POOL, Encoded, chosen, listed, member, names, parallel_rows, target


def values(rows):
    return {row["metric"]: row["value"] for row in rows}


def units(n, dim, seed=0):
    return np.random.default_rng(seed).normal(size=(n, dim)).astype(np.float32)


def test_rules_by_hand():
    """Both languages point away from the origin in directions of their own: only centring brings lines together.

    English (2, 1), (2, −1), other (1, 5), (−1, 5) after a rotation: the first line's own answer has a cosine of
    (2·1 + 1·5)/√130 to the first and (2·(−1) + 5)/√130 to the second; the second's (2 − 5) and (−2 − 5).
    """
    english, other = np.array([[2.0, 1.0], [2.0, -1.0]]), np.array([[1.0, 5.0], [-1.0, 5.0]])
    found = values(parallel_rows("aa", english, other, neighbours=1))
    assert found["accuracy_cosine"] == 50.0  # both prefer the first
    # Centred: (0, 1), (0, −1) against (1, 0), (−1, 0): all cosines are 0, the first wins.
    assert found["accuracy_centred"] == 50.0
    found = values(parallel_rows("aa", english, np.array([[5.0, 1.0], [5.0, -1.0]])))
    assert found == {f"accuracy_{rule}": 100.0 for rule in ("cosine", "centred", "csls", "margin")}


def test_a_common_direction_is_what_centring_takes_off():
    english = units(300, 16)
    other = english + 0.3 * units(300, 16, 1) + 20 * units(1, 16, 2)
    found = values(parallel_rows("aa", english, other))
    assert found["accuracy_centred"] > 95 > found["accuracy_cosine"] + 10
    assert found["accuracy_csls"] >= found["accuracy_centred"] - 5


def test_pools_of_one_size():
    big, small = units(600, 5), units(POOL, 5)
    found = values(parallel_rows("aa", big, big + units(600, 5, 1)))
    assert found["accuracy_cosine_pool200"] > found["accuracy_cosine"] > 0
    found = values(parallel_rows("aa", small, small + units(POOL, 5, 1)))
    assert found["accuracy_cosine_pool200"] == pytest.approx(found["accuracy_cosine"])
    assert "accuracy_cosine_pool200" not in values(parallel_rows("aa", small[1:], small[1:]))


def test_empty_sentences_may_be_zeros():
    english = units(30, 8)
    english[3] = 0
    assert values(parallel_rows("aa", english, english))["accuracy_cosine"] == pytest.approx(100 * 29 / 30)


def test_each_text_is_encoded_once():
    calls = []

    def encode(texts):
        calls.append(list(texts))
        return np.arange(len(texts), dtype=np.float32)[:, None]

    encoded = Encoded(["a", "b", "a", ""], encode)
    assert calls == [["a", "b", ""]]
    assert encoded[["", "a", "a"]].tolist() == [[2.0], [0.0], [0.0]]


def test_chosen_languages():
    groups = {"all": ["aa", "bb"]}
    assert chosen("all", "all", groups, ["aa", "bb"]) == ["aa", "bb"]
    assert chosen(["bb"], "all", groups, ["aa", "bb"]) == ["bb"]
    with pytest.raises(LabError, match="no group of languages 'most'"):
        chosen("most", "all", groups, ["aa"])
    with pytest.raises(LabError, match="no sentences in cc"):
        chosen(["cc"], "all", groups, ["aa"])


def test_files_are_found_in_archives(tmp_path, library):
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.writestr("top/data/a.txt", "x")
    (tmp_path / "b.txt.gz").write_bytes(b"")
    with tarfile.open(tmp_path / "two.tar.gz", "w:gz") as tar:
        tar.add(tmp_path / "b.txt.gz", "deep/c.txt.gz")
    located = library("tiny", tmp_path, "upstream").locate("tiny")
    assert member(located, "a.txt") == (tmp_path / "one.zip", "top/data/a.txt")
    assert member(located, "b.txt") == (tmp_path / "b.txt.gz", "")
    assert member(located, "c.txt") == (tmp_path / "two.tar.gz", "deep/c.txt.gz")
    assert member(located, "d.txt") is None
    assert "top/data/a.txt" in listed(located)


def test_an_archive_is_listed_once_and_again_when_it_has_changed(tmp_path, library, monkeypatch):
    opened = []

    class Counted(zipfile.ZipFile):
        def __init__(self, *given, **more):
            opened.append(given[0])
            super().__init__(*given, **more)

    with zipfile.ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.writestr("a.txt", "x")
    located = library("tiny", tmp_path, "upstream").locate("tiny")
    monkeypatch.setattr(zipfile, "ZipFile", Counted)
    for _ in range(3):
        assert member(located, "a.txt") == (tmp_path / "one.zip", "a.txt")
        assert member(located, "b.txt") is None
    assert len(opened) == 1
    with zipfile.ZipFile(tmp_path / "one.zip", "a") as archive:
        archive.writestr("b.txt", "x")
    assert member(located, "b.txt") == (tmp_path / "one.zip", "b.txt")


def test_a_damaged_archive(tmp_path, library):
    (tmp_path / "two.tar.gz").write_bytes(b"\x1f\x8b not gzip")
    with pytest.raises(LabError, match="two.tar.gz is damaged"):
        member(library("tiny", tmp_path, "upstream").locate("tiny"), "a.txt")


def test_every_target_is_there():
    for name in names():
        assert callable(target(name).measure)
        assert isinstance(target(name).DATASETS, tuple)
    with pytest.raises(LabError, match="no target 'mewsli'"):
        target("mewsli")
