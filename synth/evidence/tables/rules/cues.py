"""Cues of order: comparatives and superlatives, each with its sense for figures. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Sense(StrEnum):
    """Sense of a comparative or superlative for figures: better or worse by the metric, or higher or lower."""

    BETTER = "better"
    WORSE = "worse"
    HIGHER = "higher"
    LOWER = "lower"
    EQUAL = "equal"


@dataclass(frozen=True)
class Cue:
    """A comparative or superlative at its place; `rank` 2 for "second best"; `than`: start of the other side."""

    sense: Sense
    start: int
    end: int
    rank: int = 1
    than: int = -1
    passive: bool = False


COMPARATIVES: tuple[tuple[Sense, str], ...] = (
    (
        Sense.BETTER,
        r"out-?perform\w*|beat(?:s|ing|en)?|surpass\w*|outscore\w*|superior to|advantages? over|ahead of|"
        r"improv(?:es?|ed|ing|ements?)\b(?:\s(?:up)?on\b)?|gains?\b|better\b|stronger|more\s(?:performant|accurate|effective|robust|precise|reliable)|faster|"
        r"quicker|win(?:s|ning)? over",
    ),
    (
        Sense.WORSE,
        r"under-?perform\w*|inferior to|behind\b|worse\b|weaker|falls? short of|slower|"
        r"less\s(?:performant|accurate|effective|robust|precise|reliable)|trails?\b",
    ),
    (
        Sense.HIGHER,
        r"exceed\w*|outnumber\w*|higher|greater|larger|bigger|longer|more\b(?!\s(?:and|than\s\d))|increase[sd]?\b|raise[sd]?\b|"
        r"(?:is|are|stays?|remains?)\s(?:well\s)?above",
    ),
    (
        Sense.LOWER,
        r"lower\b|smaller|shorter|less\b(?!\sthan\s\d)|fewer|reduce[sd]?\b|decrease[sd]?\b|"
        r"(?:is|are|stays?|remains?)\s(?:well\s)?below",
    ),
    (Sense.EQUAL, r"same\b|equal(?:s|ly)?\b|identical|no difference"),
)
COMPARATIVE = re.compile(
    "|".join(rf"(?P<{sense.name}>\b(?:{pattern}))" for sense, pattern in COMPARATIVES), re.IGNORECASE
)
_VALUE = r"(?=\s(?:value|of|score|for|in|is)\b)"  # "the minimum requirement" is no extreme of a table
SUPERLATIVES: tuple[tuple[Sense, str], ...] = (
    (
        Sense.BETTER,
        r"best\b|most\s(?:performant|accurate|effective|robust|precise|reliable|competitive)|strongest|fastest|"
        r"state[- ]of[- ]the[- ]art (?:results?|performance|scores?)|"
        r"(?:new|sets? the|establish\w* the)\s(?:\w+\s)?state[- ]of[- ]the[- ]art",
    ),
    (Sense.WORSE, r"worst|weakest|slowest|least\s(?:performant|accurate|effective|robust|precise|reliable)"),
    (
        Sense.HIGHER,
        rf"highest|largest|greatest|biggest|longest|maximum{_VALUE}|most\b(?!\sof|\s(?:cases|languages|tasks|likely))",
    ),
    (Sense.LOWER, rf"lowest|smallest|shortest|least\b|fewest|minimum{_VALUE}"),
)
SUPERLATIVE = re.compile(
    r"(?:\b(?P<rank>second|third|2nd|3rd)[\s-])?(?:"
    + "|".join(rf"(?P<{sense.name}>\b(?:{pattern}))" for sense, pattern in SUPERLATIVES)
    + ")",
    re.IGNORECASE,
)
RANKS = {"second": 2, "2nd": 2, "third": 3, "3rd": 3}
_THAN = (
    r"than|over|compared\s(?:to|with)|in comparison (?:to|with)|relative to|versus|vs\.?|against|unlike|upon|on top of|"
    r"instead of|rather than"
)
THAN = re.compile(rf"\b(?:{_THAN})\b", re.IGNORECASE)
# Directly before a name it makes that the other side, whatever the verb was.
THAN_BEFORE = re.compile(rf"\b(?:{_THAN}|above|below|ahead of|behind|after|followed by)\s(?:the\s)?$", re.IGNORECASE)
NEEDS_BASE = re.compile(r"improv|gain|increase|raise|reduce|decrease", re.IGNORECASE)
OF_BASE = re.compile(r"[^.;]{0,60}?\bof\b", re.IGNORECASE)
DIRECT = re.compile(
    r"(?:out|under)-?perform|beat|surpass|outscore|exceed|outnumber|superior to|inferior to|behind|ahead of|over$|on$|"
    r"above|below|trail",
    re.IGNORECASE,
)
PASSIVE = re.compile(r"\s?by\b", re.IGNORECASE)
CHANGE_NOUN = (
    r"improvements?|gains?|increases?|boosts?|drops?|reductions?|decreases?|decline|margins?|differences?|gaps?|advantages?|"
    r"degradation|jump"
)
OF_CHANGE = re.compile(rf"\s(?:\w+\s)?(?:{CHANGE_NOUN}|impact|effect|influence)\b", re.IGNORECASE)
