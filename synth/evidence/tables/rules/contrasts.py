"""Ablations: lines with and without one feature ("+ CSLS", "w/o pre-training", "no-emoji"). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from synth.core.types import Stance
from synth.evidence.tables.finding import TableReason
from synth.evidence.tables.grids.grid import OWN, GridAxis, GridCell, TableGrid
from synth.evidence.tables.grids.spelling import bare_name, folded, listed, tokens
from synth.evidence.tables.result import Result
from synth.evidence.tables.rules.cues import Sense
from synth.evidence.tables.rules.orders import by_quantifier
from synth.evidence.tables.rules.sides import MAX_PAIRS
from synth.evidence.tables.statement import Quantifier
from synth.evidence.tables.view import GENERAL, View
from synth.text.content import STOP_WORDS

ADDED = re.compile(r"(?:\+\s?|w/(?!o\b)\s?|with\s|adding\s|incl(?:\.|uding)\s)(?P<feature>[^\W\d_].*)", re.IGNORECASE)
REMOVED = re.compile(
    r"(?:w/o\s?|without\s|no[\s-]|non[\s-]|excl(?:\.|uding)\s|minus\s|removing\s|[-−–]\s(?=\w))(?P<feature>[^\W\d_].*)",
    re.IGNORECASE,
)
FULL = re.compile(r"\b(?:full|all|complete|submitted|final|original)\b", re.IGNORECASE)
HELPS = re.compile(
    r"\b(?:improv\w+|help(?:s|ed|ful|ing)?|benefi\w+|boost\w*|rais(?:es|ed)|gains?|useful|effective|contribut\w+|"
    r"(?:performance|accuracy|scores?|results?|f1)\s(?:increase[sd]?|rises?|rose)|"
    r"increase[sd]?\s(?!in\b)(?:\w+\s){0,2}(?:performance|accuracy|scores?|results?|f1)|crucial|important|essential|necessary|vital)\b",
    re.IGNORECASE,
)
HARMS = re.compile(
    r"\b(?:hurts?|harm\w*|degrad\w+|worsen\w*|detriment\w+|deteriorat\w+|drop(?:s|ped)?|declin\w+|suffers?|"
    r"(?:performance|accuracy|scores?|results?|f1)\s(?:decrease[sd]?|falls?|fell)|"
    r"(?:decrease|reduce|lower)[sd]?\s(?:\w+\s){0,2}(?:performance|accuracy|scores?|results?|f1))\b",
    re.IGNORECASE,
)
TAKEN_AWAY = re.compile(
    r"\b(?:without|w/o|remov(?:es?|ed|ing|al of)|drop(?:s|ped|ping)?|exclud\w+|disabl\w+|ablat\w+|omit\w*|lack of|"
    r"leav\w+ out)\s(?:the\s|any\s|both\s)?(?:[\w-]+\s){0,3}$",
    re.IGNORECASE,
)
IS_TAKEN_AWAY = re.compile(
    r"\s(?:[\w-]+\s){0,2}(?:is|are|was|were|being)\s(?:removed|dropped|excluded|disabled|omitted)\b"
)
ADJECTIVE = re.compile(
    r"benefi\w+al|helpful|useful|effective|crucial|important|essential|necessary|vital|detrimental", re.IGNORECASE
)
OBJECT = re.compile(r"(?:\s[\w’'-]+){0,4}")
NOT_ALL = re.compile(r"\bnot (?:all|every|always|necessarily)\b", re.IGNORECASE)
ABLATES = re.compile(r"\b(?:remov\w+|ablat\w+|without|w/o|no[\s-]\w+)\b", re.IGNORECASE)
GONE = re.compile(r"\b(?:without|w/o|remov\w+|dropping|excluding|omitting|disabling)\b", re.IGNORECASE)
MIN_SHARE = 0.5  # of the words of a feature that a claim must have
VAGUE = STOP_WORDS | listed("vague")


@dataclass(frozen=True)
class FeatureLine:
    """A line that has a feature or lacks it, with the lines that it varies."""

    feature: str
    line: int
    bases: tuple[int, ...]
    added: bool


def variations(grid: TableGrid, axis: GridAxis) -> Iterator[FeatureLine]:
    """Return the lines of an axis whose heads add a feature or take one away."""
    lines = grid.lines(axis)
    for at, line in enumerate(lines):
        for level, text in enumerate(line.levels):
            added, removed = ADDED.match(text), REMOVED.match(text)
            match = added or removed
            if match is None or not (feature := bare_name(match["feature"])):
                continue
            other_levels = (*line.levels[:level], *line.levels[level + 1 :])
            bases = _bases(grid, axis, at, other_levels, feature, level, added=added is not None)
            if bases:
                yield FeatureLine(feature, at, bases, added is not None)
            break


def _bases(
    grid: TableGrid, axis: GridAxis, at: int, other_levels: tuple[str, ...], feature: str, level: int, *, added: bool
) -> tuple[int, ...]:
    """Return the lines that a line varies: without the feature's part, with the feature instead, or the full system.

    Where additions stand one below the other, they may be cumulative: then the line just above is a base too.
    """
    lines = grid.lines(axis)
    without = [n for n, line in enumerate(lines) if n != at and line.levels == other_levels]
    if without:
        outer = lines[at].levels[:level]
        before = at - 1
        above = lines[before].levels if before >= 0 else ()
        if added and level and before not in without and above[:level] == outer:
            without.append(before)
        return tuple(without)
    opposite = [
        n
        for n, line in enumerate(lines)
        if n != at
        and len(line.levels) > level
        and folded(line.levels[level]) == folded(feature)
        and line.levels[level + 1 :] == lines[at].levels[level + 1 :]
    ]
    if opposite:
        return tuple(opposite)
    group = [n for n, line in enumerate(lines) if line.levels[:level] == lines[at].levels[:level]]
    plain = [n for n in group if not any(ADDED.match(part) or REMOVED.match(part) for part in lines[n].levels)]
    whole = [n for n in plain if FULL.search(lines[n].head) or OWN.search(lines[n].head)]
    if len(whole) == 1:
        return (whole[0],)
    return (group[0],) if plain and plain[0] == group[0] else ()


def _mentions_of(view: View, feature: str) -> tuple[int, int] | None:
    """Return where the claim names a feature: its first word and at least half of its words."""
    words = [t for _, _, t in tokens(feature) if t not in VAGUE]
    claim_tokens = tokens(view.statement.text)
    spans = [(a, b) for a, b, t in claim_tokens if t in words]
    met_words = {t for _, _, t in claim_tokens} & set(words)
    if not words or words[0] not in met_words or len(met_words) < MIN_SHARE * len(set(words)):
        return None
    return spans[0][0], spans[-1][1]


def _sign(view: View) -> tuple[int, re.Match[str]] | None:
    """Return +1 if the claim says that something helps, -1 if that it harms; None if neither, both or a denied one.

    What helps more or less than something else is an order, and what is only supposed is no statement.
    """
    text = view.statement.text
    helps, harms = HELPS.search(text), HARMS.search(text)
    match = helps or harms
    if match is None or (helps and harms) or view.statement.is_open or NOT_ALL.search(text):
        return None
    if view.statement.negated(match.start()) or any(cue.than >= 0 for cue in view.statement.comparatives):
        return None
    if not _is_measured(view, match):
        return None
    return (1 if helps else -1), match


def _is_measured(view: View, match: re.Match[str]) -> bool:
    """Return True if what is helped or harmed ("improves the speed") is known to the table or general performance."""
    if ADJECTIVE.fullmatch(match.group()):
        return True
    words: list[str] = []
    for _, _, word in tokens(OBJECT.match(view.statement.text, match.end())[0]):  # type: ignore[index]
        if word in STOP_WORDS and words:
            break
        words.append(word)
    telling = [word for word in words if word not in GENERAL and word not in STOP_WORDS]
    return not telling or any(word in view.known for word in telling)


def check_contrast(view: View) -> Result | None:
    """Check "X is beneficial", "removing X hurts": every line with the feature against the same line without it."""
    cue = _sign(view)
    if cue is None or view.is_open or view.is_elsewhere or view.unknown_scope or view.unknown_metric:
        return None
    sign, _ = cue
    text = view.statement.text
    for axis in GridAxis:
        met: dict[tuple[int, int], list[FeatureLine]] = {}
        for variation in variations(view.grid, axis):
            if place := _mentions_of(view, variation.feature):
                met.setdefault(place, []).append(variation)
        if not met or view.unknown_names:
            continue
        compared = []
        for (start, end), met_variations in met.items():
            gone = bool(TAKEN_AWAY.search(text[:start]) or IS_TAKEN_AWAY.match(text, end))
            compared += _compare(view, axis, met_variations, sign * (-1 if gone else 1))
        if result := _result(view, axis, [v for met_variations in met.values() for v in met_variations], compared):
            return result
    return None


def _compare(
    view: View, axis: GridAxis, variations: Sequence[FeatureLine], claimed: int
) -> list[tuple[bool | None, GridCell, GridCell, int]]:
    """Compare all cells in scope: (agrees, with the feature, without it, cross); None where both are the same."""
    named = {n for e in view.entities(axis) for n in e.lines}
    narrowed = [v for v in variations if v.line in named] or list(variations)
    compared: list[tuple[bool | None, GridCell, GridCell, int]] = []
    for variation in narrowed:
        for base in variation.bases:
            for at in view.scope(axis.other):
                a, b = view.grid.cell(axis, variation.line, at), view.grid.cell(axis, base, at)
                upward = view.upward(Sense.BETTER, axis, at)
                if not a or not b or a.value is None or b.value is None or upward is None:
                    continue
                change = (a.value - b.value) * (1 if upward else -1) * (1 if variation.added else -1)
                compared.append((None if change == 0 else (change > 0) == (claimed > 0), a, b, at))
    return compared[:MAX_PAIRS]


def _result(
    view: View,
    axis: GridAxis,
    variations: Sequence[FeatureLine],
    compared: Sequence[tuple[bool | None, GridCell, GridCell, int]],
) -> Result | None:
    if not compared:
        return None
    lines = view.grid.lines(axis.other)
    kind, n, m = view.statement.quantifier
    averages = [item for item in compared if lines[item[3]].is_average]
    plain = averages if averages and kind in (Quantifier.NONE, Quantifier.AVERAGE) else list(compared)
    agree, total = sum(v is True for v, *_ in plain), len(plain)
    stance = by_quantifier(kind, n, m, agree, total, own=view.own_paper)
    if stance is Stance.CONTRADICT and (agree or not view.own_paper or kind is Quantifier.SOME):
        stance = None  # only a feature that nowhere does what is said of it is contradicted
    if stance is None:
        return None
    names = ", ".join(dict.fromkeys(view.grid.name(axis, v.line) for v in variations[:3]))
    first = plain[0]
    note = f"{names}: {agree} of {total} cells change as the claim says"
    if total == 1:
        note = f"{names}, {view.grid.name(axis.other, first[3])}: {first[1].text}, otherwise {first[2].text}"
    cells = tuple(cell for _, a, b, _ in plain[:20] for cell in (a, b))
    where = tuple(view.grid.lines(axis)[v.line] for v in variations[:3])
    return Result(stance, TableReason.CONTRAST, cells, note, agree=agree, total=total, against=first[2], lines=where)


def check_sign(view: View) -> Result | None:
    """Check "MNLI improves performance": the sign of the changes that a table prints for the lines that the claim
    names.
    """
    cue = _sign(view)
    if (
        cue is None
        or view.figures
        or view.statement.superlatives
        or view.unknown_names
        or view.unknown_scope
        or view.unknown_metric
    ):
        return None
    sign, match = cue
    # Changes that a table prints of taking something away say the opposite of what that brings.
    heads = " ".join(line.head for line in (*view.grid.rows, *view.grid.columns))
    if ABLATES.search(f"{view.grid.caption} {heads}") and not GONE.search(view.statement.text):
        sign = -sign
    elif GONE.search(view.statement.text) and not ABLATES.search(f"{view.grid.caption} {heads}"):
        return None
    for axis in GridAxis:
        named = view.entities(axis)
        changes = [n for n, line in enumerate(view.grid.lines(axis.other)) if line.is_change]
        changes = [n for n in changes if n in view.scope(axis.other)] or changes
        if not named or not changes or any(view.grid.lines(axis)[n].is_change for e in named for n in e.lines):
            continue
        if any(e.spans[0][0] > match.start() for e in named):
            continue
        printed = [
            (cell, at)
            for e in named
            for n in sorted(e.lines)
            for at in changes
            if (cell := view.grid.cell(axis, n, at))
        ]
        signed = [(cell, (cell.value or 0.0) * sign > 0) for cell, _ in printed if cell.value]
        if not signed or len({fits for _, fits in signed}) > 1 or len(signed) > MAX_PAIRS:
            continue
        stance = Stance.SUPPORT if signed[0][1] else Stance.CONTRADICT
        if stance is Stance.CONTRADICT and not (view.own_paper and all(e.exact for e in named)):
            continue
        note = f"{', '.join(e.text for e in named)}: {', '.join(cell.text for cell, _ in signed[:4])}"
        where = tuple(view.grid.lines(axis)[min(e.lines)] for e in named)
        cells = tuple(cell for cell, _ in signed[:20])
        return Result(stance, TableReason.CONTRAST, cells, note, agree=len(signed), total=len(signed), lines=where)
    return None
