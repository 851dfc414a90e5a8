"""`synth verify`: link a claim to an experiment, fix the rule, run, and let the numbers decide."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from sqlmodel import col, select

from repro.artifacts import Store as ArtifactStore
from repro.data.library import Library
from repro.design.deviations import DeviationCode
from repro.design.experiment import COEFFICIENT, Contrast, Experiment
from repro.errors import LabError
from repro.experiments import all_experiments, experiment
from repro.languages.typology import origins
from repro.plan.plan import Plan
from repro.plan.planner import make_plan
from repro.run.lab import run
from repro.run.outcome import Outcome as LabOutcome
from repro.run.pool import Crew, Event
from repro.run.slurm import Cluster
from synth.core.errors import SynthError, UsageError
from synth.core.mark import CONTRADICTING, EQUIVALENT, SUPPORTING
from synth.core.progress import Progress, silent
from synth.core.reasons import Reason, StoredReason, read
from synth.core.reasons.differences import Difference, sentence
from synth.core.reasons.verdicts import incomparable
from synth.core.settings import Settings
from synth.core.types import JsonValue, Prediction
from synth.core.workspace import Workspace
from synth.store import views
from synth.store.database import Store, reading
from synth.store.exclusive_lock import at_work, exclusive_lock
from synth.store.rows.claims import FullClaimView
from synth.store.rows.runs import LinkView, PredictionView, VerdictView
from synth.store.tables import Measurement as MeasurementRow
from synth.store.tables import Run, Verdict, now
from synth.verify.judge import sequential
from synth.verify.judge.decision import BEST, claimed_direction
from synth.verify.judge.equivalence import half_unit
from synth.verify.judge.failures import Failure
from synth.verify.judge.holm import level
from synth.verify.judge.outcome import Outcome
from synth.verify.judge.rule import Rule, seeds_of, step_by_step
from synth.verify.judge.verdict import judge
from synth.verify.laboratory import coded
from synth.verify.laboratory_errors import as_synth_errors
from synth.verify.linking.candidates import direction_only
from synth.verify.linking.orientation import direction_tested
from synth.verify.linking.setting import about_untuned, ordered
from synth.verify.specification import Specification
from synth.verify.statistics.estimates import answered, stated
from synth.verify.statistics.measurement import Measurement, measured
from synth.verify.statistics.replication import Unit
from synth.verify.stored import as_stored

DECIDED = (*SUPPORTING, *CONTRADICTING, EQUIVALENT)


@dataclass(frozen=True)
class Test:
    """A claim's prediction with the contrast that tests it and the plan that measures the contrast.

    `one_by_one`: seeds are added until the verdict is decided, those of the plan at most. `text`: the claim as it is
    printed. `predictions`: how many of the claim can be tested; `decided`: how many of the others are. `request`: what
    it was asked for with, so that another process can take it up; no part of the specification.
    """

    claim_id: int
    prediction_id: int
    prediction: Prediction
    contrast: Contrast
    plan: Plan
    differences: Mapping[str, Reason[Difference]]
    one_by_one: bool = False
    text: str = ""
    predictions: int = 1
    decided: int = 0
    request: Mapping[str, JsonValue] = field(default_factory=dict)

    @property
    def rule(self) -> Rule:
        value, count = self.prediction.value, self.contrast.statistic == "count"
        direction = direction_tested(self.prediction, self.contrast, "sign" in self.differences)
        rivals = self.contrast.rivals if direction in BEST else ()
        baseline = "" if rivals else self.contrast.baseline  # the rivals are what it is compared with
        rule = Rule(
            treatment=self.contrast.treatment,
            baseline=baseline,
            metric=self.contrast.metric,
            control_metric="" if rivals else self.contrast.control,
            direction=direction if count else claimed_direction(direction, value),
            value=value,
            sesoi=self.contrast.sesoi,
            alpha=level(self.plan.experiment.alpha, self.predictions, self.decided),
            minimum_seeds=self.plan.experiment.minimum_seeds,
            unit=self.contrast.unit,
            statistic=self.contrast.statistic,
            covariate=self.contrast.covariate,
            languages=self.contrast.languages,
            repeats=self.plan.repeats(self.contrast.treatment, baseline, *rivals),
            direction_only="" if self._declared else incomparable(direction_only(self.prediction, self.contrast)),
            baseline_metric="" if rivals else self.contrast.baseline_metric,
            rounding=0.0 if count or value is None else half_unit(value, self.text),
            predictions=self.predictions,
            rivals=rivals,
            published_baseline=self.contrast.published_baseline,
            unit_of_replication=self.contrast.unit_of_replication,
            may_fail=self.plan.experiment.may_fail,
            arms_differ=bool(self.plan.experiment.folder),
        )
        once = self.contrast.statistic in ("count", COEFFICIENT)
        return step_by_step(rule, len(self.plan.seeds)) if self.one_by_one and not once else rule

    @property
    def _declared(self) -> bool:
        """True if the author says that the experiment tests the claim, and the value is in the contrast's unit."""
        declared = any(why.code is Difference.DECLARED for why in self.differences.values())
        return declared and (self.prediction.value is None or self.prediction.unit == self.contrast.unit)

    @property
    def deviating(self) -> list[Reason[Difference]]:
        """Every difference between the claimed setting and the measured one, then what the claim leaves open."""
        untuned = about_untuned(self.prediction, self.text)
        found = [why for code, why in coded(self.plan) if not (untuned and code is DeviationCode.UNTRAINED)]
        return [*found, *ordered(self.differences)]

    @property
    def deviations(self) -> list[str]:
        """The differences as sentences."""
        return [sentence(reason) for reason in self.deviating]

    @property
    def spec(self) -> Specification:
        """Specification registered before the run: prediction, rule, and the laboratory's own."""
        return Specification(
            claim=self.claim_id,
            prediction=self.prediction,
            contrast=self.contrast.id,
            rule=self.rule,
            deviations=tuple(self.deviations),
            altered=self.plan.altered,
            laboratory=self.plan.spec,
        )

    @property
    def spec_hash(self) -> str:
        return self.spec.hash


