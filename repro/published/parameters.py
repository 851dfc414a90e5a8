"""The parameters of a re-analysis: the figures, the languages and the models that they name."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from repro.errors import LabError
from repro.parameters import Number, Table
from repro.published.panel import Panel, PanelSelection, panel
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


class ReanalysisParameters(Table):
    """A re-analysis.

    Attributes:
        figures: "packaged", or a folder of results as mteb writes them.
        join: with the packaged ones beside these.
        task, distance, observed, selection, metric, cluster, alone: as in `repro.published.panel.PanelSelection`.
        draws: how often families and series are resampled, 100 to MAX_DRAWS.
    """

    figures: str
    join: bool = False
    task: str
    distance: str
    observed: Number
    selection: str
    metric: str
    cluster: str
    alone: bool
    draws: int


class FittedTerms(ReanalysisParameters):
    """A re-analysis as a stage has it: with the terms that are asked for, and the checksum of the figures."""

    checksum: str
    terms: Sequence[str]


def check(params: ReanalysisParameters) -> None:
    """Raise LabError for a value that no re-analysis can have."""
    for name, allowed in ALLOWED.items():
        value = getattr(params, name)
        if value not in allowed:
            raise LabError(f"there is no {name} {value!r}", f"use {', '.join(allowed)}")
    if params.figures != PACKAGED and params.task != "tatoeba":
        raise LabError("of a folder only the results of Tatoeba are read", "leave the task out")
    if not 0 <= params.observed <= 1:
        raise LabError(f"observed = {params.observed} is no share", "use a number from 0 to 1")
    if not 100 <= params.draws <= MAX_DRAWS:
        raise LabError(f"{params.draws} draws cannot be made", f"use 100 to {MAX_DRAWS:,}")


def checksum(params: ReanalysisParameters) -> str:
    """Return the checksum of the tables, and of the folder where one is given."""
    parts = [sha256((FOLDER / name).read_bytes()).hexdigest() for name in FILES]
    parts += [] if params.figures == PACKAGED else [checksum_of(Path(params.figures))]
    return sha256("".join(parts).encode()).hexdigest()


def figures_of(params: ReanalysisParameters) -> Figures:
    """Return the figures that the parameters name."""
    if params.figures == PACKAGED:
        return figures(params.task)
    own = read(Path(params.figures))
    return joined(figures(), own) if params.join else own


def choice_of(params: ReanalysisParameters) -> PanelSelection:
    """Return which of them are analysed."""
    return PanelSelection(**{name: getattr(params, name) for name in PanelSelection.__dataclass_fields__})


def panel_of(params: ReanalysisParameters) -> tuple[Panel, Figures]:
    """Return the table that is analysed, and the figures it is made from."""
    scores = figures_of(params)
    return panel(scores, languages(params.task), choice_of(params)), scores
