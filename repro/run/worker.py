"""A child process that carries out stages: `python -m repro.run.worker`, one JSON object a line in and out.

It loads the numerical libraries once, when a stage needs them, and serves stage after stage. It ends when its input
ends, which also happens when the parent is killed, so no orphan goes on computing.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TextIO

from repro.artifacts import Store
from repro.data.library import Library
from repro.errors import LabError
from repro.machine import processor
from repro.run import provenance
from repro.run.protocol import Failure, Order, Reply
from repro.stages import Job, code_version, module

PROGRESS_SECONDS = 0.5  # no more often than this


def main() -> None:
    # Libraries print to standard output now and then; only answers may appear there.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    orders: queue.Queue[Order] = queue.Queue()
    threading.Thread(target=_listen, args=(orders,), daemon=True).start()
    while True:
        order = orders.get()
        _answer(answers, attempt(order, _reporter(answers, order["name"])))


def attempt(order: Order, progress: Callable[[float, str], None]) -> Reply:
    """Carry out an order; return its end, or its error, whatever went wrong."""
    try:
        if getattr(module(order["kind"]), "TORCH", True):
            _prepare()
        return _carry_out(order, progress)
    except LabError as error:
        return {"stage": order["name"], "error": {"what": error.what, "do": error.do}}
    except Exception as error:
        traceback.print_exc()
        what = f"stage {order['name']} failed: {type(error).__name__}: {error}"
        do = "run the same command again; if it fails again, please report it with the lines above"
        failure: Failure = {"what": what, "do": do, "trace": traceback.format_exc()}
        return {"stage": order["name"], "error": failure}


def _reporter(answers: TextIO, name: str) -> Callable[[float, str], None]:
    """Return a function that reports progress, no more often than a person can read it."""
    last = 0.0

    def progress(fraction: float, message: str) -> None:
        nonlocal last
        if fraction >= 1 or time.monotonic() - last >= PROGRESS_SECONDS:
            last = time.monotonic()
            _answer(answers, {"stage": name, "fraction": fraction, "message": message})

    return progress


def _listen(orders: queue.Queue[Order]) -> None:
    for line in sys.stdin:
        orders.put(json.loads(line))
    os._exit(1)


@cache
def _prepare() -> None:
    """Load torch, once; it takes seconds, so a stage can say that it needs none."""
    import torch

    # Two seeds side by side with one thread each beat one with two: nothing waits on anything.
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)


def _carry_out(order: Order, progress: Callable[[float, str], None]) -> Reply:
    if code_version(order["kind"], order["params"]) != order["code"]:
        raise LabError(f"the code of stage {order['name']} changed after it was planned", "run the same command again")
    store = Store(Path(order["store"]))
    inputs = {role: store.read(key) for role, key in order["inputs"].items()}

    def write(out: Path) -> None:
        library = Library(*(Path(root) if root else None for root in order["library"]))
        partial = store.partial(order["key"])
        job = Job(order["params"], order["seed"], inputs, out, partial, progress, library, order["place"])
        module(order["kind"]).run(job)

    started = time.monotonic()
    left_out = ("store", "key", "library", "place")
    facts: dict[str, object] = {name: value for name, value in order.items() if name not in left_out}
    device = _device() if "torch" in sys.modules else f"cpu ({processor()})"
    facts |= {"device": device, "versions": provenance.versions()}
    built = store.build(
        order["key"], write, facts, waiting=lambda: progress(0.0, "another process is making this stage")
    )
    return {"stage": order["name"], "done": True, "built": built, "seconds": time.monotonic() - started}


def _device() -> str:
    """Return what the worker computes on; on a GPU in bf16 where the device has it.

    See `repro.training.loop` and `repro.models.encoder`.
    """
    import torch

    if not torch.cuda.is_available():
        return f"cpu ({processor()}), float32"
    precision = "bf16 autocast" if torch.cuda.is_bf16_supported() else "float32"
    return f"{torch.cuda.get_device_name(0)}, {precision}"


def _answer(answers: TextIO, reply: Reply) -> None:
    answers.write(json.dumps(reply) + "\n")


if __name__ == "__main__":
    main()
