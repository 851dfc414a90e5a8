"""The registry of experiments: one TOML file each, validated, hashed, and cheap to list.

Those of the laboratory lie in this folder; anyone's own in a folder of theirs (`repro.commands.definition` has its
keys). No numerical library is loaded.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from repro.commands.building import parse as parse_own
from repro.design.experiment import Experiment
from repro.design.faults import raise_faults
from repro.errors import LabError
from repro.experiments.validation import experiment_faults, validated
from repro.hashing import digest
from repro.parameters import Number, Table, schema_of
from repro.schema import JsonObject, check, merge

MAX_BYTES = 2**20  # of a file of one's own


class SharedPart(Table):
    """Settings that experiments share at a fidelity, or state themselves; the keys of a file of `repro/fidelities`."""

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


@dataclass(frozen=True)
class OwnFiles:
    """The experiments of a folder: those that can be used by id, and for each file that cannot, why."""

    usable: Mapping[str, Experiment] = field(default_factory=dict)
    broken: Mapping[str, LabError] = field(default_factory=dict)


def own_experiments(folder: Path | None) -> OwnFiles:
    """Read the experiments of a workspace's folder, if there is one; a broken file hides no other."""
    usable: dict[str, Experiment] = {}
    broken: dict[str, LabError] = {}
    for file in sorted(folder.glob("*.toml")) if folder and folder.is_dir() else ():
        try:
            read = own_experiment(file)
        except LabError as error:
            broken[file.stem] = error
        else:
            usable[read.id] = read
    return OwnFiles(usable, broken)


def own_experiment(file: Path) -> Experiment:
    """Build the experiment of a file of one's own. LabError with all faults of one kind at once."""
    try:
        size, text = file.stat().st_size, ""
        if size <= MAX_BYTES:
            text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LabError(f"{file} cannot be read ({error})", "name a TOML file, in UTF-8") from error
    if size > MAX_BYTES:
        raise LabError(f"{file} has more than {MAX_BYTES:,} bytes", "an experiment's file is small: name another")
    if file.stem in experiments():
        raise LabError(f"{file.name}: the laboratory has an experiment of this name", "name the file otherwise")
    return _own(text, file.absolute())


@lru_cache(maxsize=1000)
def _own(text: str, file: Path) -> Experiment:
    return parse_own(text, file)


def all_experiments(folder: Path | None = None) -> dict[str, Experiment]:
    """Return the laboratory's experiments and those of `folder`, by id."""
    return {**experiments(), **own_experiments(folder).usable}


def experiment(id: str, folder: Path | None = None) -> Experiment:
    """Return the experiment of this id, of the laboratory or of `folder`.

    Raises:
        LabError: there is none, with the closest ids; or its file is broken, with what is wrong.
    """
    own = own_experiments(folder)
    if id in own.broken:
        raise own.broken[id]
    known = {**experiments(), **own.usable}
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
