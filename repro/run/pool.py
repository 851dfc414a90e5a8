"""Child processes that carry out stages (`repro.run.worker`), and the events that they report."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from repro.artifacts import Store
from repro.plan.plan import Plan
from repro.plan.stages import Stage
from repro.run.protocol import Order, Reply
from repro.stages import code_version


@dataclass(frozen=True)
class Event:
    """A step in the life of a stage. `kind`: started, progress, finished or reused."""

    kind: str
    stage: str
    fraction: float = 0.0
    message: str = ""
    seconds: float = 0.0


def order_of(stage: Stage, plan: Plan, store: Store) -> Order:
    """Return what `repro.run.worker` has to know to carry out a stage, in JSON's types."""
    node = stage.node
    return {
        "store": str(store.root.absolute()),
        "name": stage.name,
        "label": node.label,
        "kind": node.kind,
        "key": stage.key,
        "cost_key": stage.cost_key,
        "params": node.params,
        "seed": node.seed,
        "place": dict(node.place),
        "inputs": {role: plan.stage(name).key for role, name in node.needs.items()},
        "code": code_version(node.kind, node.params),
        "library": [str(root.absolute()) if root else None for root in (plan.library.at_hand, plan.library.pulled)],
    }


class Crew:
    """Workers that serve one run after the other, so that a look costs no new processes. Stop it at the end."""

    def __init__(self) -> None:
        self.answers: queue.Queue[tuple[Worker, Reply | None]] = queue.Queue()
        self.workers: list[Worker] = []

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def of(self, count: int, gpus: int) -> list[Worker]:
        """Return so many idle workers; those that are missing are started."""
        while len(self.workers) < count:
            self.workers.append(Worker(self.answers, len(self.workers), gpus))
        return self.workers[:count]

    def stop(self) -> None:
        """End all workers; of what they were at the checkpoints stay. Others are started when they are wanted."""
        for worker in self.workers:
            worker.stop()
        self.workers, self.answers = [], queue.Queue()


class Worker:
    """A child process and the thread that reads its answers into `answers`."""

    def __init__(self, answers: queue.Queue[tuple[Worker, Reply | None]], number: int, gpus: int) -> None:
        """Start the process. `number`: which of the workers it is; with several GPUs each has one to itself."""
        root = str(Path(__file__).parents[2])
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
            [sys.executable, "-P", "-m", "repro.run.worker"],
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

    def _read(self, answers: queue.Queue[tuple[Worker, Reply | None]]) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            answers.put((self, json.loads(line)))
        answers.put((self, None))

    def order(self, stage: Stage, plan: Plan, store: Store) -> None:
        self.stage = stage
        assert self.process.stdin
        self.process.stdin.write(json.dumps(order_of(stage, plan, store)) + "\n")
        self.process.stdin.flush()

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.log.close()

    def last_words(self) -> str:
        self.log.seek(0)
        return self.log.read()[-2000:].strip()
