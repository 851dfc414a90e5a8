"""The registry of experiments: one TOML file each in this folder, validated, hashed, and cheap to list.

No numerical library is loaded.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from repro.design.experiment import Experiment
from repro.errors import LabError
from repro.experiments.validation import experiment_faults, raise_faults, validated
from repro.hashing import digest
from repro.parameters import Number, Table, schema_of
from repro.schema import JsonObject, check, merge


class SharedPart(Table):
    """What experiments share at a fidelity, or state themselves; the keys of a file of `repro/fidelities`."""

    deviations: Sequence[Any]
    seconds: Mapping[str, Number]
    params: Mapping[str, Any]  # as a recipe reads them
    seeds: int | None = None


class OwnPart(Table):
    """The part of a fidelity over which `SharedPart` is laid."""

    include: str = ""
    deviations: Sequence[Any]
    seconds: Mapping[str, Number] = {}
    params: Mapping[str, Any] = {}


@cache
def experiments() -> dict[str, Experiment]:
    """Return every experiment by id, in alphabetical order. A broken file is an error, never skipped."""
    parsed = [
        parse(entry.read_text(encoding="utf-8"), entry.name)
        for entry in files("repro").joinpath("experiments").iterdir()
        if entry.name.endswith(".toml")
    ]
    return {each.id: each for each in sorted(parsed, key=lambda each: each.id)}


def experiment(id: str) -> Experiment:
    """Return the experiment of this id; LabError with the closest ids if there is none."""
    known = experiments()
    if id in known:
        return known[id]
    close = difflib.get_close_matches(id, known, n=3, cutoff=0.4) or list(known)
    raise LabError(f"there is no experiment {id!r}", f"did you mean {' or '.join(close)}?")


def parse(text: str, name: str) -> Experiment:
    """Build an experiment from the text of its TOML file.

    Args:
        text: what the file holds.
        name: the file's name, for messages; it has to be the id with the suffix.

    Raises:
        LabError: the file is not TOML, or has faults; all of one kind are named at once: keys and values first, then
            references between the parts, then parameters of arms and fidelities.
    """
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise LabError(f"{name} is not TOML: {error}", "mend the file") from error
    validated(data, name)
    if data["id"] != name.removesuffix(".toml"):
        raise LabError(f"{name}: the id is {data['id']!r}", "name the file after its id")
    data["fidelities"] = {k: _include(v, f"{name}: fidelities.{k}") for k, v in data["fidelities"].items()}
    complete = validated(data, name)
    raise_faults(experiment_faults(complete), name)
    fidelities = {key: replace(each, name=key) for key, each in complete.fidelities.items()}
    # What a stage costs is no part of what is measured.
    hashed = {**data, "fidelities": {key: {**each, "seconds": None} for key, each in data["fidelities"].items()}}
    return replace(complete, fidelities=fidelities, hash=digest(hashed))


def _include(fidelity: JsonObject, where: str) -> JsonObject:
    """Return the fidelity with the shared parameters it names put under its own."""
    if "include" not in fidelity:
        return fidelity
    own = OwnPart.read(fidelity)
    shared = _shared(own.include)
    if shared is None:
        raise LabError(f"{where}: there is no fidelity file {own.include!r}", "see the files in repro/fidelities")
    return {
        **({} if shared.seeds is None else {"seeds": shared.seeds}),
        **fidelity,
        "deviations": [*shared.deviations, *own.deviations],
        "seconds": {**shared.seconds, **own.seconds},
        "params": merge(shared.params, own.params),
    }


@cache
def _shared(name: str) -> SharedPart | None:
    """Read the file `name` of `repro/fidelities`; None if there is none."""
    source = files("repro").joinpath("fidelities", f"{name}.toml")
    if not source.is_file():
        return None
    shared = tomllib.loads(source.read_text(encoding="utf-8"))
    check(shared, schema_of(SharedPart), source.name)
    return SharedPart.read(shared)
