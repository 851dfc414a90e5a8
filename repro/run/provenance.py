"""The provenance of a result: commit, versions, platform, threads."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from repro.schema import JsonValue

PACKAGES = ("torch", "transformers", "tokenizers", "safetensors", "numpy", "scipy", "statsmodels")


def environment(jobs: int) -> dict[str, JsonValue]:
    """Describe this machine and installation; the commit only where the code stands in a checkout."""
    return {
        **_commit(),
        "python": platform.python_version(),
        "versions": versions(),
        "platform": platform.platform(),
        "processes": jobs,
        "threads_per_process": 1,
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "command": [Path(sys.argv[0]).name, *sys.argv[1:]],
    }


def versions() -> dict[str, str | None]:
    """Return the versions of the libraries that numbers depend on."""
    return {name: _version(name) for name in PACKAGES}


def _commit() -> dict[str, JsonValue]:
    package = Path(__file__).parents[1]  # the package's folder

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", "-C", package, *arguments], capture_output=True, text=True, timeout=10)
        return done.stdout.strip() if done.returncode == 0 else ""

    try:
        # Ignored by git: then the package is installed inside somebody else's checkout, whose commit says nothing.
        if git("check-ignore", str(package)):
            return {"commit": None, "modified": None}
        commit = git("rev-parse", "HEAD") or None
        return {
            "commit": commit,
            "modified": bool(git("status", "--porcelain", "--", str(package))) if commit else None,
        }
    except (OSError, subprocess.TimeoutExpired):
        return {"commit": None, "modified": None}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