def prepare(
    workspace: Workspace,
    claim_id: int,
    fidelity: str | None = None,
    seeds: int | None = None,
    experiment_id: str | None = None,
    overrides: Mapping[str, JsonValue] | None = None,
    every_arm: bool = False,
    online: bool = False,
    one_by_one: bool = False,
    default: str = "synthetic",
    contrast_id: str | None = None,
) -> Test:
    """Return the test of the claim's best linked prediction.

    Args:
        workspace: where the claim is, and experiments of one's own.
        claim_id: its number.
        fidelity: None for the only one that the experiment has, else the `default`.
        seeds: how many; None for what the experiment says.
        experiment_id: only this one of the linked experiments.
        overrides: changes of the fidelity's parameters; the laboratory lists them as a deviation.
        every_arm: also those arms of the experiment that the claim's contrast does not compare.
        online: a published model that is not at hand is fetched.
        one_by_one: `seeds` is the most that may be run; each is only run if those before it have decided nothing.
        default: fidelity of an experiment with several.
        contrast_id: only this one of the experiment's contrasts.

    Raises:
        UsageError: nothing can test it, with the reason.
    """
    with reading(workspace.database) as connection:
        claim = views.claim(connection, claim_id)
    catalogue = all_experiments(workspace.experiments)
    link, row = _strongest(claim, experiment_id, contrast_id, fidelity or default, catalogue)
    with as_synth_errors(UsageError):
        tested = experiment(link.experiment, workspace.experiments)
        fidelity = _fidelity(tested, fidelity, default)
        if seeds is None and tested.up_to:
            seeds, one_by_one = tested.up_to, True
        _check_model(tested, fidelity, overrides or {})
        if one_by_one:
            _check_looks(tested, seeds)
        plan = make_plan(
            tested,
            fidelity,
            ArtifactStore(workspace.artifacts),
            seeds,
            overrides,
            Library.default(workspace.data),
            link.contrast,
            online,
            rivals=row.direction in BEST,
            every_arm=every_arm,
        )
    predictions, decided = _family(claim, row.id, fidelity)
    return Test(
        claim_id,
        row.id,
        views.slots(row),
        _contrast(plan, link.contrast),
        plan,
        _differences(link),
        one_by_one,
        claim.text,
        predictions,
        decided,
    )


def _fidelity(tested: Experiment, wanted: str | None, default: str) -> str:
    if wanted is None and len(tested.fidelities) == 1:
        return next(iter(tested.fidelities))
    return wanted or default


