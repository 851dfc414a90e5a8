"""The experiments: one TOML file each, checked, hashed, and cheap to list (no numerical library is loaded)."""

from __future__ import annotations

import difflib
import pkgutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from importlib.resources import files
from types import ModuleType
from typing import Any

from repro.canonical import digest
from repro.deviations import Deviation
from repro.deviations import parse as parse_deviations
from repro.errors import LabError
from repro.schema import check

FIDELITIES = ("synthetic", "small", "base", "paper", "published")
ROLES = ("baseline", "treatment", "control")
SLOTS = ("treatment", "baseline", "task", "metric")
OVER_LANGUAGES = ("slope", "correlation")  # statistics that set languages against a covariate
COEFFICIENT = "coefficient"  # of a term (`covariate`) of the model that a re-analysis fits
STATISTICS = ("mean", *OVER_LANGUAGES, "count", COEFFICIENT)
# What is drawn at random, and so what an interval is over; one number a replicate in the first two.
UNITS = ("seeds", "models", "languages", "sentences")
# See repro.gate.
GATE = {"arm": str, "control": str, "metric": str, "times_chance": float, "languages": str, "target": str}
# What a contrast may be read by at one rung instead: published figures are analysed by a model of their own.
READ_AS = {"statistic?": str, "covariate?": str, "metric?": str, "sesoi?": float, "unit?": str}
READ_AS |= {"unit_of_replication?": str}
SCHEMA = {
    "id": str,
    "title": str,
    "question": str,
    "recipe": str,
    "power?": str,
    "rule": {"alpha": float, "minimum_seeds": int},
    "arms": [{"name": str, "description": str, "role": str, "params?": {"*": object}}],
    "contrasts": [
        {
            "id": str,
            "treatment": str,
            "baseline": str,
            "metric": str,
            "baseline_metric?": str,
            "control?": str,
            "statistic?": str,
            "covariate?": str,
            "languages?": [str],
            "sesoi": float,
            "unit": str,
            "unit_of_replication?": str,
            "published_baseline?": float,
            "rivals?": [str],
            "terms": {slot: [str] for slot in SLOTS},
            "stand_ins?": [str],
            "hypothesis?": str,
        }
    ],
    "gate": GATE,
    "fidelities": {
        f"{name}?": {
            "available": bool,
            "needs": str,
            "why?": str,
            "include?": str,
            "deviations": [object],  # see repro.deviations
            "seconds?": {"*": float},
            "params?": {"*": object},
            "gate?": {f"{key}?": kind for key, kind in GATE.items()},
            "recipe?": str,
            "contrasts?": {"*": READ_AS},
            "seeds?": int,
            "units_of_replication?": {"*": str},
            "variation?": {"*": {"sd": float, "replicates": int, "source": str, "drawn?": int}},
        }
        for name in FIDELITIES
    },
}


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
    """How much replicates of a contrast differ: what power rests on (`repro.power`).

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


@cache
def experiments() -> dict[str, Experiment]:
    """Every experiment by id, in alphabetical order. A broken file is an error, never skipped."""
    found = [
        parse(entry.read_text(encoding="utf-8"), entry.name)
        for entry in files("repro").joinpath("experiments").iterdir()
        if entry.name.endswith(".toml")
    ]
    return {e.id: e for e in sorted(found, key=lambda e: e.id)}


def experiment(id: str) -> Experiment:
    known = experiments()
    if id in known:
        return known[id]
    close = difflib.get_close_matches(id, known, n=3, cutoff=0.4) or list(known)
    raise LabError(f"there is no experiment {id!r}", f"did you mean {' or '.join(close)}?")


def parse(text: str, name: str) -> Experiment:
    """An experiment from the text of its TOML file; `name` is the file's name, for messages and against its id."""
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise LabError(f"{name} is not TOML: {error}", "mend the file") from error
    check(data, SCHEMA, name)
    if data["id"] != name.removesuffix(".toml"):
        raise LabError(f"{name}: the id is {data['id']!r}", "name the file after its id")
    data["fidelities"] = {k: _include(v, f"{name}: fidelities.{k}") for k, v in data["fidelities"].items()}
    _check_references(data, name)
    rules = recipe(data["recipe"])
    for arm in data["arms"]:
        check(arm.get("params", {}), rules.ARM, f"{name}: arm {arm['name']}")
    for rung, fidelity in data["fidelities"].items():
        if fidelity["available"]:
            own = recipe(fidelity.get("recipe", data["recipe"]))
            check(fidelity.get("params", {}), own.PARAMS, f"{name}: fidelities.{rung}.params")
    return _build(data)


