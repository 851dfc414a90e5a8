"""Judgement of claims by the tables of a paper: the grids are read once for all claims."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from itertools import pairwise

from synth.core.types import ClaimDraft, Passage, PassageKind, Prediction, Stance
from synth.evidence.tables.decisions import check_unnumbered, decide, states_unnumbered
from synth.evidence.tables.finding import TableFinding, TableReason, Undecided, confidence
from synth.evidence.tables.grids.assemble import grids
from synth.evidence.tables.grids.grid import PART, TableGrid
from synth.evidence.tables.grids.links import CellLink, links
from synth.evidence.tables.grids.names import HeadMention, Index
from synth.evidence.tables.grids.paper import PaperDefinitions
from synth.evidence.tables.grids.spelling import broader, folded, tokens
from synth.evidence.tables.result import Result
from synth.evidence.tables.rules.across import MIN_FIGURES, check_across
from synth.evidence.tables.rules.counts import measures_all
from synth.evidence.tables.statement import MAX_CLAIM, FigureRole, Statement, statement_of
from synth.evidence.tables.view import Elsewhere, View, view
from synth.quantities import Comparator
from synth.text.lexicon import Lexicon

# A matrix of transfer: a caption says which of two languages is the row.
TRAINED_ROWS = re.compile(r"\brows?\b[^.,;]{0,20}(?:fine-?tun|train|source)", re.IGNORECASE)
PRONOUN = re.compile(
    r"(?P<before>(?:We|This paper|Our \w+)\s(?:also\s|further\s)?"
    r"(?:show|find|found|demonstrate|observe|see)\w*\sthat\s)?"
    r"(?:it|they|this model|this method|our model|our method|we)\b",
    re.IGNORECASE,
)
MAX_FINDINGS = 12  # of one claim
# Reasons that speak of lines which a claim names, and not of all lines of a table.
OF_NAMED_LINES = frozenset({TableReason.VALUE, TableReason.PART, TableReason.DIFFERENCE, TableReason.COMPARISON})
LIST_GAP = re.compile(r",?\s?(?:and|or|as well as|,)?\s?(?:on\s|for\s|the\s)*(?:[\w-]+\s){0,2}", re.IGNORECASE)


class Tables:
    """The tables of one paper."""

    def __init__(
        self, passages: Iterable[Passage], lexicon: Lexicon, *, prepared: Sequence[TableGrid] | None = None
    ) -> None:
        ordered = list(passages)
        self.passages = {p.order: p for p in ordered if p.kind is PassageKind.CELL}
        self.lexicon = lexicon
        self.paper = PaperDefinitions(ordered)
        self.grids = list(prepared) if prepared is not None else grids(ordered)
        self.index = Index(self.grids, lexicon, self.paper)
        self.trained_rows = any(TRAINED_ROWS.search(grid.caption) for grid in self.grids)
        common = self._common()
        self.known = [self._known(grid) | common for grid in self.grids]

    def _common(self) -> frozenset[str]:
        names = set(self.paper.own)
        for key, others in self.paper.cited.items():
            names |= {key[0], key[1], *others}
        return frozenset(names)

    def _known(self, grid: TableGrid) -> frozenset[str]:
        texts = [grid.caption, grid.corner, *(line.head for line in (*grid.rows, *grid.columns))]
        texts += [cell.text for cell in grid.cells.values() if not cell.values][:400]
        spellings = {t for text in texts for _, _, t in tokens(text)}
        for text in texts:
            for mention in self.lexicon.mentions(text):
                spellings |= {folded(mention.name), folded(mention.text)}
                spellings |= {t for _, _, t in tokens(mention.name)}
        for short in tuple(spellings):
            for long in self.paper.abbreviations.get(short, ()):
                spellings.add(long)
        for line in (*grid.rows, *grid.columns):
            for level in line.levels:
                spellings |= self.index.spellings(level, coded=True)
        joined = folded(grid.caption)
        for name, covered in broader():
            if any(form in spellings or (len(form) > 5 and form in joined) for form in covered):
                spellings |= {folded(name), *(t for _, _, t in tokens(name))}
        return frozenset(spellings)

    def judge(
        self, claim: str, predictions: Sequence[Prediction] = (), *, own_paper: bool = True
    ) -> list[TableFinding]:
        """Return the decisions of the tables about a claim, the surest first.

        `own_paper`: the claim stands in the paper whose tables these are. Another paper's tables speak of the systems
        that the claim names, and another figure there is another measurement, not a contradiction. What is best, or how
        many are, is said of a table's own lines, and so of no other paper's. An order there bears out no figure, and
        nothing does where the claim names no data set or task.
        """
        _, _, results = self._decided(claim, predictions, own_paper)
        results = [
            (claim_view, result)
            for claim_view, result in results
            if own_paper or _is_same_measurement(claim_view, result)
        ]
        findings = [self._finding(claim_view, result) for claim_view, result in in_parts(_settled(_together(results)))]
        return sorted(
            findings, key=lambda f: (f.stance is Stance.SUPPORT, -f.confidence, f.reason is not TableReason.VALUE)
        )[:MAX_FINDINGS]

    def undecided(self, claim: str, predictions: Sequence[Prediction] = ()) -> Undecided:
        """Say why the paper's own tables decide nothing about a claim for which `judge` gives no finding."""
        if not self.grids:
            return Undecided.NO_TABLE
        statement, views, _ = self._decided(claim, predictions, True)
        if statement.points_to_figure and not statement.tables:
            return Undecided.FIGURE
        if statement.tables and not any(self._is_pointed(grid, statement.tables) for grid in self.grids):
            return Undecided.OTHER_TABLE
        if not any(claim_view.rows or claim_view.columns for claim_view in views):
            return Undecided.NOTHING_NAMED
        if not (statement.figures or statement.comparatives or statement.superlatives or states_unnumbered(statement)):
            return Undecided.NOTHING_SAID
        known = [
            claim_view
            for claim_view in views
            if not (claim_view.unknown_names or claim_view.unknown_scope or claim_view.unknown_metric)
        ]
        return Undecided.NOT_SHOWN if known else Undecided.UNKNOWN

    def _decided(
        self, claim: str, predictions: Sequence[Prediction], own_paper: bool
    ) -> tuple[Statement, list[View], list[tuple[View, Result]]]:
        """Read a claim, view it from each table that it names something of, and decide.

        Returns:
            The statement, its views, and all results, each with the view that it comes from.
        """
        text = resolved(claim[:MAX_CLAIM], predictions)
        statement = statement_of(text, self.lexicon)
        mentions = self.index.mentions(text, statement.names, own=own_paper)
        general = {n for n, grid in enumerate(self.grids) if own_paper and measures_all(statement, grid)}
        named = {m.part.grid for m in mentions} | general
        numbers = sorted(named)
        if statement.tables and own_paper:
            pointed = [n for n in numbers if self._is_pointed(self.grids[n], statement.tables)]
            numbers = pointed if pointed or any(g.label for g in self.grids) else numbers
        if statement.points_to_figure and not statement.tables:
            return statement, [], []
        shared = self._shared_out(statement, numbers) if own_paper else {}
        views = [self._view(statement, mentions, n, own_paper, shared.get(n, Elsewhere())) for n in numbers]
        results = [(claim_view, result) for claim_view in views for result in decide(claim_view)]
        if own_paper:
            carried = {result.number for _, result in results}
            changes = [f.quantity.text for f in statement.figures if f.role is FigureRole.CHANGE]
            is_across = len(changes) >= MIN_FIGURES and not carried.intersection(changes)
            if is_across or (not results and states_unnumbered(statement)):
                others = [
                    self._view(statement, mentions, n, True, Elsewhere()) for n in self._unnamed(statement, named)
                ]
                results += check_across(views, others) if is_across else []
                results = results or [
                    (claim_view, result) for claim_view in others for result in check_unnumbered(claim_view)
                ]
        return statement, views, results

    def _view(
        self, statement: Statement, mentions: Sequence[HeadMention], number: int, own_paper: bool, elsewhere: Elsewhere
    ) -> View:
        return view(
            statement,
            mentions,
            self.grids[number],
            number,
            self.known[number],
            own_paper=own_paper,
            trained_rows=self.trained_rows,
            elsewhere=elsewhere,
        )

    def _unnamed(self, statement: Statement, named: Set[int]) -> list[int]:
        """Return the tables of which the claim names nothing, as far as it does not point to others."""
        return [
            n
            for n, grid in enumerate(self.grids)
            if n not in named and (not statement.tables or self._is_pointed(grid, statement.tables))
        ]

    def _shared_out(self, statement: Statement, numbers: Sequence[int]) -> dict[int, Elsewhere]:
        """Share out a list of data sets ("A outperforms B on X, Y and Z") among tables that are about one of them each.

        At least two of the listed data sets or tasks must have tables, each of which knows one.
        """
        listed = [m for m in statement.names if m.kind in ("dataset", "task")]
        if len({m.name for m in listed}) < 2 or not all(
            LIST_GAP.fullmatch(statement.text[a.end : b.start]) for a, b in pairwise(listed)
        ):
            return {}
        spelled = {m.name: frozenset({m.name, m.text, folded(m.name), folded(m.text)}) for m in listed}
        knows = {n: {name for name, forms in spelled.items() if forms & self.known[n]} for n in numbers}
        if len(set().union(*knows.values())) < 2 if knows else True:
            return {}
        span = (max(0, statement.text.rfind(" on ", 0, listed[0].start)), listed[-1].end)
        return {
            n: Elsewhere(frozenset().union(*(forms for name, forms in spelled.items() if name not in known)), span)
            for n, known in knows.items()
            if known
        }

    def links(self, claim: ClaimDraft) -> list[CellLink]:
        """Return the cells of the claim's own paper that carry its numbers, each number once."""
        return links(self.judge(claim.text, claim.predictions), self.passages)

    @staticmethod
    def _is_pointed(grid: TableGrid, labels: frozenset[str]) -> bool:
        return not grid.label or grid.label in labels or PART.sub("", grid.label) in labels

    def _finding(self, claim_view: View, result: Result) -> TableFinding:
        grid = claim_view.grid
        label = f"Table {grid.label}" if grid.label else "the table"
        cells = tuple(dict.fromkeys(cell.order for cell in result.cells))
        page = result.cells[0].page if result.cells else grid.page
        return TableFinding(
            stance=result.stance,
            reason=result.reason,
            table=label,
            page=page,
            cells=cells,
            agree=result.agree,
            total=result.total,
            note=f"{label} (p. {page}): {result.note}" if grid.label else result.note,
            confidence=confidence(result.reason, result.stance),
            number=result.number,
            against=result.against.order if result.against else None,
            matched=tuple(dict.fromkeys(line.head for line in result.lines if line.head)),
            own_paper=claim_view.own_paper,
        )