def _differences(link: LinkView) -> dict[str, Reason[Difference]]:
    """Return in what the link's contrast differs from the prediction; links of earlier versions have sentences only."""
    codes, words = link.unmatched_codes, link.unmatched
    unknown: StoredReason = {"code": Difference.OTHER, "parameters": {}}
    stored = {slot: codes.get(slot, unknown) for slot in words}
    return {
        slot: read(Difference, one["code"], one["parameters"] or {"text": words[slot]}, words[slot])
        for slot, one in stored.items()
    }


def _strongest(
    claim: FullClaimView,
    experiment_id: str | None,
    contrast_id: str | None,
    fidelity: str,
    catalogue: Mapping[str, Experiment],
) -> tuple[LinkView, PredictionView]:
    """Return the best link of the claim, and its prediction; one whose contrast is there at the
    fidelity comes first.
    """
    links = [(link, row) for row in claim.predictions for link in row.links]
    if experiment_id:
        links = [(link, row) for link, row in links if link.experiment == experiment_id]
    if contrast_id:
        links = [(link, row) for link, row in links if link.contrast == contrast_id]
    if not links:
        reason = claim.why_not_testable or f"Experiment {experiment_id} is not linked to it."
        raise UsageError(
            f"Claim {claim.id} cannot be tested. {reason}",
            "`synth claims` shows which claims have an experiment; `synth experiments` what can be tested.",
        )

    def rank(pair: tuple[LinkView, PredictionView]) -> tuple[bool, float, int]:
        link = pair[0]
        offered = link.experiment in catalogue and catalogue[link.experiment].offers(fidelity, link.contrast)
        return offered, link.strength, -link.id

    return max(links, key=rank)


def _check_looks(tested: Experiment, seeds: int | None) -> None:
    """Refuse seeds below the rule's minimum, or more than there are levels for."""
    if not (seeds and tested.minimum_seeds <= seeds <= sequential.MAX_SEEDS):
        raise UsageError(
            f"Seeds of {tested.id} cannot be added up to {seeds}.",
            f"Give a number from {tested.minimum_seeds}, which its rule asks for, to {sequential.MAX_SEEDS}.",
        )


def _family(claim: FullClaimView, prediction: int, fidelity: str) -> tuple[int, int]:
    """Count the predictions of the claim that can be tested, and the others of them decided at this fidelity."""
    testable = {row.id for row in claim.predictions if row.links}
    newest: dict[int, str] = {}
    for verdict in claim.verdicts:  # newest first
        if verdict.fidelity == fidelity:
            newest.setdefault(verdict.prediction_id, verdict.verdict)
    others = testable - {prediction}
    return len(testable), sum(newest.get(other, "") in DECIDED for other in others)


def _check_model(tested: Experiment, fidelity: str, overrides: Mapping[str, JsonValue]) -> None:
    """Refuse a model where the fidelity pre-trains its own and has no place for another."""
    wanted = tested.fidelities.get(fidelity)
    if "model" in overrides and wanted and wanted.available and "model" not in wanted.params:
        others = [name for name, other in tested.fidelities.items() if "model" in other.params]
        raise UsageError(
            f"{tested.id} at {fidelity} pre-trains its model itself and takes no other.",
            f"Use {' or '.join(f'`--fidelity {name}`' for name in others)}." if others else "Leave the model out.",
        )


def _contrast(plan: Plan, wanted: str) -> Contrast:
    """Return the contrast as it is read at the plan's fidelity, with its unit of replication there."""
    for contrast in plan.contrasts:
        if contrast.id == wanted:
            return contrast
    raise SynthError(
        f"Experiment {plan.experiment.id} no longer has the contrast {wanted} that this claim is linked to.",
        "Run the search again: it links its claims anew.",
    )


def verify(
    workspace: Workspace, settings: Settings, test: Test, progress: Progress = silent, cluster: Cluster | None = None
) -> VerdictView:
    """Register the specification, run the experiment, judge, and return the new verdict as `verify --json` shows it.

    With a `cluster` the stages are its jobs.
    """
    store = Store(workspace.database)
    try:
        with exclusive_lock(workspace, f"run-{test.spec_hash[:16]}", "running this very test"):
            _close_abandoned(store, workspace, test)
            run_id = _register(store, test)
            begin = time.monotonic()
            with Crew() as crew:
                execute = _Execution(store, workspace, settings, run_id, progress, cluster, crew)
                judged = _decide(execute, test)
            _record(store, test, run_id, judged, round(time.monotonic() - begin, 1))
    finally:
        store.close()
    with reading(workspace.database) as connection:
        return views.verdicts(connection, test.claim_id)[0]


