"""Where a checkpoint is: a folder, or a name and pinned revision on the hub. Light to import."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from repro.artifacts import sha256
from repro.errors import LabError

# Weights as safetensors only: other formats can run code when they are read.
FILES = ("*.safetensors", "*.safetensors.index.json", "*.json", "*.model")
LARGEST_CONFIG = 2**20  # bytes


def find(params: Mapping[str, Any], online: bool = False) -> Path:
    """The folder of `params`: its `path`, or what the hub's cache has under `name` and `revision`.

    With `online`, and unless HF_HUB_OFFLINE is set, it is fetched from the hub if it is not there. LabError where it
    cannot be had, with what to do.
    """
    if params.get("path"):
        folder = Path(params["path"]).expanduser().absolute()
        if not folder.is_dir():
            raise LabError(f"there is no folder {folder}", "give a folder with a model in hub format")
        return folder
    from huggingface_hub import snapshot_download

    name, revision = params["name"], params["revision"]
    try:
        found = snapshot_download(name, revision=revision, allow_patterns=list(FILES), local_files_only=not online)
    except Exception as error:  # the hub client raises kinds of its own HTTP library besides OSError and ValueError
        raise LabError(
            f"the model {name} ({revision[:12]}) is not at hand" + (" and could not be fetched" if online else ""),
            f"`hf download {name} --revision {revision}`, or give a folder in hub format with `--model DIR`",
        ) from error
    return Path(found)


def layers(folder: Path) -> int:
    """How many layers the model in `folder` has, by its config.json. LabError where that does not say it."""
    file = folder / "config.json"
    if not file.is_file():
        raise LabError(f"{folder} holds no model: there is no config.json", "give a folder in hub format")
    try:
        found = json.loads(file.read_text(encoding="utf-8"))["num_hidden_layers"] if _is_small(file) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        found = None
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise LabError(f"{file} is not a model's configuration: it has no number of layers", "fetch the model again")
    return found


def _is_small(file: Path) -> bool:
    return file.stat().st_size <= LARGEST_CONFIG


def fingerprint(folder: Path, checksum: Callable[[Path], str] | None = None) -> str:
    """SHA-256 over names and bytes of the files of a checkpoint, wherever it lies.

    `checksum`: what gives a file's SHA-256; by default it is read.
    """
    checksum = checksum or _checksum
    files = sorted({file for pattern in FILES for file in folder.glob(pattern)})
    total = hashlib.sha256()
    for file in files:
        total.update(f"{file.name}\0{checksum(file)}\0".encode())
    return total.hexdigest()


def _checksum(file: Path) -> str:
    facts = file.stat()
    return _sha256(file, facts.st_size, facts.st_mtime_ns)


@lru_cache(maxsize=64)
def _sha256(file: Path, size: int, changed: int) -> str:
    return sha256(file)
