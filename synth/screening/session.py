"""Screening session of a person: the works of a search, the model that learns from decisions, what comes next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from synth.core.settings import Settings
from synth.core.types import JsonValue
from synth.core.workspace import Workspace
from synth.models.encoder import Encoder
from synth.screening import decision_store, recall
from synth.screening.decision_store import DECISIONS, STOPPED, ScreenedWork, Step
from synth.screening.order import ORDERS, RANDOM_SHARE, next_record
from synth.screening.reservations import Reservations
from synth.store.database import Store
from synth.store.rows.mapping import json_row

if TYPE_CHECKING:
    import numpy as np


class InclusionModel(Protocol):
    """Model that learns from decisions."""

    def chances(self, decisions: Mapping[int, bool]) -> np.ndarray:
        """P(relevant) of every text from place → taken in."""
        ...


@dataclass(frozen=True)
class Shown:
    """A work that is shown, and how it came up."""

    work: ScreenedWork
    drawn: str
    chance: float | None


@dataclass(frozen=True)
class Standing:
    """Progress of screening. `stopping`: P(so little was found lately | recall below TARGET), by draws at random alone
    since the last record that was chosen otherwise; None without such draws.
    """

    works: int
    decided: int
    included: int
    excluded: int
    unscreened: int
    maybe: int
    recall: recall.Recall
    stopping: float | None


class ScreeningSession:
    """Screening of search `number` by `who`. Everything that is decided is committed at once.

    `share` of the records is drawn at random. The model is made by `model(texts, question)` when it is first needed.
    """

    def __init__(
        self,
        store: Store,
        number: int,
        question: str,
        who: str,
        model: Callable[[Sequence[str], str], InclusionModel],
        order: str = ORDERS[0],
        share: float = RANDOM_SHARE,
        claimed: Reservations | None = None,
    ) -> None:
        self.store, self.number, self.question, self.who = store, number, question, who
        self.order, self.share = order, share
        self._claimed = claimed or Reservations(None)
        self._make = model
        self._model: InclusionModel | None = None
        self._chances: tuple[dict[int, bool], dict[int, float]] | None = None
        self.refresh()
        self._texts = {work.id: summary(work) for work in self.works.values()}
        self._modelled = list(self.works)
        self._passed: list[int] = self._maybe()

    def refresh(self) -> None:
        """Read what holds now: others may be screening too."""
        self.works = {work.id: work for work in decision_store.works(self.store, self.number)}
        self.steps = decision_store.steps(self.store, self.number)

    @property
    def undecided(self) -> list[int]:
        """Works that no person has decided, in the order of the search's ranking."""
        return [number for number, work in self.works.items() if not work.decided]

    def next(self) -> Shown | None:
        """Return the work to show now, or None if every one is decided or lies on another's desk.

        Works left for later come last.
        """
        self.refresh()
        undecided, passed = self.undecided, set(self._passed)
        turn = (self.number, len(self.steps), self.who)
        while undecided:
            fresh = [paper for paper in undecided if paper not in passed]
            candidate = next_record(fresh or undecided, undecided, self.order, self._known, turn, self.share)
            if candidate is not None and self._claimed.take(candidate.paper):
                return Shown(self.works[candidate.paper], candidate.drawn, candidate.chance)
            undecided = [paper for paper in undecided if candidate is None or paper != candidate.paper]
        return None

    def prepare(self) -> None:
        """Make the model now (the texts are encoded), so that the first record does not wait for it."""
        if self._model is None:
            self._model = self._make([self._texts[paper] for paper in self._modelled], self.question)

    def _known(self) -> dict[int, float]:
        """Map works to their chances by a model of the decisions as they are; 0.5 for works that came since."""
        labels = {p: w.decided == "include" for p, w in self.works.items() if w.decided}
        if self._chances is None or self._chances[0] != labels:
            self.prepare()
            place = {paper: i for i, paper in enumerate(self._modelled)}
            labels_by_place = {place[paper]: relevant for paper, relevant in labels.items() if paper in place}
            assert self._model is not None
            values = self._model.chances(labels_by_place)
            self._chances = labels, {p: float(values[place[p]]) if p in place else 0.5 for p in self.works}
        return self._chances[1]

    def decide(self, shown: Shown, decision: str, reason: str = "") -> None:
        """Commit a decision. Raises Overtaken if someone else has decided the work meanwhile."""
        undecided = self.undecided
        number = len(undecided) + (shown.work.id not in undecided)
        try:
            decision_store.decide(
                self.store,
                self.number,
                shown.work,
                decision,
                reason,
                who=self.who,
                drawn=shown.drawn,
                chance=shown.chance,
                counts=(number, len(self.works)),
            )
        finally:
            self._claimed.release()
        self._passed = [paper for paper in self._passed if paper != shown.work.id]
        if decision == "maybe":
            self._passed.append(shown.work.id)

    def undo(self) -> Shown | None:
        """Take back this person's last step and lay its work on the desk again; None if there is none."""
        paper = decision_store.undo(self.store, self.number, self.who)
        if paper is None:
            return None
        self.refresh()
        last = next(step for step in reversed(self.steps) if step.paper == paper and step.decision != "undo")
        self._passed = [number for number in self._passed if number != paper]
        return Shown(self.works[paper], last.drawn, last.chance) if paper in self.works else None

    def again(self, paper: int) -> Shown:
        """Return to a work, as it is now."""
        self.refresh()
        return Shown(self.works[paper], "again", None)

    def leave(self) -> None:
        """Release the record on the desk undecided; others may have it."""
        self._claimed.release()

    def _maybe(self) -> list[int]:
        """Return the works whose last step was to leave them for later, in that order."""
        last = {step.paper: step for step in self.steps}
        waiting = [s for s in last.values() if s.decision == "maybe" and not self.works[s.paper].decided]
        return [step.paper for step in sorted(waiting, key=lambda step: step.id)]

    def standing(self) -> Standing:
        """Return counts, recall and its interval, as of the last `refresh`."""
        return standing(list(self.works.values()), self.steps)


