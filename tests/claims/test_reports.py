"""Every claim of the reports in docs/claims.toml: kind, predictions, and the experiments or why none, as looked at."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from tests.claims.helpers import agrees

SCRIPT = Path(__file__).parents[2] / "docs" / "claims.py"
_spec = importlib.util.spec_from_file_location("claims_page", SCRIPT)
page = sys.modules["claims_page"] = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(page)

ROWS = page.sentences()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["text"][:60])
def test_what_is_read_is_what_was_written_down(row):
    found = page.read(row["text"], row.get("cut", False))
    wanted = row.get("predictions", [])
    assert found.kind == row["kind"]
    assert len(found.predictions) == len(wanted)
    for prediction, expected in zip(found.predictions, wanted, strict=True):
        assert agrees(prediction, expected), prediction
        assert prediction.scope == expected.get("scope", {})
    first = next((links for links in found.links if links), ())
    assert [f"{fit.experiment}/{fit.contrast}" for fit in first] == row["experiments"]
    assert found.why == row.get("why", "")


def test_every_claim_links_or_says_why_not():
    assert len(ROWS) == len({row["text"] for row in ROWS}) == 29
    for row in ROWS:
        assert bool(row["experiments"]) != bool(row.get("why")), row["text"]


def test_only_what_the_reports_cut_is_marked_as_cut():
    assert all(row["text"].endswith(".") != row.get("cut", False) for row in ROWS)
