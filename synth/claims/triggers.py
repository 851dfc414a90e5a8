"""The rules that find an event at a word: change, comparison, rank, correlation, count, stated level.

Each takes the clause, the position of the trigger and the position before which everything is already told (`floor`).
"""

from __future__ import annotations

from synth.claims.clause import Event, Words
from synth.claims.text import FINITE
from synth.claims.words import (
    ACHIEVERS,
    AUXILIARIES,
    BE,
    CHANGE_FORMS,
    CHANGE_NOUNS,
    CHANGE_VERBS,
    COMPARATIVES,
    COMPARE_FORMS,
    COMPARE_VERBS,
    CORRELATED,
    CORRELATION_FORMS,
    CORRELATION_NOUNS,
    COUNT_FORMS,
    COUNTABLES,
    HELPFUL,
    HIGH_IS_GOOD,
    LIGHT_FORMS,
    MOST_OF,
    NEGATIVE,
    PERFORMING,
    POSITIVE,
    PREPOSITIONS,
    RANKS,
    RESULTS,
    WITH_TO,
    bag,
)
from synth.numbers import Quantity
from synth.types import ClaimKind

# "The XTREME benchmark evaluates … across 40 languages": what a collection spans, told by a verb of another sense.
SPANNING = bag("evaluates tests supports assesses")
COLLECTIONS = bag("benchmark dataset corpus suite collection")
REACH = 14  # words between a light verb and its noun
NOT_A_RANK = bag("methods models systems approaches baselines techniques work model approach method system")
REFERRED = bag("than over with against to of from by previous existing current other several prior near close")
OBSERVED = bag("observed obtained achieved seen found reported")
REACHING = ("achieve", "obtain", "reach", "attain", "get", "show", "have", "exhibit")
SIZES = frozenset({"%", "percent", "points", "times"})
SET_BY_HAND = ("increase", "reduce", "decrease", "lower", "raise", "shrink")
HELD = ("have", "has", "had", "includes", "include", "included", "a")
VERBS = (LIGHT_FORMS, PERFORMING, CHANGE_FORMS, COUNT_FORMS)


def form_of(word: str) -> tuple[str, str]:
    """(lemma, tag) of a verb form; a word that no table has stands for itself."""
    if word in BE:
        return "be", "third"
    return next((table[word] for table in VERBS if word in table), (word, "third"))


# ------------------------------------------------------------------------------------------------ change


def change(words: Words, j: int, floor: int) -> Event | None:
    """ "improves …", "yields large improvements", "improvements are observed"."""
    word = words.at(j)
    if words.at(j + 1) in ("short", "behind"):
        return None  # "falls short of"
    form = CHANGE_FORMS.get(word)
    by_hand = form and form[1] == "base" and form[0] in SET_BY_HAND and words.back(j) == "we"
    if by_hand and not SIZES & set(words.words[j : j + REACH]):
        return None  # "we increase the vocabulary size": what was done
    light = _light_before(words, j, floor) if word in CHANGE_NOUNS else None
    if light is None and form and words.is_verb(j, form[1]):
        return words.event(ClaimKind.EFFECT, CHANGE_VERBS[form[0]], j, j, form, floor=floor)
    if word not in CHANGE_NOUNS:
        return None
    if light is not None:
        return words.event(ClaimKind.EFFECT, CHANGE_NOUNS[word], light, j, LIGHT_FORMS[words.at(light)], floor=floor)
    for i in range(max(floor, j - 6), j):
        if words.at(i) == "there" and words.at(i + 1) in BE:
            return words.event(ClaimKind.EFFECT, CHANGE_NOUNS[word], i, j, ("be", "third"), floor=i)
    return _observed(words, j, floor)


