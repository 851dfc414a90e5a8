"""Vectors: kept, resumed, exact and in lists; records without one are still found by words."""

import hashlib
import json

import numpy as np
import pytest

from synth.library import file, meanings
from synth.library.find import Library, lists_file
from synth.library.imports import import_dump
from synth.library.meanings import DenseIndex, build, encode_all, encoded, text_to_encode
from synth.library.words import LexicalIndex
from tests.library.records import acl_entry, write

WIDTH = 16


def vector(text):
    """A direction for each text that is always the same; texts with "zebra" are neighbours."""
    draw = np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big"))
    found = draw.standard_normal(WIDTH).astype(np.float32) * (0.1 if "zebra" in text.lower() else 1)
    found[0] += 5.0 if "zebra" in text.lower() else 0
    return found / np.linalg.norm(found)


def encode(texts):
    return np.stack([vector(text) for text in texts])


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "library.db"
    with file.writing(path) as db:
        entries = [acl_entry(i) if i % 50 else acl_entry(i, title=f"Zebra {i}") for i in range(1, 401)]
        import_dump(db, write(tmp_path / "dump", entries))
    return path


def nearest(path, text, depth):
    with file.reading(path) as db:
        return DenseIndex(db, lists_file(path)).rank(vector(text), depth)


def expected(path, text, depth):
    with file.reading(path) as db:
        rows = db.execute("SELECT id, title, abstract FROM record").fetchall()
    cosines = {number: float(vector(text_to_encode(t, a)).astype(np.float16) @ vector(text)) for number, t, a in rows}
    return sorted(cosines, key=lambda number: -cosines[number])[:depth]


def test_exact_search_gives_the_nearest(path):
    with file.writing(path) as db:
        assert encode_all(db, encode, "one") == 400
        assert build(db, lists_file(path)) == "exact"
    found = nearest(path, "a zebra", 8)
    assert [number for number, _ in found] == expected(path, "a zebra", 8)
    assert [cosine for _, cosine in found] == sorted((cosine for _, cosine in found), reverse=True)
    assert not lists_file(path).exists()


def test_encoding_goes_on_where_it_stopped(path, monkeypatch):
    monkeypatch.setattr(meanings, "GROUP", 50)
    asked = []

    def cut(texts):
        if len(asked) == 3:
            raise KeyboardInterrupt
        asked.append(texts)
        return encode(texts)

    with file.writing(path) as db:
        with pytest.raises(KeyboardInterrupt):
            encode_all(db, cut, "one")
        assert encoded(db) == 150
        steps = []
        assert encode_all(db, encode, "one", lambda done, total: steps.append((done, total))) == 250
        assert steps[0] == (150, 400)
        assert steps[-1] == (400, 400)
        assert encode_all(db, lambda texts: pytest.fail("encoded again"), "one") == 0


def test_another_encoder_begins_anew(path):
    with file.writing(path) as db:
        encode_all(db, encode, "one")
        assert encode_all(db, lambda texts: -encode(texts), "two") == 400
    assert [number for number, _ in nearest(path, "a zebra", 3)] != expected(path, "a zebra", 3)


def test_changed_records_are_encoded_again_and_their_old_vectors_are_gone(path, tmp_path):
    with file.writing(path) as db:
        encode_all(db, encode, "one")
        import_dump(db, write(tmp_path / "new", [acl_entry(50, title="No such animal"), acl_entry(9, title="A zebra")]))
        assert encoded(db) == 398
        assert encode_all(db, encode, "one") == 2
    assert [number for number, _ in nearest(path, "a zebra", 8)] == expected(path, "a zebra", 8)


