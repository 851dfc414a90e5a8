"""Phrases compared by meaning: of the claim's, those that denote what a contrast names. Pure.

Two phrases are compared by the stems of their words (Porter), with comparatives folded ("larger", "more" and "high" are
one word, "fewer" and "low" its contrary), numbers and negations kept. What a phrase has beyond the term must be a word
that changes nothing (`NEUTRAL`), a word of the contrast's own, or the name of a language or of a model, which the link
lists. Any other word makes it another thing: pre-training on CommonCrawl is not pre-training. A sentence encoder, where
there is one, finds terms that share no word with the phrase, under the same condition on names and contraries.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from synth.library.stems import Stems
from synth.text.content import NEGATION, STOP_WORDS, names
from synth.text.lexicon import load_lexicon, names_of

Nearness = Callable[[str, str], float]  # cosine of two texts by a sentence encoder

CACHED = 20_000  # words or phrases of papers whose stems are kept; without a bound a long process grows
UP, DOWN, NOT = "up", "down", "not"
MORE = frozenset(
    "more larger large bigger big greater high higher increasing increased increase additional scaling growing long "
    "longer deeper wider".split()
)
LESS = frozenset(
    "fewer less smaller small low lower reducing reduced decreasing limited little scarce short shorter shallow "
    "shallower narrower".split()
)
JOINED = re.compile(r"\b(cross|multi|mono|pre|post|fine|zero|re|semi|un|inter|sub)[- ](?=[a-z])", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+\+?")
# Of these a phrase may say how much there is of what a term names: "high lexical overlap".
DEGREES = frozenset("high higher greater increasing increased".split())
# By the encoder alone, where the words are the contrast's own but stand in no one term. Set on the claims for tuning.
NEAR_ENOUGH = 0.85


class MatchKind(StrEnum):
    """Way in which a phrase was taken for a term."""

    SAME = "same"  # word for word, but for neutral words
    DETAIL = "detail"  # with words more, which the link lists
    ASSUMED = "assumed"  # with words less, which stand elsewhere in the claim
    MEANING = "meaning"  # by the sentence encoder


@dataclass(frozen=True)
class TermMatch:
    """A term that a phrase was taken for.

    `extra`: words that only the phrase has; `assumed`: words that only the term has, met elsewhere in the claim.
    """

    term: str
    how: MatchKind
    score: float  # 0..1
    extra: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()


@cache
def _porter() -> Stems:
    return Stems()


@lru_cache(maxsize=CACHED)
def _stem(word: str) -> str:
    if word in MORE:
        return UP
    if word in LESS:
        return DOWN
    return _porter().of([word.rstrip("+")]).get(word.rstrip("+"), word) + ("+" if word.endswith("+") else "")


@lru_cache(maxsize=CACHED)
def stems(text: str) -> tuple[str, ...]:
    """Return the stems of the words of `text` that carry meaning, each once, in order; every negation is `NOT`."""
    plain = NEGATION.sub(" without ", JOINED.sub(r"\1", text.replace("’", "'"))).lower()
    words = (word for word in WORD.findall(plain) if word not in STOP_WORDS or word in MORE or word == "without")
    return tuple(dict.fromkeys(NOT if word == "without" else _stem(word) for word in words))


def bag(words: str) -> frozenset[str]:
    return frozenset(stems(words))


# Words around a term that leave it what it is.
NEUTRAL = bag(
    "all almost nearly every each many several some any english multilingual crosslingual language model training task "
    "using proposed best overall simple standard effect impact level space source target ones counterparts "
    "adding applying incorporating leveraging introducing employing performing"
) - {UP}
# Words of a term that a phrase may leave out: "intermediate-task training" is meant by "intermediate tasks".
LIGHT = bag("training task model language using")
# Outcomes that every contrast over scores measures under some name.
OUTCOME = bag("performance accuracy transfer quality score results generalization F1")


def matched(
    phrase: str,
    terms: Sequence[str],
    *,
    own: frozenset[str] = frozenset(),
    around: frozenset[str] = frozenset(),
    neutral: frozenset[str] = NEUTRAL,
    near: Nearness | None = None,
) -> TermMatch | None:
    """Return the best of `terms` that `phrase` denotes, or None.

    Args:
        phrase: slot of a prediction, as printed.
        terms: phrases that the contrast declares for the slot.
        own: stems of the contrast's own vocabulary: beside a term they change nothing.
        around: stems of the whole claim: a word of a term that the phrase leaves out may stand there.
        neutral: stems that change nothing.
        near: cosine of two phrases; None to compare words only.
    """
    words = stems(phrase)
    if not words:
        return None
    neutral = neutral - _shared(tuple(terms))
    matches = [match for term in terms if (match := _by_words(phrase, words, term, own, around, neutral))]
    if not matches and near is not None:
        matches = [match for term in terms if (match := _by_meaning(phrase, words, term, own, neutral, near))]
    return max(matches, key=lambda match: (match.score, len(match.term)), default=None)


def _by_words(
    phrase: str,
    words: Sequence[str],
    term: str,
    own: frozenset[str],
    around: frozenset[str],
    neutral: frozenset[str],
) -> TermMatch | None:
    wanted = stems(term)
    core = [word for word in wanted if word not in LIGHT]
    if not set(core) - neutral - {UP, DOWN, NOT}:
        core = list(wanted)  # "multilingual training" is not meant by every "multilingual model"
    if not set(wanted) - neutral - {UP, DOWN, NOT} and set(words) != set(wanted):
        return None  # "scaling up" does not say what: any word beside it makes it another thing
    missing = [word for word in core if word not in words]
    named = placed(phrase)
    extra = [word for word in words if word not in wanted and word not in neutral and word not in named]
    if DOWN in extra or NOT in extra or (UP in extra and (DOWN in wanted or not _is_degree(phrase))):
        return None
    if any(word not in own and word != UP for word in extra):
        return None
    listed = tuple(word for word in words if word != UP and word not in wanted and (word in extra or word in named))
    if not missing:
        full = all(word in words for word in wanted)
        return TermMatch(
            term, MatchKind.DETAIL if listed or not full else MatchKind.SAME, 0.9 if listed or not full else 1.0, listed
        )
    # "similarity" for "linguistic similarity": what the term is about is named, what kind of it stands elsewhere.
    about = core[-1] in words and core[-1] not in neutral
    if about and not {UP, DOWN, NOT} & set(missing) and all(word in around for word in missing):
        return TermMatch(term, MatchKind.ASSUMED, 0.6, listed, tuple(missing))
    return None


def _is_degree(phrase: str) -> bool:
    """Return True if comparatives of the phrase say only how much there is of a thing; a larger layer is another."""
    return {word for word in WORD.findall(phrase.lower()) if word in MORE} <= DEGREES


def _by_meaning(
    phrase: str, words: Sequence[str], term: str, own: frozenset[str], neutral: frozenset[str], near: Nearness
) -> TermMatch | None:
    wanted = stems(term)
    extra = [word for word in words if word not in wanted and word not in neutral]
    if len(set(words) - neutral) < 2 or any((word in words) != (word in wanted) for word in (UP, DOWN, NOT)):
        return None
    # However near the words are: another name, or a word that the contrast never uses, is another thing.
    if names(phrase) - placed_names(phrase) != names(term) - placed_names(term):
        return None
    if not set(extra) <= own | placed(phrase):
        return None
    cosine = near(phrase, term)
    return TermMatch(term, MatchKind.MEANING, cosine, tuple(extra)) if cosine >= NEAR_ENOUGH else None


@lru_cache(maxsize=CACHED)
def _shared(terms: tuple[str, ...]) -> frozenset[str]:
    """Return the stems that half of a slot's terms or more have: they tell the slot from others, so are not neutral."""
    counts = Counter(word for term in terms for word in stems(term))
    return frozenset(word for word, count in counts.items() if 2 * count >= len(terms)) - LIGHT


@lru_cache(maxsize=CACHED)
def placed(phrase: str) -> frozenset[str]:
    """Return the stems of the languages and models that a phrase names: where a thing was done, not what was."""
    mentions = load_lexicon().mentions(phrase)
    return bag(" ".join([*(m.text for m in mentions if m.kind in ("language", "model")), *names_of(mentions, "model")]))


@lru_cache(maxsize=CACHED)
def placed_names(phrase: str) -> frozenset[str]:
    """Return the names of languages and models in a phrase, as `synth.text.content.names` spells them."""
    mentions = load_lexicon().mentions(phrase)
    return frozenset(name for m in mentions if m.kind in ("language", "model") for name in names(f"– {m.text}"))


@lru_cache(maxsize=CACHED)
def vocabulary(phrases: tuple[str, ...]) -> frozenset[str]:
    """Return the stems of all `phrases`, without negations and comparatives, which are never harmless."""
    return frozenset(word for phrase in phrases for word in stems(phrase)) - {UP, DOWN, NOT}
