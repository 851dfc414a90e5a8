"""Reading of the words around a number: comparator, kind, direction, counted nouns. Pure."""

from __future__ import annotations

import re

from synth.quantities.numerals import Numeral
from synth.quantities.quantity import TIMES, Comparator, Kind
from synth.quantities.units import DURATIONS, SIZES
from synth.quantities.words import BETTER, DOWN, UP, WORSE
from synth.text.content import STOP_WORDS, stem

COMPARATORS: dict[str, Comparator] = {
    **dict.fromkeys(
        (
            "more than",
            "greater than",
            "higher than",
            "larger than",
            "over",
            "above",
            "exceeds",
            "exceeding",
            "exceeded",
            "exceed",
            "in excess of",
            "upwards of",
            "surpasses",
            "surpassing",
            "beyond",
            "longer than",
            ">",
        ),
        Comparator.MORE,
    ),
    **dict.fromkeys(
        ("at least", "no less than", "no fewer than", "not less than", "a minimum of", "≥"), Comparator.AT_LEAST
    ),
    **dict.fromkeys(
        ("less than", "fewer than", "lower than", "smaller than", "under", "below", "within", "shorter than", "<"),
        Comparator.LESS,
    ),
    **dict.fromkeys(
        (
            "at most",
            "no more than",
            "not more than",
            "a maximum of",
            "no higher than",
            "never exceeds",
            "never exceed",
            "not exceed",
            "never exceeded",
            "never above",
            "never over",
            "≤",
        ),
        Comparator.AT_MOST,
    ),
    **dict.fromkeys(
        ("up to", "as much as", "as many as", "as high as", "a peak of", "as large as", "reaching up to"),
        Comparator.UP_TO,
    ),
    **dict.fromkeys(("down to", "as low as", "as little as", "as few as"), Comparator.DOWN_TO),
    **dict.fromkeys(
        (
            "approximately",
            "approx.",
            "approx",
            "roughly",
            "around",
            "about",
            "nearly",
            "almost",
            "close to",
            "circa",
            "some",
            "an estimated",
            "near",
            "virtually",
            "practically",
            "~",
            "≈",
            "∼",
            "≃",
        ),
        Comparator.ABOUT,
    ),
    **dict.fromkeys(
        ("on average", "an average of", "only", "just", "exactly", "a mere", "a total of", "barely"), Comparator.EXACT
    ),
}

APPROXIMATE = frozenset("~≈∼≃<>≤≥")

QUALIFIER = re.compile(
    rf"(?:(?<=\s)|(?<=\()|^)(?P<word>{'|'.join(re.escape(w) for w in sorted(COMPARATORS, key=len, reverse=True))})"
    r"\s?(?:an?\s|the\s|by\s|only\s|just\s|about\s)?$",
    re.IGNORECASE,
)

_AFTER = re.compile(
    r"\s?(?:(?P<more>\+|or\s(?:more|higher|greater|above|over)\b|and\s(?:above|over|higher)\b|plus\b)"
    r"|(?P<least>at\sleast\b)|(?P<less>or\s(?:less|fewer|lower|below|under)\b|at\smost\b)|(?P<about>or\sso\b))",
    re.IGNORECASE,
)

_DENIAL = re.compile(
    r"\b(?:not|never|neither|nor|cannot|fail(?:s|ed)? to)\b(?! only)|n['’]t\b"
    r"|\bno (?:\w+ ){0,2}(?:improvements?|gains?|increases?|drops?|reductions?|differences?|effects?)\b",
    re.I,
)

_CHANGE_NOUN = (
    r"(?:improvements?|gains?|increases?|boosts?|drops?|decreases?|reductions?|differences?|margins?|declines?|gaps?"
    r"|degradations?|loss(?:es)?|advantages?|jumps?|rises?|falls?|deficits?|penalt(?:y|ies))"
)

CHANGE_BEFORE = re.compile(
    r"(?:\b(?:improv(?:e[sd]?|ing)|gain(?:s|ed|ing)?|(?:de|in)creas(?:e[sd]?|ing)|drop(?:s|ped|ping)?|los(?:es?|t|ing)"
    r"|add(?:s|ed|ing)?|boost(?:s|ed|ing)?|reduc(?:e[sd]?|ing)|costs?)"
    r"|\bby(?: (?:an?|the))?(?: (?:average|mean|total|further|additional|relative|absolute|margin|factor))*(?: of)?"
    rf"|\b{_CHANGE_NOUN}(?: in [^,.;]{{1,30}}?)?"
    r"(?: of| is| are| was| were| reach| exceed| never exceed| from)|\+)"
    r"(?: (?:up to|over|about|around|nearly|almost|at least|at most|more than|less than|no more than|roughly"
    r"|some|only|just"
    r"|approximately|between|under|well over|~))?(?: an?)?\s?$",
    re.I,
)

CHANGE_AFTER = re.compile(
    rf"^\s?(?:absolute |relative |average |overall )?(?:[A-Za-z0-9-]+ ){{0,2}}?(?:{_CHANGE_NOUN}\b"
    r"|(?:better|worse|higher|lower|more|less|fewer|above|below|behind|short of|over(?! (?:the |all )*\d)|faster|slower"
    r"|earlier|later"
    r"|smaller|larger|longer|shorter)\b)",
    re.I,
)

LASTING = re.compile(
    r"\b(?:for|after|within|at|over|in|during|before|until)\s(?:about\s|the\s(?:first\s|last\s)?)?$", re.I
)

