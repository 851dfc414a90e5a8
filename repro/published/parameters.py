"""The parameters of a re-analysis: the figures, the languages and the models that they name."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from repro.errors import LabError
from repro.published.panel import Choice, Panel, panel
from repro.published.results import checksum as checksum_of
from repro.published.results import joined, read
from repro.published.tables import DISTANCES, FILES, FOLDER, METRICS, TASKS, Figures, figures, languages

PACKAGED = "packaged"  # the figures that come with the program
ALLOWED = {
    "task": TASKS,
    "distance": DISTANCES,
    "selection": ("all", "xtreme", "cc-100"),
    "metric": METRICS,
    "cluster": ("family", "genus"),
}
MAX_DRAWS = 20_000


def check(params: Mapping[str, Any]) -> None:
    for name, allowed in ALLOWED.items():
        if params[name] not in allowed:
            raise LabError(f"there is no {name} {params[name]!r}", f"use {', '.join(allowed)}")
    if params["figures"] != PACKAGED and params["task"] != "tatoeba":
        raise LabError("of a folder only the results of Tatoeba are read", "leave the task out")
    if not 0 <= params["observed"] <= 1:
        raise LabError(f"observed = {params['observed']} is no share", "use a number from 0 to 1")
    if not 100 <= params["draws"] <= MAX_DRAWS:
        raise LabError(f"{params['draws']} draws cannot be made", f"use 100 to {MAX_DRAWS:,}")


def checksum(params: Mapping[str, Any]) -> str:
    """Return the checksum of the tables, and of the folder where one is given."""
    parts = [sha256((FOLDER / name).read_bytes()).hexdigest() for name in FILES]
    parts += [] if params["figures"] == PACKAGED else [checksum_of(Path(params["figures"]))]
    return sha256("".join(parts).encode()).hexdigest()


def figures_of(params: Mapping[str, Any]) -> Figures:
    """Return the figures that the parameters name."""
    if params["figures"] == PACKAGED:
        return figures(params["task"])
    own = read(Path(params["figures"]))
    return joined(figures(), own) if params.get("join") else own


def choice_of(params: Mapping[str, Any]) -> Choice:
    """Return which of them are analysed."""
    return Choice(**{name: params[name] for name in Choice.__dataclass_fields__})


def panel_of(params: Mapping[str, Any]) -> tuple[Panel, Figures]:
    """Return the table that is analysed, and the figures it is made from."""
    scores = figures_of(params)
    return panel(scores, languages(params["task"]), choice_of(params)), scores
