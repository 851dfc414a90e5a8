"""The command line as its user runs it, in a workspace of its own, and how a run of it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

SECONDS = 600
DEFECT = ("Unexpected ", "Traceback (most recent call last)")


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the variables of a run: nothing of the user's own settings but the data at hand."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SYNTH_")}
    own = {"SYNTH_HOME": str(home), "SYNTH_CACHE": str(home.parent / f"{home.name}-cache"), "HF_HUB_OFFLINE": "1"}
    return kept | own | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)} | more


def synth(
    home: Path, *arguments: str, more: Mapping[str, str] | None = None, given: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run `synth ARGUMENTS` to its end; one that takes longer than SECONDS is killed and raises TimeoutExpired."""
    return subprocess.run(
        [sys.executable, "-m", "synth", *arguments],
        env=environment(home, **(more or {})),
        input=given,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=SECONDS,
        check=False,
    )


def killed(
    home: Path, arguments: Sequence[str], after: float, more: Mapping[str, str] | None = None, given: str = ""
) -> bool:
    """Run `synth ARGUMENTS` and kill it with its children `after` seconds from its start; True if it still ran."""
    process = subprocess.Popen(
        [sys.executable, "-m", "synth", *arguments],
        env=environment(home, **(more or {})),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
    )
    try:
        process.communicate(given, timeout=after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def ending(done: subprocess.CompletedProcess[str]) -> str:
    """Return how a run ended: "done", "refused" with its reason, or "defect"."""
    if done.returncode < 0 or any(word in done.stderr for word in DEFECT):
        return "defect"
    if done.returncode == 0:
        return "done"
    return "refused" if "→" in done.stderr or "Usage:" in done.stderr else "defect"


def last_words(done: subprocess.CompletedProcess[str]) -> str:
    """Return the end of what a run said, for a fault."""
    return f"code {done.returncode}: {' '.join((done.stderr or done.stdout).split())[-300:]}"
