"""Assertions of a sentence beside its numbers: comparisons of two sides, superlatives, significance, trends. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from synth.evidence.passages.parts.terms import TextTerm
from synth.quantities.reading import way_of


@dataclass(frozen=True)
class Comparative:
    """Two sides compared. `way`: 1 if the subject has more (or is better), -1 if less; `quality`: better, not more.

    `equal`: the two are said to be the same; `shared` are the terms of neither side alone.
    """

    subject: frozenset[str]
    object: frozenset[str]
    shared: frozenset[str]
    way: int
    quality: bool
    equal: bool = False
    denied: bool = False


@dataclass(frozen=True)
class Superlative:
    """The first or last of several: `way` 1 for the highest, -1 the lowest, `quality` for best and worst."""

    subject: frozenset[str]
    way: int
    quality: bool
    rank: int = 1


class Effect(StrEnum):
    """Statement of a sentence about the significance of an effect."""

    SIGNIFICANT = "significant"
    NOT_SIGNIFICANT = "not significant"
    NOT_SAID = ""


_VERB = re.compile(
    r"\b(?P<verb>outperform(?:s|ed|ing)?|beat(?:s|en|ing)?|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?"
    r"|trail(?:s|ed)?(?: behind)?"
    r"|lag(?:s|ged)? behind|underperform(?:s|ed)?|overtak(?:es|en)|outscor(?:es|ed)|dominat(?:es|ed)|outnumber(?:s|ed)?"
    r"|improv(?:es|ed|ing) (?:up)?on|improv(?:es|ed) over|(?:does|do|did|performs?|performed) (?:better|worse) than"
    r"|falls short of|comes? behind"
    r"|(?:improvement|gain|increase)s? over"
    r"|(?:points?|percent|%) (?:above|below|ahead of|behind)"
    r"|(?:is|are|was|were|stay(?:s|ed)|remain(?:s|ed)|score[sd]?|end(?:s|ed) up|lies|lie|came) "
    r"(?:well |far |just |still )?(?:below|above|ahead of|behind))\b",
    re.I,
)
_WORSE_VERB = re.compile(r"trail|lag|underperform|worse|short|behind|below", re.I)
_RAW_VERB = re.compile(r"exceed|outnumber|surpass|below|above", re.I)
_PLACE = re.compile(r"\s(?:in|on|at|across|among|over|during)\s")
_PREPOSITION = re.compile(r"\s*(?:in|on|for|with|at|among|without|when|under|by|after|before|from|than)\b", re.I)
_THAN = re.compile(
    r"\b(?P<word>better|worse|higher|lower|more|less|fewer|larger|smaller|greater|faster|slower|shorter|longer|stronger|weaker"
    r"|quicker|cheaper|older|younger|inferior|superior|closer|easier|harder|richer|denser|bigger|(?:[a-z]{3,9}er))\b"
    r"(?P<between>(?:(?!\bthan\b)[^;.]){0,90}?)\s(?:than|compared (?:to|with)|relative to|as opposed to)\b",
    re.I,
)
_SUPERIOR_TO = re.compile(r"\b(?P<word>superior|inferior|preferable)\s(?P<between>)to\b", re.I)
_FROM_TO = re.compile(
    r"\bfrom\s(?P<object>[^,;.]{2,60}?)\sto\s(?P<subject>[^,;.]{2,60}?)\s(?:gives?|gave|yields?|leads? to|brings?"
    r"|results? in"
    r"|improves?|improved|increases?|raises?|reduces?|lowers?|decreases?|hurts?|degrades?)\b(?P<rest>[^,;.]*)",
    re.I,
)
_EQUAL = re.compile(
    r"\b(?:as (?:good|well|high|low|large|accurate|many|much|fast) as|on par with|equals?|matches"
    r"|the same \w+ as|comparable to)\b",
    re.I,
)
_QUALITY = re.compile(
    r"better|worse|superior|inferior|preferable|outperform|beat|trail|lag|underperform|outscor|dominat|improv|short|behind|overtak",
    re.I,
)
_FEWER = frozenset(
    (
        "worse lower less fewer smaller slower shorter weaker inferior younger rarer scarcer cheaper lighter thinner "
        "narrower"
    ).split()
)
_CLAUSE = re.compile(
    r"[;:]|\.\s|,\s(?=(?:and|but|while|whereas|although|which|with|thus)\b)|\b(?:but|while|whereas|although)\b"
)
_NOT = re.compile(r"\b(?:not|never|no|n['’]t|fails? to|cannot)\b[^,;.]{0,24}$", re.I)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been|being)\s+(?:\w+ly\s+)?$")
_MARGIN = re.compile(
    r"\s(?:by|with)\s(?=[^,;.]*(?:\d|points?\b|percent|half|than one|margin|lot|less|more|about|nearly))", re.I
)

_SUPERLATIVE = re.compile(
    r"\b(?P<rank>second|third|2nd|3rd)?[-\s]?(?P<word>best|worst|highest|lowest|largest|smallest|greatest|fewest|fastest|slowest"
    r"|strongest|weakest|shortest|longest|most|least|biggest|top(?:-ranked|s)?|leading|maximum|minimum|peaks?)\b",
    re.I,
)
_MOST = re.compile(r"\bthe (?:most|least)|(?:most|least)\s\w+(?:ive|ful|ent|ant|al|ate|ous|able|ly)\b", re.I)
_LAST = frozenset("worst lowest smallest fewest slowest weakest shortest least minimum".split())
_GOOD = frozenset("best worst top tops leading strongest weakest".split())

_SIGNIFICANT = re.compile(r"\b(?:statistically |highly )?significan(?:t|tly|ce)\b", re.I)
_INSIGNIFICANT = re.compile(
    r"\btoo (?:small|few|weak|little)\b[^.;]{0,40}\bsignifican"
    r"|\b(?:not|no|n['’]t|without|non|neither|insignificant\w*|fail\w* to)\b[^.;]{0,50}\bsignifican"
    r"|\binsignifican|\bnon-?significan"
    r"|significan\w*[^.;]{0,20}\b(?:not|no)\b|\bnot reach(?:ed)? (?:statistical )?significance",
    re.I,
)
_NO_EFFECT = re.compile(
    r"\b(?:no|not any|without|little|did not have an?|had no) (?:\w+ ){0,2}(?:effects?|impact|influence|change"
    r"|difference"
    r"|association"
    r"|relationship|correlation|interaction|benefit)\b"
    r"|\b(?:did|does|do|was|were|is|are) not (?:\w+ ){0,1}(?:differ\w*|interact\w*|affect\w*"
    r"|associated"
    r"|correlated?|change|influence\w*)\b|\bunaffected\b|\bunrelated\b|\bindependent of\b",
    re.I,
)


def comparative(text: str, terms: Sequence[TextTerm]) -> Comparative | None:
    """Return the comparison that `text` makes between two sides, or None."""
    verb = _VERB.search(text)
    than = _THAN.search(text) or _SUPERIOR_TO.search(text)
    if than and than["word"].casefold() in (
        "other",
        "rather",
        "later",
        "under",
        "over",
        "number",
        "after",
        "whether",
        "either",
    ):
        than = None
    if than and re.match(
        r"\s(?:an?\s|the\s)?(?:\d|half|one\b|two\b|three\b|four\b|five\b|ten\b|twice)", text[than.end() :]
    ):
        than = None  # a bound: "more than 3 points"
    if verb and (than is None or verb.start() <= than.start()):
        return _of_verb(text, terms, verb)
    if than:
        return _of_than(text, terms, than)
    if match := _FROM_TO.search(text):
        way = next((w for word in re.findall(r"[a-z]+", match.group()) if (w := way_of(word))), 0)
        if way:
            sides = (_keys(terms, *match.span("subject")), _keys(terms, *match.span("object")))
            return _sides(terms, *sides, 1 if way > 0 else -1, abs(way) == 2)
    if match := _EQUAL.search(text):
        before, after = _clause(text, match.start(), match.end())
        return _sides(
            terms, _keys(terms, before, match.start()), _keys(terms, match.end(), after), 0, False, equal=True
        )
    return None


def _of_verb(text: str, terms: Sequence[TextTerm], verb: re.Match[str]) -> Comparative:
    before, after = _clause(text, verb.start(), verb.end())
    word = verb["verb"]
    margin = _MARGIN.search(text, verb.end(), after)
    subject, object_ = _keys(terms, before, verb.start()), _keys(terms, verb.end(), margin.start() if margin else after)
    if _PASSIVE.search(text[before : verb.start()]) and re.search(r"^\sby\b", text[verb.end() :]):
        subject, object_ = object_, subject
    way = -1 if _WORSE_VERB.search(word) else 1
    denied = bool(_NOT.search(text[before : verb.start()]))
    return _sides(terms, subject, object_, way, not _RAW_VERB.search(word), denied=denied)


def _of_than(text: str, terms: Sequence[TextTerm], than: re.Match[str]) -> Comparative:
    before, after = _clause(text, than.start(), than.end())
    word = than["word"].casefold()
    lead = _keys(terms, before, than.start())
    between = _keys(terms, *than.span("between")) if than["between"] else frozenset()
    way = -1 if word in _FEWER else 1
    quality = bool(_QUALITY.search(word))
    denied = bool(_NOT.search(text[before : than.start()]))
    # "lower in men than in women" and "more people have A than B" name their subject behind the comparative; "a lower
    # error than" says of what both have more or less.
    subject = lead | between if not lead or _PREPOSITION.match(than["between"] or "") else lead
    object_ = _keys(terms, than.end(), after)
    if place := _PLACE.search(text, than.end(), after):  # "than questions in the dataset": where, not what
        bare = _keys(terms, than.end(), place.start())
        object_ = bare if bare - subject else object_
    return _sides(terms, subject, object_, way, quality, denied=denied)


def _sides(
    terms: Sequence[TextTerm],
    subject: frozenset[str],
    object_: frozenset[str],
    way: int,
    quality: bool,
    *,
    equal: bool = False,
    denied: bool = False,
) -> Comparative:
    everything = frozenset(t.key for t in terms)
    first, second = subject - object_, object_ - subject
    # "than without", "than those": the side is what the other is not.
    return Comparative(first, second, everything - first - second, way, quality, equal, denied)


def _keys(terms: Sequence[TextTerm], start: int, end: int) -> frozenset[str]:
    return frozenset(t.key for t in terms if start <= t.start < end)


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the clause around text[start:end] begins and ends."""
    begin = max((m.end() for m in _CLAUSE.finditer(text, 0, start)), default=0)
    stop = _CLAUSE.search(text, end)
    return begin, stop.start() if stop else len(text)


