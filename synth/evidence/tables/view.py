"""View of a claim from one table: lines that it names, where it applies, and what of it the table does not know."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from synth.evidence.tables.grids.entities import Entity, entities
from synth.evidence.tables.grids.grid import LOWER_IS_BETTER, NUMERALS, Better, GridAxis, TableGrid
from synth.evidence.tables.grids.names import HeadMention
from synth.evidence.tables.grids.spelling import folded, listed, tokens
from synth.evidence.tables.rules.cues import Cue, Sense
from synth.evidence.tables.statement import ClaimFigure, Statement
from synth.text.content import STOP_WORDS, placed_names

SOURCE = re.compile(r"(?:fine-?tun\w*|train\w*|\bfrom\b|instead of|source)(?:\s[\w-]+){0,4}\s$", re.IGNORECASE)
SCOPE = re.compile(
    r"\b(?:on|for|in|under|with|within|among|across|during|at|by|from|when|after|before|without|of|using|adding|given|to)\s"
    r"((?:[\w’'-]+\s?){1,5})",
    re.IGNORECASE,
)
LIKENED = re.compile(r"\b(?:similar(?:ly)? to|unlike|as (?:on|in|for|with)|in contrast to)\s(?:the\s)?$", re.IGNORECASE)
ABOUT = re.compile(r"(?<!as )\b(?:on|for|in)\s(?:the\s)?$", re.IGNORECASE)
ORDINAL = re.compile(r"\b\d{1,2}\s?(?:st|nd|rd|th)\b")
LEADS = re.compile(r"\s(?:on|with|of|using|from|over)\s(?:the\s|all\s|both\s)?", re.IGNORECASE)
NUMBERED = re.compile(r"\b([A-Za-z]{3,})\s(\d{1,2})\b(?![.,]\d|\s?%|\spoints?)")


@dataclass(frozen=True)
class Elsewhere:
    """Data sets and tasks of a list in the claim that other tables are about, and the span of that list."""

    names: frozenset[str] = frozenset()
    span: tuple[int, int] = (-1, -1)


@dataclass(frozen=True)
class View:
    """One claim over one grid."""

    statement: Statement
    grid: TableGrid
    rows: tuple[Entity, ...]
    columns: tuple[Entity, ...]
    known: frozenset[str]  # folded words that the table, its caption or the paper's definitions have
    own_paper: bool
    named: tuple[tuple[int, int], ...]  # every place where the claim names something of the table
    trained_rows: bool  # the paper says that the rows of its transfer matrices are the languages of training
    elsewhere: Elsewhere = Elsewhere()

    def entities(self, axis: GridAxis) -> tuple[Entity, ...]:
        return self.rows if axis is GridAxis.ROW else self.columns

    def scope(self, axis: GridAxis, skip: Sequence[Entity] = (), clause: tuple[int, int] | None = None) -> list[int]:
        """Return the lines of an axis that the claim (or a clause of it) is about: those that it names, else all
        results.
        """
        named = [e for e in self.entities(axis) if e not in skip]
        if clause is not None:
            inside = [e for e in named if any(clause[0] <= a < clause[1] for a, _ in e.spans)]
            named = inside or named
        if named:
            return sorted(frozenset[int]().union(*(e.lines for e in named)))
        return list(self.grid.results[axis])

    @cached_property
    def is_open(self) -> bool:
        """Return True if rows and columns have the same heads, and nothing tells which of them the claim means."""
        return self.grid.is_matrix and not self.trained_rows

    @cached_property
    def is_elsewhere(self) -> bool:
        """Return True if the claim names data sets or tasks, points to no table, and this one knows none of them."""
        text = self.statement.text
        named = [
            m
            for m in self.statement.names
            if (m.kind == "dataset" and not LIKENED.search(text[: m.start]))
            or (m.kind == "task" and ABOUT.search(text[: m.start]))
        ]
        if not named or self.grid.label in self.statement.tables:
            return False
        return not any(
            self.knows(m.name) or self.knows(m.text) or any(a <= m.start < b for a, b in self.named) for m in named
        )

    @cached_property
    def unknown(self) -> int:
        """Return how much of what the claim names this table does not know."""
        return len(self.unknown_names) + self.unknown_metric

    @cached_property
    def figures(self) -> tuple[ClaimFigure, ...]:
        """Return the claim's figures without numbers that are parts of names in the table ("3% solution", "day 17")."""
        printed = self.grid.numerals
        return tuple(
            f
            for f in self.statement.figures
            if not any(a <= f.start < b for a, b in self.named)
            and not ((m := NUMERALS.search(f.quantity.text)) and m.group() in printed)
        )

    def cues(self, cues: Sequence[Cue]) -> list[Cue]:
        """Return the comparatives or superlatives that are part of no name in the table ("Combined best settings")."""
        return [cue for cue in cues if not any(a <= cue.start < b for a, b in self.named)]

    @cached_property
    def unknown_labels(self) -> bool:
        """Return True if the claim has a numbered thing ("patient 1") that the table knows by its kind, not by its
        number.
        """
        spans = self.named
        heads = " ".join(line.head for line in (*self.grid.rows, *self.grid.columns))
        if ORDINAL.search(heads) and any(
            not any(a <= m.start() < b for a, b in spans) for m in ORDINAL.finditer(self.statement.text)
        ):
            return True
        words = {t for _, _, t in tokens(f"{heads} {self.grid.corner}")} - STOP_WORDS
        return any(
            folded(m[1]) in words and not any(a <= m.start(2) < b for a, b in spans)
            for m in NUMBERED.finditer(self.statement.text)
        )

    @cached_property
    def unknown_names(self) -> frozenset[str]:
        """Return the names of the claim (systems, data sets, languages, years …) that the table does not know."""
        text = self.statement.text
        covered = (*self.named, *self.statement.asides)
        names = [(name, at) for name, at in placed_names(text)]
        unknown = {name for name, at in names if not self.knows(name) and not any(a <= at < b for a, b in covered)}
        for mention in self.statement.names:
            if mention.kind == "metric" or any(a <= mention.start < b for a, b in covered):
                continue
            if mention.kind == "treatment" and self._leads_to_named(mention.end):
                continue
            if not self.knows(mention.text) and not self.knows(mention.name):
                unknown.add(mention.name)
        if self.unknown_labels:
            unknown.add("#")
        return frozenset(unknown) - self.elsewhere.names

    def _leads_to_named(self, end: int) -> bool:
        """Return True for "multi-task training on all tasks", where "all tasks" is a row: a longer name of that row."""
        text = self.statement.text
        return any(LEADS.fullmatch(text[end:start]) for start, _ in self.named if start >= end)

    def knows(self, name: str) -> bool:
        """Return True if the table, its caption or the paper's definitions have the name."""
        if folded(name) in self.known:
            return True
        parts = [t for _, _, t in tokens(name)]
        return bool(parts) and all(part in self.known for part in parts)

    @cached_property
    def unknown_scope(self) -> frozenset[str]:
        """Return words of the claim's conditions ("on …", "when …") none of whose neighbours the table knows."""
        return self.unknown_scope_beside((-1, -1))

    def unknown_scope_beside(self, span: tuple[int, int]) -> frozenset[str]:
        """Return words as `unknown_scope` does, without the conditions that begin within `span`."""
        text = self.statement.text
        covered = (*self.named, *self.statement.asides, self.elsewhere.span, span)
        unknown: set[str] = set()
        for match in SCOPE.finditer(text):
            words = self._phrase(match[1], match.start(1))
            if not words or any(a <= at < b for _, at in words for a, b in covered):
                continue
            telling = [word for word, _ in words if word not in GENERAL]
            if telling and not any(self.knows(word) for word in telling):
                unknown.add(telling[0])
        return frozenset(unknown)

    @staticmethod
    def _phrase(text: str, start: int) -> list[tuple[str, int]]:
        """Return the content words of a phrase up to the next function word, without numbers."""
        words: list[tuple[str, int]] = []
        for a, _, word in tokens(text):
            if word in STOP_WORDS and words:
                break
            if word not in STOP_WORDS and not word[0].isdigit() and len(word) > 1 and not word.endswith("ly"):
                words.append((word, start + a))
        return words

    @cached_property
    def unknown_metric(self) -> bool:
        """Return True if the claim names a metric that the heads and caption do not, though they name others."""
        named = (m for m in self.statement.names if m.kind == "metric")
        if any(not self.knows(m.text) and not self.knows(m.name) for m in named):
            return True
        lower = LOWER_IS_BETTER.finditer(self.statement.text)
        asides = self.statement.asides
        return any(
            not {t for _, _, t in tokens(m.group())} & self.known and not any(a <= m.start() < b for a, b in asides)
            for m in lower
        )

    def better(self, axis: GridAxis, cross: int) -> Better:
        return self.grid.better(axis, cross, "" if self.unknown_metric else self.statement.text)

    def upward(self, sense: Sense, axis: GridAxis, cross: int) -> bool | None:
        """Return True if the claimed order asks for the higher figure, False for the lower one, None where that is
        open.
        """
        if sense in (Sense.HIGHER, Sense.LOWER):
            return sense is Sense.HIGHER
        better = self.better(axis, cross)
        if better is Better.UNKNOWN:
            return None
        return (better is Better.HIGHER) == (sense is Sense.BETTER)


GENERAL = frozenset(t for word in listed("general") for _, _, t in tokens(word))


def view(
    statement: Statement,
    mentions: Sequence[HeadMention],
    grid: TableGrid,
    number: int,
    known: frozenset[str],
    *,
    own_paper: bool,
    trained_rows: bool = False,
    elsewhere: Elsewhere = Elsewhere(),
) -> View:
    rows = tuple(entities(mentions, number, GridAxis.ROW, statement.text))
    columns = tuple(entities(mentions, number, GridAxis.COLUMN, statement.text))
    if grid.is_matrix and trained_rows:
        rows = tuple(e for e in rows if SOURCE.search(statement.text[: e.spans[0][0]]))
        columns = tuple(e for e in columns if not SOURCE.search(statement.text[: e.spans[0][0]]))
    named = tuple(dict.fromkeys((m.start, m.end) for m in mentions if m.part.grid == number))
    return View(statement, grid, rows, columns, known, own_paper, named, trained_rows, elsewhere)
