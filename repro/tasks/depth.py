"""Dependency depth: how many arcs lie between each word of UD English-EWT and the root of its sentence."""

from __future__ import annotations

from repro.tasks.common import shortcuts, trees

KIND = "tagging"
METRIC = "accuracy"
LABELS = ()
PUBLISHED = trees.ENGLISH_WEB
DEEPEST = 7  # the tag "7" stands for 7 and more
shortcut = shortcuts.tagging


def tags(tree: trees.Tree) -> list[str]:
    return [str(min(tree.depth(i), DEEPEST)) for i in range(len(tree.words))]


SOURCES = trees.sources("depth", tags)
