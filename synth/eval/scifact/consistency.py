"""Consistency of claims and corpus: what is missing is noted, and refused only when nothing is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from synth.core.errors import UsageError
from synth.eval.scifact.records import Claim, CorpusDocument

SHOWN = 5  # ids that a note names


def check(claims: Sequence[Claim], corpus: Mapping[str, CorpusDocument], *, cited: bool) -> list[str]:
    """Note what does not fit. Raises UsageError where no claim has a document that it could be judged by."""
    notes = []
    evidence = [doc for claim in claims for doc in claim.evidence or {}]
    notes += _missing("evidence", evidence, corpus, "it cannot be found and counts as missed")
    if cited:
        notes += _cited(claims, corpus)
    notes += _outside(claims, corpus) + _contradictory(claims)
    empty = sum(not document.text for document in corpus.values())
    if empty:
        notes.append(f"{empty} documents of the corpus have neither title nor text.")
    return notes


def _cited(claims: Sequence[Claim], corpus: Mapping[str, CorpusDocument]) -> list[str]:
    without = [str(claim.id) for claim in claims if not claim.cited]
    if len(without) == len(claims):
        raise UsageError("No claim has `cited_doc_ids`.", "Leave `--cited` out: documents are then retrieved.")
    ids = [doc for claim in claims for doc in claim.cited or ()]
    notes = _missing("cited", ids, corpus, "it is not judged")
    if without:
        notes.append(f"{len(without)} claims cite no document and get no evidence: {_some(without)}.")
    return notes


def _missing(role: str, ids: Sequence[str], corpus: Mapping[str, CorpusDocument], result: str) -> list[str]:
    distinct = list(dict.fromkeys(ids))
    missing = [doc for doc in distinct if doc not in corpus]
    if missing and len(missing) == len(distinct):
        raise UsageError(
            f"None of the {len(distinct)} {role} documents is in the corpus, e.g. {_some(missing)}.",
            "Name the corpus that these claims were written for.",
        )
    if missing:
        return [
            f"{len(missing)} of {len(distinct)} {role} documents are not in the corpus ({result}): {_some(missing)}."
        ]
    return []


def _outside(claims: Sequence[Claim], corpus: Mapping[str, CorpusDocument]) -> list[str]:
    """Return the gold sentences behind the end of their document."""
    wrong = [
        f"claim {claim.id}, document {doc}"
        for claim in claims
        for doc, gold in (claim.evidence or {}).items()
        if doc in corpus
        and max((max(s, default=-1) for s in gold.rationales), default=-1) >= len(corpus[doc].sentences)
    ]
    if not wrong:
        return []
    return [f"Evidence points behind the end of the document in {len(wrong)} places: {_some(wrong)}."]


def _contradictory(claims: Sequence[Claim]) -> list[str]:
    """Return texts labelled SUPPORT in one line and CONTRADICT in another, for the same document."""
    labelled: dict[tuple[str, str], tuple[str, Claim]] = {}
    pairs = []
    for claim in claims:
        for doc, gold in (claim.evidence or {}).items():
            key = (" ".join(claim.text.split()).casefold(), doc)
            stance, first = labelled.setdefault(key, (gold.stance, claim))
            if stance != gold.stance:
                pairs.append(f"{first.id} and {claim.id}")
    if not pairs:
        return []
    return [
        f"The same claim carries opposite labels for one document, so one of the two counts as wrong: {_some(pairs)}."
    ]


def _some(names: Iterable[str]) -> str:
    names = [name[:60] for name in names]
    return ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