def _light_before(words: Words, j: int, floor: int) -> int | None:
    """Index of the light verb that governs the noun of change at `j`."""
    for i in range(j - 1, max(floor, j - REACH) - 1, -1):
        word = words.at(i)
        form = LIGHT_FORMS.get(word)
        if form and word not in CHANGE_NOUNS and words.is_verb(i, form[1]):
            return i
        aims = word == "to" and words.at(i - 1) not in LIGHT_FORMS and words.at(i + 1) not in LIGHT_FORMS
        if aims or word in ("that", ":") or word in CHANGE_NOUNS or (word in BE and words.at(i - 1) != "there"):
            return None
    return None


def _observed(words: Words, j: int, floor: int) -> Event | None:
    for i in range(j + 1, min(j + 12, len(words.words))):
        if words.at(i) in OBSERVED and words.at(i - 1) in BE:
            first = j
            while first > floor and words.at(first - 1) not in (",", "that") and j - first < 6:
                first -= 1
            start, end = words.listed[first].start, words.listed[j].end
            negated = words.negated(first, i)
            return Event(ClaimKind.EFFECT, CHANGE_NOUNS[words.at(j)], start, end, "observe", negated, passive=True)
    return None


def second_change(words: Words, j: int, main: Event | None) -> Event | None:
    """ "… see large improvements on A and moderate improvements on B": the verb is shared."""
    word = words.at(j)
    if word not in CHANGE_NOUNS or main is None or main.kind is not ClaimKind.EFFECT:
        return None
    if words.at(j + 1) and words.at(j + 1) not in PREPOSITIONS and words.at(j + 1)[0].isalpha():
        return None  # the first part of a compound
    for i in range(j - 1, max(0, j - 5), -1):
        if words.at(i) in ("and", "but"):
            start, end = words.listed[i + 1].start, words.listed[j].end
            negated = words.negated(i, j)
            return Event(main.kind, CHANGE_NOUNS[word], start, end, main.lemma, negated, main.passive)
        if words.at(i) in PREPOSITIONS or words.at(i) == ",":
            return None
    return None


def helpful(words: Words, j: int, floor: int) -> Event | None:
    """ "is beneficial", "are respectively harmful augmentations": an effect told by an adjective."""
    if words.at(j) not in HELPFUL or words.at(j - 1) in ("more", "most", "less", "least"):
        return None
    for i in range(j - 1, max(floor, j - 4) - 1, -1):
        if words.at(i) in BE and words.at(i - 1) not in ("", "to", "it", "which"):
            return words.event(ClaimKind.EFFECT, HELPFUL[words.at(j)], i, j, ("help", "third"), floor=floor)
    return None


# ------------------------------------------------------------------------------------------------ comparison


def comparison(words: Words, j: int, floor: int) -> Event | None:
    """ "outperforms B", "is better than B", "is comparable to B", "performs on par with B"."""
    word = words.at(j)
    form = COMPARE_FORMS.get(word)
    if form and words.is_verb(j, form[1]):
        return _surpassing(words, j, floor, form)
    if word == "par" and words.at(j - 1) == "on" and words.at(j + 1) == "with":
        return _compared(words, j, floor, "equal")
    if word not in COMPARATIVES:
        return None
    following = words.words[j + 1 : j + 13]
    if word in WITH_TO:
        return _with_to(words, j, floor, following)
    if "than" in following:
        at = j + 1 + following.index("than")
        number = words.at(at + 1)[:1].isdigit() or words.at(at + 1) in ("one", "two", "half")
        if number or {",", ";"} & set(words.words[j + 1 : at]):
            return None
        return _compared(words, j, floor, COMPARATIVES[word])
    if following[:1] == ["compared"] or following[1:2] == ["compared"]:
        return _compared(words, j, floor, COMPARATIVES[word])
    if word in ("better", "worse", "higher", "lower") and RESULTS & set(following[:2]):
        verb = words.verb_before(j, floor, (LIGHT_FORMS,), 4)
        if verb is not None and LIGHT_FORMS[words.at(verb)][0] in REACHING:
            return _compared(words, j, floor, COMPARATIVES[word])
    if word in ("better", "worse"):
        verb = words.verb_before(j, floor, (PERFORMING,), 4)
        if verb is not None and PERFORMING[words.at(verb)][0] not in ("be", "do"):
            return _compared(words, j, floor, COMPARATIVES[word])
    return None