def recipe(name: str) -> ModuleType:
    """The recipe's module; LabError if there is none."""
    from repro import recipes

    known = sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(recipes.__path__))
    if name not in known:
        raise LabError(f"there is no recipe {name!r}", f"recipes: {', '.join(known)}")
    return import_module(f"repro.recipes.{name.replace('-', '_')}")


def _include(fidelity: dict[str, Any], where: str) -> dict[str, Any]:
    """The fidelity with the shared parameters it names put under its own."""
    if "include" not in fidelity:
        return fidelity
    source = files("repro").joinpath("rungs", f"{fidelity['include']}.toml")
    if not source.is_file():
        raise LabError(f"{where}: there is no rung file {fidelity['include']!r}", "see the files in repro/rungs")
    shared = tomllib.loads(source.read_text(encoding="utf-8"))
    known = {"deviations": [object], "seconds": {"*": float}, "params": {"*": object}, "seeds?": int}
    check(shared, known, source.name)
    return {
        **({"seeds": shared["seeds"]} if "seeds" in shared else {}),
        **fidelity,
        "deviations": [*shared["deviations"], *fidelity["deviations"]],
        "seconds": {**shared["seconds"], **fidelity.get("seconds", {})},
        "params": merge(shared["params"], fidelity.get("params", {})),
    }


