"""An experiment as its TOML file defines it: arms, contrasts, decision rule, and what each fidelity of it needs.

The fields of these classes are the keys of the file, their annotations its types and allowed values, and a field with a
default may be left out. `repro.experiments` validates files against them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Any, Literal, NotRequired, get_args

from pydantic import BeforeValidator, ConfigDict, Field, PlainValidator, StrictBool, StrictInt
from typing_extensions import TypedDict

from repro.design.deviations import Deviation
from repro.parameters import Number, number

Role = Literal["baseline", "treatment", "control"]
Statistic = Literal["mean", "slope", "correlation", "count", "coefficient"]
# What is drawn at random, and so what an interval is over; one number a replicate in the first two.
ReplicationUnit = Literal["seeds", "models", "languages", "sentences", "data sets", "folds", "items"]
FIDELITIES = ("synthetic", "small", "base", "paper", "published")
STATISTICS: tuple[str, ...] = get_args(Statistic)
UNITS: tuple[str, ...] = get_args(ReplicationUnit)
OVER_LANGUAGES = ("slope", "correlation")  # statistics that set languages against a covariate
COEFFICIENT = "coefficient"  # of a term (`covariate`) of the model that a re-analysis fits
COMPUTED = "computed"  # in a field's metadata: no key of the file


def _as_table(row: object) -> object:
    return {"text": row} if isinstance(row, str) else row


@dataclass(frozen=True)
class Arm:
    """One condition of an experiment. `params`: as its recipe reads them."""

    name: str
    description: str
    role: Role
    params: Mapping[str, Any] = field(default_factory=dict)


if TYPE_CHECKING:
    Terms = Mapping[str, tuple[str, ...]]  # which a TypedDict is not, to a type checker
else:

    class Terms(TypedDict):
        """Phrases by slot; a claim's prediction has to match one of each."""

        treatment: tuple[str, ...]
        baseline: tuple[str, ...]
        task: tuple[str, ...]
        metric: tuple[str, ...]


@dataclass(frozen=True)
class Contrast:
    """Two arms to be compared on a metric.

    Attributes:
        baseline: "" where the statistic is of the treatment alone.
        sesoi: smallest difference that matters, in `unit` ("points" are percentage points).
        baseline_metric: metric that the baseline is read by, "" for the treatment's; then there is no `control`.
        control: metric that tells knowledge from an artefact of scoring.
        statistic: per seed: "mean", treatment − baseline averaged over languages; "slope" or "correlation" (Spearman)
            over languages of that difference, or of the treatment alone, against `covariate`; "count", one number of
            the treatment against the claimed one; "coefficient", the term `covariate` of a re-analysis' model.
        covariate: key of the measurements.
        languages: only these; () for all.
        stand_ins: task phrases that name another task than the one measured here; a claim matched through one of them
            gets that as a listed deviation.
        published_baseline: score of the baseline as it was published, None where it is not known; a run at `paper`
            that is far from it carries no verdict.
        rivals: arms with which the treatment is compared where a claim calls it the best or the worst of its kind.
        unit_of_replication: what the interval is over: training seeds, models (each `seed` of the measurements is
            another model), languages (families where they are known), or sentences; seeds that vary beside languages
            or sentences are in the interval too.
        hypothesis: what the contrast tests as a sentence of a paper would put it, for claims to be compared with.
    """

    id: str
    treatment: str
    baseline: str
    metric: str
    sesoi: Number
    unit: str
    terms: Terms
    baseline_metric: str = ""
    control: str = ""
    statistic: Statistic = "mean"
    covariate: str = "distance"
    languages: tuple[str, ...] = ()
    stand_ins: tuple[str, ...] = ()
    published_baseline: Annotated[float | None, PlainValidator(number)] = None
    rivals: tuple[str, ...] = ()
    unit_of_replication: ReplicationUnit = "seeds"
    hypothesis: str = ""


class ContrastChanges(TypedDict, total=False):
    """Fields of a contrast that are others at one fidelity: published figures are analysed by a model of their own."""

    statistic: Statistic
    covariate: str
    metric: str
    sesoi: Number
    unit: str
    unit_of_replication: ReplicationUnit


class GateRule(TypedDict):
    """Parameters of `repro.run.gate`."""

    arm: str
    control: str
    metric: str
    times_chance: Number
    languages: str
    target: str
    at_least: NotRequired[Number]
    at_most: NotRequired[Number]


class GateChanges(TypedDict, total=False):
    """Parameters of the gate that are others at one fidelity."""

    arm: str
    control: str
    metric: str
    times_chance: Number
    languages: str
    target: str


@dataclass(frozen=True)
class Variation:
    """Variation between replicates of a contrast, as measured: power rests on it (`repro.design.power`).

    Attributes:
        sd: standard deviation between replicates, in the contrast's unit; of "sentences", of one sentence's difference.
        replicates: how many it was measured over.
        source: where it was measured.
        drawn: replicates that a run at this fidelity has; 0 where they are the plan's seeds.
    """

    sd: Annotated[Number, Field(ge=0)]
    replicates: Annotated[StrictInt, Field(ge=2)]
    source: str
    drawn: StrictInt = 0


