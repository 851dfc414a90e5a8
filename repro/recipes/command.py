"""A command of one's own: one stage for each arm and seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from repro.commands.code import code_record, data_checksum
from repro.commands.environment import record
from repro.commands.limits import can_leave_network
from repro.commands.metrics import missing_libraries
from repro.commands.placeholders import filled
from repro.design.deviations import Coded, DeviationCode
from repro.design.experiment import Experiment
from repro.design.nodes import Node
from repro.errors import LabError

ARM = {"*": object}
PARAMS = {
    "command": {"run": [str], "directory": str, "code": [str], "keep": [str], "resumes": bool},
    "environment": {"venv": str, "conda": str, "container": str, "variables": [str], "network": bool},
    "limits": {"seconds": float, "memory_mb": int, "output_mb": int},
    "metrics": {"*": {"*": object}},
    "data": {"*": str},
    "first_seed": int,
    # What is found when a run is planned.
    "code?": object,
    "versions?": object,
    "checksums?": {"*": str},
    "offline?": bool,
}


def prepared(experiment: Experiment, params: Mapping[str, object]) -> dict[str, object]:
    """Return the parameters with what is registered of this machine: code, versions, checksums of data.

    Raises:
        LabError: the directory, the environment, the program or data are not there.
    """
    command, environment, data = params["command"], params["environment"], params["data"]
    metrics = params["metrics"]
    assert isinstance(command, Mapping)
    assert isinstance(environment, Mapping)
    assert isinstance(data, Mapping)
    assert isinstance(metrics, Mapping)
    folder = Path(experiment.folder)
    directory = folder / command["directory"]
    if missing := missing_libraries(str(metric["form"]) for metric in metrics.values()):
        raise LabError(
            f"{', '.join(missing)} is not installed, which reads a metric", f"pip install {' '.join(missing)}"
        )
    return {
        **params,
        "code": code_record(directory, command["code"]),
        "versions": record(environment, command["run"], folder, directory),
        "checksums": {name: data_checksum(folder / path) for name, path in data.items()},
        "offline": not environment["network"] and (bool(environment["container"]) or can_leave_network()),
    }


def nodes(experiment: Experiment, params: Mapping[str, object], seed: int) -> list[Node]:
    """Return one stage an arm. What a result depends on is in its parameters; where the files lie is not."""
    command, code = params["command"], params["code"]
    assert isinstance(command, Mapping)
    assert isinstance(code, Mapping)
    first = params["first_seed"]
    assert isinstance(first, int)
    kept = {
        key: params[key] for key in ("environment", "limits", "metrics", "data", "versions", "checksums", "offline")
    }
    stages = []
    for arm in experiment.arms:
        run = filled(command["run"], {f"arm.{key}": value for key, value in arm.params.items()})
        own = {**kept, "command": {**command, "run": run}, "code": {"files": code["files"]}}
        place = {"folder": experiment.folder}
        stages.append(Node(f"run {arm.name}", "command", seed + first - 1, own, {}, arm.name, at=seed, place=place))
    return stages


def differences(experiment: Experiment, params: Mapping[str, object]) -> list[Coded]:
    """Return deviations that the machine brings: changes that no commit has, a network that stayed."""
    code, environment = params["code"], params["environment"]
    assert isinstance(code, Mapping)
    assert isinstance(environment, Mapping)
    listed: list[Coded] = []
    if code.get("dirty"):
        text = (
            f"The code has changes that commit {str(code['commit'])[:12]} does not have; they are in the specification."
        )
        listed.append((DeviationCode.DIRTY_CODE, text))
    elif "commit" not in code:
        listed.append((DeviationCode.NO_COMMIT, "The code is in no git repository: only its checksum is known."))
    if not environment["network"] and not params["offline"]:
        listed.append((DeviationCode.NETWORK, "This machine cannot cut the command off from the network."))
    return listed


def invalid(training: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """Return nothing: synth knows nothing of what a command trains."""
    return {}
