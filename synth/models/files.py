"""Files of models: a folder, or a name on the hub with a revision; their checksum is what a model is known by.

A model that is named `NAME@REVISION` (a commit, tag or branch of its repository) is the same tomorrow; `NAME` alone is
whatever its authors have put there last. What was computed is kept under the checksum of the files, not under the name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from synth.core.errors import SynthError

WEIGHTS = ("*.safetensors", "*.json", "*.txt", "*.model")


@dataclass(frozen=True)
class HubModel:
    """A model on the hub. `revision`: commit, tag or branch; empty for the newest."""

    name: str
    revision: str = ""

    @classmethod
    def named(cls, text: str) -> HubModel:
        """Read `NAME` or `NAME@REVISION`."""
        name, _, revision = text.partition("@")
        return cls(name, revision)

    def __str__(self) -> str:
        return f"{self.name}@{self.revision}" if self.revision else self.name

    def commit(self) -> str:
        """Return the commit that this machine's copy of the hub has for it, without asking the network; "" for none."""
        from huggingface_hub import try_to_load_from_cache
        from huggingface_hub.errors import HFValidationError

        try:
            file = try_to_load_from_cache(self.name, "config.json", revision=self.revision or None)
        except HFValidationError:
            return ""
        return Path(file).parent.name if isinstance(file, str) else ""


def pinned(name: str) -> str:
    """Return `name` with the commit that this machine has of it; as it is for a folder, or one that is not at hand."""
    if not name or Path(name).is_dir():
        return name
    model = HubModel.named(name)
    return str(HubModel(model.name, model.commit() or model.revision))


def fingerprint(folders: Sequence[Path]) -> str:
    """Return the SHA-256 over names and bytes of the files of models that decide what these compute."""
    digest = hashlib.sha256()
    for folder in folders:
        for file in sorted(file for pattern in WEIGHTS for file in folder.rglob(pattern)):
            digest.update(f"{file.relative_to(folder)}\0{file.stat().st_size}\0".encode())
            with file.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def located(name: str, kind: str) -> Path:
    """Return the directory of the files of the model `name`, fetched from the hub if need be. `kind`: of
    model, for messages.

    Raises SynthError when they are not to be had, or when weights would be read from a pickle.
    """
    path = Path(name)
    if not path.is_dir():
        path = _from_hub(HubModel.named(name), kind)
    check_weights(path, name, kind)
    return path


def _from_hub(model: HubModel, kind: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(model.name, revision=model.revision or None, allow_patterns=list(WEIGHTS)))
    except Exception as error:  # the hub client raises kinds of its own HTTP library besides OSError and ValueError
        raise SynthError(
            f"The {kind} {str(model)!r} is neither a directory nor to be had from the hub: {first_line(error)}.",
            "Give a local model directory, go online without HF_HUB_OFFLINE, or leave the setting empty.",
        ) from error


def check_weights(directory: Path, name: str, kind: str) -> None:
    """Refuse a directory without safetensors, or one whose parts would be read from a pickle."""
    modules = directory / "modules.json"
    try:
        parts = [str(entry["path"]) for entry in json.loads(modules.read_text())] if modules.exists() else [""]
    except (ValueError, KeyError, TypeError, OSError, RecursionError) as error:
        raise SynthError(
            f"The {kind} {name!r} has an unreadable modules.json.", "Fetch or save the model again."
        ) from error
    folders = [directory / part for part in parts]
    pickled = [f for f in folders if any(f.glob("*.bin")) and not any(f.glob("*.safetensors"))]
    if pickled or not any(any(folder.glob("*.safetensors")) for folder in folders):
        raise SynthError(
            f"The {kind} {name!r} has no safetensors weights.",
            "Use a model with safetensors weights; other formats can run code when they are loaded.",
        )


def first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")[:200]
