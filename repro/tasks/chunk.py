"""Chunking: base noun phrases of UD English-EWT as B-NP, I-NP and O, derived from the dependency trees.

The rule. A noun, proper noun or pronoun heads a chunk, unless it belongs to another's. To the chunk of a head belong
its determiners, adjectives, numerals, compound and flat parts and possessors, what belongs to those in the same way,
the case mark of a possessor, and adverbs of its adjectives and numerals: as far as they stand next to each other and
to the head without a gap. All other words are outside. (CoNLL-2000 begins a new chunk at a possessive mark; this rule
does not.)
"""

from __future__ import annotations

from repro.tasks.common import shortcuts, trees

KIND = "tagging"
METRIC = "accuracy"
LABELS = ()
PUBLISHED = trees.ENGLISH_WEB
NOMINAL = ("NOUN", "PROPN", "PRON")
INSIDE = ("det", "det:predet", "amod", "nummod", "compound", "flat", "nmod:poss", "goeswith")
# A relation that is inside only below one of these.
BELOW = {"case": ("nmod:poss",), "advmod": ("amod", "nummod")}
shortcut = shortcuts.tagging


def tags(tree: trees.Tree) -> list[str]:
    groups: dict[int, int | None] = {}  # word → the head of its chunk
    for i in sorted(range(len(tree.words)), key=tree.depth):
        head, relation = tree.heads[i] - 1, tree.relations[i]
        inside = relation in INSIDE or (head >= 0 and tree.relations[head] in BELOW.get(relation, ()))
        own = i if tree.upos[i] in NOMINAL else None
        groups[i] = groups[head] if inside and head >= 0 and groups[head] is not None else own
    labels = ["O"] * len(tree.words)
    for head in {group for group in groups.values() if group is not None}:
        first = last = head
        while groups.get(first - 1) == head:
            first -= 1
        while groups.get(last + 1) == head:
            last += 1
        labels[first : last + 1] = ["B-NP", *["I-NP"] * (last - first)]
    return labels


SOURCES = trees.sources("chunk", tags)