def _surpassing(words: Words, j: int, floor: int, form: tuple[str, str]) -> Event | None:
    lemma, tag = form
    if lemma in ("match", "rival", "beat", "exceed") and words.at(j + 1) in ("", ".", ",", "with", "between"):
        return None
    passive = words.is_passive(words.group_start(j, floor), j, tag)
    direction = COMPARE_VERBS[lemma]
    if passive:
        direction = {"greater": "less", "less": "greater"}.get(direction, direction)
    return words.event(ClaimKind.COMPARISON, direction, j, j, form, floor=floor, direct=not passive)


def _with_to(words: Words, j: int, floor: int, following: list[str]) -> Event | None:
    word = words.at(j)
    result = bool(RESULTS & set(following[:3])) or words.at(j - 1) in LIGHT_FORMS
    marked = following[:1] in (["to"], ["with"])
    marked = marked or (result and ("to" in following or "with" in following or word == "competitive"))
    verb = words.verb_before(j, floor, (LIGHT_FORMS, PERFORMING), 4)
    if verb is None or not marked:
        return None
    if not result and word not in ("superior", "inferior", "comparable", "competitive"):
        return None
    return _compared(words, j, floor, COMPARATIVES[word])


def _compared(words: Words, j: int, floor: int, direction: str) -> Event | None:
    for i in range(j - 1, max(floor, j - REACH) - 1, -1):
        word = words.at(i)
        if word in AUXILIARIES or (word in FINITE and words.is_verb(i, form_of(word)[1])):
            return words.event(ClaimKind.COMPARISON, direction, i, j, form_of(word), floor=floor)
    return None


# ------------------------------------------------------------------------------------------------ rank, correlation


def rank(words: Words, j: int, floor: int) -> Event | None:
    """ "performs best", "achieves state-of-the-art results", "is the most effective"."""
    last, direction, is_art = _rank_word(words, j)
    if last < 0 or words.at(j - 1) == "at":
        return None
    if {"chosen", "selected", "picked"} & set(words.words[last + 1 :]):
        return None  # "the setting that gave the best score was chosen": how it was done
    if words.at(last + 1) in ("practices", "case") or words.words[last + 1 : last + 3] == ["of", "our"]:
        return None
    skipped = ("the", "a", "an", "our", "new")
    before = next((words.at(i) for i in range(j - 1, floor - 1, -1) if words.at(i) not in skipped), "")
    if before in REFERRED or (is_art and words.at(last + 1) in NOT_A_RANK):
        return None
    verb = words.verb_before(j, floor, (LIGHT_FORMS, PERFORMING), 6)
    if verb is None or set(words.words[verb + 1 : j]) & ({","} | PREPOSITIONS - {"in", "as", "to", "among"}):
        return None
    form = form_of(words.at(verb))
    if is_art and form[0] in ("be", "have", "see", "show", "find", "provide", "do", "report"):
        return None
    return words.event(ClaimKind.RANKING, direction, verb, last, form, floor=floor)


def _rank_word(words: Words, j: int) -> tuple[int, str, bool]:
    """(index of its last word or -1, direction, whether it is "state of the art")."""
    word = words.at(j)
    if word == "state" and words.words[j + 1 : j + 4] == ["of", "the", "art"]:
        return j + 3, "best", True
    if word in ("most", "least") and words.at(j + 1) in MOST_OF:
        return j + 1, "best" if word == "most" else "worst", False
    if word not in RANKS:
        return -1, "", False
    direction = RANKS[word]
    if word in ("highest", "greatest", "largest") and HIGH_IS_GOOD & set(words.words[j + 1 : j + 4]):
        direction = "best"
    return j, direction, word.startswith(("state", "sota"))


