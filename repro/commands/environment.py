"""Environment of a command: the program and prefix that start it, its variables, and the record of its versions."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from repro.commands.remembered import remembered
from repro.errors import LabError
from repro.hashing import sha256

SECONDS = 60  # that asking an environment for its versions may take
# Variables that are handed on: what programs need to find their way about, and nothing that names a person's secrets.
USUAL = (
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TERM", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT",
    "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "CUDA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR",
    "HF_HOME", "HF_HUB_OFFLINE", "TORCH_HOME", "OMP_WAIT_POLICY", "SYNTH_DATA",
)  # fmt: skip
ALSO = ("LC_", "SLURM_")  # prefixes of variables that are handed on
# One thread a process unless the file says otherwise: seeds run side by side, and threads change sums.
THREADS = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
_VERSIONS = (
    "import json,platform,importlib.metadata as m;"
    "print(json.dumps({'python':platform.python_version(),"
    "'packages':sorted({d.metadata['Name']+'=='+d.version for d in m.distributions() if d.metadata['Name']})}))"
)


@dataclass(frozen=True)
class Launch:
    """Start of a command: `prefix` before its arguments, and `path` where programs are looked for."""

    prefix: tuple[str, ...] = ()
    path: str = ""
    variables: Mapping[str, str] | None = None


def launch(environment: Mapping[str, object], folder: Path, directory: Path, out: Path | None = None) -> Launch:
    """Return how commands of this environment start.

    Args:
        environment: keys of `definition.Environment`.
        folder: of the experiment's file, which paths are relative to.
        directory: where the command runs.
        out: its output folder, which a container has to see.

    Raises:
        LabError: the environment, or the program that opens it, is not there.
    """
    path = os.environ.get("PATH", os.defpath)
    if venv := str(environment["venv"]):
        bin_folder = (folder / venv) / ("Scripts" if os.name == "nt" else "bin")
        if not bin_folder.is_dir():
            raise LabError(
                f"there is no virtual environment {folder / venv}", f"make one: python -m venv {folder / venv}"
            )
        root = str((folder / venv).absolute())
        return Launch((), os.pathsep.join((str(bin_folder.absolute()), path)), {"VIRTUAL_ENV": root})
    if conda := str(environment["conda"]):
        program = _program(("conda", "mamba", "micromamba"), "open the conda environment")
        flag = "--prefix" if "/" in conda else "--name"
        return Launch((program, "run", "--no-capture-output", flag, conda), path)
    if container := str(environment["container"]):
        program = _program(("podman", "docker"), "start the container")
        mounts = [directory.absolute(), *([out.absolute()] if out else [])]
        volumes = [part for mount in mounts for part in ("--volume", f"{mount}:{mount}")]
        network = () if environment["network"] else ("--network", "none")
        workdir = ("--workdir", str(directory.absolute()))
        return Launch((program, "run", "--rm", *network, *volumes, *workdir, container), path)
    own = str(Path(sys.executable).parent)
    return Launch((), os.pathsep.join((own, path)))


def _program(names: Sequence[str], purpose: str) -> str:
    for name in names:
        if found := shutil.which(name):
            return found
    raise LabError(f"none of {', '.join(names)} is installed to {purpose}", "install one, or use another environment")


def variables(environment: Mapping[str, object], started: Launch) -> dict[str, str]:
    """Return the variables that a command gets: the usual ones, and those that its file names."""
    named = environment["variables"]
    assert isinstance(named, list | tuple)
    passed = {
        name: value for name, value in os.environ.items() if name in USUAL or name in named or name.startswith(ALSO)
    }
    return {**THREADS, **passed, "PATH": started.path, **(started.variables or {})}


def executable(program: str, started: Launch, directory: Path) -> str:
    """Return the file that `program` names; LabError if there is none, or none that may be run."""
    if started.prefix:
        return program  # looked for inside
    wanted = str(directory / program) if os.sep in program and not os.path.isabs(program) else program
    if found := shutil.which(wanted, path=started.path):
        return found
    raise LabError(
        f"the command {program!r} is not found",
        "install it, name its environment, or write its path from [command] directory",
    )


def record(environment: Mapping[str, object], run: Sequence[str], folder: Path, directory: Path) -> dict[str, object]:
    """Return what is registered of the environment: kind, and versions of what the command is known to use.

    Of a Python program the versions of Python and all packages; of another the checksum of its file; of a container the
    digest of its image. Names of variables, never their values.

    Raises:
        LabError: the environment or the program is not there, or does not answer.
    """
    started = launch(environment, folder, directory)
    named = environment["variables"]
    assert isinstance(named, list | tuple)
    facts: dict[str, object] = {"kind": _kind(environment), "variables": sorted(named), "machine": platform.machine()}
    if container := str(environment["container"]):
        return {**facts, "image": container, "digest": _image(started.prefix[0], container)}
    program = executable(run[0], started, directory)
    if Path(run[0]).name.startswith("python"):
        return {**facts, **_python(program, started, environment, directory)}
    if started.prefix:
        return {**facts, "program": run[0], **_python("python", started, environment, directory)}
    return {**facts, "program": run[0], "sha256": sha256(Path(program))}


def _kind(environment: Mapping[str, object]) -> str:
    return next((kind for kind in ("venv", "conda", "container") if environment[kind]), "synth")


def _python(program: str, started: Launch, environment: Mapping[str, object], directory: Path) -> dict[str, object]:
    answer = _asked([*started.prefix, program, "-c", _VERSIONS], variables(environment, started), directory)
    try:
        facts = json.loads(answer.strip().splitlines()[-1])
    except (ValueError, IndexError) as error:
        raise LabError(f"{program} does not say which packages it has", "see whether it starts at all") from error
    return {"python": str(facts["python"]), "packages": [str(name) for name in facts["packages"]]}


def _image(program: str, container: str) -> str:
    """Return the digest of the image, which has to be there: nothing is pulled before a run is registered."""
    command = [program, "image", "inspect", "--format", "{{.Id}}", container]
    return _asked(command, dict(os.environ), None).strip()


def _asked(command: Sequence[str], variables_of: Mapping[str, str], directory: Path | None) -> str:
    question = (tuple(command), tuple(sorted(variables_of.items())), directory)
    return remembered(question, lambda: _ask(command, variables_of, directory))


def _ask(command: Sequence[str], variables_of: Mapping[str, str], directory: Path | None) -> str:
    try:
        answer = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            env=dict(variables_of),
            cwd=directory,
            stdin=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LabError(f"{command[0]} does not answer ({error})", "see whether it starts at all") from error
    if answer.returncode:
        words = (answer.stderr.strip() or answer.stdout.strip()).splitlines()
        raise LabError(
            f"{' '.join(command[:3])} … ended with {answer.returncode}" + (f": {words[-1]}" if words else ""),
            "see whether the environment is there and works",
        )
    return answer.stdout
