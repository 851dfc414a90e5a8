"""The context that every stage of a search works in."""

from __future__ import annotations

from dataclasses import dataclass

from synth.core.progress import Progress
from synth.core.settings import Settings
from synth.core.workspace import Workspace
from synth.store.database import Store


@dataclass(frozen=True)
class Job:
    """Open store, settings and id of one search. `fresh`: ask the sources themselves, not the cache."""

    store: Store
    workspace: Workspace
    settings: Settings
    search_id: int
    progress: Progress
    fresh: bool = False
