"""A person's word on duplicates: two works joined, records split from a work, either undone.

The rules never change what a person decided: a later search finds the records where the person put them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlmodel import Session, col, select

from synth.core.errors import SynthError, UsageError
from synth.core.reasons.duplicates import JoinRule
from synth.core.workspace import Workspace
from synth.papers import works
from synth.papers.works import Why
from synth.store.database import Store
from synth.store.exclusive_lock import at_work, exclusive_lock
from synth.store.tables import Duplicate, Paper, PaperRecord, Search, now

CHANGED = "Look at them with `synth duplicates`, then use `synth duplicates join` or `split`."


@dataclass(frozen=True)
class WorkChange:
    """Effect of a decision on duplicates: the work that it left or made, and the searches that have to be resumed."""

    decision: int
    work: int
    title: str
    searches: tuple[int, ...]


def join(workspace: Workspace, paper_id: int, other_id: int, reason: str = "") -> WorkChange:
    """Make one work of works `paper_id` and `other_id`."""
    with _changing(workspace) as s:
        first, second = _work(s, paper_id), _work(s, other_id)
        if first.id == second.id:
            raise UsageError(f"{paper_id} and {other_id} are one work already.", CHANGED)
        searches = _idle(s, workspace, [first, second])
        _take_back_splits(s, first, second)
        work = works.join(s, first, second, Why(JoinRule.PERSON, "person", reason=reason))
        return _done(s, work, searches)


def split(workspace: Workspace, work: int, records: Sequence[int], reason: str = "") -> WorkChange:
    """Make a work of its own of some `records` of `work`; return the new one."""
    with _changing(workspace) as s:
        paper = _work(s, work)
        own = works.records(s, int(paper.id or 0))
        numbers = [int(row.id or 0) for row in own]
        strange = [number for number in records if number not in numbers]
        listed = ", ".join(map(str, numbers)) or "none"
        if strange or not records:
            raise UsageError(
                f"Record {strange[0]} is none of work {paper.id}." if strange else "No record is named.",
                f"Work {paper.id} has the records {listed}.",
            )
        if len(set(records)) == len(numbers):
            raise UsageError("At least one record has to stay with the work.", f"It has the records {listed}.")
        searches = _idle(s, workspace, [paper])
        new = _split(s, paper, [row for row in own if row.id in records], reason)
        return _done(s, new, searches)


def undo(workspace: Workspace, number: int) -> WorkChange:
    """Take decision `number` back.

    UsageError if it is undone already, or if later decisions have moved its records elsewhere.
    """
    with _changing(workspace) as s:
        decision = s.get(Duplicate, number)
        if decision is None or decision.undone:
            state = "was undone before" if decision else "does not exist"
            raise UsageError(f"Decision {number} {state}.", "`synth duplicates` lists them.")
        paper = s.get_one(Paper, works.current(s, s.get_one(Paper, decision.paper_id)))
        moved = [row for record_id in decision.records if (row := s.get(PaperRecord, record_id)) is not None]
        other = s.get(Paper, decision.other_id) if decision.other_id else None
        affected = [paper, *([s.get_one(Paper, works.current(s, other))] if other is not None else [])]
        searches = _idle(s, workspace, affected)
        undone = _undo_split if decision.kind == "split" else _undo_join
        work = undone(s, decision, paper, other, moved)
        decision.undone = now()
        s.flush()
        return _done(s, work, searches, number)


def _undo_join(s: Session, decision: Duplicate, paper: Paper, other: Paper | None, moved: list[PaperRecord]) -> Paper:
    """Make the records a work of their own again. What a rule had joined is kept apart from now on."""
    stay = [row for row in works.records(s, int(paper.id or 0)) if row not in moved]
    if not moved or not stay or any(row.paper_id != paper.id for row in moved):
        raise UsageError(f"The records of decision {decision.id} are no longer together in one work.", CHANGED)
    if decision.by == "rule":
        return _split(s, paper, moved, f"decision {decision.id} undone", other)
    return works.split_off(s, paper, moved, other)


def _undo_split(s: Session, decision: Duplicate, paper: Paper, other: Paper | None, moved: list[PaperRecord]) -> Paper:
    there = other is not None and other.joined_into is None and all(row.paper_id == other.id for row in moved)
    if other is None or not there or other.id == paper.id or len(works.records(s, int(other.id or 0))) != len(moved):
        raise UsageError(f"The records of decision {decision.id} have been moved since.", CHANGED)
    works.merge_works(s, paper, other, moved)
    return paper


def _split(s: Session, paper: Paper, moved: list[PaperRecord], reason: str, into: Paper | None = None) -> Paper:
    new = works.split_off(s, paper, moved, into)
    s.add(
        Duplicate(
            kind="split",
            paper_id=int(paper.id or 0),
            other_id=int(new.id or 0),
            records=[int(row.id or 0) for row in moved],
            others=[int(row.id or 0) for row in works.records(s, int(paper.id or 0))],
            rule=JoinRule.PERSON,
            by="person",
            reason=reason,
            created=now(),
        )
    )
    s.flush()
    return new


def _take_back_splits(s: Session, paper: Paper, other: Paper) -> None:
    """Take back a split for whoever joins what was split."""
    ours, theirs = ({int(row.id or 0) for row in works.records(s, int(work.id or 0))} for work in (paper, other))
    rows = select(Duplicate).where(Duplicate.kind == "split", col(Duplicate.undone).is_(None))
    for row in s.exec(rows).all():
        moved, stayed = set(row.records), set(row.others)
        if (moved & ours and stayed & theirs) or (moved & theirs and stayed & ours):
            row.undone = now()


@contextmanager
def _changing(workspace: Workspace) -> Iterator[Session]:
    store = Store(workspace.database)
    try:
        with exclusive_lock(workspace, "duplicates", "changing the works"), store.session() as s:
            yield s
    finally:
        store.close()


def _work(s: Session, number: int) -> Paper:
    paper = s.get(Paper, number)
    if paper is None:
        raise UsageError(f"There is no work {number} in this workspace.", "`synth papers` lists the works of a search.")
    if paper.joined_into is not None:
        raise UsageError(
            f"Work {number} was joined into work {works.current(s, paper)}.", "Name that one, or undo the decision."
        )
    return paper


def _idle(s: Session, workspace: Workspace, papers: Sequence[Paper]) -> list[int]:
    """Return the searches that have these works. SynthError if one of them is being run now."""
    searches = sorted(set().union(*(works.searches_of(s, int(paper.id or 0)) for paper in papers)))
    for number in searches:
        if at_work(workspace, f"search-{s.get_one(Search, number).key[:16]}"):
            raise SynthError(
                f"Search {number} has these works and is being run.", "Wait for it to end, then try again."
            )
    return searches


def _done(s: Session, work: Paper, searches: Sequence[int], number: int | None = None) -> WorkChange:
    """Have the searches ranked anew: their works have changed, and with them what there is room for."""
    s.flush()
    for search in searches:
        works.reopen(s, search)
    if number is None:
        number = s.exec(select(Duplicate.id).order_by(col(Duplicate.id).desc())).first()
    waiting = [n for n in searches if not s.get_one(Search, n).started_with.replay_of]
    return WorkChange(int(number or 0), int(work.id or 0), work.title, tuple(waiting))