def _close_abandoned(store: Store, workspace: Workspace, test: Test) -> None:
    """Mark as failed the interrupted runs of this claim whose specification has changed since."""
    with store.session() as s:
        unfinished = select(Run).where(Run.claim_id == test.claim_id, col(Run.state).in_(("registered", "running")))
        for row in s.exec(unfinished.where(Run.spec_hash != test.spec_hash)).all():
            if not at_work(workspace, f"run-{row.spec_hash[:16]}"):
                row.state, row.finished = "failed", now()
                row.error = "It was interrupted, and the specification has changed since."


def _register(store: Store, test: Test) -> int:
    """Store the specification with its hash before anything runs; an interrupted run of the same is taken up again."""
    with store.session() as s:
        same = select(Run).where(Run.spec_hash == test.spec_hash, col(Run.state).in_(("registered", "running")))
        row = s.exec(same.order_by(col(Run.id).desc())).first()
        if row is None:
            row = Run(
                claim_id=test.claim_id,
                prediction_id=test.prediction_id,
                experiment=test.plan.experiment.id,
                contrast=test.contrast.id,
                fidelity=test.plan.fidelity.name,
                spec=test.spec.stored(),
                spec_hash=test.spec_hash,
                registered=now(),
            )
            s.add(row)
        row.request, row.process = dict(test.request), os.getpid()
        row.state = "running"
        row.started = row.started or now()
        s.flush()
        return int(row.id or 0)


@dataclass(frozen=True)
class Judged:
    """A run with the verdict on it. `family_of`: the families of the measured languages, as far as known."""

    lab: LabOutcome
    measurements: Sequence[Measurement]
    outcome: Outcome
    family_of: Mapping[str, str]


def _decide(execute: _Execution, test: Test) -> Judged:
    """Run and judge, seed by seed where the rule has looks, until nothing more is to be learnt from another seed.

    What is stored is the last look with all it rests on, so an interrupted run looks again and comes to the same.
    """
    rule = test.rule
    stages: dict[str, dict[str, JsonValue]] = {}
    family_of: dict[str, str] | None = None
    if execute.cluster is not None and rule.looks:
        execute(test.plan)  # all seeds as one array; the looks then take them one by one
    for seeds in seeds_of(rule.looks) or [len(test.plan.seeds)]:
        lab = execute(test.plan.first(seeds))
        measurements = measured(lab.measurements)
        for stage in lab.stages:
            stages.setdefault(stage["name"], stage)  # computed at one look, it is only found again at the next
        if family_of is None:
            family_of = families(test.plan.library, measurements)
        outcome = judge(
            measurements,
            rule,
            test.plan.fidelity.name,
            asdict(lab.gate),
            lab.invalid,
            test.plan.altered,
            family_of,
            [Failure.of(row) for row in lab.failures],
        )
        execute.look(seeds, len(test.plan.seeds), lab, outcome, rule)
        if not outcome.goes_on:
            break
    return Judged(replace(lab, stages=tuple(stages.values())), measurements, outcome, family_of or {})


def families(library: Library | None, measurements: Sequence[Measurement]) -> dict[str, str]:
    """Map measured languages to families: as the measurements state them (`family`), else by WALS if it is at hand.

    A language without one is taken for itself.
    """
    stated_there = {m.language: m.family for m in measurements if m.family}
    if library is None:
        return stated_there
    try:
        origin_of = origins(library)
    except LabError:
        return stated_there
    placed = {m.language for m in measurements} & origin_of.keys()
    return {code: origin_of[code].family for code in placed if origin_of[code].family} | stated_there


