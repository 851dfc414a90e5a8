"""Canonical forms of data, files and code, so that equal things have equal hashes."""

from __future__ import annotations

import ast
import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import TypeGuard


def canonical(data: object) -> str:
    """Return compact JSON with sorted keys; NaN and infinities are refused, because JSON has none."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(data: object) -> str:
    """Return the SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()


def sha256(file: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@lru_cache(maxsize=256)
def code_content(name: str, source: bytes) -> bytes:
    """Return the part of a source file that can change a result.

    Of Python code that is its syntax tree without docstrings, annotations and what only these need, and the names that
    it imports from this package without the modules that define them: whoever moves a definition changes no result,
    and the file that has it is hashed on its own where it matters. Any other file counts as it is.
    """
    if not name.endswith(".py"):
        return source
    tree, imported = ast.parse(source), set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
        body = getattr(node, "body", None)
        if isinstance(body, list):
            imported.update(ast.dump(alias) for line in body if _is_own_import(line) for alias in line.names)
            body[:] = [
                line
                for i, line in enumerate(body)
                if not (_is_own_import(line) or _is_docstring(line, i) or _is_for_types(line))
            ]
    return "\n".join([ast.dump(tree), *sorted(imported)]).encode()


def _is_own_import(line: ast.stmt) -> TypeGuard[ast.ImportFrom]:
    return isinstance(line, ast.ImportFrom) and (line.module or "").partition(".")[0] == "repro"


def _is_for_types(line: ast.stmt) -> bool:
    if isinstance(line, ast.If):
        return isinstance(line.test, ast.Name) and line.test.id == "TYPE_CHECKING"
    return isinstance(line, ast.ImportFrom) and line.module in ("typing", "collections.abc")


def _is_docstring(line: ast.stmt, position: int) -> bool:
    return position == 0 and isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)
