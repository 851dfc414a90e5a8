"""Parts of speech (UPOS) of UD English-EWT, one of the four tasks of the syntactic ensemble."""

from __future__ import annotations

from repro.tasks.common import shortcuts, trees

KIND = "tagging"
METRIC = "accuracy"
LABELS = ()
PUBLISHED = trees.ENGLISH_WEB
SOURCES = trees.sources("upos", lambda tree: tree.upos)
shortcut = shortcuts.tagging
