"""The kinds of stage an experiment is made of, one module each.

A stage module is light to import and has `SOURCES`, the files of this package whose content its result depends on (the
files of its tasks come on top), and `run(job)`, which reads `job.inputs` and fills `job.out`. Importing numerical
libraries is left to `run`; one that needs no torch says so by `TORCH = False`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

from repro.data.library import Library
from repro.design.stage_parameters import NamedModules
from repro.hashing import code_content
from repro.schema import JsonObject

# Files that kinds of stage have in common.
PARAMETERS = "design/stage_parameters.py"  # what a parameter is that was not written
GENERATED = tuple(f"languages/{name}" for name in ("grammar.py", "realm.py", "words.toml", "world.py"))
ENCODING = ("machine.py", "models/encoder.py", "models/tokenizer.py", "models/xlmr.py")
SEARCHING = tuple(f"retrieval/{name}.py" for name in ("candidates", "errorbound", "mining", "neighbours", "scoring"))


@dataclass(frozen=True)
class Job:
    """The order of one stage.

    Attributes:
        inputs: directories of the artifacts it needs, by their role.
        out: the directory to be filled.
        partial: a directory for what an interrupted stage goes on from.
        progress: called with the share that is done and a message.
        place: where files lie that are no artifacts.
    """

    params: JsonObject
    seed: int
    inputs: Mapping[str, Path]
    out: Path
    partial: Path
    progress: Callable[[float, str], None]
    library: Library
    place: Mapping[str, str] = field(default_factory=dict)


def module(kind: str) -> ModuleType:
    """Import the module of a kind of stage."""
    return import_module(f"repro.stages.{kind}")


def sources(kind: str, params: JsonObject) -> tuple[str, ...]:
    """Return the source files that make the stage's result: the stage's, its tasks' and its target's."""
    named = NamedModules.read(params)
    tasks = (f"tasks/{name}.py" for name in named.tasks)
    targets = () if named.target is None else (f"targets/{named.target}.py",)
    return (f"stages/{kind}.py", *module(kind).SOURCES, *tasks, *targets)


def code_version(kind: str, params: JsonObject) -> str:
    """Hash the source files that make the stage's result.

    What cannot change a result is left out (comments, docstrings, annotations, layout, where an imported name is
    defined), so that mending a comment or moving a module does not throw hours of training away.
    """
    root = files("repro")
    parts = [code_content(name, root.joinpath(name).read_bytes()) for name in sources(kind, params)]
    return sha256(b"\0".join(parts)).hexdigest()


def write_json(file: Path, data: object) -> None:
    file.write_text(json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False), encoding="utf-8")


def read_json(file: Path) -> Any:  # as its writer in this package wrote it
    return json.loads(file.read_text(encoding="utf-8"))
