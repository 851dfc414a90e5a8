"""The code that a command runs, as it is registered: commit and changes of a git repository, checksums of files."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from repro.errors import LabError
from repro.hashing import digest, sha256

MAX_FILES, MAX_BYTES = 5_000, 500 * 2**20  # of code and of a folder of data: more is no code
MAX_DIFF = 20_000  # characters of a diff that are kept with the run
SECONDS = 60
# Folders that hold no code of the author's.
IGNORED = frozenset(
    {".git", ".hg", ".svn", "__pycache__", ".venv", "venv", "node_modules", ".mypy_cache", ".pytest_cache"}
)


def code_record(directory: Path, code: Sequence[str]) -> dict[str, object]:
    """Return what is registered of the code below `directory`.

    `files` is one checksum over the contents of `code`, or of all that git tracks in the directory, or of all files
    there. In a git repository `commit`, and where the tree has changed since, `dirty` and the `diff`.

    Raises:
        LabError: something is not there, or there is far more than code.
    """
    if not directory.is_dir():
        raise LabError(f"there is no folder {directory}", "mend [command] directory: it is relative to the file")
    commit = _git(directory, "rev-parse", "HEAD").strip()
    files = list(_named(directory, code)) if code else _all(directory, bool(commit))
    facts: dict[str, object] = {"files": tree_checksum(directory, files), "count": len(files)}
    if commit:
        diff = _git(directory, "diff", "HEAD", "--", ".")
        untracked = _git(directory, "ls-files", "--others", "--exclude-standard", "--", ".").split("\n")
        own = [name for name in untracked if name]
        facts |= {"commit": commit, "dirty": bool(diff or own)}
        if diff or own:
            facts |= {"diff": diff[:MAX_DIFF], "untracked": own[:100]}
    return facts


def tree_checksum(root: Path, files: Sequence[Path]) -> str:
    """Return one checksum over names and contents; LabError for more than MAX_FILES or MAX_BYTES."""
    if len(files) > MAX_FILES:
        raise LabError(
            f"{root} has more than {MAX_FILES:,} files", "name those that the result depends on: code = [...]"
        )
    size = sum(file.stat().st_size for file in files)
    if size > MAX_BYTES:
        raise LabError(
            f"{root} has {size / 2**20:,.0f} MB of files", "name those that the result depends on: code = [...]"
        )
    return digest({file.relative_to(root).as_posix(): sha256(file) for file in files})


def data_checksum(path: Path) -> str:
    """Return the checksum of a file, or of a folder's names and contents; LabError where it is not there."""
    if path.is_file():
        return sha256(path)
    if path.is_dir():
        listed = hashlib.sha256()
        for file in sorted(_below(path)):
            listed.update(f"{file.relative_to(path).as_posix()}\0{sha256(file)}\n".encode())
        return listed.hexdigest()
    raise LabError(f"there is no {path}", "mend [data]: its paths are relative to the file")


def _named(directory: Path, code: Sequence[str]) -> Iterator[Path]:
    for name in code:
        path = directory / name
        if path.is_dir():
            yield from sorted(_below(path))
        elif path.is_file():
            yield path
        else:
            raise LabError(
                f"there is no {path}",
                "mend [command] code, relative to [command] directory, or the directory, relative to the "
                'file: directory = ".." is the folder that experiments/ lies in',
            )


def _all(directory: Path, tracked: bool) -> list[Path]:
    if not tracked:
        return sorted(_below(directory))
    names = _git(directory, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ".").split("\0")
    return sorted(file for name in names if name and (file := directory / name).is_file())


def _below(folder: Path) -> Iterator[Path]:
    """Yield the files below `folder`; links to folders are not followed. LabError when there are too many."""
    count = 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in IGNORED)
        for name in names:
            file = Path(place, name)
            if file.is_file() and not name.endswith((".pyc", ".pyo")):
                count += 1
                if count > MAX_FILES:
                    raise LabError(f"{folder} has more than {MAX_FILES:,} files", "name what is meant more closely")
                yield file


def _git(directory: Path, *arguments: str) -> str:
    """Return what git prints; "" where there is no git, or no repository."""
    if not shutil.which("git"):
        return ""
    # Nothing that a repository configures may run: no hooks, pagers, external diffs or filters by attributes.
    guards = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "--no-pager")
    arguments = (
        (arguments[0], "--no-ext-diff", "--no-textconv", *arguments[1:]) if arguments[0] == "diff" else arguments
    )
    answer = subprocess.run(
        ["git", *guards, *arguments],
        cwd=directory,
        capture_output=True,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        timeout=SECONDS,
        check=False,
    )
    return answer.stdout if answer.returncode == 0 else ""
