"""All testable claims of a search, tested within a budget of time: what decides most per hour first.

Candidates are the links of every claim at every fidelity that can run here. A test's worth is the chance that its
design decides anything: power at the SESOI, or the chance of an equivalence where that is greater (`UNKNOWN` where
neither was measured). Its cost is the seconds of its stages that are neither in the store nor wanted by a test before
it: stages are shared. After each test the rest is ordered anew.

The claims are one family: the probability that any of them is decided wrongly is held at α by Holm's procedure
(`judge.holm`), over all claims that can be tested, whether or not the budget reaches them. What remains inconclusive is
judged again where decisions have left it a larger share; that costs nothing, since its numbers are there.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from repro.artifacts import Store as ArtifactStore
from repro.commands.remembered import remembering
from repro.data.library import Library
from repro.design.experiment import FIDELITIES
from repro.errors import LabError
from repro.experiments import all_experiments
from repro.plan.plan import Plan
from repro.plan.planner import make_plan
from synth.core.errors import SynthError, UsageError
from synth.core.workspace import Workspace
from synth.store import views
from synth.store.database import reading
from synth.store.rows.runs import LinkView, PredictionView, VerdictView
from synth.verify.judge.decision import BEST
from synth.verify.request import Request
from synth.verify.run import DECIDED, Test

UNKNOWN = 0.5  # chance of a decision where a design's power is not known
UNMEASURED = 60.0  # seconds of a stage that was never timed
FLOOR = 0.5  # seconds that judging and storing take, however much is in the store
BEST_FIRST = ("paper", "base", "published", "small", "synthetic")  # of equal worth and cost, the closer to the original
assert set(BEST_FIRST) == set(FIDELITIES)


@dataclass(frozen=True)
class Candidate:
    """One way to test a claim.

    Attributes:
        worth: chance that it decides anything.
        stages: seconds by key of the stages that are not in the store.
    """

    claim: int
    prediction: int
    experiment: str
    contrast: str
    fidelity: str
    worth: float
    stages: Mapping[str, float]

    def seconds(self, made: Container[str] = ()) -> float:
        """Return the seconds that it costs beside stages that are made anyway."""
        return FLOOR + sum(seconds for key, seconds in self.stages.items() if key not in made)


@dataclass(frozen=True)
class Step:
    """A test in the order of a campaign, and what it is expected to cost and to bring."""

    candidate: Candidate
    seconds: float

    @property
    def per_hour(self) -> float:
        return self.candidate.worth * 3600 / self.seconds


@dataclass(frozen=True)
class Result:
    """Outcome of a claim: its verdict, or why there is none."""

    claim: int
    text: str
    experiment: str
    fidelity: str
    seconds: float
    verdict: str
    why: str = ""


@dataclass(frozen=True)
class Testable:
    """A claim with the links of its predictions. `verdicts`: newest first."""

    id: int
    text: str
    predictions: Sequence[PredictionView]
    verdicts: Sequence[VerdictView]


@dataclass(frozen=True)
class Campaign:
    """The claims of a search that can be tested, each with its candidates."""

    search: int
    claims: Mapping[int, Testable]
    candidates: Sequence[Candidate]
    refused: Mapping[int, str] = field(default_factory=dict)  # claim → why nothing that is linked to it can run here

    @property
    def family(self) -> int:
        """Number of claims that share the error."""
        return len(self.claims)


def planned(workspace: Workspace, search: int | None, fidelity: str | None = None) -> Campaign:
    """Plan every way to test the claims of a search, each plan once however many claims share it.

    Args:
        workspace: whose claims and experiments are meant.
        search: its number; None for the newest.
        fidelity: only this one; None for all that can run here.

    Raises:
        UsageError: there is no such search, or no claim of it can be tested.
    """
    with reading(workspace.database) as connection:
        number = views.search_id(connection, search)
        testable = {
            claim.id: Testable(
                claim.id,
                claim.text,
                views.predictions(connection, claim.id),
                views.verdicts(connection, claim.id) if claim.verdict else (),
            )
            for claim in views.claims(connection, number)
            if claim.experiment
        }
    if not testable:
        raise UsageError(
            f"No claim of search {number} can be tested by an experiment.",
            "`synth experiments` lists what can be tested; `synth experiments new --claim N` makes one of your own.",
        )
    make = _Plans(workspace)
    candidates, refused = [], {}
    with remembering():
        for claim in testable.values():
            own = [
                c
                for row in claim.predictions
                for link in row.links
                for c in make.candidates(claim, row, link, fidelity)
            ]
            candidates += own
            if not own:
                refused[claim.id] = make.why.get(claim.id, "no linked experiment can run here")
    return Campaign(number, testable, candidates, refused)


class _Plans:
    """Plans by experiment, fidelity and contrast, made once each."""

    def __init__(self, workspace: Workspace) -> None:
        self.catalogue = all_experiments(workspace.experiments)
        self.store = ArtifactStore(workspace.artifacts)
        self.library = Library.default(workspace.data)
        self.made: dict[tuple[str, str, str, bool], tuple[float, Mapping[str, float]] | str] = {}
        self.why: dict[int, str] = {}

    def candidates(
        self, claim: Testable, row: PredictionView, link: LinkView, wanted: str | None
    ) -> Iterator[Candidate]:
        tested = self.catalogue.get(link.experiment)
        if tested is None:
            return
        for fidelity in tested.fidelities:
            if wanted not in (None, fidelity) or not tested.offers(fidelity, link.contrast):
                continue
            key = (link.experiment, fidelity, link.contrast, row.direction in BEST)
            if key not in self.made:
                self.made[key] = self._plan(*key)
            made = self.made[key]
            if isinstance(made, str):
                self.why.setdefault(claim.id, made)
            else:
                worth, stages = made
                yield Candidate(claim.id, row.id, link.experiment, link.contrast, fidelity, worth, stages)

    def _plan(
        self, experiment: str, fidelity: str, contrast: str, rivals: bool
    ) -> tuple[float, Mapping[str, float]] | str:
        """Return worth and costs of a plan, or why there is none."""
        tested = self.catalogue[experiment]
        try:
            seeds = tested.up_to or None
            plan = make_plan(
                tested, fidelity, self.store, seeds, library=self.library, contrast=contrast, rivals=rivals
            )
        except LabError as error:
            return error.what
        costs = {s.key: UNMEASURED if s.seconds is None else s.seconds for s in plan.stages if not s.cached}
        return _worth(plan, contrast), costs


def _worth(plan: Plan, contrast: str) -> float:
    """Return the chance that the plan decides: power at the SESOI, or that of an equivalence."""
    power = plan.power.get(contrast)
    known = [chance for chance in (power.at_sesoi, power.equivalence) if chance is not None] if power else []
    if known:
        return max(known)
    if power is None or power.enough is None:
        return UNKNOWN
    return 0.8 if power.enough else 0.2


class Queue:
    """Candidates of claims, given out by what they decide per second; a claim's others go with the first of them.

    Candidates of the same stages cost the same, so that only one of each such group is looked at.
    """

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self.groups: dict[tuple[int, float, str], deque[Candidate]] = {}
        self.made: set[str] = set()
        self.costs: dict[int, float] = {}  # by the identity of a plan's stages
        self.plans_with: dict[str, set[int]] = {}
        self.claims: set[int] = set()
        for candidate in sorted(candidates, key=lambda c: c.claim):
            plan = id(candidate.stages)
            self.groups.setdefault((plan, candidate.worth, candidate.fidelity), deque()).append(candidate)
            self.claims.add(candidate.claim)
            if plan not in self.costs:
                self.costs[plan] = candidate.seconds()
                for key in candidate.stages:
                    self.plans_with.setdefault(key, set()).add(plan)

    def best(self, within: float | None = None) -> Step | None:
        """Return what decides most per second of those that take no longer than `within`; None where there is none."""
        heads = []
        for (plan, worth, fidelity), group in list(self.groups.items()):
            while group and group[0].claim not in self.claims:
                group.popleft()
            if not group:
                del self.groups[plan, worth, fidelity]
                continue
            seconds = self.costs[plan]
            if within is None or seconds <= within:
                heads.append((worth / seconds, -BEST_FIRST.index(fidelity), -group[0].claim, group[0], seconds))
        if not heads:
            return None
        *_, candidate, seconds = max(heads, key=lambda head: head[:3])
        return Step(candidate, seconds)

    def remove(self, claim: int) -> None:
        """Take the claim's candidates out."""
        self.claims.discard(claim)

    def add_made(self, candidate: Candidate) -> None:
        """Let the candidate's stages cost nothing from now on."""
        fresh = candidate.stages.keys() - self.made
        self.made |= fresh
        for plan in {plan for key in fresh for plan in self.plans_with[key]}:
            group = next((group for (owner, *_), group in self.groups.items() if owner == plan and group), None)
            if group:
                self.costs[plan] = group[0].seconds(self.made)


