"""One model, read in several ways and scored in several ways: nothing is trained.

One pass over the sentences (two with a prefix) serves all arms, and all experiments of the fidelity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from repro.design.experiment import Experiment
from repro.design.nodes import Node
from repro.design.stage_parameters import ReadingPlace
from repro.errors import LabError
from repro.parameters import Table
from repro.recipes import FidelityTarget, Foundation, TrainingRow, base, made_from, models, text
from repro.schema import JsonObject, JsonValue


class ReadingArm(Table):
    """Differences of an arm from the rest; the rest is the defaults.

    `reading`: a name in the fidelity's `readings`; `prefix`: put before every sentence; the others as in
    `repro.design.stage_parameters.ScoringParameters`.
    """

    reading: str = "last"
    prefix: str = ""
    isotropy: str = "none"
    rule: str = "cosine"
    asks: str = "english"
    pool: int = 0
    lengths: str = "all"

    def scoring(self) -> dict[str, JsonValue]:
        """Return the parameters of scoring, all of them."""
        return self.model_dump(exclude={"prefix"})


class ReadingFidelity(Foundation):
    """`measure`: what is read; without it, the first target that has pools of aligned sentences."""

    measure: str | None = None


ARM, PARAMS = ReadingArm, ReadingFidelity


def nodes(experiment: Experiment, params: JsonObject, seed: int) -> list[Node]:
    from repro.languages.typology import datasets as distances
    from repro.targets import target as module

    stated = ReadingFidelity.read(params)
    name, measured = _measured(experiment, stated)
    # What is no data set of the catalogue says by itself what the sentences depend on.
    named = {"source": module(name).source()} if hasattr(module(name), "source") else {}
    own = {"target": name, **measured, **named}
    distance = measured.get("distance")
    data = [*module(name).DATASETS, *(distances(distance) if isinstance(distance, str) else ())]
    stages = [*text(stated, seed), *models(stated, seed)[:1]]
    start = made_from(stated, seed)
    for arm in experiment.arms:
        chosen = ReadingArm.read(arm.params)
        if chosen.reading not in stated.readings:
            raise LabError(
                f"arm {arm.name}: the fidelity has no reading {chosen.reading!r}",
                f"it has {', '.join(stated.readings)}",
            )
        passed = _pass(chosen.prefix, name, own, stated, seed)
        if passed.name not in {node.name for node in stages}:
            stages.append(passed)
        needs = {"vectors": passed.name} | start
        scored = own | chosen.scoring()
        label = f"read {arm.name}"
        stages.append(Node(label, "reading", seed, scored, needs, arm.name, tuple((one, "") for one in data)))
    return stages


def _measured(experiment: Experiment, params: ReadingFidelity) -> tuple[str, dict[str, JsonValue]]:
    """Return the target with its parameters; one that the fidelity does not name has those of its first."""
    from repro.targets import target as module

    first = next((one for one in params.targets if hasattr(module(one), "pools")), "")
    name = first if params.measure is None else params.measure
    if not first or not hasattr(module(name), "pools") or not params.readings:
        raise LabError(
            f"{experiment.id} has nothing to read at this fidelity", "give it a target with pools, and readings"
        )
    # A place in the model is the arm's to choose, languages and their distances belong to the target.
    left = {"layer", "pooling"} | (set() if name in params.targets else {"languages", "distance"})
    target: FidelityTarget = params.targets.get(name, params.targets[first])
    return name, {key: value for key, value in target.to_json().items() if key not in left}


def _pass(prefix: str, target: str, own: Mapping[str, JsonValue], params: ReadingFidelity, seed: int) -> Node:
    """Return the pass over the sentences, with `prefix` before each. A prefix is read at the last layer only."""
    from repro.targets import target as module

    common = {key: value for key, value in own.items() if key not in ("distance", "neighbours")}
    readings: Mapping[str, ReadingPlace] = {"last": params.readings["last"]} if prefix else params.readings
    places = {name: place.to_json() for name, place in readings.items()}
    stage = {**common, "readings": places, "prefix": prefix}
    label = f"encode with {prefix.strip()!r}" if prefix else "encode"
    needs = {"model": base(params, seed)} | made_from(params, seed)
    data = tuple((one, "") for one in module(target).DATASETS)
    return Node(label, "vectors", seed if params.pretrain else 1, stage, needs, data=data)


def invalid(training: Sequence[TrainingRow]) -> dict[str, str]:
    """Return nothing: nothing is trained."""
    return {}
