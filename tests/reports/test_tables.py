"""Table cells that carry a claim's numbers, and hedges, as the report and `synth show` tell them."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from synth.reports import measured, render
from synth.reviewers import review_all
from synth.store.database import Store
from synth.store.tables import PredictionRow
from tests.reports import made_up

STANDS = "91.4 stands in Table 3, p. 3: 91.4 (fed; kettles, bold: highest of its column)"
DIFFERS = (
    "8.2 points is the difference of two cells of Table 3, p. 3: 91.4 (fed; kettles, bold: highest of its column) "
    "and 83.2 (hungry; kettles)"
)


@pytest.fixture
def store(path):
    made_up.full(path)
    store = Store(path)
    with store.session() as s:
        made_up.add_cells(s)
        s.get_one(PredictionRow, 1).hedge = "may"
    yield store
    store.close()


def test_the_report_names_the_cells_and_the_hedge(store):
    facts = made_up.facts_of(store)
    text = render(facts, review_all(facts))
    assert f"- Table: {STANDS}" in text
    assert f"- Table: {DIFFERS}" in text
    assert "said with “may”" in text


def test_a_cell_that_its_pdf_no_longer_gives_back_is_not_shown(store):
    facts = made_up.facts_of(store, verify=lambda path, sha256, quotes: [quote != "83.2" for _, quote in quotes])
    text = render(facts, review_all(facts))
    assert f"- Table: {STANDS}" in text
    assert "is the difference of two cells" not in text


def test_show_names_them_too(store):
    environment = os.environ | {"SYNTH_HOME": str(store.path.parent.parent)}

    def show(*arguments: str) -> str:
        command = [sys.executable, "-m", "synth", "show", "claim", "1", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout

    said = show()
    assert f"Table: {STANDS}\n" in said
    assert f"Table: {DIFFERS}\n" in said
    assert "hedge = may" in said
    shown = json.loads(show("--json"))
    assert [cell["number"] for cell in shown["cells"]] == ["8.2 points", "91.4"]
    assert shown["cells"][0]["against"]["row"] == "hungry"
    assert shown["predictions"][0]["hedge"] == "may"


def test_stages_are_told_once_with_their_seeds():
    names = ["languages, seed 1", "score a, seed 1", "languages, seed 2", "score a, seed 2", "data"]
    stages = [{"name": name, "cached": name.startswith("lang")} for name in names]
    told = "languages and score a for seeds 1 and 2; data. 5 stages, 2 of them re-used from earlier runs."
    assert measured.stages({"stages": stages}) == told
