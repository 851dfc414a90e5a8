"""Run a command of one's own for one seed of one arm, and read the metrics that it wrote."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from repro.design.stage_parameters import CommandParameters
from repro.errors import LabError
from repro.stages import Job, write_json

# What runs is the author's: of ours only the reading of metrics makes a result.
SOURCES: tuple[str, ...] = ()
TORCH = False
MAX_LOG = 2**18  # bytes kept of either end of what is printed
READING_SECONDS = 60  # for a regular expression that never ends


def run(job: Job) -> None:
    """Write `measurements.json`, or `failure.json` with why this seed has none; both with `status.json` and the logs.

    A command that fails is a result: the artifact says so, and the verdict counts it.

    Raises:
        LabError: the code or the data changed after the run was registered, or the command is no longer there.
    """
    params = CommandParameters.read(job.params)
    folder = Path(job.place["folder"])
    directory = folder / params.command.directory
    _check_unchanged(job, params, folder, directory)
    out = job.partial / "out"
    if out.exists() and not params.command.resumes:
        shutil.rmtree(out)
    out.mkdir(parents=True, exist_ok=True)
    status = _supervised(job, params, folder, directory, out)
    failure = failure_of(status) or _measure(job, params, out)
    if failure:
        write_json(job.out / "failure.json", failure)
    write_json(job.out / "status.json", status)
    for name in ("stdout", "stderr"):
        _keep_log(job.partial / name, job.out / f"{name}.txt")
    for name in params.command.keep:
        _keep(out, name, job.out / "kept", failure is not None)


def _check_unchanged(job: Job, params: CommandParameters, folder: Path, directory: Path) -> None:
    """Raise LabError unless code and data are those that were registered."""
    from repro.commands.code import code_record, data_checksum

    now = code_record(directory, params.command.code)["files"]
    if now != params.code.files:
        raise LabError(
            f"the code in {directory} changed after the run was registered",
            "run the same command again; if the program itself writes there, name the code: [command] code = [...]",
        )
    for name, path in params.data.items():
        if data_checksum(folder / path) != params.checksums[name]:
            raise LabError(f"the data {name} changed after the run was registered", "run the same command again")


def _supervised(job: Job, params: CommandParameters, folder: Path, directory: Path, out: Path) -> dict[str, object]:
    from repro.commands.environment import executable, launch, variables
    from repro.commands.placeholders import filled, unescaped

    started = launch(params.environment, folder, directory, out)
    values: dict[str, object] = {"seed": job.seed, "out": str(out.absolute())}
    values |= {f"data.{name}": str((folder / path).absolute()) for name, path in params.data.items()}
    arguments = unescaped(filled(params.command.run, values))
    arguments[0] = executable(arguments[0], started, directory)
    order = {
        "argv": [*started.prefix, *arguments],
        "cwd": str(directory),
        "env": variables(params.environment, started),
        "out": str(out),
        "stdout": str(job.partial / "stdout"),
        "stderr": str(job.partial / "stderr"),
        "network": params.environment["network"] or not params.offline,
        **params.limits,
    }
    supervisor = str(files("repro").joinpath("commands", "supervisor.py"))
    job.progress(0.0, "running")
    process = subprocess.Popen(
        [sys.executable, "-I", supervisor], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert process.stdin
    assert process.stdout
    # Its input stays open: when this process ends, it ends, and all that it started.
    process.stdin.write(json.dumps(order) + "\n")
    process.stdin.flush()
    answer = process.stdout.read()
    process.stdin.close()
    if process.wait() or not answer.strip():
        raise LabError("the process that watched the command was ended", "run the same command again")
    return dict(json.loads(answer))


def failure_of(status: Mapping[str, object]) -> dict[str, object] | None:
    """Return why a command has failed, {code, parameters}, or None where it has not."""
    reason, code = str(status["reason"]), status["exit"]
    if reason == "stopped":
        raise LabError("the command was stopped", "run the same command again")
    if reason:
        return {"code": reason, "parameters": {"message": status["message"]} if status["message"] else {}}
    if isinstance(code, int) and code < 0:
        return {"code": "signal", "parameters": {"signal": _signal_name(-code)}}
    return {"code": "exit", "parameters": {"exit": code}} if code else None


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _measure(job: Job, params: CommandParameters, out: Path) -> dict[str, object] | None:
    """Write the measurements; return why there are none."""
    from repro.commands.metrics import NoMetric, readings

    rows: list[dict[str, object]] = []
    try:
        with _within(READING_SECONDS):
            for name, metric in params.metrics.items():
                rows += readings(out, name, metric)
    except NoMetric as error:
        return {"code": "metric", "parameters": {"message": str(error)}}
    except TimeoutError:
        return {"code": "metric", "parameters": {"message": f"reading it took more than {READING_SECONDS} s"}}
    write_json(job.out / "measurements.json", rows)
    return None


class _within:
    """Raise TimeoutError in the body after so many seconds, where the system has an alarm."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        if hasattr(signal, "SIGALRM"):
            self.before = signal.signal(signal.SIGALRM, self._ring)
            signal.alarm(self.seconds)

    def __exit__(self, *_: object) -> None:
        if hasattr(signal, "SIGALRM"):
            signal.alarm(0)
            signal.signal(signal.SIGALRM, self.before)

    @staticmethod
    def _ring(*_: object) -> None:
        raise TimeoutError


def _keep_log(source: Path, target: Path) -> None:
    """Keep what was printed, of a long text its beginning and its end."""
    if not source.is_file():
        return
    size = source.stat().st_size
    with source.open("rb") as stream:
        head = stream.read(MAX_LOG)
        if size > 2 * MAX_LOG:
            stream.seek(size - MAX_LOG)
            head += f"\n[… {size - 2 * MAX_LOG:,} bytes left out …]\n".encode()
        target.write_bytes(head + stream.read(MAX_LOG))


def _keep(out: Path, name: str, kept: Path, failed: bool) -> None:
    """Copy a file that the author wants to keep; LabError where a run that went well has not written it."""
    source = out / name
    if not source.resolve().is_relative_to(out.resolve()) or not source.is_file():
        if failed:
            return
        raise LabError(f"the command wrote no file {name}, which is to be kept", "mend [command] keep, or the program")
    target = kept / name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
