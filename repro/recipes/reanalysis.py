"""Published figures, analysed by one registered model: nothing is run, and nothing is drawn by seeds.

An arm is the table of published models; a contrast is one term of the model (its `covariate`). What each contrast is
read by stands under `contrasts` of the fidelity.
"""

from __future__ import annotations

from collections.abc import Sequence

from repro.design.experiment import Experiment
from repro.design.nodes import Node
from repro.errors import LabError
from repro.parameters import Number, Table
from repro.published.panel import TERMS
from repro.published.parameters import FittedTerms, ReanalysisParameters, check, panel_of
from repro.published.parameters import checksum as figures_checksum
from repro.recipes import TrainingRow
from repro.schema import JsonObject

NAME = "reanalysis"
SEEDED = False


class ReanalysisArm(Table):
    """Changes of the fidelity's parameters by an arm, in an experiment that is nothing but a re-analysis."""

    task: str | None = None
    distance: str | None = None
    observed: Number | None = None
    selection: str | None = None
    metric: str | None = None
    cluster: str | None = None
    alone: bool | None = None


ARM, PARAMS = ReanalysisArm, ReanalysisParameters


def nodes(experiment: Experiment, params: JsonObject, seed: int) -> list[Node]:
    """Return one stage an arm, for all terms that its contrasts are about; the same for every seed."""
    stated = ReanalysisParameters.read(params)
    checksum = figures_checksum(stated)
    own_arms = experiment.arms if experiment.recipe == NAME else ()
    changes = {arm.name: ReanalysisArm.read(arm.params).to_json() for arm in own_arms}
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
        own = stated.but(**changes.get(arm, {}))
        check(own)
        stage = {**own.to_json(), "checksum": checksum, "terms": sorted(covariates)}
        stages.append(Node(f"re-analyse {arm}", NAME, 1, stage, {}, arm))
    return stages


def stated(nodes: Sequence[Node]) -> list[str]:
    """Say before anything is fitted which figures are analysed and what is left out, in sentences."""
    if not nodes:
        return []
    params = FittedTerms.read(nodes[0].params)
    table, figures = panel_of(params)
    verses = "The sentences are 256 Bible verses a language (BibleNLP); most of these languages have no text in CC-100."
    count = f"{len(table.languages)} languages of {len(set(table.clusters))} {_plural(params.cluster)}"
    return [
        f"The figures were measured by others and are re-analysed here ({figures.source}): {count}, "
        f"{len(table.models)} {'model' if len(table.models) == 1 else 'models'} of {len(set(table.series))} series.",
        *([verses] if params.task == "bible" else []),
        *[f"{term} is the same everywhere and is dropped from the model." for term in table.constant],
        *table.left_out,
        *figures.notes,
    ]


def _plural(cluster: str) -> str:
    return {"family": "families", "genus": "genera"}[cluster]


def invalid(training: Sequence[TrainingRow]) -> dict[str, str]:
    """Return nothing: nothing is trained."""
    return {}
