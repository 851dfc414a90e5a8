"""Runs a plan: stages side by side in child processes, resumable, and collects what was measured."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from repro import gate, provenance
from repro.artifacts import Store
from repro.canonical import digest
from repro.errors import LabError
from repro.plan import Plan, Stage
from repro.registry import recipe
from repro.stages import code_version, read_json

CURVE = 40  # points of a training curve


@dataclass(frozen=True)
class Event:
    """Something happened to a stage. `kind`: started, progress, finished or reused."""

    kind: str
    stage: str
    fraction: float = 0.0
    message: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """What a run measured. Accuracies are percentages.

    `measurements`: {arm, seed, language, distance, metric, value, n}. `training`: what the arms' own tasks reached,
    {arm, seed, task, accuracy, shortcut, chance, decisions, learnt}; here accuracies are shares. `invalid`: arm → why
    its measurements say nothing. `stages`: {name, key, cached, seconds}. `curves`: {arm, seed, stage, name, losses},
    the loss of every training in at most CURVE points [step, mean loss of the steps since the last point].
    """

    measurements: tuple[dict[str, Any], ...]
    gate: gate.Gate
    training: tuple[dict[str, Any], ...]
    invalid: dict[str, str]
    stages: tuple[dict[str, Any], ...]
    provenance: dict[str, Any]
    curves: tuple[dict[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def default_jobs(plan: Plan) -> int:
    """As many stages side by side as there are GPUs, or else cores, but no more than seeds."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(provenance.gpus() or cores, len(plan.seeds)))


def run(plan: Plan, store: Store, on_event: Callable[[Event], None], jobs: int | None = None) -> Outcome:
    """Carry out the stages of `plan` that `store` lacks, then collect the outcome.

    Interrupted, it stops its children; finished stages and training checkpoints stay in the store, so that the same
    call goes on from there. Raises LabError when a stage fails.
    """
    jobs = jobs or default_jobs(plan)
    store.clean()
    seconds = _carry_out(plan, store, on_event, jobs)
    return _collect(plan, store, seconds, jobs)


# ------------------------------------------------------------------------------------------- carrying out


