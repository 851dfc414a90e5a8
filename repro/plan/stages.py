"""The stages of a plan: nodes with their keys in the store and their expected cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from repro.artifacts import Store
from repro.data.checksums import NAME as CHECKSUMS
from repro.data.checksums import Checksums, data_checksum
from repro.data.library import Library
from repro.design.experiment import Fidelity
from repro.design.nodes import Node
from repro.design.stage_parameters import PretrainParameters
from repro.hashing import digest
from repro.models.checkpoints import find, fingerprint, layers
from repro.stages import code_version, module, sources


@dataclass(frozen=True)
class Stage:
    """A node with its key in the store. `seconds`: expected, on one core; 0 if cached, None if never measured.

    `content`: what goes into the keys of the stages that read it, the same wherever a checkpoint lies; else the key.
    """

    node: Node
    key: str
    content: str
    cost_key: str
    cached: bool
    seconds: float | None

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def needs(self) -> tuple[str, ...]:
        return tuple(self.node.needs.values())

    @property
    def arm(self) -> str:
        return self.node.arm

    @property
    def seed(self) -> int:
        """The seed whose result it is."""
        return self.node.seed if self.node.at is None else self.node.at


def staged(
    nodes: list[Node], fidelity: Fidelity, store: Store, library: Library, online: bool = False
) -> tuple[Stage, ...]:
    """Return the nodes with their keys and costs. Nodes come after those they need."""
    durations = store.durations()
    sums = Checksums(store.root / CHECKSUMS)
    contents: dict[str, str] = {}
    versions: dict[tuple[str, ...], str] = {}  # hashing the sources takes longer than the rest
    stages = []
    for node in nodes:
        made_by = sources(node.kind, node.params)
        if made_by not in versions:
            versions[made_by] = code_version(node.kind, node.params)
        key, content = _keys(node, versions[made_by], contents, library, sums, online)
        contents[node.name] = content
        cost_key = digest({"kind": node.kind, "params": node.params})
        stated = fidelity.seconds.get(node.label, fidelity.seconds.get(node.kind))
        measured = durations.get(cost_key)
        seconds = round(median(measured), 1) if measured else stated
        cached = store.has(key)
        stages.append(Stage(node, key, content, cost_key, cached, 0.0 if cached else seconds))
    sums.save()
    return tuple(stages)


def _keys(
    node: Node, code: str, contents: Mapping[str, str], library: Library, sums: Checksums, online: bool
) -> tuple[str, str]:
    """Return key and content of a stage.

    `code`: version of the sources that make it; `contents`: of the nodes it needs, by name.

    A checkpoint's artifact says in which folder it lies, so the folder is in its key; what is made from it depends on
    its files alone, and is the same wherever they lie.
    """
    facts = {
        "kind": node.kind,
        "code": code,
        "params": node.params,
        "seed": node.seed if getattr(module(node.kind), "SEEDED", True) else None,
        "inputs": {role: contents[name] for role, name in node.needs.items()},
        "data": {name: data_checksum(library, name, form, sums) for name, form in node.data},
    }
    if node.kind != "checkpoint":
        key = digest(facts)
        return key, key
    folder = find(node.params, online)
    files = fingerprint(folder, sums.of)
    key = digest({**facts, "checkpoint": files, "folder": str(folder)})
    return key, digest({"kind": node.kind, "checkpoint": files})


def depth(node: Node, online: bool) -> int:
    """Return the number of layers of the model that a node pre-trains or finds."""
    if node.kind == "checkpoint":
        return layers(find(node.params, online))
    return PretrainParameters.read(node.params).shape.layers
