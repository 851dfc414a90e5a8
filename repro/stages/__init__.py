"""The kinds of stage an experiment is made of, one module each.

A stage module is light to import and has `SOURCES`, the files of this package whose content its result depends on (the
files of its tasks come on top), and `run(job)`, which reads `job.inputs` and fills `job.out`. Importing numerical
libraries is left to `run`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any


@dataclass(frozen=True)
class Job:
    """What a stage is given. `inputs`: directories of the artifacts it needs, by their role."""

    params: Mapping[str, Any]
    seed: int
    inputs: Mapping[str, Path]
    out: Path
    partial: Path
    progress: Callable[[float, str], None]


def module(kind: str) -> ModuleType:
    return import_module(f"repro.stages.{kind}")


def code_version(kind: str, tasks: tuple[str, ...] = ()) -> str:
    """sha256 over the source files that make the stage's result."""
    root = files("repro")
    sources = (f"stages/{kind}.py", *module(kind).SOURCES, *(f"tasks/{name}.py" for name in tasks))
    return sha256(b"\0".join(root.joinpath(name).read_bytes() for name in sources)).hexdigest()


def write_json(file: Path, data: Any) -> None:
    file.write_text(json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False), encoding="utf-8")


def read_json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))