@dataclass(frozen=True)
class Fidelity:
    """One fidelity: what it needs, whether it can run here, how it deviates from the original, and its parameters.

    Attributes:
        why: why it cannot run here.
        include: the file of `repro/fidelities` with what it shares with other experiments.
        seconds: measured seconds of one stage on one core, by its label, or its kind where labels cost the same.
        recipe: another recipe than the experiment's, "" for the same.
        contrasts: where not empty, the only contrasts that there are, each with what it is read by instead of its own.
        seeds: how many are run by default; 0 for the rule's minimum.
        units_of_replication: contrast → its unit, where that is another one here.
        variation: contrast → how much its replicates differ, as far as it was measured.
    """

    available: StrictBool
    needs: str
    deviations: tuple[Annotated[Deviation, BeforeValidator(_as_table)], ...]
    why: str = ""
    include: str = ""
    seconds: Mapping[str, Number] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    gate: GateChanges = field(default_factory=lambda: GateChanges())
    recipe: str = ""
    contrasts: Mapping[str, ContrastChanges] = field(default_factory=dict)
    seeds: StrictInt = 0
    units_of_replication: Mapping[str, ReplicationUnit] = field(default_factory=dict)
    variation: Mapping[str, Variation] = field(default_factory=dict)
    name: str = field(default="", metadata={COMPUTED: True})  # its key


@dataclass(frozen=True)
class DecisionRule:
    """Level and least number of seeds of the rule by which a contrast is decided."""

    alpha: Number
    minimum_seeds: StrictInt


@dataclass(frozen=True)
class Declared:
    """Claim that a contrast tests, by the word of the experiment's author.

    Attributes:
        direction: of the contrast, as it is claimed.
        value: claimed magnitude in the contrast's unit, None where there is none.
        claims: numbers of claims of the workspace.
    """

    direction: str
    value: float | None = None
    claims: tuple[int, ...] = ()


@dataclass(frozen=True)
class Experiment:
    """A question with the arms, contrasts and fidelities by which it is answered.

    Attributes:
        power: what the design can detect, stated before anything runs.
        hash: SHA-256 of the canonical content, included parameters and all.
        declared: contrast → what its author says that it tests; of an experiment of a workspace.
        source: where the claim was read, by the author's word: title, authors, year, url.
        up_to: seeds are added one by one up to so many; 0 for a fixed number.
        may_fail: how many seeds may fail before there is no verdict.
        folder: what the paths of a command are relative to.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    id: str
    title: str
    question: str
    recipe: str
    rule: DecisionRule
    arms: tuple[Arm, ...]
    contrasts: tuple[Contrast, ...]
    gate: GateRule
    fidelities: Mapping[str, Fidelity]  # by one of FIDELITIES
    power: str = ""
    hash: str = field(default="", metadata={COMPUTED: True})
    declared: Mapping[str, Declared] = field(default_factory=dict, metadata={COMPUTED: True})
    source: Mapping[str, Any] = field(default_factory=dict, metadata={COMPUTED: True})
    up_to: int = field(default=0, metadata={COMPUTED: True})
    may_fail: int = field(default=0, metadata={COMPUTED: True})
    folder: str = field(default="", metadata={COMPUTED: True})

    @property
    def alpha(self) -> float:
        """Return the level of the decision rule."""
        return self.rule.alpha

    @property
    def minimum_seeds(self) -> int:
        """Return the least number of seeds of the decision rule."""
        return self.rule.minimum_seeds

    def arm(self, name: str) -> Arm:
        """Return the arm of this name."""
        return next(arm for arm in self.arms if arm.name == name)

    def recipe_at(self, fidelity: Fidelity) -> str:
        """Return the name of the recipe that makes the stages of this fidelity."""
        return fidelity.recipe or self.recipe

    def contrasts_at(self, fidelity: Fidelity) -> tuple[Contrast, ...]:
        """Return the contrasts that there are at this fidelity, as they are read there, with their units.

        A coefficient compares no arms: the model that it is of has all of them.
        """
        units = fidelity.units_of_replication
        offered = [each for each in self.contrasts if not fidelity.contrasts or each.id in fidelity.contrasts]
        read = (_changed(each, fidelity.contrasts.get(each.id, {})) for each in offered)
        return tuple(replace(each, unit_of_replication=units.get(each.id, each.unit_of_replication)) for each in read)

    def offers(self, fidelity: str, contrast: str) -> bool:
        """Return True if the contrast is there at the fidelity, whether or not this machine has what it needs."""
        setting = self.fidelities.get(fidelity)
        return setting is not None and any(each.id == contrast for each in self.contrasts_at(setting))


def _changed(contrast: Contrast, changes: ContrastChanges) -> Contrast:
    changed = replace(contrast, **changes)
    return replace(changed, baseline="", control="", rivals=()) if changed.statistic == COEFFICIENT else changed
