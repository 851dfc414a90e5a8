"""Bill of materials: the installed packages with their licences, as CycloneDX JSON.

    python -m tests.dependencies.bill sbom.json

Ends with 1 where a package has no licence on record, or one that AGPL-3.0-or-later cannot be combined with.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
Component = dict[str, Any]


def policy() -> dict[str, Any]:
    """Return what licences.toml says."""
    return tomllib.loads(Path(__file__).with_name("licences.toml").read_text(encoding="utf-8"))


def bill(*, validate: bool = True) -> dict[str, Any]:
    """Return the bill of this environment as cyclonedx-py writes it, the concluded licences added.

    To validate it against CycloneDX's schema takes twenty times as long as to make it.
    """
    arguments = ["environment", "--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible", "-o", "-"]
    arguments.append("--validate" if validate else "--no-validate")
    done = subprocess.run(
        [sys.executable, "-m", "cyclonedx_py", *arguments, sys.executable], capture_output=True, text=True, check=True
    )
    document: dict[str, Any] = json.loads(done.stdout)
    return document | {"components": completed(document["components"], policy()["concluded"])}


def completed(components: Sequence[Component], concluded: Mapping[str, Mapping[str, str]]) -> list[Component]:
    """Return the components, those that declare no licence with the concluded one."""

    def licences(component: Component) -> list[Any]:
        known = concluded.get(canonical(component["name"]))
        if component.get("licenses") or known is None:
            return list(component.get("licenses", []))
        return [{"license": {"id": known["licence"], "acknowledgement": "concluded"}}]

    return [component | {"licenses": licences(component)} for component in components]


def canonical(name: str) -> str:
    """Return the name of a package as PEP 503 normalises it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def objections(components: Sequence[Component], rules: Mapping[str, Any]) -> dict[str, str]:
    """Return the packages that cannot be combined with AGPL-3.0-or-later, each with the reason."""
    found = {canonical(component["name"]): _objection(component, rules) for component in components}
    return {name: reason for name, reason in found.items() if reason and name not in rules["excepted"]}


def _objection(component: Component, rules: Mapping[str, Any]) -> str:
    """Return why a package cannot be combined, "" if it can: each licence that it names has to be compatible."""
    named = [_named(licence) for licence in component.get("licenses", [])]
    expressions = [rules["classifiers"].get(name, name) for name in named]
    if not any(expressions):
        return "no licence on record: look it up and add it to [concluded]"
    wrong = [expression for expression in expressions if expression and not combinable(expression, rules["compatible"])]
    return f"{', '.join(wrong)}: not known to be compatible" if wrong else ""


def _named(licence: Mapping[str, Any]) -> str:
    if "expression" in licence:
        return str(licence["expression"])
    return str(licence["license"].get("id") or licence["license"]["name"])


@cache
def _licensing() -> Any:
    """Return the parser of SPDX expressions, which reads the whole list of licences."""
    from license_expression import get_spdx_licensing

    return get_spdx_licensing()


def combinable(expression: str, compatible: Sequence[str]) -> bool:
    """Return True if an SPDX expression can be met with compatible licences alone: all of AND, one of OR."""
    from license_expression import ExpressionError

    licensing = _licensing()
    try:
        parsed = licensing.parse(expression)
    except ExpressionError:
        return False

    def holds(node: Any) -> bool:
        if isinstance(node, licensing.AND):
            return all(map(holds, node.args))
        if isinstance(node, licensing.OR):
            return any(map(holds, node.args))
        return str(node) in compatible

    return parsed is not None and holds(parsed)


def main() -> None:
    """Write the bill to the file named, and say which licences stand against it."""
    document, path = bill(), Path(sys.argv[1])
    path.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    wrong = objections(document["components"], policy())
    for name, reason in wrong.items():
        print(f"{name}: {reason}", file=sys.stderr)
    print(f"{path}: {len(document['components'])} packages, {len(wrong)} licences to look at")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