def standing(works: Sequence[ScreenedWork], steps: Sequence[Step]) -> Standing:
    """Measure how far the screening of `works` is after `steps`."""
    labels = {work.id: work.decided for work in works if work.decided}
    count = Counter(labels.values())
    undecided = len(works) - len(labels)
    present = {work.id for work in works}
    mine = [step for step in steps if step.paper in present]
    draws = decision_store.draws(mine, labels, len(works))
    last = {step.paper: step.decision for step in mine}
    return Standing(
        works=len(works),
        decided=len(labels),
        included=count["include"],
        excluded=count["exclude"],
        unscreened=sum(work.code == STOPPED.code and not work.decided for work in works),
        maybe=sum(last.get(work.id) == "maybe" for work in works if not work.decided),
        recall=recall.estimate(draws, count["include"], undecided),
        stopping=_stopping(mine, labels, count["include"]),
    )


def _stopping(steps: Sequence[Step], labels: dict[int, str], included: int) -> float | None:
    """Test, after Callaghan and Müller-Hansen, over the last draws, as many as nothing but chance chose in a row."""
    undone = {step.undoes for step in steps}
    tail: list[Step] = []
    for step in reversed([s for s in steps if s.id not in undone and s.decision in (*DECISIONS, "maybe")]):
        if step.drawn == "stop":
            continue
        if step.drawn != "random" or step.decision == "maybe":
            break
        tail.insert(0, step)
    if not tail:
        return None
    relevant = sum(labels.get(step.paper, "include") == "include" for step in tail)
    return recall.chance_of_luck(included, included - relevant, tail[0].undecided, len(tail))


def summary(work: ScreenedWork) -> str:
    """Return the text that the model learns from; the same that the search's ranking has encoded already."""
    return f"{work.title}. {work.abstract}"


def model_of(
    workspace: Workspace, settings: Settings, progress: Callable[[int, int], None]
) -> Callable[..., InclusionModel]:
    """Make the model for texts and a question, with the workspace's encoder and its cache."""

    def make(texts: Sequence[str], question: str) -> InclusionModel:
        from synth.screening.learner import Learner

        encoder = Encoder(settings.encoder, cache=workspace.embeddings)
        vectors = encoder.encode([*texts, question], progress)
        return Learner(texts, vectors[:-1], question, vectors[-1])

    return make


@dataclass(frozen=True)
class DecisionRow:
    """A work with what was decided, by whom, when and why, for a file or JSON; empty where no person did.

    `drawn` and `chance`: how it came up; `by_rule`: what a rule says of it.
    """

    paper: int
    decision: str
    reason: str
    who: str
    decided: str
    drawn: str
    chance: float | None
    title: str
    year: int | None
    ids: dict[str, str]
    url: str
    by_rule: str

    def row(self) -> dict[str, JsonValue]:
        """Return the columns; each identifier is one."""
        columns: dict[str, JsonValue] = {}
        for name, value in vars(self).items():
            columns |= value if name == "ids" else {name: value}
        return columns


def as_json(
    number: int, question: str, desk: Standing, works: Sequence[ScreenedWork], steps: Sequence[Step]
) -> dict[str, JsonValue]:
    """Return the JSON object that `synth screen --json` prints."""
    codes = {work.id: work.code for work in works}
    decided = [decision for decision in rows(works, steps) if decision.decision]
    row: dict[str, JsonValue] = {"search": number, "question": question, **json_row(desk)}
    row["decisions"] = [decision.row() | {"reason_code": codes[decision.paper]} for decision in decided]
    return row


def rows(works: Sequence[ScreenedWork], steps: Sequence[Step]) -> list[DecisionRow]:
    """List every work with what was decided."""
    undone = {step.undoes for step in steps}
    last = {step.paper: step for step in steps if step.id not in undone and step.decision != "undo"}
    drawn = {step.paper for step in steps if step.drawn == "random" and step.id not in undone}
    listed = []
    for work in works:
        step = last.get(work.id) if work.decided else None
        listed.append(
            DecisionRow(
                paper=work.id,
                decision=work.decided,
                reason=work.reason if work.decided else "",
                who=step.who if step else "",
                decided=step.decided if step else "",
                drawn=("random" if work.id in drawn else step.drawn) if step else "",
                chance=step.chance if step else None,
                title=work.title,
                year=work.year,
                ids=work.ids,
                url=work.url,
                by_rule="" if work.by == "person" else " ".join(filter(None, [work.decision, work.reason])),
            )
        )
    return listed
