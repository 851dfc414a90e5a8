"""Terms of a text: words and names by which texts are compared, each with its place. Pure.

A term is the root of a word ("transcribed" and "transcription" are one) or a name in one spelling ("XLM-RoBERTa",
"XLM-R"). Acronyms are matched with the words whose initials they are, in whichever of two texts either stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from synth.quantities.numerals import FACTORS, PARTS, SMALL, TENS
from synth.text.content import STOP_WORDS, stem
from synth.text.lexicon import Mention, load_lexicon

WORD = re.compile(r"[^\W_]+(?:[-.'’][^\W_]+)*\+*")
_PREFIXED = re.compile(r"(?:cross|multi|mono|bi|pre|post|fine|non|sub|re|semi|un|inter)-(?=[a-z])", re.I)
_ENDINGS = (
    *("isation", "ization", "ations", "ation", "itions", "ition", "ments", "ment", "ness", "ities", "ity", "ively"),
    *("ically", "ally", "ical", "ions", "ion", "ives", "ive", "ances", "ance", "ences", "ence", "ants", "ant", "ents"),
    *("ent", "able", "ible", "less", "ful", "ers", "er", "ors", "or", "als", "al", "ics", "ic", "ous", "ly", "y", "e"),
)
# What a word says of presence, kept although it is a function word: "with context" is not "without".
POLAR = {"with": "+with", "without": "-with", "no": "-with", "not": "-with", "present": "+with", "absent": "-with"}
# Numbers are compared as quantities.
_NUMBERS = frozenset(
    {*SMALL, *TENS, *PARTS, *FACTORS}
    | set("ci sd se iqr hundred thousand million billion trillion dozen times fold percent percentage".split())
)
# "task 2", "group 3": the number is part of the name.
_NUMBERED = re.compile(
    r"\b(task|subtask|track|phase|group|experiment|study|type|stage|cohort|dataset|corpus|model|system|run|session|domain|rank|subcode|class|cluster)\s(\d{1,2}|[A-Z])\b",
    re.I,
)
_SYNONYMS = {
    stem(word): key
    for key, words in {
        "dev": "dev development validation",
        "set": "set sets dataset datasets",
        "param": "param params parameter parameters",
        "label": "labeled labelled",
    }.items()
    for word in words.split()
}
_ACRONYM = re.compile(r"[A-Z][A-Za-z]*[A-Z]s?$")


@dataclass(frozen=True)
class TextTerm:
    """A term with its place; `name` where it is written like a name, `head` the last word of a run."""

    key: str
    start: int
    end: int
    name: bool = False
    text: str = ""


@lru_cache(maxsize=100_000)
def root(word: str) -> str:
    """Return the root of a word: its stem without derivational endings, at least four letters."""
    folded = stem(word)
    if folded in _SYNONYMS:
        return _SYNONYMS[folded]
    for ending in _ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= 4:
            return folded[: -len(ending)]
    return folded


def terms(text: str, mentions: Sequence[Mention] = ()) -> tuple[TextTerm, ...]:
    """Return the terms of `text` in order; names of the lexicon as they are spelt there."""
    collected: list[TextTerm] = []
    named = {m.start: m for m in mentions if m.kind not in ("treatment", "split")}
    numbered = {m.start(): m for m in _NUMBERED.finditer(text)}
    codes = _codes(text)
    until = 0
    for match in WORD.finditer(text):
        start, end = match.span()
        if start < until:
            continue
        if (mention := named.get(start)) is not None:
            until = mention.end
            collected.append(TextTerm(fold(mention.name), start, mention.end, mention.kind != "metric", mention.text))
            continue
        if start in numbered:
            whole = numbered[start]
            collected.append(TextTerm(root(whole[1]), start, whole.end(1), text=whole[1]))
            collected.append(TextTerm(fold(whole[1] + whole[2]), start, whole.end(), text=whole.group()))
            until = whole.end()
            continue
        if (both := _PAIR_OF_CODES.fullmatch(match.group())) and {
            both[1].upper(),
            both[2].upper(),
        } <= _languages().keys():
            collected += [
                TextTerm(
                    _languages()[both[n].upper()].casefold(), start + both.start(n), start + both.end(n), True, both[n]
                )
                for n in (1, 2)
            ]
            continue
        if match.group() in codes:
            collected.append(TextTerm(codes[match.group()].casefold(), start, end, True, match.group()))
            continue
        if inner := next((m for m in mentions if start < m.start < end and m.kind not in ("treatment", "split")), None):
            collected.append(TextTerm(fold(inner.name), inner.start, inner.end, True, inner.text))
            until = max(inner.end, end)
            continue
        collected += _of_word(match.group(), start)
    return tuple(collected)


_PAIR_OF_CODES = re.compile(r"([A-Z][a-z]|[A-Z]{2})[-–→]([A-Z][a-z]|[A-Z]{2})")
_CODE = re.compile(r"(?<![\w-])[A-Z]{2}(?![\w-])")


@cache
def _languages() -> dict[str, str]:
    return {code.upper(): name for name, codes in load_lexicon().names.get("code", {}).items() for code in codes}


def _codes(text: str) -> dict[str, str]:
    """Return the codes of languages in capitals, where at least two stand: "EN, DE, ES"."""
    codes = {c: _languages()[c] for c in _CODE.findall(text) if c in _languages()}
    return codes if len(codes) > 1 else {}


def _of_word(word: str, start: int) -> list[TextTerm]:
    lower = word.casefold()
    if lower in POLAR:
        return [TextTerm(POLAR[lower], start, start + len(word), text=word)]
    if lower in STOP_WORDS or lower in _NUMBERS or (word[0].isdigit() and not re.search(r"[a-zA-Z]{2}", word)):
        return []
    if is_name(word):
        return [TextTerm(fold(word), start, start + len(word), True, word)]
    if "-" in word and not _PREFIXED.match(word):
        parts, at = [], start
        for piece in word.split("-"):
            parts += list(_of_word(piece, at) if piece else [])
            at += len(piece) + 1
        return parts
    plain = _PREFIXED.sub(lambda m: m.group()[:-1], word)
    return [TextTerm(root(plain), start, start + len(word), text=word)]


def is_name(word: str) -> bool:
    """Return True for a word that capitals or digits inside mark as a name."""
    inner = word[1:]
    return any(c.isupper() for c in inner) or (any(c.isdigit() for c in word) and word[0].isalpha())


def fold(name: str) -> str:
    """Return a name in one spelling: "XLM-R" as "xlmr"."""
    return re.sub(r"[-.'’\s_]", "", name).casefold().removesuffix("'s")


def acronyms(first: Sequence[TextTerm], second: Sequence[TextTerm]) -> dict[str, frozenset[str]]:
    """Return the acronyms of `one` whose words stand in `other`: acronym → the terms of those words."""
    pairs: dict[str, frozenset[str]] = {}
    short = {t.key: t for t in first if t.name and 2 <= len(t.text) <= 7 and _ACRONYM.match(t.text)}
    if not short:
        return pairs
    second = [t for t in second if t.key[0] not in "+-"]
    initials = "".join(t.text[:1].casefold() or " " for t in second)
    for key, term in short.items():
        letters = term.text.rstrip("s").casefold()
        at = initials.find(letters)
        while at >= 0 and term in second[at : at + len(letters)]:
            at = initials.find(letters, at + 1)
        if at >= 0:
            pairs[key] = frozenset(t.key for t in second[at : at + len(letters)])
    return pairs
