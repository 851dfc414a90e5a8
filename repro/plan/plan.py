"""A plan: the stages of a run with their cost, before anything runs, and the specification that is hashed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from repro.data.library import Library
from repro.design.deviations import DeviationCode
from repro.design.experiment import Arm, Contrast, Experiment, Fidelity
from repro.design.power import Power
from repro.plan.stages import Stage
from repro.schema import JsonObject


@dataclass(frozen=True)
class Plan:
    experiment: Experiment
    fidelity: Fidelity
    arms: tuple[Arm, ...]
    contrasts: tuple[Contrast, ...]
    seeds: tuple[int, ...]
    stages: tuple[Stage, ...]  # each after those it needs
    deviations: tuple[str, ...]
    deviation_codes: tuple[DeviationCode, ...]  # of each deviation
    spec: Mapping[str, Any]  # JSON, everything that is fixed before the run
    spec_hash: str
    library: Library
    altered: bool  # parameters were changed by hand: it is not the registered setting any more
    absent: Mapping[str, str]  # arm → why it is left out
    power: Mapping[str, Power] = field(default_factory=dict)  # contrast → what the design can tell

    def stage(self, name: str) -> Stage:
        return next(stage for stage in self.stages if stage.name == name)

    def first(self, seeds: int) -> Plan:
        """Return the plan of the first `seeds` seeds; specification and hash stay those of the whole, as registered."""
        chosen = self.seeds[:seeds]
        read = {name for stage in self.stages for name in stage.needs}
        by_name = {stage.name: stage for stage in self.stages}
        wanted: set[str] = set()
        todo = [stage.name for stage in self.stages if stage.name not in read and stage.seed in chosen]
        while todo:
            name = todo.pop()
            if name not in wanted:
                wanted.add(name)
                todo += by_name[name].needs
        return replace(self, seeds=chosen, stages=tuple(s for s in self.stages if s.name in wanted))

    def repeats(self, *arms: str) -> tuple[tuple[int, ...], ...]:
        """Return groups of seeds in which all measurements of `arms` are the very same results.

        () if every seed has its own.

        Such seeds are one measurement: they share a model, and nothing that these arms need is trained anew. "" is no
        arm; of arms that are left out nothing is said.
        """
        if not {arm for arm in arms if arm} <= {stage.arm for stage in self.stages}:
            return ()
        read = {name for stage in self.stages for name in stage.needs}
        by_seed: dict[int, set[str]] = {}
        for stage in self.stages:
            if stage.arm and stage.arm in arms and stage.name not in read:
                by_seed.setdefault(stage.seed, set()).add(stage.content)
        groups: dict[frozenset[str], list[int]] = {}
        for seed, contents in by_seed.items():
            groups.setdefault(frozenset(contents), []).append(seed)
        return tuple(tuple(sorted(group)) for group in groups.values() if len(group) > 1)

    def wall_seconds(self, jobs: int) -> float | None:
        """Estimate the duration with `jobs` stages side by side: the longest chain, or the work shared out."""
        if any(stage.seconds is None for stage in self.stages):
            return None
        ends: dict[str, float] = {}
        for stage in self.stages:
            ends[stage.name] = (stage.seconds or 0) + max((ends[name] for name in stage.needs), default=0)
        return max([*ends.values(), sum(stage.seconds or 0 for stage in self.stages) / jobs])

    def to_json(self) -> JsonObject:
        return {
            "experiment": self.experiment.id,
            "fidelity": self.fidelity.name,
            "arms": [arm.name for arm in self.arms],
            "seeds": list(self.seeds),
            "stages": [{"name": s.name, "cached": s.cached, "seconds": s.seconds} for s in self.stages],
            "power": {name: str(one) for name, one in self.power.items()},
            "deviations": list(self.deviations),
            "spec_hash": self.spec_hash,
        }
