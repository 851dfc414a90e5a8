"""Deviations of a run from the published setting: sentences, each with the facts on which it depends.

A fidelity's sentences are written once for all contrasts. One that is about training says nothing true of a contrast
that compares untrained models, so a sentence can name the fact on which it depends; facts are read off the stages.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated

from pydantic import AfterValidator

from repro.design.nodes import Node
from repro.design.stage_parameters import NamedModules
from repro.models.checkpoints import is_packaged
from repro.schema import JsonObject

# Facts about what is compared, beside "task NAME": some compared arm is trained on that task.
FACTS = {
    "trained": "some compared arm is trained on a task",
    "several tasks": "one model is trained on several tasks at once",
    "mlm": "a compared arm goes on with masked language modelling",
    "translated": "a compared arm learns from translated data",
    "untranslated": "a compared arm learns the English of what another learns in translation",
    "retrieval": "the compared arms are measured by retrieval",
    "catalogues": "the sentences are messages of a program's catalogues",
    "read": "one pass over the sentences is read in several ways",
    "amount of text": "languages are compared by the amount of their pre-training text",
    "chosen languages": "only some of the measured languages count",
    "packaged": "the model comes from a package, in fewer bits than it was published with",
    "pre-trained here": "the model is pre-trained for the run",
}
TASK = "task "
ARM_FACTS = ("mlm", "translated", "untranslated")  # parameters of an arm that are facts of the same name
# The greatest difference there can be from a claim about transfer: that nothing was learnt that could be transferred.
UNTRAINED = "No task was trained: the sentences are read by the pre-trained encoder alone."


class DeviationCode(StrEnum):
    """Kind of difference from the published setting that a sentence of a plan states."""

    UNTRAINED = "untrained"
    FIDELITY = "rung"  # in the words of the experiment's file
    STATED = "stated"  # by the recipe, of what it read
    STAND_IN_DATA = "stand-in data"
    ARM_LEFT_OUT = "arm left out"
    PARAMETERS_CHANGED = "parameters changed"
    FEWER_SEEDS = "fewer seeds"
    # Of commands of one's own, and of numbers that were there before.
    DIRTY_CODE = "code changed since its commit"
    NO_COMMIT = "code in no repository"
    NETWORK = "network not cut off"
    IMPORTED = "numbers before the rule"


Coded = tuple[DeviationCode, str]  # with its sentence


def _known_fact(fact: str) -> str:
    """Return `fact`. A misspelt one would never hold, and its sentence would be missing without a word."""
    if fact and fact not in known():
        raise ValueError(f"there is no fact {fact!r}; facts: {', '.join(known())}")
    return fact


Fact = Annotated[str, AfterValidator(_known_fact)]


@dataclass(frozen=True)
class Deviation:
    """A sentence with the conditions under which it holds of a run.

    Attributes:
        where: the fact that has to hold, "" for none.
        unless: the fact that must not hold, "" for none.
    """

    text: str
    where: Fact = ""
    unless: Fact = ""

    def applies(self, facts: frozenset[str]) -> bool:
        """Return True if the sentence holds where exactly these facts do."""
        return (not self.where or self.where in facts) and not (self.unless and self.unless in facts)


@cache
def known() -> tuple[str, ...]:
    """Return every fact that a sentence can depend on."""
    from repro.tasks import names

    return (*FACTS, *(f"{TASK}{name}" for name in names()))


def facts(nodes: Iterable[Node], arms: Iterable[JsonObject], covariates: Iterable[str], chosen: bool) -> frozenset[str]:
    """Read the facts of a run off its stages. `nodes`: of what is compared, and no others; `arms`: their parameters.

    `covariates`: of the contrasts over languages; `chosen`: whether one of them looks at some languages only.
    """
    own = list(nodes)
    tuned = [NamedModules.read(node.params).tasks for node in own if node.kind == "tune"]
    true = {f"{TASK}{name}" for tasks in tuned for name in tasks}
    true |= {name for params in arms for name in ARM_FACTS if params.get(name)}
    true |= {"trained"} if tuned else set()
    true |= {"several tasks"} if any(len(tasks) > 1 for tasks in tuned) else set()
    true |= {"retrieval"} if {node.kind for node in own} & {"retrieval", "fusion", "reading"} else set()
    true |= {"catalogues"} if any(NamedModules.read(node.params).target == "catalogues" for node in own) else set()
    true |= {"read"} if any(node.kind == "reading" for node in own) else set()
    true |= {"amount of text"} if "text" in covariates else set()
    true |= {"chosen languages"} if chosen else set()
    true |= {"packaged"} if any(node.kind == "checkpoint" and is_packaged(node.params) for node in own) else set()
    true |= {"pre-trained here"} if any(node.kind == "pretrain" for node in own) else set()
    return frozenset(true)


def coded(fidelity: Sequence[Deviation], facts: frozenset[str]) -> list[Coded]:
    """Return the sentences that hold of a run with their codes, the greatest difference first.

    Where no model is measured (a count), none could have been trained.
    """
    # An experiment on reading a model asks for no training, so that its absence is no difference.
    absent = "retrieval" in facts and not facts & {"trained", "read"}
    untrained = [(DeviationCode.UNTRAINED, UNTRAINED)] if absent else []
    return untrained + [(DeviationCode.FIDELITY, one.text) for one in fidelity if one.applies(facts)]
