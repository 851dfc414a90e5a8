"""The kinds of stage an experiment is made of, one module each.

A stage module is light to import and has `SOURCES`, the files of this package whose content its result depends on (the
files of its tasks come on top), and `run(job)`, which reads `job.inputs` and fills `job.out`. Importing numerical
libraries is left to `run`; one that needs no torch says so by `TORCH = False`.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

from repro.data import Library


@dataclass(frozen=True)
class Job:
    """What a stage is given. `inputs`: directories of the artifacts it needs, by their role."""

    params: Mapping[str, Any]
    seed: int
    inputs: Mapping[str, Path]
    out: Path
    partial: Path
    progress: Callable[[float, str], None]
    library: Library


def module(kind: str) -> ModuleType:
    return import_module(f"repro.stages.{kind}")


def code_version(kind: str, params: Mapping[str, Any]) -> str:
    """sha256 over the source files that make the stage's result: the stage's, its tasks' and its target's.

    What cannot change a result is left out (comments, docstrings, annotations, layout), so that mending a comment does
    not throw hours of training away.
    """
    root = files("repro")
    sources = [f"stages/{kind}.py", *module(kind).SOURCES, *(f"tasks/{name}.py" for name in params.get("tasks", ()))]
    if "target" in params:
        sources.append(f"targets/{params['target']}.py")
    parts = [content(name, root.joinpath(name).read_bytes()) for name in sources]
    return sha256(b"\0".join(parts)).hexdigest()


@lru_cache(maxsize=256)
def content(name: str, source: bytes) -> bytes:
    """What of a source file can change a result: its syntax tree without docstrings and annotations."""
    if not name.endswith(".py"):
        return source
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
        body = getattr(node, "body", None)
        if (
            isinstance(body, list)
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
        ):
            del body[0]
    return ast.dump(tree).encode()


def write_json(file: Path, data: Any) -> None:
    file.write_text(json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False), encoding="utf-8")


def read_json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))
