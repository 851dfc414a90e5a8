"""The laboratory's layers: a module imports only from its own layer's package and from layers below it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# From bottom to top; names in one line do not know each other.
LAYERS = (
    ("errors", "hashing", "machine"),
    ("schema",),
    ("artifacts", "parameters"),
    ("data",),
    ("languages", "retrieval", "models"),
    ("tasks",),
    ("training", "targets", "published"),
    ("design",),
    ("commands",),
    ("recipes",),
    ("experiments", "stages"),
    ("plan",),
    ("run",),
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
# Packages whose modules are found by name: the package knows none of them, and they know no other of their kind.
PLUGINS = {"recipes": (), "targets": (), "stages": ("tune", "retrieval")}
FILES = sorted((ROOT / "repro").rglob("*.py"))


def imported(file: Path) -> set[str]:
    """Return the modules and names of `repro` that a file imports, at any depth."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.partition(".")[0] == "repro"}


def place(file: Path) -> list[str]:
    """Return the parts of a module's name below `repro`; [] for the package itself."""
    parts = file.relative_to(ROOT / "repro").with_suffix("").parts
    return [part for part in parts if part != "__init__"]


def test_every_part_has_a_layer():
    parts = {place(file)[0] for file in FILES if place(file)}
    assert parts == set(LEVEL)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_imports_run_downward(file):
    own = place(file)
    for name in imported(file):
        other = name.split(".")[1]
        if own and other != own[0]:
            assert LEVEL[other] < LEVEL[own[0]], f"{file.relative_to(ROOT)} imports {name}"


@pytest.mark.parametrize("package", PLUGINS)
def test_plugins_know_their_package_and_not_each_other(package):
    folder = ROOT / "repro" / package
    modules = {file.stem for file in folder.glob("*.py")} - {"__init__"}
    for file in folder.glob("*.py"):
        siblings = {name.split(".")[2] for name in imported(file) if name.startswith(f"repro.{package}.")} & modules
        assert siblings <= set(PLUGINS[package]), f"{file.name} imports {siblings}"


def test_no_two_modules_import_each_other():
    """Modules in a circle cannot be understood, nor moved, one by one."""
    modules = {".".join(["repro", *place(file)]): file for file in FILES}
    edges = {
        module: {target for name in imported(file) for target in (name, name.rpartition(".")[0]) if target in modules}
        for module, file in modules.items()
    }
    # A package that a module lies in is imported with it; its own imports of the modules inside are by name alone.
    open_modules = dict(edges)
    while free := [module for module, targets in open_modules.items() if not (targets - {module}) & set(open_modules)]:
        for module in free:
            del open_modules[module]
    assert not open_modules, f"in circles: {sorted(open_modules)}"