def order(candidates: Iterable[Candidate]) -> list[Step]:
    """Return one test a claim, what decides most per hour first; stages that a test before it makes cost nothing."""
    queue, steps = Queue(candidates), []
    while step := queue.best():
        steps.append(step)
        queue.remove(step.candidate.claim)
        queue.add_made(step.candidate)
    return steps


class OverBudget(Exception):
    """The time of a campaign is used up; what is measured is kept."""


def carry_out(
    workspace: Workspace,
    campaign: Campaign,
    budget: float | None,
    test_one: Callable[[Test, Callable[[], None]], VerdictView],
    on: Request | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Result]:
    """Test the claims of a campaign one after the other and yield what became of each.

    Args:
        workspace: where they are.
        campaign: what `planned` gave.
        budget: seconds; None for no limit. A test that is expected to take longer than what is left is not begun, and
            one that does take longer is stopped: what it measured is kept, and the same command goes on from there.
        test_one: carries out a test; it calls its second argument, which raises OverBudget, whenever something happens.
        on: where and how tests run (fidelity and claim are set here).
        clock: seconds.
    """
    begin, base = clock(), on or Request()
    decided = _decided(workspace, campaign)
    queue = Queue(c for c in campaign.candidates if c.claim not in decided)
    yield from _earlier(campaign, decided)
    open_claims: dict[int, tuple[Candidate, int]] = {}  # with how many were decided when it was judged
    while step := queue.best(None if budget is None else budget - (clock() - begin)):
        candidate = step.candidate
        queue.remove(candidate.claim)
        started = clock()

        def within(until: float | None = None if budget is None else begin + budget) -> None:
            if until is not None and clock() > until:
                raise OverBudget

        before = len(decided)
        try:
            verdict = test_one(_test(workspace, campaign, candidate, base, before), within)
        except OverBudget:
            yield _result(campaign, candidate, clock() - started, "not tested", "stopped at the end of the budget")
            continue
        except SynthError as error:
            yield _result(campaign, candidate, clock() - started, "not tested", error.what)
            continue
        queue.add_made(candidate)
        if verdict.verdict in DECIDED:
            decided[candidate.claim] = verdict.verdict
        else:
            open_claims[candidate.claim] = candidate, before
        yield _result(campaign, candidate, clock() - started, verdict.verdict)
    while step := queue.best():
        queue.remove(step.candidate.claim)
        why = f"about {step.seconds:.0f} s, and the budget is used up"
        yield _result(campaign, step.candidate, 0.0, "not tested", why)
    yield from _again(workspace, campaign, open_claims, decided, test_one, base)
    for claim, why in campaign.refused.items():
        yield Result(claim, campaign.claims[claim].text, "", "", 0.0, "not tested", why)