def correlation(words: Words, j: int, floor: int) -> Event | None:
    """ "correlates with", "is associated with", "depends on", "there is a correlation between"."""
    word = words.at(j)
    verb: int | None = None
    if word in CORRELATION_FORMS and words.is_verb(j, CORRELATION_FORMS[word][1]):
        depends = CORRELATION_FORMS[word][0] == "depend"
        if depends and not {"on", "upon"} & set(words.words[j + 1 : j + 3]):
            return None
        verb = j
    elif word in CORRELATED and words.at(j + 1) in ("with", "to", "on", "of"):
        verb = words.verb_before(j, floor, (PERFORMING,), 4)
    elif word in CORRELATION_NOUNS:
        verb = words.verb_before(j, floor, (LIGHT_FORMS, PERFORMING), 7)
    if verb is None or words.back(words.group_start(verb, floor)) in ("that", "which"):
        return None  # "with a probability that is proportional to": how it is made, not what was found
    near = set(words.words[max(floor, j - 4) : j + 4])
    direction = "negative" if near & NEGATIVE else "positive" if near & POSITIVE else ""
    return words.event(ClaimKind.CORRELATION, direction, verb, j, form_of(words.at(verb)), floor=floor)


# ------------------------------------------------------------------------------------------------ numbers


def count(words: Words, j: int, floor: int, numbers: dict[int, Quantity]) -> Event | None:
    """ "contains 392,702 training examples", "there are 15 languages"."""
    word, after = words.at(j), words.at(j + 1)
    form = COUNT_FORMS.get(word)
    phrase = (word, after) in (("composed", "of"), ("consisting", "of"), ("there", "are"))
    phrase = phrase or words.words[j : j + 3] == ["a", "total", "of"]
    spans = word in SPANNING and words.back(j) in COLLECTIONS
    phrase = phrase or spans
    if form and word in HELD and after == "no" and _nothing(words, j, floor):
        return words.event(ClaimKind.COUNT, "count", j, j, form, floor=floor)
    if not phrase and not (form and words.is_verb(j, form[1]) and words.back(j) not in ("that", "who")):
        return None
    for i in range(j + 1, min(j + 1 + (3 if word in HELD else 12 if spans else 6), len(words.words))):
        if words.at(i) in (",", "(", "that", "which"):
            return None
        quantity = numbers.get(words.listed[i].start)
        if quantity is None:
            continue
        if quantity.unit or quantity.value is None or quantity.value < 2 or quantity.value % 1:
            return None
        if quantity.value < 100 and not COUNTABLES & set(words.words[i + 1 : i + 5]):
            return None
        return words.event(ClaimKind.COUNT, "count", j, i - 1, form or ("be", "third"), floor=floor)
    return None


def _nothing(words: Words, j: int, floor: int) -> bool:
    """Whether "have no" at `j` counts: "no training data", not "no effect"; in a relative clause only after "X are"."""
    if words.back(j) in ("that", "which", "who") and not BE & set(words.words[floor:j]):
        return False
    return bool((COUNTABLES | {"data"}) & set(words.words[j + 2 : j + 5]))


def level(words: Words, j: int, floor: int, numbers: dict[int, Quantity], metrics: frozenset[int]) -> Event | None:
    """ "achieves 90.1% accuracy": a value near the name of a metric, without any change or comparison."""
    form = LIGHT_FORMS.get(words.at(j))
    if form is None or form[0] not in ACHIEVERS or not words.is_verb(j, form[1]):
        return None
    for i in range(j + 1, min(j + 13, len(words.words))):
        if words.at(i) in CHANGE_NOUNS or words.at(i) in ("that", "which", ";", "than"):
            return None
        quantity = numbers.get(words.listed[i].start)
        if quantity is None or quantity.unit == "times" or quantity.worded:
            continue
        near = words.listed[max(j, i - 5) : i + 6]
        if any(t.start in metrics for t in near) and (quantity.unit or (quantity.value or 0) % 1):
            return words.event(ClaimKind.EFFECT, "", j, j, form, floor=floor, level=True)
    return None
