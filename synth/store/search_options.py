"""Options that a search was started with, as its row keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from synth.core.types import JsonValue


@dataclass(frozen=True)
class SearchOptions:
    """Everything that decides the outcome of a search beside its question and sources. Empty or 0: not given.

    `papers`, `references`, `acl_dump` and `arxiv_dump` are absolute paths; `encoder`, `parser` and `reranker` are named
    as in the settings. `queries`: source → the person's own queries, verbatim. `chase` works have their references and
    citations looked up. `replay_of`: the search that this one repeats.
    """

    max_papers: int = 0
    papers: str = ""
    references: tuple[str, ...] = ()
    queries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    chase: int = 0
    acl_dump: str = ""
    arxiv_dump: str = ""
    encoder: str = ""
    parser: str = ""
    reranker: str = ""
    replay_of: int = 0

    @classmethod
    def from_row(cls, stored: Mapping[str, object]) -> SearchOptions:
        """Read the JSON object of `search.options`; keys that are not known are passed over."""
        values: dict[str, Any] = {f.name: stored[f.name] for f in fields(cls) if f.name in stored}
        values["references"] = tuple(values.get("references", ()))
        values["queries"] = {source: tuple(texts) for source, texts in values.get("queries", {}).items()}
        return cls(**values)

    def row(self) -> dict[str, JsonValue]:
        """Return the JSON object that is stored: options that were given, and the limit."""
        values = {name: value for name, value in asdict(self).items() if value or name == "max_papers"}
        if self.references:
            values["references"] = list(self.references)
        if self.queries:
            values["queries"] = {source: list(texts) for source, texts in self.queries.items()}
        return values
