"""Turns at a host: at most one request at a time and one per interval, over all processes of this machine."""

from __future__ import annotations

import math
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from synth.core.atomic import atomic_path
from synth.core.errors import SourceError

MAX_QUEUE = 600.0  # seconds that another process may keep the host busy before we say so
MAX_CLOSED = 48 * 3600.0  # seconds; budgets are filled up once a day, so anything longer is a wrong clock


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of what synth's processes share: SYNTH_CACHE, else `synth` in the user's cache folder."""
    if environment.get("SYNTH_CACHE"):
        return Path(environment["SYNTH_CACHE"])
    base = environment.get("XDG_CACHE_HOME") or environment.get("LOCALAPPDATA")
    return Path(base or Path.home() / ".cache") / "synth"


def shared_lock(name: str) -> FileLock:
    """Return a lock of this name for all processes, not yet taken. SourceError if the cache folder cannot be used."""
    folder = cache_folder() / "locks"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(f"{folder} is read-only")
    except OSError as error:
        raise _unusable(error) from error
    return FileLock(folder / f"{name}.lock")


def _unusable(error: OSError) -> SourceError:
    return SourceError(
        f"Processes cannot take turns: {error}.", "Set SYNTH_CACHE to a folder that can be written.", retryable=False
    )


class Pace:
    """The queue for one host. `interval` is the least time between the starts of two requests, in seconds.

    A lock lets one process in at a time; beside it stands the time before which nobody may start. The
    waiting is done without the lock, so that a process that asks often cannot keep the others out.
    """

    def __init__(self, host: str, interval: float) -> None:
        self._host, self._interval = host, interval
        self._name = "host-" + re.sub(r"[^\w.-]", "_", host)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn, and keep it while the block runs. SourceError if it does not come."""
        lock = shared_lock(self._name)
        give_up = time.monotonic() + MAX_QUEUE
        while True:
            try:
                lock.acquire(timeout=max(0.0, give_up - time.monotonic()))
            except Timeout:
                raise SourceError(
                    f"Other synth processes have kept {self._host} busy for {MAX_QUEUE:.0f} s.",
                    "Wait until they are done, then run the same command again.",
                ) from None
            try:
                wait = self._wait()
                if wait <= 0:
                    self.hold()
                    yield
                    return
            finally:
                lock.release()
            time.sleep(wait)

    def hold(self, seconds: float = 0.0) -> None:
        """Let nobody start before so many seconds from now, and never before one interval. For the turn's holder."""
        now = time.time()
        self._write(now, max(now + max(seconds, self._interval), self._read()[1]))

    def close(self, seconds: float, account: str) -> None:
        """Let nobody ask for `account` before so many seconds from now: its budget at this host is used up."""
        until = time.time() + min(seconds, MAX_CLOSED)
        try:
            self._closed(account).parent.mkdir(parents=True, exist_ok=True)
            self._closed(account).write_text(f"{until!r}\n", "ascii")
        except OSError as error:
            raise _unusable(error) from error

    def closed(self, account: str) -> float:
        """Return the seconds for which `account` is closed; 0 if it is open."""
        with suppress(OSError, ValueError):
            left = float(self._closed(account).read_text("ascii")) - time.time()
            if 0 < left <= MAX_CLOSED:
                return left
        return 0.0

    def _closed(self, account: str) -> Path:
        return self._file().with_suffix(f".{account}.closed")

    def _wait(self) -> float:
        written, free = self._read()
        now = time.time()
        if now < written:  # the clock was set back: the pause counts from now
            written, free = now, now + (free - written)
            self._write(written, free)
        return free - now

    def _read(self) -> tuple[float, float]:
        """Return (time of writing, time from which a request may start); zeros when nothing is known."""
        with suppress(OSError, ValueError):
            written, free = (float(word) for word in self._file().read_text("ascii").split())
            if math.isfinite(written) and math.isfinite(free):
                return written, free
        return 0.0, 0.0

    def _write(self, written: float, free: float) -> None:
        try:
            with atomic_path(self._file()) as part:  # a killed process leaves the old times, never half of the new
                part.write_text(f"{written!r} {free!r}\n", "ascii")
        except OSError as error:
            raise _unusable(error) from error

    def _file(self) -> Path:
        return cache_folder() / "locks" / f"{self._name}.times"
