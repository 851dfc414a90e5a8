"""Typed names of a text: models, data sets, languages, splits, sizes, spans of time, years. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from synth.text.lexicon import Mention

Slots = dict[str, frozenset[str]]

KINDS = {"dataset": "task", "task": "task", "corpus": "task", "language": "languages"}

_BASELINE = re.compile(
    r"(?:\b(?:over|than|against|versus|vs\.?|above|below|behind|compared (?:to|with)|relative to|outperform\w*"
    r"|exceed\w*|surpass\w*|beats?))\s+(?:the\s|our\s|an?\s|that of\s)?$",
    re.I,
)

_AT_K = re.compile(r"@(\d+)")

_OF_A_SPLIT = r"sets?|splits?|examples?|questions?|sentences?|pairs?|instances?|samples?|items?"

_SPLIT = re.compile(
    rf"(?P<counted>\d\s)?\b(?:(?P<train>train(?:ing)?)|(?P<dev>dev(?:elopment)?|validation)|(?P<test>test))\b"
    rf"(?:(?P<noun>[\s-](?:{_OF_A_SPLIT})\b)|(?P<score>[\s-](?:accuracy|scores?|F1|data|performance|error)\b))?",
    re.I,
)

_SPLIT_HINT = re.compile(r"train|dev|valid|test")

_SIZE = re.compile(
    r"(?<![\w-])(?:(?P<billions>\d+(?:\.\d+)?)\s?(?P<scale>[BM])(?=\s(?:parameter\s)?(?:model|variant|version)s?\b)"
    r"|(?P<word>base|large|small|tiny|XL|XXL)(?=\s(?:model|variant|version)s?\b))",
)

_SPAN = re.compile(
    r"\b(?P<number>zero|one|two|three|four|five|six|seven|eight|nine|ten|twelve|\d+)-"
    r"(?P<unit>shot|years?|months?|weeks?|days?|way|layer|hop|fold|class)\b",
    re.I,
)

_NUMBERS = {w: str(n) for n, w in enumerate("zero one two three four five six seven eight nine ten".split())} | {
    "twelve": "12"
}

_YEAR = re.compile(r"(?<![\w.,/])(?:19|20)\d\d(?![\w]|[.,]\d)")


def entities(text: str, mentions: Sequence[Mention]) -> dict[str, list[tuple[str, int]]]:
    """Return the typed names of a text by kind, each with its place, in order."""
    names: dict[str, list[tuple[str, int]]] = {}
    for m in mentions:
        kind, name = KINDS.get(m.kind, m.kind), m.name
        if kind == "model" and _BASELINE.search(text[max(0, m.start - 40) : m.start]):
            kind = "baseline"
        if kind == "metric" and (cut := _AT_K.match(text, m.end)):
            name = f"{name}@{cut[1]}"
        if kind not in ("treatment", "split"):
            names.setdefault(kind, []).append((name, m.start))
    lower = text.casefold()
    for match in _SPLIT.finditer(text) if _SPLIT_HINT.search(lower) else ():
        # "training" alone is what is done; "development data" is a split, "training data" mostly is not.
        if match["counted"] or match["noun"] or (match["score"] and not match["train"]):
            split = "training set" if match["train"] else "development set" if match["dev"] else "test set"
            names.setdefault("split", []).append((split, match.start()))
    for match in _SIZE.finditer(text) if "model" in lower or "varia" in lower or "version" in lower else ():
        names.setdefault("size", []).append(
            ((match["word"] or f"{match['billions']}{match['scale']}").lower(), match.start())
        )
    for match in _SPAN.finditer(text) if "-" in text else ():
        number = _NUMBERS.get(match["number"].lower(), match["number"])
        names.setdefault("span", []).append((f"{number}-{match['unit'].lower().rstrip('s')}", match.start()))
    for match in _YEAR.finditer(text):
        names.setdefault("year", []).append((match.group(), match.start()))
    return names
