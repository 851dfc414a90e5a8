"""Nodes: the stages as a recipe describes them, and the selection that a plan needs and can have."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from repro.data.library import Absent, Library
from repro.schema import JsonObject


@dataclass(frozen=True)
class Node:
    """A stage as a recipe describes it. `needs`: names of the nodes it reads, by the role they play for it.

    `label` is what the stage is called whatever the seed.
    """

    label: str
    kind: str  # a module of repro.stages
    seed: int
    params: JsonObject
    needs: Mapping[str, str] = field(default_factory=dict)
    arm: str = ""  # the arm whose result it is; "" for what several arms share
    data: tuple[tuple[str, str], ...] = ()  # data sets of the catalogue that it reads: name, and form ("": any)
    optional: bool = False  # where its data are not at hand, its arm is left out instead of the whole run
    at: int | None = None  # the seed whose result it is, where that is not `seed`
    place: Mapping[str, str] = field(default_factory=dict)  # where files lie that it reads; no part of its key

    @property
    def name(self) -> str:
        return f"{self.label}, seed {self.seed if self.at is None else self.at}"


def needed(nodes: Mapping[str, Node], arms: Set[str]) -> list[Node]:
    """Return the nodes that measure one of `arms`, and all that these are made from, in the order given."""
    wanted: set[str] = set()

    def want(name: str) -> None:
        if name not in wanted:
            wanted.add(name)
            for needed in nodes[name].needs.values():
                want(needed)

    read = {name for node in nodes.values() for name in node.needs.values()}
    for node in nodes.values():
        # What nothing reads is a measurement.
        if node.arm in arms and node.name not in read:
            want(node.name)
    return [node for node in nodes.values() if node.name in wanted]


def present(nodes: list[Node], library: Library) -> tuple[list[Node], dict[str, str]]:
    """Return the nodes whose data are at hand, and arm → why, for arms left out; LabError if one may not be."""
    absent: dict[str, str] = {}
    for node in nodes:
        for name, form in node.data:
            try:
                library.locate(name, checked=False, layout=form)
            except Absent as error:
                if not node.optional:
                    raise
                absent.setdefault(node.arm, f"{error.what} ({error.do.removesuffix('.')})")
    remaining: dict[str, Node] = {}
    for node in nodes:
        lost = [name for name in node.needs.values() if name not in remaining]
        if lost and node.arm not in absent:
            absent[node.arm] = f"it needs {lost[0]}"
        if node.arm not in absent:
            remaining[node.name] = node
    return list(remaining.values()), absent
