"""Known vulnerabilities of the installed packages, by pip-audit. No answer is no good news.

    python -m tests.dependencies.audit

Ends with 0 if every package was looked up and none has a known vulnerability, 1 if one has, NOT_AUDITED if the data
cannot be reached or does not know some packages. pip-audit itself ends with 0 and "No known vulnerabilities found"
where the index answers for no package at all.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

NOT_AUDITED = 3
OWN = "synth"
SECONDS = 300
SHOWN = 5


def report(dependencies: Sequence[Mapping[str, Any]]) -> tuple[int, list[str]]:
    """Return the exit code and the lines to print for the `dependencies` of pip-audit's JSON."""
    others = [dependency for dependency in dependencies if dependency["name"] != OWN]
    skipped = [dependency["name"] for dependency in others if "skip_reason" in dependency]
    lines = [
        f"{dependency['name']} {dependency['version']}: {flaw['id']}"
        + (f", mended in {', '.join(flaw['fix_versions'])}" if flaw["fix_versions"] else "")
        for dependency in others
        for flaw in dependency.get("vulns", [])
    ]
    code = 1 if lines else NOT_AUDITED if skipped or not others else 0
    looked_up = f"{len(others) - len(skipped)} of {len(others)} packages looked up"
    if code == NOT_AUDITED:
        few = ", ".join(skipped[:SHOWN]) + (", …" if len(skipped) > SHOWN else "")
        return code, [f"Not audited: {looked_up}; nothing is known of {few or 'any'}."]
    if skipped:
        lines.append(f"Not looked up: {', '.join(skipped)}.")
    return code, [*lines, f"{looked_up}, {'vulnerabilities above' if code else 'no known vulnerability'}."]


def main() -> None:
    """Audit this environment."""
    arguments = ("--local", "--format", "json", "--progress-spinner", "off", "--timeout", "15")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pip_audit", *arguments],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        code, lines = report(json.loads(done.stdout)["dependencies"])
    except subprocess.TimeoutExpired:
        code, lines = NOT_AUDITED, [f"Not audited: no answer within {SECONDS} s."]
    except (ValueError, KeyError, TypeError):
        last = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        code, lines = NOT_AUDITED, [f"Not audited: the data cannot be reached ({last[:200]})."]
    print("\n".join(lines))
    sys.exit(code)


if __name__ == "__main__":
    main()
