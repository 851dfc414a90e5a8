"""Dependency labels of UD English-EWT: the relation of each word to its head, and the side on which this stands."""

from __future__ import annotations

from repro.tasks.common import shortcuts, trees

KIND = "tagging"
METRIC = "accuracy"
LABELS = ()
PUBLISHED = trees.ENGLISH_WEB
shortcut = shortcuts.tagging


def tags(tree: trees.Tree) -> list[str]:
    """Return the relation, with ">" where the head stands further on and "<" where it stands before; "root" alone."""
    sides = ["" if head == 0 else ">" if head > i else "<" for i, head in enumerate(tree.heads, 1)]
    return [relation + side for relation, side in zip(tree.relations, sides, strict=True)]


SOURCES = trees.sources("deprel", tags)
