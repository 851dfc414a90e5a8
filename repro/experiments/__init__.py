"""The registry of experiments: one TOML file each in this folder, checked, hashed, and cheap to list.

No numerical library is loaded.
"""

from __future__ import annotations

import difflib
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from repro.design.deviations import parse as parse_deviations
from repro.design.experiment import (
    FIDELITIES,
    ROLES,
    SLOTS,
    STATISTICS,
    UNITS,
    Arm,
    Contrast,
    Experiment,
    Fidelity,
    Variation,
)
from repro.errors import LabError
from repro.hashing import digest
from repro.recipes import recipe
from repro.schema import check, merge

# See repro.run.gate.
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
            "deviations": [object],  # see repro.design.deviations
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
            own = recipe(fidelity.get("recipe", data["recipe"]))
            check(fidelity.get("params", {}), own.PARAMS, f"{name}: fidelities.{rung}.params")
    return _build(data)


def _include(fidelity: dict[str, Any], where: str) -> dict[str, Any]:
    """The fidelity with the shared parameters it names put under its own."""
    if "include" not in fidelity:
        return fidelity
    source = files("repro").joinpath("fidelities", f"{fidelity['include']}.toml")
    if not source.is_file():
        raise LabError(f"{where}: there is no rung file {fidelity['include']!r}", "see the files in repro/fidelities")
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
