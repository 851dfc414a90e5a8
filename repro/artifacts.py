"""A content-addressed store of stage results: complete or absent, shared by processes, never half written."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict

from filelock import FileLock, Timeout

from repro.errors import LabError

MANIFEST = "manifest.json"


class Content(TypedDict):
    """A file of an artifact."""

    sha256: str
    bytes: int


class Manifest(TypedDict, total=False):
    """Facts about an artifact, beside the facts that its maker states: `device`, `cost_key` and others."""

    key: str
    resumed: bool
    seconds: float
    cpu_seconds: float
    created: str
    files: dict[str, Content]
    device: str
    cost_key: str


class Store:
    """Artifacts below `root`: `objects/<key>/` whole results, `partial/<key>/` checkpoints, `tmp/`, `locks/`.

    A key is the hash of everything a result depends on, so a result is never changed, only added or removed.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def path(self, key: str) -> Path:
        return self.root / "objects" / key

    def has(self, key: str) -> bool:
        return (self.path(key) / MANIFEST).is_file()

    def manifest(self, key: str) -> Manifest:
        manifest: Manifest = json.loads((self.path(key) / MANIFEST).read_text(encoding="utf-8"))
        return manifest

    def partial(self, key: str) -> Path:
        """Return a directory for what an unfinished stage wants to find again; gone when the stage is finished."""
        return self.root / "partial" / key

    def read(self, key: str) -> Path:
        """Return the artifact's directory, after every file was compared with its checksum."""
        if not self.has(key):
            raise LabError(f"the artifact {key[:12]} is not in the store", "run the experiment again")
        for name, stated in self.manifest(key)["files"].items():
            file = self.path(key) / name
            if not file.is_file() or sha256(file) != stated["sha256"]:
                raise LabError(
                    f"the artifact {key[:12]} is damaged: {name} is not what was written",
                    f"delete {self.path(key)} and run the experiment again",
                )
        return self.path(key)

    def build(
        self,
        key: str,
        write: Callable[[Path], None],
        facts: Mapping[str, object],
        waiting: Callable[[], None] | None = None,
    ) -> bool:
        """Make the artifact if it is absent: `write(folder)` fills a new folder, which then appears all at once.

        `facts` go into the manifest. Only one process at a time builds a key; another one that wants it waits
        (`waiting()` is called once) and then finds it done. Returns whether it was built here. A full or read-only
        disk raises LabError and leaves nothing behind.
        """
        try:
            for part in ("objects", "locks", "tmp"):
                (self.root / part).mkdir(parents=True, exist_ok=True)
            with self._locked(key, waiting):
                if self.has(key):
                    return False
                self._write(key, write, facts)
                return True
        except LabError:
            raise
        except Exception as error:
            raise _disk_error(error, self.root) or error from error

    @contextmanager
    def _locked(self, key: str, waiting: Callable[[], None] | None) -> Iterator[None]:
        lock = FileLock(self.root / "locks" / f"{key}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if waiting:
                waiting()
            lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def _write(self, key: str, write: Callable[[Path], None], facts: Mapping[str, object]) -> None:
        folder = self.root / "tmp" / key
        shutil.rmtree(folder, ignore_errors=True)  # left by a process that was killed; ours now, under the lock
        folder.mkdir()
        resumed = self.partial(key).exists()
        started, worked = time.monotonic(), time.process_time()
        try:
            write(folder)
            manifest = {
                **facts,
                "key": key,
                "resumed": resumed,
                "seconds": round(time.monotonic() - started, 3),
                "cpu_seconds": round(time.process_time() - worked, 3),
                "created": datetime.now(UTC).isoformat(timespec="seconds"),
                "files": {
                    str(file.relative_to(folder)): {"sha256": sha256(file), "bytes": file.stat().st_size}
                    for file in sorted(folder.rglob("*"))
                    if file.is_file()
                },
            }
            (folder / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
            # A folder without a manifest can only come from outside; it would stop the renaming.
            shutil.rmtree(self.path(key), ignore_errors=True)
            os.rename(folder, self.path(key))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        shutil.rmtree(self.partial(key), ignore_errors=True)

    def clean(self) -> int:
        """Remove what killed processes left in `tmp`; what a living one is writing is locked and stays."""
        removed = 0
        for folder in (self.root / "tmp").glob("*"):
            lock = FileLock(self.root / "locks" / f"{folder.name}.lock")
            try:
                with lock.acquire(timeout=0):
                    shutil.rmtree(folder, ignore_errors=True)
                    removed += 1
            except (Timeout, OSError):
                continue
        return removed

    def durations(self) -> dict[str, list[float]]:
        """Return the processor seconds that stages took, by the `cost_key` in their manifests.

        Processor time, because it does not grow when other programs keep the machine busy. A resumed stage is left
        out: it was measured in part only.
        """
        seconds: dict[str, list[float]] = {}
        for file in sorted((self.root / "objects").glob(f"*/{MANIFEST}")):
            manifest = json.loads(file.read_text(encoding="utf-8"))
            if "cost_key" in manifest and not manifest.get("resumed"):
                seconds.setdefault(manifest["cost_key"], []).append(manifest["cpu_seconds"])
        return seconds


def sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _disk_error(error: Exception, root: Path) -> LabError | None:
    """Return an error of the disk in words for a person; None for any other error."""
    number = error.errno if isinstance(error, OSError) else None
    # safetensors reports the operating system's error as text only.
    if number in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error):
        return LabError(f"the disk is full: nothing more fits under {root}", "free some space and run the same again")
    if number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return LabError(f"{root} cannot be written to", "choose a workspace that you may write to")
    return None
