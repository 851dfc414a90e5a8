"""An experiment as it is designed: arms, contrasts, decision rule, and what each fidelity of it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from repro.design.deviations import Deviation

FIDELITIES = ("synthetic", "small", "base", "paper", "published")
ROLES = ("baseline", "treatment", "control")
SLOTS = ("treatment", "baseline", "task", "metric")
OVER_LANGUAGES = ("slope", "correlation")  # statistics that set languages against a covariate
COEFFICIENT = "coefficient"  # of a term (`covariate`) of the model that a re-analysis fits
STATISTICS = ("mean", *OVER_LANGUAGES, "count", COEFFICIENT)
# What is drawn at random, and so what an interval is over; one number a replicate in the first two.
UNITS = ("seeds", "models", "languages", "sentences")


@dataclass(frozen=True)
class Arm:
    name: str
    description: str
    role: str  # one of ROLES
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Contrast:
    """Two arms to be compared on a metric. `control` is a metric that tells knowledge from an artefact of scoring.

    `baseline_metric`: the baseline is read by another metric than the treatment, "" for the same; then there is no
    `control`.

    `statistic`, per seed: "mean", treatment − baseline averaged over languages; "slope" or "correlation" (Spearman)
    over languages of that difference, or of the treatment alone where `baseline` is "", against the key `covariate` of
    the measurements; "count", one number of the treatment against the claimed one. `languages`: only these; () for all.
    `sesoi`: smallest difference that matters, in `unit` ("points" are percentage points). `terms`: per slot the phrases
    of which a claim's prediction must match one. `published_baseline`: the score of the baseline as it was published,
    None where it is not known; a run at `paper` that is far from it carries no verdict. `rivals`: the arms with which
    the treatment is compared where a claim calls it the best or the worst of its kind. `stand_ins`: task phrases that
    name another task than the one measured here; a claim matched through one of them gets that as a listed deviation.
    `unit_of_replication`: what is drawn at random, and so what the interval is over: training "seeds", "models" (each
    `seed` of the measurements is another model), "languages" (families where they are known), or "sentences"; seeds
    that vary beside languages or sentences are in the interval too. `hypothesis`: what the contrast tests as a sentence
    of a paper would say it, for claims to be compared with.
    """

    id: str
    treatment: str
    baseline: str
    metric: str
    baseline_metric: str
    control: str
    statistic: str
    covariate: str
    languages: tuple[str, ...]
    sesoi: float
    unit: str
    terms: Mapping[str, tuple[str, ...]]
    stand_ins: tuple[str, ...]
    published_baseline: float | None = None
    rivals: tuple[str, ...] = ()
    unit_of_replication: str = "seeds"
    hypothesis: str = ""


@dataclass(frozen=True)
class Variation:
    """How much replicates of a contrast differ: what power rests on (`repro.design.power`).

    Attributes:
        sd: standard deviation between replicates, in the contrast's unit; of "sentences", of one sentence's difference.
        replicates: how many it was measured over.
        source: where it was measured.
        drawn: replicates that a run at this rung has; 0 where they are the plan's seeds.
    """

    sd: float
    replicates: int
    source: str
    drawn: int = 0


@dataclass(frozen=True)
class Fidelity:
    """One rung: what it needs, whether it can run here, how it deviates from the original, and its parameters.

    `seconds`: measured seconds of one stage on one core, by its label, or its kind where labels cost the same.
    `recipe`: another recipe than the experiment's, "" for the same. `contrasts`: where not empty, the only contrasts
    that there are at this rung, each with what it is read by instead of its own. `seeds`: how many are run where nobody
    says how many; 0 for the rule's minimum. `units_of_replication`: contrast → its unit, where that is another one at
    this rung. `variation`: contrast → how much its replicates differ, as far as it was measured.
    """

    name: str
    available: bool
    needs: str
    why: str
    deviations: tuple[Deviation, ...]
    seconds: Mapping[str, float]
    params: Mapping[str, Any]
    gate: Mapping[str, Any]  # what differs from the experiment's gate
    recipe: str = ""
    contrasts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    seeds: int = 0
    units_of_replication: Mapping[str, str] = field(default_factory=dict)
    variation: Mapping[str, Variation] = field(default_factory=dict)


@dataclass(frozen=True)
class Experiment:
    id: str
    title: str
    question: str
    recipe: str
    power: str  # what the design can detect, stated before anything runs
    arms: tuple[Arm, ...]
    contrasts: tuple[Contrast, ...]
    alpha: float
    minimum_seeds: int
    gate: Mapping[str, Any]
    fidelities: Mapping[str, Fidelity]
    hash: str  # sha256 of the canonical content, included parameters and all

    def arm(self, name: str) -> Arm:
        return next(arm for arm in self.arms if arm.name == name)

    def recipe_at(self, rung: Fidelity) -> str:
        """Return the name of the recipe that makes the stages of this rung."""
        return rung.recipe or self.recipe

    def contrasts_at(self, rung: Fidelity) -> tuple[Contrast, ...]:
        """Return the contrasts that there are at this rung, as they are read there, with their units of replication.

        A coefficient compares no arms: the model that it is of has all of them.
        """
        units = rung.units_of_replication
        found = [one for one in self.contrasts if not rung.contrasts or one.id in rung.contrasts]
        read = (_read_as(one, rung.contrasts.get(one.id, {})) for one in found)
        return tuple(replace(one, unit_of_replication=units.get(one.id, one.unit_of_replication)) for one in read)

    def offers(self, fidelity: str, contrast: str) -> bool:
        """Return True if the contrast is there at the fidelity, whether or not this machine has what it needs."""
        rung = self.fidelities.get(fidelity)
        return rung is not None and any(one.id == contrast for one in self.contrasts_at(rung))


def _read_as(contrast: Contrast, own: Mapping[str, Any]) -> Contrast:
    changed = replace(contrast, **own)
    return replace(changed, baseline="", control="", rivals=()) if changed.statistic == COEFFICIENT else changed
