"""A command of one's own: one stage for each arm and seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from repro.commands.code import code_record, data_checksum
from repro.commands.environment import record
from repro.commands.limits import can_leave_network
from repro.commands.metrics import missing_libraries
from repro.commands.placeholders import filled
from repro.commands.remembered import remembered
from repro.design.deviations import Coded, DeviationCode
from repro.design.experiment import Experiment
from repro.design.nodes import Node
from repro.design.stage_parameters import CommandLine
from repro.errors import LabError
from repro.parameters import Number, Table
from repro.recipes import TrainingRow
from repro.schema import JsonObject


class CommandArm(Table):
    """Values of an arm that a command's placeholders name."""

    OPEN = True


class CommandEnvironment(Table):
    venv: str
    conda: str
    container: str
    variables: Sequence[str]
    network: bool


class CommandLimits(Table):
    seconds: Number
    memory_mb: int
    output_mb: int


class CommandFidelity(Table):
    """A command of one's own; from `code` on what is found when a run is planned."""

    command: CommandLine
    environment: CommandEnvironment
    limits: CommandLimits
    metrics: Mapping[str, Mapping[str, Any]]
    data: Mapping[str, str]
    first_seed: int
    code: Any = None
    versions: Any = None
    checksums: Mapping[str, str] = {}
    offline: bool = False


ARM, PARAMS = CommandArm, CommandFidelity


def prepared(experiment: Experiment, params: JsonObject) -> JsonObject:
    """Return the parameters with what is registered of this machine: code, versions, checksums of data.

    Raises:
        LabError: the directory, the environment, the program or data are not there.
    """
    stated = CommandFidelity.read(params)
    command, environment = stated.command, stated.environment
    folder = Path(experiment.folder)
    directory = folder / command.directory
    if missing := missing_libraries(str(metric["form"]) for metric in stated.metrics.values()):
        raise LabError(
            f"{', '.join(missing)} is not installed, which reads a metric", f"pip install {' '.join(missing)}"
        )
    can_cut_off = environment.container or environment.network or remembered("network", can_leave_network)
    additions: dict[str, Any] = {
        "code": remembered((directory, tuple(command.code)), lambda: code_record(directory, command.code)),
        "versions": record(environment.to_json(), command.run, folder, directory),
        "checksums": {name: _checksum(folder / path) for name, path in stated.data.items()},
        "offline": bool(can_cut_off) and not environment.network,
    }
    return {**params, **additions}


def _checksum(path: Path) -> str:
    return remembered(path, lambda: data_checksum(path))


def nodes(experiment: Experiment, params: JsonObject, seed: int) -> list[Node]:
    """Return one stage an arm. What a result depends on is in its parameters; where the files lie is not."""
    stated = CommandFidelity.read(params)
    kept = {
        key: params[key] for key in ("environment", "limits", "metrics", "data", "versions", "checksums", "offline")
    }
    stages = []
    for arm in experiment.arms:
        run = filled(stated.command.run, {f"arm.{key}": value for key, value in arm.params.items()})
        own = {**kept, "command": {**stated.command.to_json(), "run": run}, "code": {"files": stated.code["files"]}}
        place = {"folder": experiment.folder}
        stages.append(
            Node(f"run {arm.name}", "command", seed + stated.first_seed - 1, own, {}, arm.name, at=seed, place=place)
        )
    return stages


def differences(experiment: Experiment, params: JsonObject) -> list[Coded]:
    """Return deviations that the machine brings: changes that no commit has, a network that stayed."""
    stated = CommandFidelity.read(params)
    code = stated.code
    listed: list[Coded] = []
    if code.get("dirty"):
        text = (
            f"The code has changes that commit {str(code['commit'])[:12]} does not have; they are in the specification."
        )
        listed.append((DeviationCode.DIRTY_CODE, text))
    elif "commit" not in code:
        listed.append((DeviationCode.NO_COMMIT, "The code is in no git repository: only its checksum is known."))
    if not stated.environment.network and not stated.offline:
        listed.append((DeviationCode.NETWORK, "This machine cannot cut the command off from the network."))
    return listed


def invalid(training: Sequence[TrainingRow]) -> dict[str, str]:
    """Return nothing: synth knows nothing of what a command trains."""
    return {}