@dataclass(frozen=True)
class _Execution:
    """The carrying out of plans for one run: where, and who is told of it."""

    store: Store
    workspace: Workspace
    settings: Settings
    run_id: int
    progress: Progress
    cluster: Cluster | None
    crew: Crew

    def __call__(self, plan: Plan) -> LabOutcome:
        """Carry out a plan. A failure of the laboratory is stored with the run."""

        def on_event(event: Event) -> None:
            self.progress(event.stage, event.fraction, 1.0, event.message or event.kind)

        try:
            with as_synth_errors():
                artifacts = ArtifactStore(self.workspace.artifacts)
                return run(plan, artifacts, on_event, jobs=self.settings.jobs, cluster=self.cluster, crew=self.crew)
        except SynthError as failure:
            with self.store.session() as s:
                row = s.get_one(Run, self.run_id)
                row.state, row.error, row.finished, row.process = "failed", failure.what, now(), None
            raise

    def look(self, seeds: int, most: int, lab: LabOutcome, outcome: Outcome, rule: Rule) -> None:
        """Tell and store the running estimate after so many seeds, for those who watch."""
        found, level_now = outcome.estimate, 1 - rule.level(seeds)
        look: dict[str, JsonValue] = {
            "seeds": seeds,
            "failed": len({failure["seed"] for failure in lab.failures}),
            "estimate": found.value,
            "low": found.low,
            "high": found.high,
            "level": round(level_now, 6),
            "verdict": outcome.verdict,
            "goes_on": outcome.goes_on and seeds < most,
            "at": now(),
        }
        with self.store.session() as s:
            row = s.get_one(Run, self.run_id)
            row.looks = [*(each for each in row.looks if each["seeds"] != seeds), look]
        self.progress("looks", seeds, most, f"{found} {rule.unit}: {outcome.verdict}")


def _record(store: Store, test: Test, run_id: int, judged: Judged, seconds: float) -> None:
    """Store measurements, gate, provenance and verdict in one transaction: a run is either done or still to do."""
    lab, finite = judged.lab, [m for m in judged.measurements if m.value is not None]
    with store.session() as s:
        row = s.get_one(Run, run_id)
        row.state, row.finished, row.seconds, row.process = "done", now(), seconds, None
        row.gate, row.stages = asdict(lab.gate), list(lab.stages)
        families_by_code: JsonValue = {code: judged.family_of[code] for code in sorted(judged.family_of)}
        analysis: dict[str, JsonValue] = {**judged.outcome.analysis, "family_of": families_by_code}
        row.provenance = lab.provenance | {
            "training": list(lab.training),
            "curves": list(lab.curves),
            "failures": list(lab.failures),
            "covariates": stated(finite, ["distance", test.rule.covariate]),
            "analysis": analysis,
            **_sentences_of(finite, test.rule),
        }
        s.add_all(
            MeasurementRow(
                run_id=run_id, arm=m.arm, seed=m.seed, language=m.language, metric=m.metric, value=m.value, n=m.n or 0
            )
            for m in finite
            if m.value is not None
        )
        s.add(_verdict(test, run_id, judged.outcome))


def _sentences_of(measurements: Sequence[Measurement], rule: Rule) -> dict[str, list[dict[str, JsonValue]]]:
    """Return the sentences answered rightly, where they are the unit of replication: the interval rests on them."""
    if rule.unit_of_replication != Unit.SENTENCES:
        return {}
    return {"outcomes": answered(measurements, (rule.metric, rule.baseline_metric, rule.control_metric))}


def _verdict(test: Test, run_id: int, outcome: Outcome) -> Verdict:
    return Verdict(
        claim_id=test.claim_id,
        prediction_id=test.prediction_id,
        run_id=run_id,
        verdict=outcome.verdict,
        fidelity=test.plan.fidelity.name,
        estimate=outcome.estimate.value,
        ci_low=outcome.estimate.low,
        ci_high=outcome.estimate.high,
        level=1 - test.rule.alpha,
        unit=test.contrast.unit,
        seeds=outcome.estimate.seeds,
        reason=outcome.reason,
        reason_codes=[reason.stored() for reason in outcome.reasons],
        deviations=test.deviations,
        deviation_codes=[reason.stored() for reason in test.deviating],
        created=now(),
    )


def plan_view(test: Test) -> dict[str, JsonValue]:
    """Return the plan with the keys of `verify --dry-run --json`."""
    plan = test.plan
    return {
        "claim": test.claim_id,
        "experiment": plan.experiment.id,
        "fidelity": plan.fidelity.name,
        "contrast": test.contrast.id,
        "prediction": as_stored(test.prediction),
        "arms": [arm.name for arm in plan.arms],
        "seeds": list(plan.seeds),
        "stages": [{"name": stage.name, "cached": stage.cached, "seconds": stage.seconds} for stage in plan.stages],
        "rule": as_stored(test.rule),
        "power": str(plan.power.get(test.contrast.id, "")),
        "design": plan.experiment.power,
        "spec_hash": test.spec_hash,
        "deviations": [*test.deviations],
        "deviation_codes": [reason.stored() for reason in test.deviating],
    }