class Worker:
    """A child process and the thread that reads its answers into `answers`."""

    def __init__(self, answers: queue.Queue[tuple[Worker, dict[str, Any] | None]], number: int, gpus: int) -> None:
        """`number`: which of the workers this is; with several GPUs each worker has one to itself."""
        root = str(Path(__file__).parents[1])
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", "")))),
            "OMP_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            "TOKENIZERS_PARALLELISM": "false",
            "HF_HUB_OFFLINE": "1",
            # Without it cuBLAS has no deterministic matrix product (CUDA's documentation, "Results reproducibility").
            "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
        }
        if gpus > 1 and "CUDA_VISIBLE_DEVICES" not in os.environ:
            environment["CUDA_VISIBLE_DEVICES"] = str(number % gpus)
        self.log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 (closed by stop)
        self.process = subprocess.Popen(
            # -P: what lies in the working directory is no module of ours.
            [sys.executable, "-P", "-m", "repro.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            env=environment,
            text=True,
            encoding="utf-8",
            # Ctrl-C reaches the parent alone, which then ends its children.
            start_new_session=True,
        )
        self.stage: Stage | None = None
        threading.Thread(target=self._read, args=(answers,), daemon=True).start()

    def _read(self, answers: queue.Queue[tuple[Worker, dict[str, Any] | None]]) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            answers.put((self, json.loads(line)))
        answers.put((self, None))

    def order(self, stage: Stage, plan: Plan, store: Store) -> None:
        node = stage.node
        self.stage = stage
        order = {
            "store": str(store.root.absolute()),
            "name": stage.name,
            "label": node.label,
            "kind": node.kind,
            "key": stage.key,
            "cost_key": stage.cost_key,
            "params": node.params,
            "seed": node.seed,
            "inputs": {role: plan.stage(name).key for role, name in node.needs.items()},
            "code": code_version(node.kind, node.params),
            "library": [str(root.absolute()) if root else None for root in (plan.library.at_hand, plan.library.pulled)],
        }
        assert self.process.stdin
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.log.close()

    def last_words(self) -> str:
        self.log.seek(0)
        return self.log.read()[-2000:].strip()


def _carry_out(plan: Plan, store: Store, on_event: Callable[[Event], None], jobs: int) -> dict[str, float]:
    """Run what is missing; returns seconds by stage name."""
    done: set[str] = set()
    for stage in plan.stages:
        if store.has(stage.key):
            done.add(stage.name)
            on_event(Event("reused", stage.name, 1.0))
    waiting = sorted((s for s in plan.stages if s.name not in done), key=_urgency(plan), reverse=True)
    seconds: dict[str, float] = {}
    answers: queue.Queue[tuple[Worker, dict[str, Any] | None]] = queue.Queue()
    gpus = provenance.gpus()
    workers = [Worker(answers, number, gpus) for number in range(min(jobs, len(waiting)))]
    try:
        while waiting or any(worker.stage for worker in workers):
            for worker in workers:
                # Stages of several seeds can have one key; a second worker would only wait for the first.
                busy = {other.stage.key for other in workers if other.stage}
                ready = next((s for s in waiting if s.key not in busy and done.issuperset(s.needs)), None)
                if worker.stage is None and ready:
                    waiting.remove(ready)
                    worker.order(ready, plan, store)
                    on_event(Event("started", ready.name))
            worker, answer = answers.get()
            _take(worker, answer, done, seconds, on_event)
    finally:
        for worker in workers:
            worker.stop()
    return seconds


def _take(
    worker: Worker,
    answer: dict[str, Any] | None,
    done: set[str],
    seconds: dict[str, float],
    on_event: Callable[[Event], None],
) -> None:
    name = worker.stage.name if worker.stage else "start-up"
    if answer is None:
        code = worker.process.wait()
        words = worker.last_words().splitlines()
        raise LabError(
            f"the process of stage {name} ended with {code}" + (f": {words[-1]}" if words else ""),
            "it may have run out of memory; run the same command again, finished work is kept",
        )
    if "error" in answer:
        raise LabError(answer["error"]["what"], answer["error"]["do"])
    if "done" in answer:
        worker.stage = None
        done.add(name)
        seconds[name] = answer["seconds"]
        on_event(Event("finished" if answer["built"] else "reused", name, 1.0, seconds=answer["seconds"]))
    else:
        on_event(Event("progress", name, answer["fraction"], answer["message"]))


def _urgency(plan: Plan) -> Callable[[Stage], float]:
    """Seconds from a stage's start to the end of the longest chain that hangs on it; longest chains go first."""
    tails = {stage.name: 0.0 for stage in plan.stages}
    for stage in reversed(plan.stages):
        tails[stage.name] += stage.seconds if stage.seconds is not None else 1.0
        for name in stage.needs:
            tails[name] = max(tails[name], tails[stage.name])
    return lambda stage: tails[stage.name]


# ------------------------------------------------------------------------------------------- collecting


def _collect(plan: Plan, store: Store, seconds: dict[str, float], jobs: int) -> Outcome:
    measurements: list[dict[str, Any]] = []
    training: list[dict[str, Any]] = []
    curves: list[dict[str, Any]] = []
    stages = []
    for stage in plan.stages:
        folder = store.read(stage.key)
        own = {"arm": stage.arm, "seed": stage.seed, **_target(stage)}
        if (folder / "measurements.json").is_file():
            measurements += [{**own, **row} for row in read_json(folder / "measurements.json")]
        if (folder / "training.json").is_file():
            losses = read_json(folder / "training.json").get("losses", [])
            told = {"stage": stage.node.kind, "name": stage.node.label}
            curves.append({**own, **told, "losses": thinned(losses)})
        if stage.node.kind == "tune":
            tasks = read_json(folder / "training.json")["tasks"]
            training += [{**own, "task": name, **facts} for name, facts in tasks.items()]
        cached = stage.name not in seconds
        took = store.manifest(stage.key)["seconds"] if cached else round(seconds[stage.name], 3)
        stages.append({"name": stage.name, "key": stage.key, "cached": cached, "seconds": took})
    return Outcome(
        measurements=tuple(measurements),
        gate=gate.judge(measurements, plan.spec["gate"]),
        training=tuple(training),
        invalid={**recipe(plan.experiment.recipe).invalid(training), **plan.absent},
        stages=tuple(stages),
        provenance={
            **provenance.environment(jobs),
            "device": _devices(plan, store),
            "spec_hash": plan.spec_hash,
            "experiment_hash": plan.experiment.hash,
            "seeds": list(plan.seeds),
            "data": {
                stage.name: digest(store.manifest(stage.key)["files"])
                for stage in plan.stages
                if stage.node.kind in ("languages", "corpus", "checkpoint")
            }
            | {
                name: plan.library.locate(name, layout=form).checksum
                for stage in plan.stages
                for name, form in stage.node.data
            }
            | {stage.name: stage.node.params["checksum"] for stage in plan.stages if stage.node.kind == "reanalysis"},
        },
        curves=tuple(curve for curve in curves if curve["losses"]),
    )


def thinned(losses: Sequence[float], points: int = CURVE) -> list[list[float]]:
    """[step, mean loss of the steps since the last point]: windows of the same length, the last one may be shorter."""
    window = max(1, -(-len(losses) // points))
    parts = [losses[start : start + window] for start in range(0, len(losses), window)]
    return [[i * window + len(part), round(fmean(part), 4)] for i, part in enumerate(parts)]


def _devices(plan: Plan, store: Store) -> str:
    """What the stages were computed on; "" for a plan without stages."""
    stated = {store.manifest(stage.key).get("device") for stage in plan.stages}
    return "; ".join(sorted(filter(None, stated))) or f"cpu ({provenance.processor()})"


def _target(stage: Stage) -> dict[str, str]:
    return {"target": stage.node.params["target"]} if "target" in stage.node.params else {}
