"""Exclusive lock of a job: a second process that wants the same fails at once instead of doing it double."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from synth.core.errors import SynthError
from synth.core.storage_errors import translated
from synth.core.workspace import Workspace


def at_work(workspace: Workspace, job: str) -> bool:
    """Return True if some process holds the lock `job` now."""
    from filelock import FileLock, Timeout

    lock = FileLock(workspace.locks / f"{job}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


@contextmanager
def exclusive_lock(workspace: Workspace, job: str, doing: str) -> Iterator[None]:
    """Hold the lock `job`, or raise SynthError if another process does. The system frees it when a process dies."""
    from filelock import FileLock, Timeout

    with translated(workspace.locks):
        workspace.locks.mkdir(parents=True, exist_ok=True)
        lock = FileLock(workspace.locks / f"{job}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise SynthError(
                f"Another synth process is {doing}.",
                "Wait for it to end; `synth papers` and `synth claims` show how far it is.",
            ) from None
    try:
        yield
    finally:
        lock.release()