def test_lists_find_nearly_all_and_grow(path, monkeypatch, tmp_path):
    monkeypatch.setattr(meanings, "EXACT_UP_TO", 100)
    monkeypatch.setattr(meanings, "TRAINED_ON", 10)
    with file.writing(path) as db:
        encode_all(db, encode, "one")
        assert build(db, lists_file(path)) == "lists"
        about = json.loads(file.state(db, "lists"))
        assert (about["vectors"], about["trained"]) == (400, 400)
        import_dump(db, write(tmp_path / "more", [acl_entry(i, title=f"Zebra {i}") for i in range(500, 520)]))
        encode_all(db, encode, "one")
        # Not in the lists yet, but found: what came later is compared one by one.
        found = [number for number, _ in nearest(path, "a zebra", 28)]
        assert len(set(found) & set(expected(path, "a zebra", 28))) >= 26
        build(db, lists_file(path))
        grown = json.loads(file.state(db, "lists"))
        assert (grown["vectors"], grown["trained"]) == (420, 400)
    found = [number for number, _ in nearest(path, "a zebra", 28)]
    assert len(set(found) & set(expected(path, "a zebra", 28))) >= 26


@pytest.mark.parametrize("damage", ["cut", "absent", "other"])
def test_lists_that_cannot_be_used_are_done_without_and_made_again(path, monkeypatch, damage):
    monkeypatch.setattr(meanings, "EXACT_UP_TO", 100)
    monkeypatch.setattr(meanings, "TRAINED_ON", 10)
    target = lists_file(path)
    with file.writing(path) as db:
        encode_all(db, encode, "one")
        build(db, target)
        if damage == "cut":
            target.write_bytes(target.read_bytes()[:1000])
        elif damage == "absent":
            target.unlink()
        else:
            encode_all(db, lambda texts: encode(texts), "two")
        assert [number for number, _ in nearest(path, "a zebra", 8)] == expected(path, "a zebra", 8)
        build(db, target)
    assert [number for number, _ in nearest(path, "a zebra", 8)] == expected(path, "a zebra", 8)


def test_both_rankings_are_fused_and_either_may_be_missing(path, monkeypatch):
    by_words = Library(path, encode)
    assert by_words.find("corpus7", 5).rankings == ("words",)
    assert [f.record.source_id for f in by_words.find("corpus7", 5).hits] == ["acl:2020.acl-main.7"]
    by_words.close()
    with file.writing(path) as db:
        encode_all(db, encode, "one")
    both = Library(path, encode)
    finding = both.find("zebra corpus7", 30)
    assert finding.rankings == ("words", "meaning")
    best = finding.hits[0]
    assert best.lexical_rank is not None
    assert best.dense_rank is not None
    assert best.similarity is not None
    with file.reading(path) as db:
        words = LexicalIndex(db).rank("zebra corpus7", 400)
    numbers = {f.record.source_id: f for f in finding.hits}
    top = max(f.similarity for f in finding.hits)
    for number, score in words.best[:3]:
        found = numbers[f"acl:2020.acl-main.{number}"]
        assert found.score == pytest.approx(0.5 * score / words.best[0][1] + 0.5 * max(0, found.similarity) / top)
    seven = next(f for f in finding.hits if f.record.source_id == "acl:2020.acl-main.7")
    assert seven.lexical_rank == 1
    assert {f.record.title for f in finding.hits[:9]} >= {f"Zebra {i}" for i in range(50, 401, 50)}
    unknown = both.find("qqqq", 4)  # no record has the word; meaning alone answers
    assert (unknown.total, len(unknown.hits)) == (0, 4)
    assert both.find("", 4).hits == []
    monkeypatch.setattr(file, "ASK_AT_ONCE", 7)
    assert both.find("zebra corpus7", 30).hits == finding.hits
    assert len(both) == 400
    both.close()


def test_what_is_encoded_ends_between_words():
    assert text_to_encode("Title", "Short abstract.") == "Title. Short abstract."
    assert text_to_encode("Title", "word " * 200) == "Title. " + "word " * 199 + "word"
    cut = text_to_encode("Title", "word " * 200, 400)
    assert len(cut) <= 400
    assert cut.endswith(" word")
    assert text_to_encode("x" * 1000, "", 400) == "x" * 400


def test_another_head_begins_anew_and_is_kept(path):
    asked = []

    def noting(texts):
        asked.extend(texts)
        return encode(texts)

    with file.writing(path) as db:
        encode_all(db, noting, "one")
        assert max(map(len, asked)) > 60
        asked.clear()
        assert encode_all(db, noting, "one", head=60) == 400
        assert max(map(len, asked)) <= 60
        assert encode_all(db, noting, "one") == 0
        assert encode_all(db, noting, "one", head=0) == 400
