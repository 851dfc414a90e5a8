"""Jobs run in a temporary workspace over bundled digests rendered to PDF."""

from __future__ import annotations

from pathlib import Path

import pytest

from synth.demo.render import render_all
from synth.settings import Settings
from synth.workspace import Workspace


@pytest.fixture(scope="session")
def digests(tmp_path_factory) -> list[Path]:
    """All bundled digests as PDFs."""
    return render_all(tmp_path_factory.mktemp("digests"))


@pytest.fixture
def workspace(home) -> Workspace:
    return Workspace(home)


@pytest.fixture
def settings() -> Settings:
    return Settings(jobs=1)
