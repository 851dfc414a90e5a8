"""English intermediate-task training, then cross-lingual retrieval without further training (Phang et al. 2020).

Arms differ in the tasks they are trained on and in how: on fewer examples, with the encoder frozen, with masked
language modelling going on beside the task, or on task data translated into the other languages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from repro.design.experiment import Experiment
from repro.design.nodes import Node
from repro.errors import LabError
from repro.parameters import Table
from repro.recipes import ENGLISH, Foundation, Translation, entry, foundation, retrieval, tuning, unlearnt_arms
from repro.schema import JsonObject
from repro.tasks import TaskParameters
from repro.tasks.common.loading import Telling


class TransferArm(Table):
    """Training of an arm.

    Attributes:
        tasks: what it is trained on; without them it is not trained.
        amount: a name in the fidelity's `amounts`.
        schedule: a name in the fidelity's `schedules`.
        frozen, mlm: the encoder stays as it is; masked language modelling goes on beside the tasks.
        translated: it learns from task data in the other languages too.
        untranslated: it learns the English of what an arm with `translated` learns.
    """

    tasks: Sequence[str] | None = None
    amount: str | None = None
    schedule: str = ""
    frozen: bool = False
    mlm: bool = False
    translated: bool = False
    untranslated: bool = False


class RealTranslation(Translation):
    """Real text: `source` has the translations, of which so many `examples` are drawn; `english` their originals."""

    english: str = ""
    examples: int | None = None


class TransferFidelity(Foundation):
    """`amounts`: training examples of each task, where an arm has fewer than the fidelity gives."""

    amounts: Mapping[str, int] = {}
    translation: RealTranslation | None = None


class LearntFrom(NamedTuple):
    """Tasks learnt from in the place of the fidelity's: `tasks`, or `sources` of generated ones; None: as usual."""

    tasks: Mapping[str, TaskParameters] | None = None
    sources: Sequence[Telling] | None = None


ARM, PARAMS = TransferArm, TransferFidelity


def nodes(experiment: Experiment, params: JsonObject, seed: int) -> list[Node]:
    stated = TransferFidelity.read(params)
    stages = foundation(stated, seed)
    for arm in experiment.arms:
        own = TransferArm.read(arm.params)
        if own.tasks is None:
            continue
        if own.mlm and not stated.mlm:
            raise LabError(f"arm {arm.name}: the fidelity has no `mlm`", "give it `mlm`")
        tasks, sources = _learnt_from(own, own.tasks, stated)
        tune = tuning(
            arm.name,
            own.tasks,
            stated,
            seed,
            schedule=own.schedule,
            tasks=tasks,
            sources=sources,
            frozen=own.frozen,
            mlm=stated.mlm if own.mlm else None,
        )
        stages += [tune, *retrieval(arm.name, stated, seed, tune.name)]
    return stages


def _learnt_from(own: TransferArm, names: Sequence[str], params: TransferFidelity) -> LearntFrom:
    tasks: Mapping[str, TaskParameters] | None = None
    sources: Sequence[Telling] | None = None
    if own.amount is not None:
        tasks = _changed(names, params, examples=entry(params.amounts, "amounts", own.amount))
    for wanted, changed in ((own.translated, translated), (own.untranslated, untranslated)):
        if wanted:
            other = changed(names, params)
            tasks, sources = other.tasks or tasks, other.sources or sources
    return LearntFrom(tasks, sources)


def translated(names: Sequence[str], params: TransferFidelity) -> LearntFrom:
    """Return the tasks in English and in every other language.

    Generated and badly translated, or from a source that has both.

    Generated, each language gives as many examples as English alone. Of a source, `translation.examples` are drawn from
    all languages together; without that, as many as the fidelity asks for.
    """
    own = _translation(params)
    if not params.languages:
        bound = {} if own.examples is None else {"examples": own.examples}
        return LearntFrom(tasks=_changed(names, params, source=own.source, **bound))
    others = [Telling.read({"language": row.code, **own.to_json()}) for row in params.languages.others]
    return LearntFrom(sources=[ENGLISH, *others])


def untranslated(names: Sequence[str], params: TransferFidelity) -> LearntFrom:
    """Return the English that `translated` is translated from, all of it, so that the two differ in language."""
    if not params.languages and (english := _translation(params).english):
        return LearntFrom(tasks=_changed(names, params, source=english, examples=0))
    return LearntFrom()


def _translation(params: TransferFidelity) -> RealTranslation:
    if not params.translation:
        raise LabError("the fidelity has no `translation`", "give it `translation`")
    return params.translation


def _changed(names: Sequence[str], params: Foundation, **changes: str | int) -> dict[str, TaskParameters]:
    return {name: entry(params.tasks, "tasks", name).but(**changes) for name in names}


invalid = unlearnt_arms
