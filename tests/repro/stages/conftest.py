"""A job of a stage in a temporary folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from repro.data.library import Library
from repro.stages import Job


@pytest.fixture
def make_job(tmp_path) -> Callable[..., Job]:
    """`make_job(params, seed=1, library=…, **inputs)`: the output goes to a new folder."""
    made: list[Path] = []

    def make(params: dict[str, Any], seed: int = 1, library: Any = None, **inputs: Path) -> Job:
        out = tmp_path / f"out{len(made)}"
        out.mkdir()
        made.append(out)
        library = library or Library(None, None)
        return Job(params, seed, inputs, out, tmp_path / "partial", lambda share, what: None, library)

    return make
