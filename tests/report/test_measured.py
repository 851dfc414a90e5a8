"""Table cells that speak to a claim, and hedges, as the report and `synth show` tell them."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace

import pytest

from synth.report import measured, render
from synth.report.measured import shortened
from synth.report.review import review_all
from synth.store.database import Store
from synth.store.tables import PredictionRow
from tests import forked
from tests.report import made_up

CELLS = "row “fed”, column “kettles”: 91.4; row “hungry”, column “kettles”: 83.2"


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
    assert f"- For (same paper, probability 0.95): {CELLS} — [On Test Teapots]" in text
    assert "Table 3, p. 3" in text
    assert "said with “may”" in text


def test_a_cell_that_its_pdf_no_longer_gives_back_is_not_shown(store):
    facts = made_up.facts_of(store, verify=lambda path, sha256, quotes: [quote != "83.2" for _, quote in quotes])
    text = render(facts, review_all(facts))
    assert "91.4" not in text.partition("## Claims in detail")[2].partition("### Claim 2")[0]


def test_show_names_them_too(store):
    environment = os.environ | {"SYNTH_HOME": str(store.path.parent.parent)}

    def show(*arguments: str) -> str:
        command = [sys.executable, "-m", "synth", "show", "claim", "1", *arguments]
        return forked.run(command, text=True, check=True, env=environment, timeout=120).stdout

    said = show()
    assert "For (same paper, 0.95): On Test Teapots, Table 3, p. 3 [91.4 − 83.2 = 8.2]\n" in said
    assert "said with “may”" in said
    shown = json.loads(show("--json"))
    assert [len(row["cells"]) for row in shown["evidence"]] == [2, 0]
    assert shown["predictions"][0]["hedge"] == "may"


def test_stages_are_told_once_with_their_seeds(store):
    names = ["languages, seed 1", "score a, seed 1", "languages, seed 2", "score a, seed 2", "data"]
    stages = [{"name": name, "cached": name.startswith("lang")} for name in names]
    told = "languages and score a for seeds 1 and 2; data. 5 stages, 2 of them re-used from earlier runs."
    assert measured.stages(replace(made_up.facts_of(store).tests[0], stages=tuple(stages))) == told


def test_a_table_of_very_many_languages_leaves_out_its_middle():
    head, *body = rows = [["Language", "accuracy"], *([f"l{n}", str(n)] for n in range(446))]
    shown = shortened(rows)
    assert shown[0] == head
    assert shown[1:16] == body[:15]
    assert shown[-15:] == body[-15:]
    assert shown[16][0].startswith("… more")
    assert shortened(rows[:121]) == rows[:121]
