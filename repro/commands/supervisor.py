"""A process that runs one command within its limits and leaves no other behind: `python supervisor.py`.

It reads one JSON object from its standard input and writes one to its standard output. Its input stays open as long as
whoever started it lives: when it ends, however that came about, the command and all that it started are killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil

POLL, MEASURE = 0.02, 0.25  # seconds between looks at the command, and at its memory and output
PATIENCE = 3.0  # seconds between asking to end and killing


def main() -> None:
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from repro.commands.limits import adopt_orphans

    order = json.loads(sys.stdin.readline())
    adopt_orphans()
    orphaned = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: orphaned.set())
    signal.signal(signal.SIGINT, lambda *_: orphaned.set())
    print(json.dumps(supervise(order, orphaned)), flush=True)


def supervise(order: dict[str, Any], orphaned: threading.Event) -> dict[str, object]:
    """Run the command of `order` and return what became of it.

    Args:
        order: argv, cwd, env, out (folder), stdout and stderr (files), seconds, memory_mb (0: no limit), output_mb,
            network.
        orphaned: set when nobody waits for the result any more.

    Returns:
        `exit`, the status, negative for a signal; `reason`, "" or the limit that ended it (time, memory, output,
        stopped, start); `message`, of a start that failed; seconds, cpu_seconds, and memory_mb, the most seen.
    """
    from repro.commands.limits import restrict

    started = time.monotonic()
    limit = order["output_mb"] * 2**20
    with open(order["stdout"], "wb") as stdout, open(order["stderr"], "wb") as stderr:
        try:
            process = subprocess.Popen(
                order["argv"],
                cwd=order["cwd"],
                env=order["env"],
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                preexec_fn=lambda: restrict(limit, order["network"]),
            )
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            return _result(None, "start", 0.0, 0.0, 0, str(error))
    threading.Thread(target=_wait_for_end_of_input, args=(orphaned,), daemon=True).start()
    reason, most, measured = "", 0, 0.0
    while process.poll() is None:
        now = time.monotonic()
        if orphaned.is_set():
            reason = "stopped"
        elif now - started > order["seconds"]:
            reason = "time"
        elif now - measured >= MEASURE:
            measured = now
            most = max(most, _memory())
            if order["memory_mb"] and most > order["memory_mb"] * 2**20:
                reason = "memory"
            elif _size(order) > limit:
                reason = "output"
        if reason:
            _end(PATIENCE if reason != "memory" else 0.0)
            break
        time.sleep(POLL if now - started > 1 else POLL / 4)
    seconds = time.monotonic() - started
    _end(0.0)
    code = process.wait()
    _reap()
    if not reason and (code == -signal.SIGXFSZ or _size(order) > limit):
        reason = "output"
    times = os.times()
    # Who is ended by a limit may have been waited for by another hand; its status says nothing.
    return _result(None if reason else code, reason, seconds, times.children_user + times.children_system, most)


def _result(
    code: int | None, reason: str, seconds: float, cpu: float, memory: int, message: str = ""
) -> dict[str, object]:
    return {
        "exit": code,
        "reason": reason,
        "message": message,
        "seconds": round(seconds, 3),
        "cpu_seconds": round(cpu, 3),
        "memory_mb": round(memory / 2**20),
    }


def _wait_for_end_of_input(orphaned: threading.Event) -> None:
    while sys.stdin.read(1):
        pass
    orphaned.set()


def _family() -> list[psutil.Process]:
    """Return all descendants; those whose parent has ended are children of this process by now."""
    with contextlib.suppress(psutil.Error):
        return psutil.Process().children(recursive=True)
    return []


def _memory() -> int:
    """Return the resident bytes of all descendants together; pages that they share count for each."""
    total = 0
    for process in _family():
        with contextlib.suppress(psutil.Error):
            total += process.memory_info().rss
    return total


def _size(order: dict[str, Any]) -> int:
    """Return the bytes that the command has written to its folder and printed."""
    total = 0
    for place, _, names in os.walk(order["out"]):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(place, name)).st_size
    for name in ("stdout", "stderr"):
        with contextlib.suppress(OSError):
            total += os.stat(order[name]).st_size
    return total


def _end(patience: float) -> None:
    """Ask all descendants to end, and kill those that are there after `patience` seconds, until none is left."""
    if patience:
        for process in _family():
            with contextlib.suppress(psutil.Error):
                process.terminate()
        psutil.wait_procs(_family(), timeout=patience)
    for _ in range(50):  # what is killed may just have started another
        family = [process for process in _family() if _alive(process)]
        if not family:
            break
        for process in family:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(family, timeout=1)


def _alive(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


def _reap() -> None:
    """Take the status of adopted children, so that none stays behind as a zombie."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


if __name__ == "__main__":
    main()
