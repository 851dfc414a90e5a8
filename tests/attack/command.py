"""The command line as its user runs it, in a workspace of its own, and how a run of it ended.

Runs are forked (`tests/forked.py`), so that a run costs what its own work costs: of a search of three papers about half
was the import of the same libraries.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.forked import Forked

SECONDS = 600.0
POLL = 0.01
DEFECT = ("Unexpected ", "Traceback (most recent call last)")
STAGE = re.compile(r"^(\w[\w ]*): \d+%", re.MULTILINE)


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the variables of a run: nothing of the user's own settings but the data at hand."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SYNTH_")}
    own = {"SYNTH_HOME": str(home), "SYNTH_CACHE": str(home.parent / f"{home.name}-cache"), "HF_HUB_OFFLINE": "1"}
    return kept | own | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)} | more


@dataclass(frozen=True)
class Moment:
    """A moment of a run: `after` seconds from when the run says that it is in `stage` ("": from its start)."""

    stage: str
    after: float


@dataclass
class Running:
    """A run of `synth ARGUMENTS` that goes on beside this process, in a process group of its own."""

    home: Path
    arguments: Sequence[str]
    standard_input: str = ""

    def __post_init__(self) -> None:
        self._streams = tempfile.TemporaryDirectory(prefix="attack-run-")
        self.files = [Path(self._streams.name, name) for name in ("in", "out", "error")]
        self.files[0].write_text(self.standard_input, encoding="utf-8")
        command = [sys.executable, "-m", "synth", *self.arguments]
        with self.files[0].open() as told, self.files[1].open("w") as out, self.files[2].open("w") as error:
            self.process = Forked(
                command, stdin=told, stdout=out, stderr=error, env=environment(self.home), start_new_session=True
            )

    @property
    def error(self) -> str:
        """What stands on the standard error so far."""
        return self.files[2].read_text(encoding="utf-8", errors="replace") if self.files[2].exists() else ""

    def stages(self) -> list[str]:
        """Return the stages that the run said to be in, in order."""
        return list(dict.fromkeys(STAGE.findall(self.error)))

    def alive(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        """End the run and its children with SIGKILL."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:  # it ended just now, or has no group yet
            self.process.kill()
        self.process.wait()

    def result(self, seconds: float = SECONDS) -> subprocess.CompletedProcess[str]:
        """Wait for the end. Raises subprocess.TimeoutExpired, the run killed, after `seconds`."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        out = self.files[1].read_text(encoding="utf-8", errors="replace") if self.files[1].exists() else ""
        done = subprocess.CompletedProcess(list(self.arguments), code, out, self.error)
        self._streams.cleanup()
        return done


def synth(home: Path, *arguments: str, standard_input: str = "") -> subprocess.CompletedProcess[str]:
    """Run `synth ARGUMENTS` to its end; one that takes longer than SECONDS is killed and raises TimeoutExpired."""
    return Running(home, arguments, standard_input).result()


def anew(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `synth ARGUMENTS` in an interpreter of its own, with `more` variables: for what is read at its start."""
    return subprocess.run(
        [sys.executable, "-m", "synth", *arguments],
        env=environment(home, **more),
        capture_output=True,
        text=True,
        errors="replace",
        timeout=SECONDS,
        check=False,
    )


@dataclass
class Course:
    """When an undisturbed run came into which stage, in seconds from its start, and how long it took."""

    seconds: float = 0.0
    starts: list[tuple[str, float]] = field(default_factory=lambda: [("", 0.0)])

    def moment(self, fraction: float) -> Moment:
        """Return the moment at `fraction` of the whole."""
        at = fraction * self.seconds
        stage, began = max((start for start in self.starts if start[1] <= at), key=lambda start: start[1])
        return Moment(stage, at - began)


def measured(home: Path, arguments: Sequence[str]) -> tuple[subprocess.CompletedProcess[str], Course]:
    """Run `synth ARGUMENTS` to its end and note when it came into which stage."""
    run, course, began = Running(home, arguments), Course(), time.monotonic()
    while run.alive() and time.monotonic() - began < SECONDS:
        known = [stage for stage, _ in course.starts]
        course.starts += [(stage, time.monotonic() - began) for stage in run.stages() if stage not in known]
        time.sleep(POLL)
    course.seconds = time.monotonic() - began
    return run.result(), course


def killed(home: Path, arguments: Sequence[str], moment: Moment) -> bool:
    """Run `synth ARGUMENTS` and kill it with its children at `moment`; True if it still ran."""
    run, began = Running(home, arguments), time.monotonic()
    while run.alive() and moment.stage and moment.stage not in run.stages() and time.monotonic() - began < SECONDS:
        time.sleep(POLL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        run.process.wait(moment.after)
    still = run.alive()
    run.kill()
    return still


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
