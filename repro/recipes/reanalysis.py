"""Published figures, analysed by one registered model: nothing is run, and nothing is drawn by seeds.

An arm is the table of published models; a contrast is one term of the model (its `covariate`). What each contrast is
read by stands under `contrasts` of the fidelity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from repro.design.experiment import Experiment
from repro.design.nodes import Node
from repro.errors import LabError
from repro.published.panel import TERMS
from repro.published.parameters import check, panel_of
from repro.published.parameters import checksum as figures_checksum

NAME = "reanalysis"
SEEDED = False
# What an arm changes of the fidelity's parameters, in an experiment that is nothing but a re-analysis.
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


def nodes(experiment: Experiment, params: dict[str, Any], seed: int) -> list[Node]:
    """Return one stage an arm, for all terms that its contrasts are about; the same for every seed."""
    checksum = figures_checksum(params)
    changes = {arm.name: arm.params if experiment.recipe == NAME else {} for arm in experiment.arms}
    fidelity = next(f for f in experiment.fidelities.values() if experiment.recipe_at(f) == NAME)
    terms: dict[str, set[str]] = {}
    for contrast in experiment.contrasts_at(fidelity):
        if contrast.covariate not in TERMS:
            raise LabError(
                f"{experiment.id}: contrast {contrast.id} asks for the term {contrast.covariate!r}",
                f"terms: {', '.join(TERMS)}",
            )
        terms.setdefault(contrast.treatment, set()).add(contrast.covariate)
    stages = []
    for arm, covariates in terms.items():
        own = {**params, **changes[arm]}
        check(own)
        stages.append(
            Node(f"re-analyse {arm}", NAME, 1, {**own, "checksum": checksum, "terms": sorted(covariates)}, {}, arm)
        )
    return stages


def stated(nodes: Sequence[Node]) -> list[str]:
    """Say before anything is fitted which figures are analysed and what is left out, in sentences."""
    if not nodes:
        return []
    table, figures = panel_of(nodes[0].params)
    verses = "The sentences are 256 Bible verses a language (BibleNLP); most of these languages have no text in CC-100."
    count = f"{len(table.languages)} languages of {len(set(table.clusters))} {_plural(nodes[0].params['cluster'])}"
    return [
        f"The figures were measured by others and are re-analysed here ({figures.source}): {count}, "
        f"{len(table.models)} {'model' if len(table.models) == 1 else 'models'} of {len(set(table.series))} series.",
        *([verses] if nodes[0].params["task"] == "bible" else []),
        *[f"{term} is the same everywhere and is dropped from the model." for term in table.constant],
        *table.left_out,
        *figures.notes,
    ]


def _plural(cluster: str) -> str:
    return {"family": "families", "genus": "genera"}[cluster]


def invalid(training: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return nothing: nothing is trained."""
    return {}
