"""Statement of a claim that a table can show: figures with their role, an order of two sides, an extreme. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from synth.claims.analysed import analysed
from synth.evidence.tables.rules.cues import (
    CHANGE_NOUN,
    COMPARATIVE,
    DIRECT,
    NEEDS_BASE,
    OF_BASE,
    OF_CHANGE,
    PASSIVE,
    RANKS,
    SUPERLATIVE,
    THAN,
    Cue,
    Sense,
)
from synth.quantities import TIMES, Kind, Quantity, read
from synth.quantities.numerals import SMALL
from synth.text.lexicon import Lexicon, Mention


class FigureRole(StrEnum):
    LEVEL = "level"
    CHANGE = "change"
    FACTOR = "factor"
    COUNT = "count"


class Quantifier(StrEnum):
    NONE = ""
    ALL = "all"
    MOST = "most"
    ALL_BUT = "all but"
    COUNT = "count"
    AVERAGE = "average"
    SOME = "some"


@dataclass(frozen=True)
class ClaimFigure:
    quantity: Quantity
    role: FigureRole

    @property
    def start(self) -> int:
        return self.quantity.start

    @property
    def end(self) -> int:
        return self.quantity.end


MAX_CLAIM = 1200  # characters that are read
MAX_FIGURES = 12
NUMBER_WORDS = {word: n for n, word in enumerate(SMALL)}
_COUNT = rf"\d{{1,3}}|{'|'.join(SMALL[1:])}"
NEGATED = re.compile(
    r"\b(?:not|n't|no|never|cannot|fails? to|without|neither|nor|hardly|barely|unable)\b[^,.;]{0,24}$|"
    r"n['’]t\s(?:\w+\s){0,2}$",
    re.IGNORECASE,
)
POINTED = re.compile(r"\bTables?\s(\w+(?:\([a-z]\))?)(?:\s?(?:and|,|–|-)\s?(\w+(?:\([a-z]\))?))?", re.IGNORECASE)
FIGURE = re.compile(r"\b(?:Figures?|Figs?\.)\s?\d", re.IGNORECASE)
QUANTIFIERS: tuple[tuple[Quantifier, re.Pattern[str]], ...] = (
    (
        Quantifier.ALL_BUT,
        re.compile(
            rf"\b(?:all|every\w*|any|each)\s(?:\w+\s)?(?:but|except)\s(?:for\s)?(?P<n>{_COUNT}|[A-Z]\w+)?", re.I
        ),
    ),
    (
        Quantifier.COUNT,
        re.compile(rf"\b(?P<n>{_COUNT})\s(?:out\s)?of\s(?:the\s|its\s|our\s|all\s)?(?P<m>{_COUNT})\b(?!\.\d)", re.I),
    ),
    (
        Quantifier.MOST,
        re.compile(r"\b(?:(?:on|in|for|across|under|of) most\b|most of|(?:nearly|almost) all|majority)", re.I),
    ),
    (Quantifier.AVERAGE, re.compile(r"\b(?:on average|average|averaged|overall|mean)\b", re.IGNORECASE)),
    (
        Quantifier.ALL,
        re.compile(r"\b(?:all|every|each|consistently|always|throughout|both|any|everywhere|across the board)\b", re.I),
    ),
    (
        Quantifier.SOME,
        re.compile(r"\b(?:some|several|sometimes|certain|at least one|a few|(?<!we )can)\b", re.IGNORECASE),
    ),
)
CHANGE_BEFORE = re.compile(
    rf"\b(?:by|(?:{CHANGE_NOUN})\s(?:of|is|was|amounts to)|including|adds|costs?|loses|"
    r"gains?|improv\w+|outperform\w*[^.;,]*\sby)\s"
    r"(?:(?:up to|as much as|about|around|"
    r"nearly|almost|roughly|over|more than|at least|only|just|an?|average|of|another|"
    r"some|additional|approximately)\s){0,3}$",
    re.IGNORECASE,
)
CHANGE_AFTER = re.compile(
    rf"^\s?(?:absolute\s|relative\s|percentage\s|F1\s|BLEU\s|accuracy\s|average\s|points?\s|\w+\s)?(?:{CHANGE_NOUN}|higher|lower|better|worse|more|"
    r"less|fewer|larger|smaller|above|below|behind|ahead|over|increase)\b",
    re.IGNORECASE,
)
LISTED = re.compile(
    r"(?:\s(?:points?|F1|BLEU|accuracy))?\s?(?:,|and|or|/|,\sand)\s|\s(?:in|on|for)\s[^,.;]{2,40}(?:,\s|\sand\s|,\sand\s)(?:by\s)?"
)
# "Above the 56.4% baseline": what others are measured against, no figure of the subject.
YARDSTICK = re.compile(r"\s?(?:baselines?|thresholds?|cut-?offs?|chance|mark)\b", re.IGNORECASE)
COUNTED = re.compile(r"^\s(?:different\s|distinct\s|other\s|[a-z-]+\s)?[a-z-]+s\b")
CONCEDES = re.compile(r"(?:While|Although|Though|Whereas)\b")
OTHERS = re.compile(
    r"\b(?:(?:any|all|every|the)\s(?:of the\s)?others?|others?\b|the rest|"
    r"all (?:the )?(?:baselines?|competitors|methods|models|systems)|"
    r"(?:any|every|each)\s(?:single\s)?(?:of the\s)?(?:baseline|model|method|system|one|variant|"
    r"configuration|individual)s?|"
    r"(?:every|each|any) single|everything else)\b",
    re.IGNORECASE,
)
AMONG = re.compile(
    r"\b(?:among|amongst|of the (?:\w+\s)?(?:two|three|four|five|six|seven|eight|nine|ten|\d+)|between|"
    r"of (?:all )?(?:our|these|those))\b",
    re.I,
)


# What a sentence says beside its statement: "Similar to Shaw et al. (2019), …", "for the first time".
ASIDE = re.compile(
    r"(?:^|(?<=,\s))(?:(?:Similar(?:ly)? to|In (?:line|accordance|agreement) with|Consistent with|"
    r"Contrary to|Following|As in)\s"
    r"[^;:]{3,90}?,\s)|\bfor the first time,?|\b(?:to|In) (?:the best of )?our (?:knowledge|experience),?",
    re.IGNORECASE,
)


THAN_FIGURE = re.compile(rf"\s(?:than|or equal to)\s(?:\w+\s)?[$€£~]?(?:\d|(?:{'|'.join(SMALL)})\b)", re.IGNORECASE)
# A sentence that says neither yes nor no.
OPEN = re.compile(
    r"\b(?:rule[sd]? out|whether|unclear|remains? open|may|might|could|hypothesi[sz]\w+|conjectur\w+|"
    r"(?<!as )expect(?:s|ed)?|believe|"
    r"assum\w+|potential(?:ly)?|future work)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Statement:
    """A claim as tables are compared with it. `names`: mentions of the lexicon in it."""

    text: str
    names: tuple[Mention, ...] = ()

    @cached_property
    def figures(self) -> tuple[ClaimFigure, ...]:
        quantities = [
            q for q in read(self.text, limit=MAX_FIGURES) if q.kind is not Kind.P_VALUE and not self._points(q)
        ]
        figures: list[ClaimFigure] = []
        for q in quantities:
            role = self._role(q)
            after_change = figures and figures[-1].role is FigureRole.CHANGE and figures[-1].quantity.unit == q.unit
            if role is FigureRole.LEVEL and after_change and LISTED.fullmatch(self.text[figures[-1].end : q.start]):
                role = FigureRole.CHANGE
            after_level = figures and figures[-1].role is FigureRole.LEVEL and figures[-1].quantity.unit == q.unit
            if role is FigureRole.CHANGE and after_level and self.text[figures[-1].end : q.start].strip(" ,") == "and":
                figures[-1] = ClaimFigure(figures[-1].quantity, role)  # "7% and 4.8% improvement"
            figures.append(ClaimFigure(q, role))
        return tuple(figures)

    def _points(self, q: Quantity) -> bool:
        """Return True for a number of a table, figure or check that the claim refers to, or one that counts settings
        ("3 of the 5").
        """
        if YARDSTICK.match(self.text, q.end):
            return True
        return any(m.start() <= q.start < m.end() for m in (*POINTED.finditer(self.text),)) or any(
            m.start() <= q.start < m.end()
            for kind, pattern in QUANTIFIERS
            if kind in (Quantifier.COUNT, Quantifier.ALL_BUT)
            for m in pattern.finditer(self.text)
        )

    def _role(self, q: Quantity) -> FigureRole:
        before, after = self.text[max(0, q.start - 90) : q.start], self.text[q.end : q.end + 60]
        if q.qualifier and before.rstrip().lower().endswith(q.qualifier):
            before = before.rstrip()[: -len(q.qualifier)]
        if q.unit == TIMES:
            return FigureRole.FACTOR
        if q.signed or CHANGE_BEFORE.search(before) or CHANGE_AFTER.search(after):
            return FigureRole.CHANGE
        if q.printed is not None and not q.unit and q.step >= 1 and COUNTED.match(after):
            return FigureRole.COUNT if q.worded or q.printed < 100 else FigureRole.LEVEL
        if q.worded and not q.unit:
            return FigureRole.COUNT
        return FigureRole.LEVEL

    @cached_property
    def is_open(self) -> bool:
        """Return True if the sentence supposes, expects or asks."""
        return bool(OPEN.search(self.text))

    @cached_property
    def asides(self) -> tuple[tuple[int, int], ...]:
        """Return the spans of the sentence that bind the statement to nothing."""
        return tuple(match.span() for match in ASIDE.finditer(self.text))

    @cached_property
    def tables(self) -> frozenset[str]:
        """Return the labels of the tables that the claim points to."""
        return frozenset(label for m in POINTED.finditer(self.text) for label in m.groups() if label)

    @cached_property
    def points_to_figure(self) -> bool:
        return bool(FIGURE.search(self.text))

    @cached_property
    def quantifier(self) -> tuple[Quantifier, int, int]:
        """Return (kind, n, m): how many of the settings the claim is about. n = -1: not stated."""
        for kind, pattern in QUANTIFIERS:
            if match := pattern.search(self.text):
                groups = match.groupdict()
                return kind, number_of(groups.get("n")), number_of(groups.get("m"))
        return Quantifier.NONE, -1, -1

    @cached_property
    def comparatives(self) -> tuple[Cue, ...]:
        cues = []
        for match in COMPARATIVE.finditer(self.text):
            sense = Sense[match.lastgroup or "BETTER"]
            if THAN_FIGURE.match(self.text, match.end()):
                continue  # "larger than 30" is a bound
            than = THAN.search(self.text, match.start(), min(len(self.text), match.end() + 120))
            clause = self.clause_end(match.end())
            direct = bool(DIRECT.search(match.group()))
            where = match.end() if direct else than.end() if than and than.start() < clause else -1
            fronted = THAN.search(self.text, self.clause_start(match.start()), match.start())
            if (
                NEEDS_BASE.match(match.group())
                and where < 0
                and not fronted
                and not OF_BASE.match(self.text, match.end())
            ):
                continue
            passive = (
                direct and bool(PASSIVE.match(self.text, match.end())) and match.group().lower().endswith(("ed", "en"))
            )
            cues.append(Cue(sense, match.start(), match.end(), 1, where, passive))
        return tuple(cues)

    @cached_property
    def superlatives(self) -> tuple[Cue, ...]:
        """Return the superlatives of figures; "the largest gain" is no figure of a table that prints none."""
        return tuple(cue for cue in self._extremes if not OF_CHANGE.match(self.text, cue.end))

    @cached_property
    def superlatives_of_change(self) -> tuple[Cue, ...]:
        return tuple(cue for cue in self._extremes if OF_CHANGE.match(self.text, cue.end))

    @cached_property
    def _extremes(self) -> tuple[Cue, ...]:
        cues = []
        for match in SUPERLATIVE.finditer(self.text):
            sense = next(Sense[name] for name in ("BETTER", "WORSE", "HIGHER", "LOWER") if match[name])
            cues.append(Cue(sense, match.start(), match.end(), RANKS.get((match["rank"] or "").lower(), 1)))
        return tuple(cues)

    def clause_end(self, start: int) -> int:
        """Return the end of the clause that `start` stands in."""
        if CONCEDES.match(self.text, self.clause_start(start)) and (comma := self.text.find(", ", start)) > 0:
            return comma
        match = re.search(
            r"[;.]\s|\b(?:while|whereas|although|though)\b|,\s(?:but|while|whereas|and\s(?:is|are|has|have|\w+s)\s)",
            self.text[start:],
        )
        return start + match.start() if match else len(self.text)

    def clause_start(self, end: int) -> int:
        start = 0
        for match in re.finditer(r"[;.]\s|,\s(?:but|while|whereas)\s|\b(?:whereas)\b", self.text[:end]):
            start = match.end()
        if CONCEDES.match(self.text, start) and 0 < (comma := self.text.find(", ", start)) < end:
            start = comma + 2
        return start

    def negated(self, at: int) -> bool:
        """Return True if the word at `at` is denied."""
        return bool(NEGATED.search(self.text[self.clause_start(at) : at]))


@lru_cache(maxsize=4096)  # a claim is held against the tables of every paper
def statement_of(text: str, lexicon: Lexicon) -> Statement:
    """Return the statement of a claim with the names in it, the same object each time."""
    return Statement(text, analysed(text, lexicon).mentions)


def number_of(text: str | None) -> int:
    if not text:
        return -1
    if text.isdigit():
        return int(text)
    return NUMBER_WORDS.get(text.lower(), 1 if text[0].isupper() else -1)
