"""Store of a person's screening decisions: each step is one transaction.

`screening` holds what is valid now, `screening_event` every step that led there. A person's decision stands above the
rules: ranking a search anew does not touch it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict, cast

from sqlmodel import Session, col, select, update

from synth.core.errors import SynthError, UsageError
from synth.core.reasons import Parameter, Reason, read
from synth.core.reasons.screening import ExclusionReason, exclusion, persons
from synth.core.types import Editorial
from synth.screening.recall import Draw
from synth.search.completeness import complete
from synth.search.full_text import unread
from synth.search.ranking.selection import explain
from synth.store.database import Store
from synth.store.tables import (
    DECISION,
    ClaimRow,
    Evidence,
    Paper,
    PaperRecord,
    PassageRow,
    Screening,
    ScreeningEvent,
    Search,
    now,
)

DECISIONS = ("include", "exclude")
STOPPED: Reason[ExclusionReason] = Reason(ExclusionReason.STOPPED)
MAX_REASON_LENGTH = 200


class EarlierDecision(TypedDict):
    """State of a work before a step, as `screening_event` keeps it; earlier versions kept no code."""

    decision: str
    reason: str
    by: str
    reason_code: NotRequired[str]
    reason_parameters: NotRequired[dict[str, Parameter]]


class Overtaken(SynthError):
    """Someone else has decided the work since it was shown."""


@dataclass(frozen=True)
class ScreenedWork:
    """A work as a person screens it. `decided`: include or exclude by a person, empty while nobody has."""

    id: int
    title: str
    authors: tuple[str, ...]
    year: int | None
    abstract: str
    url: str
    sources: tuple[str, ...]
    ids: dict[str, str]
    rank: int | None
    decision: str
    reason: str
    code: str
    by: str
    decided: str


@dataclass(frozen=True)
class Step:
    """A step of a person, as stored."""

    id: int
    paper: int
    decision: str
    reason: str
    who: str
    decided: str
    drawn: str
    chance: float | None
    undecided: int
    works: int
    undoes: int | None


def opened(store: Store, number: int | None) -> Search:
    """Find the search, the newest without a number. UsageError where there is none."""
    with store.session() as s:
        newest = select(Search).order_by(col(Search.id).desc())
        search = s.exec(newest).first() if number is None else s.get(Search, number)
        if search is not None:
            return search
        numbers = ", ".join(str(search_id) for search_id in s.exec(select(Search.id).order_by(col(Search.id))).all())
    if not numbers:
        raise UsageError("This workspace holds no search yet.", 'Start one with `synth search "<question>"`.')
    raise UsageError(f"There is no search {number} in this workspace.", f"Searches here: {numbers}.")


def works(store: Store, number: int) -> list[ScreenedWork]:
    """Return the works to be screened, most relevant first; withdrawn ones and notices are no matter of opinion."""
    with store.session() as s:
        rows = s.exec(
            select(Screening, Paper)
            .join(Paper, col(Paper.id) == col(Screening.paper_id))
            .where(
                Screening.search_id == number,
                col(Paper.withdrawn).is_(False),
                Paper.retracted != Editorial.NOTICE.value,
            )
            .order_by(col(Screening.rank).is_(None), col(Screening.rank), col(Paper.id))
        ).all()
        named: dict[int, list[str]] = {}
        ours = select(Screening.paper_id).where(Screening.search_id == number)
        for paper, source in s.exec(
            select(PaperRecord.paper_id, PaperRecord.source)
            .where(col(PaperRecord.paper_id).in_(ours))
            .order_by(col(PaperRecord.id))
        ).all():
            named.setdefault(paper, []).append(source)
        stopped = _stopped(s, number)
    return [_work(row, paper, named.get(int(paper.id or 0), []), stopped) for row, paper in rows]


def _work(row: Screening, paper: Paper, sources: Iterable[str], stopped: set[int]) -> ScreenedWork:
    number = int(paper.id or 0)
    own = row.by == "person" and row.decision in DECISIONS and number not in stopped
    return ScreenedWork(
        id=number,
        title=paper.title,
        authors=tuple(str(name) for name in paper.authors),
        year=paper.year,
        abstract=paper.abstract,
        url=paper.url,
        sources=tuple(dict.fromkeys(sources)),
        ids={"doi": paper.doi, "arxiv_id": paper.arxiv_id, "acl_id": paper.acl_id},
        rank=row.rank,
        decision=row.decision,
        reason=row.reason,
        code=row.reason_code,
        by=row.by,
        decided=row.decision if own else "",
    )


def to_read(store: Store, number: int) -> tuple[int, int]:
    """Count the works that are taken in and not read yet, and those that are taken in and have no text."""
    with store.session() as s:
        without = (
            select(Paper.id)
            .join(Screening, col(Screening.paper_id) == col(Paper.id))
            .where(Screening.search_id == number, Screening.decision == "include", Paper.text_state == "skipped")
        )
        return len(s.exec(unread(number).where(Screening.decision == "include")).all()), len(s.exec(without).all())


def steps(store: Store, number: int) -> list[Step]:
    """List every step of everybody, in order."""
    with store.session() as s:
        rows = s.exec(
            select(ScreeningEvent).where(ScreeningEvent.search_id == number).order_by(col(ScreeningEvent.id))
        ).all()
        names = ("decision", "reason", "who", "decided", "drawn", "chance", "undecided", "works", "undoes")
        return [Step(int(r.id or 0), r.paper_id, *(getattr(r, name) for name in names)) for r in rows]


def _stopped(s: Session, number: int) -> set[int]:
    """Return the works whose last step is that nobody screened them."""
    last: dict[int, str] = {}
    rows = select(ScreeningEvent.paper_id, ScreeningEvent.drawn).where(ScreeningEvent.search_id == number)
    for paper, drawn in s.exec(rows.order_by(col(ScreeningEvent.id))).all():
        last[paper] = drawn
    return {paper for paper, drawn in last.items() if drawn == "stop"}


def decide(
    store: Store,
    number: int,
    work: ScreenedWork,
    decision: str,
    reason: str = "",
    *,
    who: str,
    drawn: str = "order",
    chance: float | None = None,
    counts: tuple[int, int] = (0, 0),
) -> int:
    """Commit the decision about `work` as it was shown, and return the step's id. `counts`: undecided works, all works.

    `maybe` leaves the work undecided; what a person had decided about it is then taken back to the rules' decision.
    Raises Overtaken if its state is not the shown one any more.
    """
    with store.session(writing=True) as s:
        event = _decide(s, number, work, decision, reason, who=who, drawn=drawn, chance=chance, counts=counts)
        _settle(s, number)
        return event


def decide_all(store: Store, number: int, decisions: Sequence[tuple[ScreenedWork, str, str]], who: str) -> None:
    """Commit (work, decision, reason) of a file: all of them, or none if a work has changed since it was read."""
    with store.session(writing=True) as s:
        for work, decision, reason in decisions:
            _decide(s, number, work, decision, reason, who=who, drawn="file", chance=None, counts=(0, 0))
        _settle(s, number)


def _decide(
    s: Session,
    number: int,
    work: ScreenedWork,
    decision: str,
    reason: str,
    *,
    who: str,
    drawn: str,
    chance: float | None,
    counts: tuple[int, int],
) -> int:
    row = _row(s, number, work.id)
    if (row.decision, row.reason, row.by) != (work.decision, work.reason, work.by):
        raise Overtaken(
            f"Work {work.id} was decided meanwhile: {row.decision}{f' ({row.reason})' if row.reason else ''}.",
            "That decision stands; go back to the work to change it.",
        )
    event = ScreeningEvent(
        search_id=number,
        paper_id=work.id,
        decision=decision,
        reason=reason,
        who=who,
        decided=now(),
        drawn=drawn,
        chance=chance,
        undecided=counts[0],
        works=counts[1],
    )
    _step(s, row, decision, persons(reason) if reason or decision == "exclude" else None, event)
    return int(event.id or 0)


def undo(store: Store, number: int, who: str) -> int | None:
    """Take back the last step of `who` that still stands, and return its work; None if there is none.

    Raises Overtaken if the work was decided by someone else since.
    """
    with store.session(writing=True) as s:
        rows = s.exec(
            select(ScreeningEvent)
            .where(ScreeningEvent.search_id == number, ScreeningEvent.drawn != "stop")
            .order_by(col(ScreeningEvent.id).desc())
        ).all()
        undone = {row.undoes for row in rows}
        last = next((r for r in rows if r.who == who and r.decision != "undo" and r.id not in undone), None)
        if last is None:
            return None
        newest = next(r for r in rows if r.paper_id == last.paper_id and r.decision != "undo" and r.id not in undone)
        if newest.id != last.id:
            raise Overtaken(f"{newest.who} has decided that work since.", "Their decision stands.")
        row, before = _row(s, number, last.paper_id), _before(last)
        event = ScreeningEvent(
            search_id=number,
            paper_id=last.paper_id,
            decision="undo",
            who=who,
            decided=now(),
            drawn=last.drawn,
            undoes=last.id,
        )
        _step(s, row, before["decision"], _reason(before), event, by=before["by"])
        _settle(s, number)
        return last.paper_id


def stop(store: Store, number: int, who: str) -> int:
    """Exclude every work that nobody has decided, and return how many: screening ends here. `reopen` takes it back."""
    unscreened = {work.id for work in works(store, number) if not work.decided and work.code != STOPPED.code}
    with store.session(writing=True) as s:
        for paper in sorted(unscreened):
            row = _row(s, number, paper)
            if row.by == "rule":  # else someone has decided it since
                event = ScreeningEvent(
                    search_id=number,
                    paper_id=paper,
                    decision="exclude",
                    reason=exclusion(STOPPED),
                    who=who,
                    decided=now(),
                    drawn="stop",
                )
                _step(s, row, "exclude", STOPPED, event)
        _settle(s, number)
    return len(unscreened)


def reopen(store: Store, number: int, who: str) -> int:
    """Give the works that were left unscreened back to the rules, and return how many."""
    with store.session(writing=True) as s:
        papers = _stopped(s, number)
        for paper in sorted(papers):
            before = _rules(s, number, paper)
            event = ScreeningEvent(
                search_id=number, paper_id=paper, decision="undo", who=who, decided=now(), drawn="order"
            )
            _step(s, _row(s, number, paper), before["decision"], _reason(before), event, by=before["by"])
        _settle(s, number)
    return len(papers)


def draws(steps: Sequence[Step], labels: dict[int, str], works: int) -> list[Draw]:
    """Return the random draws that the recall of `works` works rests on. `labels`: works that a person has decided.

    Draws from a smaller set, before the search was resumed and found more, tell nothing about what came since: they
    are left out. A label is the one that holds now, also where it was another when the work was drawn.
    """
    undone = {step.undoes for step in steps}
    found_at: dict[int, int] = {paper: 0 for paper, label in labels.items() if label == "include"}
    drawn = []
    for step in steps:
        if step.id in undone or step.decision not in (*DECISIONS, "maybe") or step.drawn == "stop":
            continue
        if step.decision in DECISIONS and not found_at.get(step.paper, 1):
            found_at[step.paper] = step.id
        if step.drawn == "random" and step.works == works:
            drawn.append(step)
    return [
        Draw(
            undecided=step.undecided,
            found=sum(at < step.id and paper != step.paper for paper, at in found_at.items()),
            relevant=labels.get(step.paper, "include") == "include",
        )
        for step in drawn
    ]


def _row(s: Session, number: int, paper: int) -> Screening:
    return s.exec(select(Screening).where(Screening.search_id == number, Screening.paper_id == paper)).one()


def _rules(s: Session, number: int, paper: int) -> EarlierDecision:
    """Return what the rules had decided about a work before a person did."""
    first = s.exec(
        select(ScreeningEvent)
        .where(ScreeningEvent.search_id == number, ScreeningEvent.paper_id == paper)
        .order_by(col(ScreeningEvent.id))
    ).first()
    if first is not None and first.before.get("by") == "rule":
        return _before(first)
    return {"decision": "pending", "reason": "", "by": "rule"}


def _before(event: ScreeningEvent) -> EarlierDecision:
    return cast(EarlierDecision, event.before)


def _reason(before: EarlierDecision) -> Reason[ExclusionReason] | None:
    """Return the reason of a decision that a step keeps; steps of earlier versions have its words only."""
    if not before["reason"]:
        return None
    return read(ExclusionReason, before.get("reason_code", ""), before.get("reason_parameters", {}), before["reason"])


def _step(
    s: Session,
    row: Screening,
    decision: str,
    reason: Reason[ExclusionReason] | None,
    event: ScreeningEvent,
    by: str = "person",
) -> None:
    """Write a step and what follows from it: the decision, and what is stale now."""
    event.before = {name: getattr(row, name) for name in DECISION}
    if reason and event.decision in DECISIONS:
        event.reason_code, event.reason_parameters = reason.code, dict(reason.parameters)
    if decision == "maybe":
        rules = _rules(s, row.search_id, row.paper_id) if row.by == "person" else _before(event)
        decision, reason, by = rules["decision"], _reason(rules), rules["by"]
    changed = (row.decision == "include") != (decision == "include")
    row.decision, row.by = decision, by
    explain(row, reason)
    s.add(event)
    s.flush()
    if changed:
        _mark_stale(s, row)


def _settle(s: Session, number: int) -> None:
    """Update whether the search is still complete: works that were taken in wait to be read."""
    s.flush()
    search = s.get_one(Search, number)
    if search.state == "done":
        search.complete = complete(s, number)


def _mark_stale(s: Session, row: Screening) -> None:
    """Mark evidence from the texts of a work that was taken in or out: it is gathered anew when the search resumes."""
    claims = update(ClaimRow).where(col(ClaimRow.search_id) == row.search_id)
    theirs = select(PassageRow.id).where(PassageRow.paper_id == row.paper_id)
    if row.decision != "include":
        resting = select(Evidence.claim_id).where(col(Evidence.passage_id).in_(theirs))
        s.exec(claims.where(col(ClaimRow.id).in_(resting)).values(evidence_done=False))
    elif s.exec(theirs).first() is not None:
        s.exec(claims.values(evidence_done=False))