def _again(
    workspace: Workspace,
    campaign: Campaign,
    left: dict[int, tuple[Candidate, int]],
    decided: dict[int, str],
    test_one: Callable[[Test, Callable[[], None]], VerdictView],
    base: Request,
) -> Iterator[Result]:
    """Judge what is open once more while decisions leave it a larger share of the error."""
    while poorer := {claim: c for claim, (c, before) in left.items() if before < len(decided)}:
        for claim, candidate in poorer.items():
            left[claim] = candidate, len(decided)
            try:
                verdict = test_one(_test(workspace, campaign, candidate, base, len(decided)), lambda: None)
            except SynthError:
                continue
            if verdict.verdict in DECIDED:
                decided[claim] = verdict.verdict
                del left[claim]
                yield _result(campaign, candidate, 0.0, verdict.verdict, "judged again at a larger share of the error")


def _test(workspace: Workspace, campaign: Campaign, candidate: Candidate, base: Request, decided: int) -> Test:
    request = replace(
        base,
        claim=candidate.claim,
        experiment=candidate.experiment,
        contrast=candidate.contrast,
        fidelity=candidate.fidelity,
    )
    test = request.test(workspace, online=False)
    return replace(test, predictions=campaign.family, decided=min(decided, campaign.family - 1))


def _decided(workspace: Workspace, campaign: Campaign) -> dict[int, str]:
    """Return claim → verdict of those that a campaign over the same family has decided before."""
    known: dict[int, str] = {}
    for number, claim in campaign.claims.items():
        for verdict in claim.verdicts:  # newest first
            if verdict.spec["rule"].get("predictions") == campaign.family and verdict.verdict in DECIDED:
                known.setdefault(number, verdict.verdict)
    return known


def _earlier(campaign: Campaign, decided: Mapping[int, str]) -> Iterator[Result]:
    for claim, verdict in decided.items():
        known = next(v for v in campaign.claims[claim].verdicts if v.verdict == verdict)
        yield Result(
            claim, campaign.claims[claim].text, known.experiment, known.fidelity, 0.0, verdict, "decided before"
        )


def _result(campaign: Campaign, candidate: Candidate, seconds: float, verdict: str, why: str = "") -> Result:
    text = campaign.claims[candidate.claim].text
    return Result(candidate.claim, text, candidate.experiment, candidate.fidelity, round(seconds, 1), verdict, why)


def budget_of(text: str) -> float:
    """Return the seconds of "90s", "10m" or "2h"; a bare number is minutes. UsageError for anything else."""
    units = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
    number, unit = (text[:-1], text[-1:]) if text[-1:] in units else (text, "m")
    try:
        seconds = float(number) * units[unit]
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e8:
        raise UsageError(f"--budget {text!r} is no time.", "Write 90s, 10m or 2h.")
    return seconds
