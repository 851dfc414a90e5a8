"""Surface of a sentence: citations taken out, words with offsets, checks that it is a whole sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from synth.claims.words import (
    AUXILIARIES,
    CHANGES,
    COMPARE_VERBS,
    CORRELATES,
    COUNTS,
    FINDING,
    LIGHT,
    METHOD,
    NOUN_OR_VERB,
    PERFORM,
    forms_of,
)
from synth.text.parsing.masking import STATISTIC
from synth.text.trailing_citations import trailing_citation

MAX_CHARACTERS = 4_000
MAX_WORDS = 120  # longer "sentences" are lists or reading errors
MIN_WORDS = 5

TOKEN = re.compile(r"[^\W\d_]+(?:[-‐‑–'’][^\W\d_]+)*|\d[\d.,]*\d|\d|[^\w\s]|_")
_NAME_START = re.compile(r"[a-z]['’]?[-‐‑–]\w|[^\W\d_a-z]|\w+[._]\w")
YEAR = re.compile(r"\b(?:1[89]|20)\d\d[a-z]?\b")
BRACKET = re.compile(r"\([^()]{0,400}\)|\[[^\[\]]{0,200}\]")
_ASIDE = re.compile(r"\s?(?:\([^()\[\]]{0,200}[\d=<>][^()\[\]]{0,200}\)|\[[^()\[\]]{0,200}[\d=<>][^()\[\]]{0,200}\])")
_AMOUNT = re.compile(r"\d[\d.,]*\s?(?:[×x·]\s?10)?[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\d[\d.,]*\s?[%‰×]")
NUMERIC_CITATION = re.compile(r"\[\d+(?:\s?[,;–-]\s?\d+)*\]")
AUTHOR = re.compile(r"\b[A-Z][\w'’-]+ (?:et al\.?|(?:and|&) [A-Z][\w'’-]+),? ?[(\[]?(?:1[89]|20)\d\d")
ET_AL = re.compile(r"\bet al\b")

# Forms that may be the verb of a clause: a sentence without any of them is none.
FINITE = AUXILIARIES | {
    form
    for form, (_, tag) in forms_of(
        sorted({*CHANGES, *COMPARE_VERBS, *CORRELATES, *COUNTS, *FINDING, *LIGHT, *METHOD, *PERFORM, "rank", "place"})
    ).items()
    if tag in ("third", "past") or (tag == "base" and form not in NOUN_OR_VERB)
}


@dataclass(frozen=True)
class SurfaceWord:
    word: str  # lower case
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        return self.word[0].isalpha()


@lru_cache(maxsize=512)  # several rules look at the same sentence
def tokens(text: str) -> tuple[SurfaceWord, ...]:
    return tuple([SurfaceWord(m.group().lower().replace("’", "'"), m.start(), m.end()) for m in TOKEN.finditer(text)])


def is_citation(bracket: str) -> bool:
    """Return True if a bracketed span is a reference to literature: "(Conneau et al., 2020)", "[3, 5]"."""
    if NUMERIC_CITATION.fullmatch(bracket):
        return True
    inner = bracket[1:-1]
    if not YEAR.search(inner):
        return False
    if re.fullmatch(r"\s*(?:1[89]|20)\d\d[a-z]?\s*", inner):
        return True
    return bool(ET_AL.search(inner)) or bool(re.search(r"[^\W\d_]{2,}[^()]{0,80}?,? ?\(?(?:1[89]|20)\d\d", inner))


def without_citations(text: str) -> str:
    """Return `text` without bracketed citations; other brackets stay. Claims are analysed on it."""
    text = " ".join(text.split())
    out = BRACKET.sub(lambda m: "" if is_citation(m.group()) else m.group(), text)
    out = re.sub(r"\s+([,.;:])", r"\1", out)
    return re.sub(r"\s{2,}", " ", out).strip()


def without_statistics(text: str) -> str:
    """Return `text` without what only says how sure a result is, and with a number and its unit as one word.

    Bracketed asides with figures ("(12% vs 18%; P = .003)", "(OR 1.4 [1.1, 1.8])") go, innermost first; so does
    "…, t(38) = 2.1, p < .05".
    """
    before = ""
    text = STATISTIC.sub("", text)
    while before != text:
        before = text
        text = _ASIDE.sub("", text)
    return _AMOUNT.sub("1", text)


def cites(text: str) -> bool:
    """Return True if a text names literature by authors and year, or by a bracket or mark behind its full stop."""
    if AUTHOR.search(text) or ET_AL.search(text) or trailing_citation(text):
        return True
    return any(is_citation(m.group()) for m in BRACKET.finditer(text))


def balanced(text: str) -> bool:
    """Return True if brackets close in order. Enumerations such as "a)" or "1)" are forgiven."""
    text = re.sub(r"(?:(?<=\s)|^)(?:[a-zA-Z]|\d|[ivx]{1,4})\)", "", text)
    pairs = {")": "(", "]": "[", "}": "{"}
    stack: list[str] = []
    for character in text:
        if character in "([{":
            stack.append(character)
        elif character in pairs and (not stack or stack.pop() != pairs[character]):
            return False
    return not stack


def flaw(text: str) -> str:
    """Return why `text` is no whole, readable sentence, in a few words; empty if it is one."""
    if len(text) > MAX_CHARACTERS:
        return "too long"
    words = text.split()
    if len(words) < MIN_WORDS:
        return "too short"
    if len(words) > MAX_WORDS:
        return "too long"
    plain = without_citations(text)
    if plain.endswith("?"):
        return "question"
    if not plain or not (plain[0].isupper() or plain[0].isdigit() or _starts_like_a_name(plain)):
        return "starts in mid-sentence"
    if not re.search(r"[.!:]['\"”’)\]]?\d{0,2}$", plain):
        return "no full stop"
    if not balanced(text):
        return "unbalanced brackets"
    listed = tokens(without_statistics(plain))
    alphabetic = [t for t in listed if t.is_word and len(t.word) > 1]
    if len(alphabetic) < 0.55 * len(listed):
        return "mostly symbols"
    latin = len(plain.encode("ascii", "ignore")) + sum(map(plain.count, "–—’“”‘‑"))
    if latin < 0.8 * len(plain):
        return "not English"
    if sum(len(t.word) == 1 for t in listed if t.word[0].isalnum()) > 0.3 * len(listed):
        return "mostly symbols"
    # "we study", "we train": words that are nouns elsewhere are verbs after these. Other past tenses are for the parse.
    if not any(t.word in FINITE or t.word in ("we", "i") or t.word.endswith("ed") for t in listed):
        return "no finite verb"
    return ""


def _starts_like_a_name(text: str) -> bool:
    """Return True for the opening of "mBERT improves …", "k-means is …", "α rises …", not of "and improves …"."""
    first = text.split(None, 1)[0]
    return any(c.isupper() or c.isdigit() for c in first) or bool(_NAME_START.match(first))
