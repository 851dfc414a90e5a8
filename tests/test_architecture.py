"""The direction of imports, and that the light commands stay light."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# From the ground up: a package imports itself and what stands before it in this list, nothing else.
LAYERS = (
    *("core", "text", "quantities", "store", "models", "papers", "library", "sources", "pdf", "claims", "evidence"),
    *("verify", "search", "screening", "report", "eval", "export", "bundle", "doctor", "demo", "cli"),
)
MOST_MODULES = 18  # of a package
STANDARD = set(sys.stdlib_module_names)
# Third-party library → the places that may import it.
HOMES = {
    "sqlmodel": (
        "synth/store/",
        "synth/papers/",
        "synth/search/",
        "synth/screening/",
        "synth/verify/",
        "synth/report/write.py",
    ),
    "sqlalchemy": ("synth/store/",),
    "alembic": ("synth/store/",),
    "pymupdf": ("synth/pdf/", "synth/sources/digests/", "synth/report/formats/pdf.py", "synth/report/pages.py"),
    "arxiv": ("synth/sources/providers/arxiv.py",),
    "bibtexparser": ("synth/sources/formats/bibtex.py", "synth/export/formats/bibtex.py"),
    "rispy": ("synth/export/formats/ris.py",),
    "pylatexenc": ("synth/text/markup/",),
    "charset_normalizer": ("synth/text/charset.py",),
    "requests": ("synth/sources/", "synth/report/review/model/chat.py", "repro/data/download.py"),
    "krippendorff": ("synth/report/review/agreement.py",),
    "faiss": ("synth/evidence/passage_index.py", "synth/library/meanings.py"),
    "sentence_transformers": ("synth/models/encoder.py", "synth/models/reranker.py"),
    "pydantic": (
        "repro/design/",
        "repro/experiments/",
        "repro/commands/",
        "repro/parameters.py",
        "synth/pdf/guard.py",
        "synth/sources/digests/read.py",
    ),
    "accelerate": ("repro/training/loop.py",),
    "sklearn": ("synth/evidence/recalibration.py", "synth/screening/learner.py"),
    "jinja2": ("synth/report/",),
    "rocrate": ("synth/bundle/crate.py",),
    "markupsafe": ("synth/report/",),
    "matplotlib": ("synth/report/plots/",),
    "typer": ("synth/cli/",),
    "rich": ("synth/cli/",),
    "spacy": ("synth/text/parsing/",),
}


def imports(file: Path) -> set[str]:
    """Names that `file` imports, at any depth, type-checking blocks included."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


FILES = {f.relative_to(ROOT).as_posix(): imports(f) for p in ("synth", "repro") for f in (ROOT / p).rglob("*.py")}


MODULES = {f.removesuffix(".py").replace("/", ".").removesuffix(".__init__"): f for f in FILES}


def part(name: str) -> str:
    """`synth.sources.providers.arxiv` → `sources`; "" outside of the program and for its root."""
    return name.split(".")[1] if name.startswith("synth.") else ""


def test_every_package_has_its_layer():
    assert {part(module) for module in MODULES} - {"", "__main__"} == set(LAYERS)


def test_imports_point_only_downward():
    upward = [
        f"{module} imports {name}"
        for module, file in MODULES.items()
        if part(module) in LAYERS
        for name in FILES[file]
        if part(name) in LAYERS and LAYERS.index(part(name)) > LAYERS.index(part(module))
    ]
    assert not upward


def module_of(name: str) -> str:
    """Return the module of this repository that an imported name stands in, or ""."""
    while name and name not in MODULES:
        name = name.rpartition(".")[0]
    return name


def test_no_imports_run_in_circles():
    uses = {module: {module_of(n) for n in FILES[file]} - {module, ""} for module, file in MODULES.items()}
    # Take away, again and again, the modules that import none of those that are left.
    while ready := {module for module, names in uses.items() if not names & uses.keys()}:
        uses = {module: names for module, names in uses.items() if module not in ready}
    assert not uses


def test_the_laboratory_knows_no_synth():
    for file, names in FILES.items():
        if file.startswith("repro/"):
            assert not [n for n in names if n == "synth" or n.startswith("synth.")], file


def test_packages_are_small_enough_to_be_seen_at_once():
    sizes = Counter(
        file.rsplit("/", 1)[0] for file in FILES if not file.endswith("__init__.py") and "versions" not in file
    )
    assert {folder: n for folder, n in sizes.items() if n > MOST_MODULES} == {}


def test_types_and_errors_import_only_the_standard_library():
    for file in ("synth/core/types.py", "synth/core/errors.py", "synth/core/progress.py", "synth/core/mark.py"):
        assert {n.split(".")[0] for n in FILES[file]} <= STANDARD | {"__future__"}, file


def test_libraries_are_imported_where_they_belong():
    wrong = defaultdict(list)
    for file, names in FILES.items():
        for library in {n.split(".")[0] for n in names} & set(HOMES):
            if not file.startswith(HOMES[library]):
                wrong[library].append(file)
    assert not wrong


