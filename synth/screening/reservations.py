"""Reservations of records: two people who screen at once are not shown the same one.

A lock on one byte of a file, the byte with the number of the work; the system frees it when a process dies.
"""

from __future__ import annotations

import os
from pathlib import Path

from synth.core.storage_errors import translated


class Reservations:
    """The records that this process and others have on their desks, by locks in the file `path`; None locks nothing."""

    def __init__(self, path: Path | None) -> None:
        self._mine: int | None = None
        self._file: int | None = None
        if path is not None:
            with translated(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)

    def take(self, number: int) -> bool:
        """Hold `number` instead of what is held. False if another process holds it."""
        self.release()
        if self._file is not None and not self._lock(number):
            return False
        self._mine = number
        return True

    def release(self) -> None:
        if self._file is not None and self._mine is not None:
            import fcntl

            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, self._mine)
        self._mine = None

    def _lock(self, number: int) -> bool:
        import fcntl

        try:
            fcntl.lockf(self._file or 0, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
        except OSError:
            return False
        return True

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
