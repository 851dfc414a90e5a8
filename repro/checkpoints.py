"""Where a checkpoint is: a folder, or a name and pinned revision on the hub. Light to import."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from repro.errors import LabError

# Weights as safetensors only: other formats can run code when they are read.
FILES = ("*.safetensors", "*.safetensors.index.json", "*.json", "*.model")


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


def fingerprint(folder: Path) -> str:
    """SHA-256 over names and bytes of the files of a checkpoint."""
    files = sorted({file for pattern in FILES for file in folder.glob(pattern)})
    total = hashlib.sha256()
    for file in files:
        facts = file.stat()
        total.update(f"{file.name}\0{_sha256(file, facts.st_size, facts.st_mtime_ns)}\0".encode())
    return total.hexdigest()


@lru_cache(maxsize=64)
def _sha256(file: Path, size: int, changed: int) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