def test_only_the_command_line_prints_or_exits():
    for file in FILES:
        if file.startswith("synth/cli/") or file.endswith(("__main__.py", "child.py", "worker.py", "supervisor.py")):
            continue
        for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("print", "exit", "quit"), f"{file}:{node.lineno}"
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "sys.exit":
                pytest.fail(f"{file}:{node.lineno} exits")


HEAVY = {"torch", "transformers", "sentence_transformers", "spacy", "faiss", "pymupdf", "numpy", "scipy", "sklearn"}
HEAVY |= {"matplotlib", "sqlmodel", "sqlalchemy", "alembic", "requests", "arxiv"}
LIGHT = """
import sys, json
sys.argv = ["synth", *{arguments!r}]
from synth.cli import main
try:
    main()
except SystemExit:
    pass
print(json.dumps(sorted(m for m in sys.modules if "." not in m)), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["claims", "--json"],
        ["papers", "--json"],
        ["show", "claim", "1"],
        ["show", "search", "1"],
        ["show", "quote", "1"],
        ["duplicates"],
        ["library", "status"],
        ["data", "list"],
    ],
)
def test_light_commands_load_nothing_heavy(arguments, home):
    from synth.store.database import migrate

    migrate(home / "db" / "synth.db")
    done = subprocess.run(
        [sys.executable, "-c", LIGHT.format(arguments=arguments)], capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    loaded = set(json.loads(done.stderr.strip().splitlines()[-1]))
    assert not loaded & HEAVY


def test_no_help_loads_anything_heavy():
    code = """
import sys, json
from synth.cli import app
for command in [[], *([one.name or one.callback.__name__] for one in app.registered_commands), *GROUPS]:
    try:
        app([*command, "--help"])
    except SystemExit as end:
        assert not end.code, command
print(json.dumps(sorted(m for m in sys.modules if "." not in m)), file=sys.stderr)
"""
    groups = [["show"], *(["show", name] for name in ("claim", "search", "quote"))]
    groups += [["library"], *(["library", name] for name in ("import", "index", "status", "find"))]
    groups += [["data"], *(["data", name] for name in ("list", "pull", "check"))]
    groups += [["duplicates"], *(["duplicates", name] for name in ("join", "split", "undo"))]
    done = subprocess.run(
        [sys.executable, "-c", code.replace("GROUPS", repr(groups))], capture_output=True, text=True, timeout=60
    )
    assert not done.returncode, done.stderr
    assert not set(json.loads(done.stderr.strip().splitlines()[-1])) & HEAVY


FIRST_WORD = """
import os, sys

class Watch:
    '''Ends the command where it imports a heavy library, telling what it had said by then.'''

    def find_spec(self, name, path=None, target=None):
        if name in {heavy!r}:
            sys.stdout.flush()
            os._exit(10 if said else 20)

said = []
for stream in (sys.stdout, sys.stderr):
    stream.write = lambda text, write=stream.write: (said.append(text), write(text))[1]
sys.meta_path.insert(0, Watch())
sys.argv = ["synth", *{arguments!r}]
from synth.cli import main
main()
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "Does it help?", "--papers", "."],
        ["screen", "--json"],
        ["verify", "--claim", "1"],
        ["report"],
        ["review"],
        ["check"],
        ["bundle"],
        ["bundle", "--check", "bundle.zip"],
        ["evaluate", "--claims", "c.jsonl", "--corpus", "d.jsonl", "--out", "o.jsonl"],
        ["calibrate", "--claims", "c.jsonl", "--corpus", "d.jsonl"],
        ["experiments", "none"],
        ["demo"],
        ["doctor"],
        ["library", "index"],
    ],
    ids=lambda arguments: "-".join(arguments[:2]).replace(" ", "-"),
)
def test_commands_speak_before_they_load_anything_heavy(arguments, home):
    from synth.store.database import migrate

    migrate(home / "db" / "synth.db")
    code = FIRST_WORD.format(arguments=arguments, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=home, timeout=60)
    assert done.returncode != 20, "a heavy library is imported before a word is said"
    assert done.stdout or done.stderr


# What an unbounded cache may be keyed by: names that the program itself has, shares and numbers of degrees.
OWN_KEYS = {
    *"_font _load _nodes _sha256 _shared _smallest rounded dataset".split(),
    *"figures languages levels listed packaged quantile ruled schema_of t_quantile".split(),
}


def test_only_what_the_program_itself_names_is_cached_without_bound():
    """A cache that is keyed by words of papers lets a long process grow with every search."""
    unbounded = set()
    for path in [*(ROOT / "synth").rglob("*.py"), *(ROOT / "repro").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and (node.args.args or node.args.kwonlyargs):
                decorators = {ast.unparse(decorator) for decorator in node.decorator_list}
                if decorators & {"cache", "lru_cache", "lru_cache()", "lru_cache(None)", "lru_cache(maxsize=None)"}:
                    unbounded.add(node.name)
    assert unbounded - OWN_KEYS == set()