WITHIN = re.compile(r"\bwithin\s(?:about\s|only\s)?$", re.I)

_CHANGE_WORDS = re.compile(rf"\b(?:{_CHANGE_NOUN}|trails?|lags?|behind|short of|worse|better)\b", re.I)

_LEVEL_BEFORE = re.compile(
    r"\b(?:scores?|reach(?:es|ed|ing)?|obtains?|obtained|achiev(?:es?|ed|ing)|attains?|at|to|is|are|was|were|of)\s$",
    re.I,
)

DENIED_BEHIND = re.compile(
    r"\s(?:of\s[^,.;]{1,40}\s)?(?:did|do|does|were|was|are|is|had|have)\s(?:not|n['’]t|no|never)\b|\s(?:fail|lack)",
    re.I,
)

WORD = re.compile(r"[^\W_]+(?:['’][a-z]+)?")

_JOINED = re.compile(r"\b(cross|multi|mono|bi|pre|post|fine|zero|few|non|sub|re|semi|un|inter)-(?=[a-z])", re.I)

_RUN = re.compile(r"(?:[\s-]?[^\W\d_]+(?:-[^\W\d_]+)*){1,5}")


def is_margin(text: str, start: int, end: int, before: str) -> bool:
    """Return True if points are said of a change in the same clause rather than of a level."""
    near = (
        re.split(r"[;:]|\.\s", text[max(0, start - 80) : start])[-1] + re.split(r"[;:]|\.\s", text[end : end + 40])[0]
    )
    if _CHANGE_WORDS.search(near):
        return not _LEVEL_BEFORE.search(before) or bool(re.search(r"\b(?:is|are|was|were)\s$", before))
    words = WORD.findall(re.split(r"[;:]|\.\s", text[max(0, start - 80) : start])[-1])[-10:]
    return not _LEVEL_BEFORE.search(before) and any(way_of(word) for word in words)


def kind_of(unit: str, change: bool, relative: bool, coefficient: bool, counts: bool, parameters: bool) -> Kind:
    if coefficient:
        return Kind.COEFFICIENT
    if unit == TIMES:
        return Kind.FACTOR
    if change:
        return Kind.RELATIVE_CHANGE if relative else Kind.CHANGE
    if unit in DURATIONS:
        return Kind.DURATION
    if unit in SIZES or parameters:
        return Kind.SIZE if unit in SIZES else Kind.COUNT
    if counts and not unit:
        return Kind.COUNT
    return Kind.LEVEL


def comparator_of(before: str, after: str, numeral: Numeral) -> tuple[Comparator, int | None, bool]:
    """Return the comparator, where the text before it ends, and whether the number is denied."""
    if numeral.sign in ("~", "≈", "∼", "≃", "<", ">", "≤", "≥") and numeral.sign:
        return COMPARATORS[numeral.sign], None, False
    match = QUALIFIER.search(before[-48:])
    comparator, reach = Comparator.ABOUT if numeral.approximate else Comparator.EXACT, None
    denied = bool(_DENIAL.search(re.split(r"[;:,]", before)[-1]))
    if match:
        comparator = COMPARATORS[match["word"].lower()]
        reach = match.start() - len(before[-48:]) or None
        if comparator in (Comparator.AT_MOST, Comparator.AT_LEAST):
            denied = False
        elif denied and (comparator.is_lower or comparator.is_upper):
            return comparator.denied, reach, False
    if comparator in (Comparator.EXACT, Comparator.ABOUT) and (suffix := _AFTER.match(after)):
        if suffix["more"] or suffix["least"]:
            return Comparator.AT_LEAST, reach, denied
        if suffix["less"]:
            return Comparator.AT_MOST, reach, denied
        if suffix["about"]:
            return Comparator.ABOUT, reach, denied
    return comparator, reach, denied


def direction_of(text: str, start: int, end: int, signed: float | None) -> int:
    """Return the direction that the nearest word says: 1 up, -1 down, 2 better, -2 worse, 0 not said."""
    if signed is not None:
        return 1 if signed >= 0 else -1
    if CHANGE_AFTER.match(text[end : end + 60]):
        for word in WORD.findall(text[end : end + 40])[:4]:
            if (way := way_of(word)) != 0:
                return way
    window = text[max(0, start - 90) : start]
    for word in reversed(WORD.findall(re.split(r"[.;]\s", window)[-1])):
        if (way := way_of(word)) != 0:
            return way
    for word in WORD.findall(text[end : end + 60]):
        if (way := way_of(word)) != 0:
            return way
    return 0


def way_of(word: str) -> int:
    """Return the direction of one word: 1 up, -1 down, 2 better, -2 worse, 0 none."""
    folded = word.casefold()
    if folded in ("above", "below", "behind"):
        return 1 if folded == "above" else -1
    folded = stem(word)
    if folded in BETTER:
        return 2
    if folded in WORSE:
        return -2
    return (folded in UP) - (folded in DOWN)


def counted(after: str) -> tuple[tuple[str, ...], str]:
    """Return the stems of the words behind a number that say what is counted, and the last of them."""
    run = _RUN.match(after)
    nouns: list[str] = []
    for word in WORD.findall(_JOINED.sub(r"\1", run.group())) if run else []:
        if word.casefold() in STOP_WORDS or word == "out" or len(nouns) == 4:
            if word.casefold() == "of" and not nouns:
                continue
            break
        nouns.append(stem(word))
        if word.endswith("s") and not word.endswith("ss"):
            break
    return tuple(nouns), nouns[-1] if nouns else ""
