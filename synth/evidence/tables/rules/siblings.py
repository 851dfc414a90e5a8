"""One choice against its alternative: "models trained on CC are better" than those trained on Wiki. Pure."""

from __future__ import annotations

import re
from itertools import product

from synth.core.types import Stance
from synth.evidence.tables.finding import TableReason
from synth.evidence.tables.grids.entities import Entity
from synth.evidence.tables.grids.grid import GridAxis, GridCell, TableGrid
from synth.evidence.tables.grids.spelling import folded
from synth.evidence.tables.result import Result
from synth.evidence.tables.rules.cues import Sense
from synth.evidence.tables.rules.extremes import ADJUNCT
from synth.evidence.tables.rules.orders import by_quantifier
from synth.evidence.tables.rules.sides import MAX_PAIRS
from synth.evidence.tables.statement import Quantifier
from synth.evidence.tables.view import View

CHOSEN = re.compile(
    r"\b(?:(?:pre-?)?train\w*|fine-?tun\w*|learn\w*|built|based|initiali[sz]\w+)\s(?:\w+\s)?(?:on|with|from|using)\s(?:the\s)?$|"
    r"\busing\s(?:the\s)?$",
    re.IGNORECASE,
)
Pair = tuple[int, int]


def check_siblings(view: View) -> Result | None:
    """Check an order whose other side the claim leaves out.

    Each named line is compared with the lines that differ from it in one named level only, where that level has two
    choices. Supports only.
    """
    cues = [c for c in view.cues(view.statement.comparatives) if c.sense in (Sense.BETTER, Sense.WORSE) and c.than < 0]
    if len(cues) != 1 or view.is_open or view.is_elsewhere or not view.own_paper or view.figures:
        return None
    if view.unknown_names or view.unknown_scope or view.unknown_metric or view.statement.negated(cues[0].start):
        return None
    for axis in GridAxis:
        for entity in view.entities(axis):
            before = view.statement.text[: entity.spans[0][0]]
            if ADJUNCT.search(before[-30:]) and not CHOSEN.search(before):
                continue  # "on CoNLL" is where, not what
            pairs = _pairs(view.grid, axis, entity)
            if pairs and (result := _ordered(view, axis, entity, pairs, cues[0].sense)):
                return result
    return None


def _pairs(grid: TableGrid, axis: GridAxis, entity: Entity) -> list[Pair]:
    """Return pairs of a named line and its sibling: heads alike but for one level, at which there are two choices in
    all.
    """
    lines = grid.lines(axis)
    siblings: list[Pair] = []
    for level in range(max((len(line.levels) for line in lines), default=0)):
        choices = {line.levels[level] for line in lines if len(line.levels) > level}
        mine = {lines[n].levels[level] for n in entity.lines if len(lines[n].levels) > level}
        if len(choices) != 2 or len(mine) != 1 or folded(entity.text) not in map(folded, mine):
            continue
        for named, other in product(sorted(entity.lines), range(len(lines))):
            a, b = lines[named].levels, lines[other].levels
            if len(a) == len(b) and [n for n in range(len(a)) if a[n] != b[n]] == [level]:
                siblings.append((named, other))
    return siblings


def _ordered(view: View, axis: GridAxis, entity: Entity, pairs: list[Pair], sense: Sense) -> Result | None:
    crosses = [n for n in view.scope(axis.other) if not view.grid.lines(axis.other)[n].describes]
    compared: list[tuple[bool, GridCell, GridCell]] = []
    for (named, other), at in list(product(pairs, crosses))[:MAX_PAIRS]:
        a, b = view.grid.cell(axis, named, at), view.grid.cell(axis, other, at)
        upward = view.upward(sense, axis, at)
        if a and b and a.value is not None and b.value is not None and upward is not None:
            compared.append((a.value != b.value and (a.value > b.value) == upward, a, b))
    agree, total = sum(fits for fits, _, _ in compared), len(compared)
    kind, n, m = view.statement.quantifier
    if (
        not compared
        or by_quantifier(Quantifier.NONE if kind is Quantifier.AVERAGE else kind, n, m, agree, total, own=True)
        is not Stance.SUPPORT
    ):
        return None
    cells = tuple(cell for _, a, b in compared[:20] for cell in (a, b))
    note = f"{entity.text} is {sense} than its alternative in {agree} of {total} cells"
    line = view.grid.lines(axis)[min(entity.lines)]
    return Result(
        Stance.SUPPORT,
        TableReason.COMPARISON,
        cells,
        note,
        agree=agree,
        total=total,
        against=compared[0][2],
        lines=(line,),
    )
