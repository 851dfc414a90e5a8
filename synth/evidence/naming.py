"""Likelihood that two phrases of different papers name the same thing: aliases, abbreviations, heads, meaning. Pure.

Phrases are slots of predictions ("multilingual pre-training", "zero-shot transfer to distant languages"). Names in the
spelling of the lexicon and abbreviations that either paper defines are one with what they stand for; of the rest the
share of words, the head noun and the cosine of a sentence encoder decide. A phrase that only points at its own paper
("our model", "the proposed approach") names nothing that another paper could speak of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from synth.evidence.passages.parts.terms import TextTerm, acronyms, root, terms
from synth.text.lexicon import Lexicon, load_lexicon

MAX_CHARACTERS = 300  # of a phrase; longer ones are clauses
FAINT, FULL = 0.45, 0.85  # cosines of two phrases that are worth nothing, and as much as the same words
BARE = 0.4  # weight of a word that says little about which thing is meant
OWN_TO_NAME = 0.5  # likeness of "our model" and a name, in the same paper
_OWN = re.compile(r"\b(?:our|ours|we|proposed|this|these|present(?:ed)?|novel|new|such|resulting)\b", re.I)
# "our end-to-end parser" is a system of these authors, "our adversarial training" is what others may do as well.
_SYSTEM = re.compile(
    r"\b(?:models?|systems?|methods?|approach(?:es)?|frameworks?|networks?|architectures?|algorithms?|techniques?"
    r"|embeddings?|representations?|baselines?|attacks?|metrics?|datasets?|corpus|corpora|(?!transfer|error|layer|number|order|paper)[a-z]{3,}(?:er|or)s?)$",
    re.I,
)
_PREPOSITION = re.compile(
    r"\s(?:of|on|in|for|to|from|with|without|over|between|across|by|at|via|than|that|which|when|using|during|under)\s"
)
# Heads that every paper has. By themselves they name nothing.
GENERIC = frozenset({"quality"}) | frozenset(
    root(word)
    for word in "model system method approach technique framework architecture strategy algorithm pipeline solution "
    "work paper study result experiment performance quality task data dataset corpus benchmark variant version setting "
    "set baseline component module procedure scheme mechanism idea analysis effectiveness effect accuracy score gain "
    "improvement art existing previous prior strong recent various several different other "
    "simple effective competitive significant best better training learning neural language natural processing nlp "
    "downstream overall one two three many number range wide".split()
)
# Metrics and the words for how well something does are one: BLEU and "translation quality" are compared by the rest.
QUALITY = "quality"
_QUALITY = frozenset(root(word) for word in "performance quality accuracy score result".split())
# Words of opposite sense on one scale: what is said of more of a thing holds the other way round of less of it.
_SCALES = {
    word: (scale, sense)
    for scale, (much, little) in {
        "size": (
            "large larger big bigger more many deep deeper long longer increase increasing high higher abundant "
            "large-scale rich additional",
            "small smaller few fewer less shallow short shorter decrease decreasing low lower limited scarce lack "
            "lacking insufficient scarcity reduced poor",
        ),
        "similarity": (
            "similar similarity close closer closely related proximity closeness alike",
            "distant dissimilar different distance divergence unrelated dissimilarity divergent distinct remote",
        ),
        "presence": ("with", "without absence removing removal lack lacking excluding"),
    }.items()
    for sense, words in ((1, much), (-1, little))
    for word in words.split()
}
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


@dataclass(frozen=True)
class SlotPhrase:
    """Features of a slot of a prediction that is compared.

    Attributes:
        keys: terms in one spelling, abbreviations spelt out; `names` are those written like names.
        head: the last term before the first preposition.
        senses: scale → 1 or -1 where a word says much or little of it.
        own: it points at its own paper and names nothing else.
    """

    text: str
    keys: frozenset[str]
    names: frozenset[str]
    head: str
    senses: Mapping[str, int]
    own: bool
    terms: tuple[TextTerm, ...] = ()

    @property
    def names_something(self) -> bool:
        """Return True if a word of it says which thing is meant."""
        return bool(self.keys - GENERIC)


@dataclass(frozen=True)
class Naming:
    """Context to compare the phrases of two texts.

    Attributes:
        cosine: cosine of two phrases by a sentence encoder; 0 where it is not known, and their words alone decide.
        ours, theirs: short form → long form, of the paper of the claim and of that of the passage.
        same_paper: "our model" is the same thing on both sides.
    """

    cosine: Callable[[str, str], float]
    ours: Mapping[str, str]
    theirs: Mapping[str, str]
    same_paper: bool = False
    lexicon: Lexicon | None = None

    def claimed(self, text: str) -> SlotPhrase:
        """Read a phrase of the claim."""
        return read(text, _spelt({**self.theirs, **self.ours}), self.lexicon or load_lexicon())

    def stated(self, text: str) -> SlotPhrase:
        """Read a phrase of the passage."""
        return read(text, _spelt({**self.ours, **self.theirs}), self.lexicon or load_lexicon())

    def likeness(self, first: SlotPhrase, second: SlotPhrase) -> float:
        """Return how likely both name the same thing, 0 to 1."""
        if first.own or second.own:
            if not self.same_paper:
                return 0.0
            return 1.0 if first.own and second.own else OWN_TO_NAME
        ours, theirs = _joined(first, second.keys), _joined(second, first.keys)
        for short, words in {**acronyms(first.terms, second.terms), **acronyms(second.terms, first.terms)}.items():
            ours, theirs = ((keys - {short}) | words if short in keys else keys for keys in (ours, theirs))
        if not ours or not theirs:
            return 0.0
        if (first.names & ours) - theirs and (second.names & theirs) - ours:
            return 0.0
        shared, union = _weight(ours & theirs), _weight(ours | theirs)
        within = shared / min(_weight(ours), _weight(theirs))
        same_head = first.head == second.head or first.head in theirs or second.head in ours
        by_words = (shared / union + within * (1.0 if same_head else 0.5)) / 2
        by_meaning = max(0.0, min(1.0, (self.cosine(first.text, second.text) - FAINT) / (FULL - FAINT)))
        return max(by_words, by_meaning) * (1.0 if first.names_something or second.names_something else 0.5)


def _joined(phrase: SlotPhrase, others: frozenset[str]) -> frozenset[str]:
    """Return the keys of a phrase, two words written as one where the other phrase does: "back-translation"."""
    keys = phrase.keys
    for first, second in pairwise(phrase.terms):
        whole = root(f"{first.text}{second.text}".casefold())
        if whole in others and whole not in keys:
            keys = keys - {first.key, second.key} | {whole}
    return keys


def opposed_senses(first: SlotPhrase, second: SlotPhrase) -> bool:
    """Return True if one says much where the other says little: "similar languages", "distant languages"."""
    if not first.text or not second.text:
        return False
    shared = first.senses.keys() & second.senses.keys()
    flips = sum(first.senses[scale] != second.senses[scale] for scale in shared)
    # "lack of data" is the opposite of "data" too.
    alone = (first.senses.get("presence"), second.senses.get("presence"))
    if "presence" not in shared and -1 in alone:
        flips += 1
    return flips % 2 == 1


def read(text: str, spelt: tuple[tuple[str, str], ...], lexicon: Lexicon) -> SlotPhrase:
    """Read a phrase; `spelt` are (short form, long form) pairs."""
    return _read(text[:MAX_CHARACTERS].strip(), spelt if _has_short(text, spelt) else (), lexicon)


@lru_cache(maxsize=50_000)
def _read(text: str, spelt: tuple[tuple[str, str], ...], lexicon: Lexicon) -> SlotPhrase:
    long = text
    for short, meant in spelt:
        long = re.sub(rf"\b{re.escape(short)}(?:s\b|\b)", meant, long)
    mentions = lexicon.mentions(long)
    metrics = {m.start for m in mentions if m.kind == "metric"}
    content = tuple(
        replace(t, key=QUALITY) if t.start in metrics or t.key in _QUALITY else t
        for t in terms(long, mentions)
        if t.key[0] not in "+-"
    )
    keys = frozenset(t.key for t in content)
    cut = _PREPOSITION.search(long)
    first = long[: cut.start()] if cut else long
    before = [t for t in content if t.start < len(first)] or list(content)
    senses: dict[str, int] = {}
    for word in _WORD.findall(long.lower()):
        for part in (word, *word.split("-")):
            if part in _SCALES:
                scale, sense = _SCALES[part]
                senses.setdefault(scale, sense)
    pointing = bool(_OWN.search(text)) or bool(re.match(r"(?:the|it|they|that|those)\b", text, re.I))
    return SlotPhrase(
        text=text,
        keys=keys,
        names=frozenset(t.key for t in content if t.name),
        head=before[-1].key if before else "",
        senses=senses,
        own=pointing and (not keys - GENERIC or bool(_OWN.search(first) and _SYSTEM.search(first))),
        terms=content,
    )


def _has_short(text: str, spelt: tuple[tuple[str, str], ...]) -> bool:
    return any(short in text for short, _ in spelt)


def _spelt(known: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(known.items()))


def _weight(keys: frozenset[str]) -> float:
    return sum(BARE if key in GENERIC else 1.0 for key in keys)