def superlatives(text: str, terms: Sequence[TextTerm]) -> tuple[Superlative, ...]:
    """Return what `text` says to be first or last of several, with the terms of the part that says it."""
    matches = [
        m
        for m in _SUPERLATIVE.finditer(text)
        if not re.search(r"\bat\s$", text[max(0, m.start() - 4) : m.start()])
        and (m["word"].casefold() not in ("most", "least") or _MOST.search(text[max(0, m.start() - 5) : m.end() + 20]))
        and not re.match(
            r"\s(?:of|recent|common|likely|importantly|notably|existing)\b|-of", text[m.end() : m.end() + 14]
        )
    ]
    parts = [0] + [_between(text, a.end(), b.start()) for a, b in itertools.pairwise(matches)] + [len(text)]
    stated = []
    for at, match in enumerate(matches):
        word = match["word"].casefold()
        rank = {"second": 2, "2nd": 2, "third": 3, "3rd": 3}.get((match["rank"] or "").casefold(), 1)
        stated.append(
            Superlative(
                _keys(terms, parts[at], parts[at + 1]), -1 if word in _LAST else 1, word.split("-")[0] in _GOOD, rank
            )
        )
    return tuple(stated)


def _between(text: str, start: int, end: int) -> int:
    joint = re.search(r",|;|\band\b|\bwhile\b", text[start:end])
    return start + joint.start() if joint else end


def effect(text: str) -> Effect:
    """Return what `text` says about the significance of an effect."""
    if _INSIGNIFICANT.search(text) or _NO_EFFECT.search(text):
        return Effect.NOT_SIGNIFICANT
    return Effect.SIGNIFICANT if _SIGNIFICANT.search(text) else Effect.NOT_SAID
