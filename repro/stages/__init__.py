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
from repro.hashing import code_content

# Files that kinds of stage have in common.
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

    params: Mapping[str, Any]
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


def code_version(kind: str, params: Mapping[str, Any]) -> str:
    """Hash the source files that make the stage's result: the stage's, its tasks' and its target's.

    What cannot change a result is left out (comments, docstrings, annotations, layout, where an imported name is
    defined), so that mending a comment or moving a module does not throw hours of training away.
    """
    root = files("repro")
    sources = [f"stages/{kind}.py", *module(kind).SOURCES, *(f"tasks/{name}.py" for name in params.get("tasks", ()))]
    if "target" in params:
        sources.append(f"targets/{params['target']}.py")
    parts = [code_content(name, root.joinpath(name).read_bytes()) for name in sources]
    return sha256(b"\0".join(parts)).hexdigest()


def write_json(file: Path, data: Any) -> None:
    file.write_text(json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False), encoding="utf-8")


def read_json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))
