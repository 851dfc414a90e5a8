"""Published figures, analysed by one registered model: nothing is run, and nothing is drawn by seeds.

An arm is the table of published models; a contrast is one term of the model (its `covariate`). What each contrast is
read by stands under `contrasts` of the fidelity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from repro.errors import LabError
from repro.nodes import Node
from repro.published.panel import TERMS, Choice, Panel, panel
from repro.published.results import checksum as checksum_of
from repro.published.results import joined, read
from repro.published.tables import DISTANCES, FILES, FOLDER, METRICS, TASKS, Figures, figures, languages
from repro.registry import Experiment

NAME = "reanalysis"
SEEDED = False
PACKAGED = "packaged"
# What an arm changes of the rung's parameters, in an experiment that is nothing but a re-analysis.
ARM = {
    "task?": str,
    "distance?": str,
    "observed?": float,
    "selection?": str,
    "metric?": str,
    "cluster?": str,
    "alone?": bool,
}
# `figures`: "packaged", or a folder of results as mteb writes them; `join`: with the packaged ones beside these.
PARAMS = {
    "figures": str,
    "join?": bool,
    "task": str,
    "distance": str,
    "observed": float,
    "selection": str,
    "metric": str,
    "cluster": str,
    "alone": bool,
    "draws": int,
}
ALLOWED = {
    "task": TASKS,
    "distance": DISTANCES,
    "selection": ("all", "xtreme", "cc-100"),
    "metric": METRICS,
    "cluster": ("family", "genus"),
}
MAX_DRAWS = 20_000


def nodes(experiment: Experiment, params: dict[str, Any], seed: int) -> list[Node]:
    """One stage an arm, for all terms that its contrasts ask for; the same for every seed."""
    checksum = _checksum(params)
    changes = {arm.name: arm.params if experiment.recipe == NAME else {} for arm in experiment.arms}
    rung = next(f for f in experiment.fidelities.values() if experiment.recipe_at(f) == NAME)
    terms: dict[str, set[str]] = {}
    for contrast in experiment.contrasts_at(rung):
        if contrast.covariate not in TERMS:
            raise LabError(
                f"{experiment.id}: contrast {contrast.id} asks for the term {contrast.covariate!r}",
                f"terms: {', '.join(TERMS)}",
            )
        terms.setdefault(contrast.treatment, set()).add(contrast.covariate)
    found = []
    for arm, asked in terms.items():
        own = {**params, **changes[arm]}
        _check(own)
        found.append(Node(f"re-analyse {arm}", NAME, 1, {**own, "checksum": checksum, "terms": sorted(asked)}, {}, arm))
    return found


def _check(params: Mapping[str, Any]) -> None:
    for name, allowed in ALLOWED.items():
        if params[name] not in allowed:
            raise LabError(f"there is no {name} {params[name]!r}", f"use {', '.join(allowed)}")
    if params["figures"] != PACKAGED and params["task"] != "tatoeba":
        raise LabError("of a folder only the results of Tatoeba are read", "leave the task out")
    if not 0 <= params["observed"] <= 1:
        raise LabError(f"observed = {params['observed']} is no share", "use a number from 0 to 1")
    if not 100 <= params["draws"] <= MAX_DRAWS:
        raise LabError(f"{params['draws']} draws cannot be made", f"use 100 to {MAX_DRAWS:,}")


def _checksum(params: Mapping[str, Any]) -> str:
    """Of the tables, and of the folder where one is given."""
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
    found = figures_of(params)
    return panel(found, languages(params["task"]), choice_of(params)), found


def stated(nodes: Sequence[Node]) -> list[str]:
    """Say before anything is fitted which figures are analysed and what is left out, in sentences."""
    if not nodes:
        return []
    table, found = panel_of(nodes[0].params)
    verses = "The sentences are 256 Bible verses a language (BibleNLP); most of these languages have no text in CC-100."
    count = f"{len(table.languages)} languages of {len(set(table.clusters))} {_plural(nodes[0].params['cluster'])}"
    return [
        f"The figures were measured by others and are re-analysed here ({found.source}): {count}, {len(table.models)} "
        f"{'model' if len(table.models) == 1 else 'models'} of {len(set(table.series))} series.",
        *([verses] if nodes[0].params["task"] == "bible" else []),
        *[f"{term} is the same everywhere and is dropped from the model." for term in table.constant],
        *table.left_out,
        *found.notes,
    ]


def _plural(cluster: str) -> str:
    return {"family": "families", "genus": "genera"}[cluster]


def invalid(training: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Nothing is trained."""
    return {}