def _is_same_measurement(claim_view: View, result: Result) -> bool:
    """Return True if another paper's table measured what the claim states: the very systems, on a data set or task that
    both name, and the claim's figures themselves where it has some.
    """
    if result.reason not in OF_NAMED_LINES or not all(e.exact for e in (*claim_view.rows, *claim_view.columns)):
        return False
    places = [m for m in claim_view.statement.names if m.kind in ("dataset", "task")]
    if not places or not all(claim_view.knows(m.name) or claim_view.knows(m.text) for m in places):
        return False
    figures = [f.quantity for f in claim_view.figures if f.role is not FigureRole.COUNT]
    if not figures:
        return True
    return any(q.text == result.number and q.comparator is Comparator.EXACT for q in figures)


def resolved(claim: str, predictions: Sequence[Prediction]) -> str:
    """Return the claim with its opening pronoun replaced by the treatment that its prediction has resolved."""
    for prediction in predictions:
        name = prediction.treatment
        if not name or name.casefold() in claim.casefold():
            continue
        if match := PRONOUN.match(claim):
            return f"{match['before'] or ''}{name}{claim[match.end() :]}"
    return claim


def _together(results: Sequence[tuple[View, Result]]) -> list[tuple[View, Result]]:
    """Drop orders over a list of data sets that fewer than two tables bear out or that one speaks against."""
    alone = [item for item in results if not item[0].elsewhere.names or item[1].number]
    listed = [item for item in results if item[0].elsewhere.names and not item[1].number]
    if len({claim_view.grid.label for claim_view, _ in listed}) < 2 or any(
        r.stance is Stance.CONTRADICT for _, r in listed
    ):
        return alone
    return [*alone, *listed]


