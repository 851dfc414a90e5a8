from __future__ import annotations

from collections.abc import Iterator

import pytest

from synth.sources import SourceSettings
from tests.servers.arxiv_server import ArxivServer


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ArxivServer]:
    """A local arXiv that the `arxiv` source of this test asks, with next to no pause between requests."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with ArxivServer() as running:
        monkeypatch.setenv("SYNTH_ARXIV_API", running.api)
        monkeypatch.setenv("SYNTH_ARXIV_PDF", running.pdf)
        monkeypatch.setenv("SYNTH_ARXIV_INTERVAL", "0.001")
        yield running


@pytest.fixture
def settings() -> SourceSettings:
    return SourceSettings(page_size=10, attempts=3, seconds=1.0, pdf_seconds=2.0, patience=2.0, max_answer_bytes=2**20)
