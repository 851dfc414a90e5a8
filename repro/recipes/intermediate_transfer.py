"""English intermediate-task training, then cross-lingual retrieval without further training (Phang et al. 2020).

Arms differ in the tasks they are trained on and in how: on fewer examples, with the encoder frozen, with masked
language modelling going on beside the task, or on task data translated into the other languages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from repro.design.experiment import Experiment
from repro.design.nodes import Node
from repro.recipes import ENGLISH, FOUNDATION, TRANSLATION, entry, foundation, retrieval, tuning, unlearnt_arms

# `tasks`: what the arm is trained on; an arm without `tasks` is not trained. `amount`: a name in the fidelity's
# `amounts`. `untranslated`: the English of what an arm with `translated` learns.
ARM = {
    "tasks?": [str],
    "amount?": str,
    "schedule?": str,
    "frozen?": bool,
    "mlm?": bool,
    "translated?": bool,
    "untranslated?": bool,
}
PARAMS = {
    **FOUNDATION,
    "amounts?": {"*": int},  # training examples of each task, where an arm has fewer than the fidelity gives
    # Real text: `source` has the translations, of which so many `examples` are drawn; `english` has their originals.
    "translation?": {**TRANSLATION, "english?": str, "examples?": int},
}


def nodes(experiment: Experiment, params: dict[str, Any], seed: int) -> list[Node]:
    stages = foundation(params, seed)
    for arm in experiment.arms:
        if "tasks" not in arm.params:
            continue
        tune = tuning(arm.name, arm.params["tasks"], params, seed, **_more(arm.params, params))
        stages += [tune, *retrieval(arm.name, params, seed, tune.name)]
    return stages


def _more(own: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """Return what makes an arm other than plain training on its tasks, as `tuning` takes it."""
    more: dict[str, Any] = {"schedule": own["schedule"]} if "schedule" in own else {}
    if "amount" in own:
        more["tasks"] = _changed(own["tasks"], params, examples=entry(params, "amounts", own["amount"]))
    if own.get("frozen"):
        more["frozen"] = True
    if own.get("mlm"):
        more["mlm"] = params["mlm"]
    if own.get("translated"):
        more |= translated(own["tasks"], params)
    if own.get("untranslated"):
        more |= untranslated(own["tasks"], params)
    return more


def translated(names: Sequence[str], params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tasks in English and in every other language.

    Generated and badly translated, or from a source that has both.

    Generated, each language gives as many examples as English alone. Of a source, `translation.examples` are drawn from
    all languages together; without that, as many as the fidelity asks for.
    """
    if "languages" not in params:
        own = params["translation"]
        bound = {"examples": own["examples"]} if "examples" in own else {}
        return {"tasks": _changed(names, params, source=own["source"], **bound)}
    others = [{"language": row["code"], **params["translation"]} for row in params["languages"]["others"]]
    return {"sources": [*ENGLISH, *others]}


def untranslated(names: Sequence[str], params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the English that `translated` is translated from, all of it, so that the two differ in language."""
    if "languages" not in params and "english" in params["translation"]:
        return {"tasks": _changed(names, params, source=params["translation"]["english"], examples=0)}
    return {}


def _changed(names: Sequence[str], params: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    return {name: {**params["tasks"][name], **changes} for name in names}


invalid = unlearnt_arms
