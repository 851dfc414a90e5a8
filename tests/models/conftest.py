from __future__ import annotations

import pytest

from tests import kept_vectors


@pytest.fixture(autouse=True)
def _computing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept from other tests: what is tested here is how it is computed."""
    for cls, computed in kept_vectors.COMPUTED.items():
        monkeypatch.setattr(cls, "_computed", computed)
    monkeypatch.delenv(kept_vectors.VARIABLE)
