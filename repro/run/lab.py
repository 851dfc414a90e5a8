"""The run of a plan: stages side by side in child processes, resumable."""

from __future__ import annotations

import os
from collections.abc import Callable

from repro import machine
from repro.artifacts import Store
from repro.errors import LabError
from repro.plan.plan import Plan
from repro.plan.stages import Stage
from repro.run.outcome import Outcome, collect
from repro.run.pool import Crew, Event, Worker
from repro.run.protocol import Reply
from repro.run.slurm import Cluster, carry_out


def default_jobs(plan: Plan) -> int:
    """Return as many stages side by side as there are GPUs, or else cores, but no more than seeds."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(machine.gpus() or cores, len(plan.seeds)))


def run(
    plan: Plan,
    store: Store,
    on_event: Callable[[Event], None],
    jobs: int | None = None,
    cluster: Cluster | None = None,
    crew: Crew | None = None,
) -> Outcome:
    """Carry out the stages of `plan` that `store` lacks, then collect the outcome.

    Interrupted, it stops its children; finished stages and training checkpoints stay in the store, so that the same
    call goes on from there. On a cluster its jobs go on, and the same call attaches to them. A `crew` is
    left idle for the next run. Raises LabError when a stage fails.
    """
    jobs = jobs or default_jobs(plan)
    store.clean()
    if cluster is not None:
        seconds = carry_out(plan, store, on_event, cluster)
    elif crew is not None:
        seconds = _carry_out(plan, store, on_event, jobs, crew)
    else:
        with Crew() as own:
            seconds = _carry_out(plan, store, on_event, jobs, own)
    return collect(plan, store, seconds, jobs)


# ------------------------------------------------------------------------------------------- carrying out


def _carry_out(plan: Plan, store: Store, on_event: Callable[[Event], None], jobs: int, crew: Crew) -> dict[str, float]:
    """Run what is missing and return seconds by stage name. Whatever stops it stops the crew."""
    done: set[str] = set()
    for stage in plan.stages:
        if store.has(stage.key):
            done.add(stage.name)
            on_event(Event("reused", stage.name, 1.0))
    waiting = sorted((s for s in plan.stages if s.name not in done), key=_urgency(plan), reverse=True)
    seconds: dict[str, float] = {}
    workers = crew.of(min(jobs, len(waiting)), machine.gpus())
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
            worker, answer = crew.answers.get()
            _take(worker, answer, store, done, seconds, on_event)
    except BaseException:
        crew.stop()
        raise
    return seconds


def _take(
    worker: Worker,
    answer: Reply | None,
    store: Store,
    done: set[str],
    seconds: dict[str, float],
    on_event: Callable[[Event], None],
) -> None:
    stage, name = worker.stage, worker.stage.name if worker.stage else "start-up"
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
        failed = stage is not None and (store.path(stage.key) / "failure.json").is_file()
        message = "failed: this seed has no number" if failed else ""
        kind = "finished" if answer["built"] else "reused"
        on_event(Event(kind, name, 1.0, message, answer["seconds"]))
    else:
        on_event(Event("progress", name, answer["fraction"], answer["message"]))


def _urgency(plan: Plan) -> Callable[[Stage], float]:
    """Return a function: seconds from a stage's start to the end of the longest chain that hangs on it."""
    tails = {stage.name: 0.0 for stage in plan.stages}
    for stage in reversed(plan.stages):
        tails[stage.name] += stage.seconds if stage.seconds is not None else 1.0
        for name in stage.needs:
            tails[name] = max(tails[name], tails[stage.name])
    return lambda stage: tails[stage.name]
