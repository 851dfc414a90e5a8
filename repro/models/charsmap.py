"""SentencePiece's precompiled character map, built from a table of single characters.

SentencePiece (Kudo and Richardson 2018, arXiv:1808.06226) normalises text by a trie from source strings to their
replacements; `tokenizers` reads that trie as `Precompiled`. Layout: uint32 bytes of the trie; the trie, a double array
of uint32 units (Aoe 1989; darts-clone's encoding); the replacements in UTF-8, each ended by a zero byte.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

BLOCK = 256  # children of a node lie at base ^ label, hence in one block of labels
HAS_LEAF, LEAF, OFFSET = 1 << 8, 1 << 31, 10


@dataclass
class _Node:
    children: dict[int, _Node] = field(default_factory=dict)
    value: int | None = None


def precompiled(table: Mapping[str, str]) -> bytes:
    """Encode a character map.

    Args:
        table: replacement by source string; neither may hold a zero character.

    Raises:
        ValueError: a source that is empty, or a zero character.
    """
    replacements, root = bytearray(), _Node()
    for source, replacement in sorted(table.items()):
        if not source or "\0" in source + replacement:
            raise ValueError(f"{source!r} cannot be replaced by {replacement!r}")
        node = root
        for byte in source.encode("utf-8"):
            node = node.children.setdefault(byte, _Node())
        node.value = len(replacements)
        replacements += replacement.encode("utf-8") + b"\0"
    units = _double_array(root)
    return struct.pack(f"<I{len(units)}I", 4 * len(units), *units) + bytes(replacements)


def _double_array(root: _Node) -> list[int]:
    """Place every node: the child of label c of a node at position p lies at p ^ offset(p) ^ c, a value at label 0."""
    units, used, bases = [0] * BLOCK, {0}, set[int]()
    todo, base = [(root, 0, 0)], 0
    while todo:
        node, position, label = todo.pop()
        labels = [*([0] if node.value is not None else []), *sorted(node.children)]
        # Only forwards: cells left behind stay empty, and no node is long in finding its place.
        while base in bases or any(base ^ each in used for each in labels):
            base += 1
        bases.add(base)
        while len(units) <= base | (BLOCK - 1):
            units += [0] * BLOCK
        used |= {base ^ each for each in labels}
        units[position] = (position ^ base) << OFFSET | (HAS_LEAF if node.value is not None else 0) | label
        if node.value is not None:
            units[base] = LEAF | node.value
        todo += [(child, base ^ each, each) for each, child in node.children.items()]
    return units