def merge(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `changes` put over it, table by table; lists are replaced whole."""
    merged = dict(base)
    for key, value in changes.items():
        old = merged.get(key)
        merged[key] = merge(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged


def _check_references(data: dict[str, Any], name: str) -> None:
    arms = [arm["name"] for arm in data["arms"]]
    if len(set(arms)) != len(arms):
        raise LabError(f"{name}: two arms have the same name", "give every arm a name of its own")
    wanted = [(c["id"], c["treatment"]) for c in data["contrasts"]]
    wanted += [(c["id"], c["baseline"]) for c in data["contrasts"] if c["baseline"]]
    wanted += [(c["id"], rival) for c in data["contrasts"] for rival in c.get("rivals", ())]
    wanted += [("gate", data["gate"][key]) for key in ("arm", "control") if data["gate"][key]]
    for where, arm in wanted:
        if arm not in arms:
            raise LabError(f"{name}: {where} names the arm {arm!r}, which is not there", f"arms: {', '.join(arms)}")
    for contrast in data["contrasts"]:
        statistic = contrast.get("statistic", "mean")
        if statistic not in STATISTICS or (statistic == "mean" and not contrast["baseline"]):
            raise LabError(
                f"{name}: contrast {contrast['id']} has the statistic {statistic!r} and the baseline "
                f"{contrast['baseline']!r}",
                f"use one of {', '.join(STATISTICS)}; a mean needs a baseline",
            )
        if contrast.get("baseline_metric") and contrast.get("control"):
            raise LabError(
                f"{name}: contrast {contrast['id']} has a baseline_metric and a control",
                "leave one out: a control is read of both arms",
            )
    for rung, fidelity in data["fidelities"].items():
        known = [contrast["id"] for contrast in data["contrasts"]]
        for contrast, own in fidelity.get("contrasts", {}).items():
            where = f"{name}: fidelities.{rung}.contrasts"
            if contrast not in known:
                raise LabError(f"{where}: there is no contrast {contrast!r}", f"contrasts: {', '.join(known)}")
            if own.get("statistic", STATISTICS[0]) not in STATISTICS:
                raise LabError(f"{where}.{contrast}: statistic {own['statistic']!r}", f"use {', '.join(STATISTICS)}")
    _check_units(data, name)
    for arm in data["arms"]:
        if arm["role"] not in ROLES:
            raise LabError(f"{name}: arm {arm['name']} has the role {arm['role']!r}", f"roles: {', '.join(ROLES)}")


def _check_units(data: dict[str, Any], name: str) -> None:
    """LabError for a unit of replication that there is not, or that the contrast's statistic cannot be drawn over."""
    statistics = {c["id"]: c.get("statistic", "mean") for c in data["contrasts"]}
    declared = [(c["id"], c["unit_of_replication"]) for c in data["contrasts"] if "unit_of_replication" in c]
    for rung in data["fidelities"].values():
        declared += rung.get("units_of_replication", {}).items()
        for contrast, own in rung.get("variation", {}).items():
            if contrast not in statistics:
                known = ", ".join(statistics)
                raise LabError(f"{name}: variation of the contrast {contrast!r}, which is not there", f"it has {known}")
            if own["sd"] < 0 or own["replicates"] < 2:
                raise LabError(
                    f"{name}: the variation of {contrast} has the sd {own['sd']} over {own['replicates']} replicates",
                    "state a standard deviation that was measured over two replicates or more",
                )
    for contrast, unit in declared:
        if contrast not in statistics:
            known = ", ".join(statistics)
            raise LabError(f"{name}: the unit of the contrast {contrast!r}, which is not there", f"it has {known}")
        if unit not in UNITS:
            raise LabError(f"{name}: contrast {contrast} is replicated over {unit!r}", f"use {', '.join(UNITS)}")
        kind = statistics[contrast]
        if (kind == "count" and unit != "seeds") or (kind == "correlation" and unit == "sentences"):
            raise LabError(
                f"{name}: contrast {contrast} is a {kind} and replicated over {unit}",
                "a count repeats nothing, and a correlation is over languages",
            )


def _build(data: dict[str, Any]) -> Experiment:
    return Experiment(
        id=data["id"],
        title=data["title"],
        question=data["question"],
        recipe=data["recipe"],
        power=data.get("power", ""),
        arms=tuple(Arm(a["name"], a["description"], a["role"], a.get("params", {})) for a in data["arms"]),
        contrasts=tuple(
            Contrast(
                **{k: c[k] for k in ("id", "treatment", "baseline", "metric", "sesoi", "unit")},
                baseline_metric=c.get("baseline_metric", ""),
                control=c.get("control", ""),
                statistic=c.get("statistic", "mean"),
                covariate=c.get("covariate", "distance"),
                languages=tuple(c.get("languages", ())),
                terms={slot: tuple(phrases) for slot, phrases in c["terms"].items()},
                stand_ins=tuple(c.get("stand_ins", ())),
                published_baseline=c.get("published_baseline"),
                rivals=tuple(c.get("rivals", ())),
                unit_of_replication=c.get("unit_of_replication", "seeds"),
                hypothesis=c.get("hypothesis", ""),
            )
            for c in data["contrasts"]
        ),
        alpha=data["rule"]["alpha"],
        minimum_seeds=data["rule"]["minimum_seeds"],
        gate=data["gate"],
        fidelities={
            name: Fidelity(
                name=name,
                available=f["available"],
                needs=f["needs"],
                why=f.get("why", ""),
                deviations=parse_deviations(f["deviations"], f"{data['id']}: fidelities.{name}.deviations"),
                seconds=f.get("seconds", {}),
                params=f.get("params", {}),
                gate=f.get("gate", {}),
                recipe=f.get("recipe", ""),
                contrasts=f.get("contrasts", {}),
                seeds=f.get("seeds", 0),
                units_of_replication=f.get("units_of_replication", {}),
                variation={id: Variation(**own) for id, own in f.get("variation", {}).items()},
            )
            for name, f in data["fidelities"].items()
        },
        # What a stage costs is no part of what is measured.
        hash=digest({**data, "fidelities": {k: {**f, "seconds": None} for k, f in data["fidelities"].items()}}),
    )
