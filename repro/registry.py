"""The experiments: one TOML file each, checked, hashed, and cheap to list (no numerical library is loaded)."""

from __future__ import annotations

import difflib
import pkgutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
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

FIDELITIES = ("synthetic", "small", "base", "paper")
ROLES = ("baseline", "treatment", "control")
SLOTS = ("treatment", "baseline", "task", "metric")
OVER_LANGUAGES = ("slope", "correlation")  # statistics that set languages against a covariate
STATISTICS = ("mean", *OVER_LANGUAGES, "count")
# See repro.gate.
GATE = {"arm": str, "control": str, "metric": str, "times_chance": float, "languages": str, "target": str}
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
            "published_baseline?": float,
            "rivals?": [str],
            "terms": {slot: [str] for slot in SLOTS},
            "stand_ins?": [str],
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
    `sesoi`: smallest difference that matters, in `unit` ("points" are percentage points). `terms`: per slot the
    phrases of which a claim's prediction must match one. `published_baseline`: the score of the baseline as it was
    published, None where it is not known; a run at `paper` that is far from it carries no verdict. `rivals`: the arms
    with which the treatment is compared where a claim calls it the best or the worst of its kind. `stand_ins`: task
    phrases that name another task than the one measured here; a claim matched through one of them gets that as a
    listed deviation.
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


@dataclass(frozen=True)
class Fidelity:
    """One rung: what it needs, whether it can run here, how it deviates from the original, and its parameters.

    `seconds`: measured seconds of one stage on one core, by its label, or its kind where labels cost the same.
    """

    name: str
    available: bool
    needs: str
    why: str
    deviations: tuple[Deviation, ...]
    seconds: Mapping[str, float]
    params: Mapping[str, Any]
    gate: Mapping[str, Any]  # what differs from the experiment's gate


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
    except tomllib.TOMLDecodeError as error:
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
            check(fidelity.get("params", {}), rules.PARAMS, f"{name}: fidelities.{rung}.params")
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
    check(shared, {"deviations": [object], "seconds": {"*": float}, "params": {"*": object}}, source.name)
    return {
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
    for arm in data["arms"]:
        if arm["role"] not in ROLES:
            raise LabError(f"{name}: arm {arm['name']} has the role {arm['role']!r}", f"roles: {', '.join(ROLES)}")


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
            )
            for name, f in data["fidelities"].items()
        },
        # What a stage costs is no part of what is measured.
        hash=digest({**data, "fidelities": {k: {**f, "seconds": None} for k, f in data["fidelities"].items()}}),
    )