def _settled(results: Sequence[tuple[View, Result]]) -> list[tuple[View, Result]]:
    """Settle several tables by the one that knows most of what the claim names.

    A figure that one table carries is not contradicted by another, nor is an order that one table bears out: the
    claim is about that table.
    """
    least: dict[str, int] = {}
    for claim_view, result in results:
        if result.stance is Stance.SUPPORT:
            least[result.number] = min(claim_view.unknown, least.get(result.number, claim_view.unknown))
    settled = []
    for claim_view, result in results:
        if result.stance is Stance.SUPPORT and claim_view.unknown > least[result.number]:
            continue
        elsewhere = any(
            r.stance is Stance.SUPPORT and o is not claim_view and (r.number or not result.number) for o, r in results
        )
        if result.stance is Stance.CONTRADICT and (result.number in least or (elsewhere and not result.number)):
            continue
        settled.append((claim_view, result))
    return settled


def in_parts(results: Sequence[tuple[View, Result]]) -> list[tuple[View, Result]]:
    """Mark figures that hold as a part of the claim where no table carries its other figures."""
    carried = {result.number for _, result in results}
    whole = []
    for claim_view, result in results:
        printed = {f.quantity.text for f in claim_view.figures if f.role in (FigureRole.LEVEL, FigureRole.CHANGE)}
        part = result.stance is Stance.SUPPORT and result.reason in (TableReason.VALUE, TableReason.DIFFERENCE)
        whole.append((claim_view, replace(result, reason=TableReason.PART) if part and printed - carried else result))
    return whole


def verdict(findings: Sequence[TableFinding]) -> Stance:
    """Return one stance for a claim from its findings: a contradicted part contradicts the whole."""
    if any(f.stance is Stance.CONTRADICT for f in findings):
        return Stance.CONTRADICT
    return Stance.SUPPORT if findings else Stance.NOT_ENOUGH_INFO
