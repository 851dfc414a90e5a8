"""A labelled set in the SciFact format: documents say of a number of things that they rise, fall, or nothing."""

from __future__ import annotations

import json

from synth.core.types import Stance

THINGS = "retrieval translation parsing tagging ranking summarising".split()
SAID = {
    Stance.SUPPORT: "Training on {} texts indeed improves {} in every language.",
    Stance.CONTRADICT: "Training on {} texts wrongly stands beside {} in every language.",
    Stance.NOT_ENOUGH_INFO: "Training on {} texts is a subject beside {} in every language.",
}


def rows(count=60):
    """(claims, documents): three claims an article, each with a document of its own, the labels in turn."""
    claims, documents = [], []
    for i in range(count):
        stance = list(Stance)[i % 3]
        thing = THINGS[i // 3 % len(THINGS)]
        name = f"kind{i // 3}"
        evidence = {str(i): [{"sentences": [1], "label": stance.value}]} if stance is not Stance.NOT_ENOUGH_INFO else {}
        claim = f"Training on {name} texts improves {thing}."
        claims.append({"id": i, "claim": claim, "evidence": evidence, "cited_doc_ids": [i]})
        shared = f"This sentence of more than forty characters belongs to the article number {i // 3} alone."
        documents.append({"doc_id": i, "title": "", "abstract": [shared, SAID[stance].format(name, thing)]})
    return claims, documents


def write(folder, count=60):
    """The two files' paths."""
    found = []
    for name, lines in zip(("claims.jsonl", "corpus.jsonl"), rows(count), strict=True):
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in lines), "utf-8")
        found.append(folder / name)
    return found
