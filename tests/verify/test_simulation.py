"""The simulation with planted truth, small: rates far below what a wrong rule would give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks import pairing, replication, simulation
from benchmarks.simulation import EFFECTS, HEAD, PAGE, RULE, SEED, markdown, per_seed, rates
from synth.verify.judge.rule import step_by_step, walk

# A rate of 2.5 % gives more than this in 400 experiments once in ten thousand times.
LOOSE = 0.06


@pytest.mark.parametrize("spread", [0.3, 3.0])
@pytest.mark.parametrize("looks", [False, True])
def test_false_verdicts_are_rare(spread, looks):
    make = np.random.default_rng(77)
    rule = step_by_step(RULE, 8) if looks else RULE
    for effect in EFFECTS:
        values = per_seed(make, effect, spread, 8, 11, 400, "normal")
        reproduced, refuted = rates(walk(values, rule, sized=True)[0])
        if effect <= 0:
            assert reproduced < LOOSE
        if effect >= RULE.sesoi:
            assert refuted < LOOSE
        if effect >= 5:
            assert reproduced > 0.9


def test_a_rule_without_levels_for_its_looks_would_be_caught():
    """Looking eight times at the fixed level: what the test above is there to notice."""
    make = np.random.default_rng(78)
    careless = replace(RULE, looks=tuple((n, 0.3) for n in range(3, 11)))
    values = per_seed(make, 0.0, 3.0, 10, 11, 400, "normal")
    assert rates(walk(values, careless, sized=True)[0])[0] > LOOSE


def test_planted_languages_and_families_are_told_apart():
    make = np.random.default_rng(79)
    by_case = {tuple(row[:3]): row[3:] for row in simulation.correlations(make, 40)}
    assert all(float(found[0]) < 20 for case, found in by_case.items() if case[0] == "0")
    assert float(by_case["0.8", "36", "36"][0]) > 80
    covered = [float(row[3]) for row in simulation.coverage(make, 60)]
    assert min(covered) > 80


def test_the_page_holds_the_tables_of_the_program():
    page = PAGE.read_text(encoding="utf-8")
    tables = page.partition("<!-- simulation -->")[2].partition("<!-- /simulation -->")[0]
    assert f"Seed {SEED}, 2,000 experiments a cell." in tables
    assert markdown(HEAD, []).splitlines()[0] in tables
    shown = [line.split("|") for line in tables.partition("**Seeds one")[0].splitlines() if line.startswith("| 0.3 ")]
    assert len(shown) == 9
    assert all(float(row[4]) <= 5 and float(row[5]) <= 5 for row in shown)


@pytest.mark.parametrize("design", list(replication.designs()), ids=lambda one: f"{one.unit}: {one.name}")
def test_false_verdicts_are_rare_for_every_unit_of_replication(design):
    cells = dict(zip(replication.HEAD, replication.row(np.random.default_rng(80), design, 150), strict=True))
    wrong = [float(cells[f"false {what}"]) for what in ("supported", "contradicted", "equivalent")]
    assert max(wrong) <= 8  # 2.5 % gives more than this in 150 experiments once in two thousand times
    assert float(cells["one run: false for"]) > 30  # what this one is there to show


def test_an_interval_that_leaves_the_families_out_would_be_caught():
    """Languages taken for independent although four families share most of what they are."""
    make = np.random.default_rng(81)
    family = np.arange(24) % 4
    wrong = 0
    for _ in range(200):
        values = 3 * make.standard_normal(4)[family] + 0.5 * make.standard_normal(24)
        alone = replication.family_variance(values.tolist(), (), [str(i) for i in range(24)], "mean")
        wrong += abs(values.mean()) > 2 * alone**0.5
    assert wrong > 40


def test_the_page_holds_the_table_of_the_units_of_replication():
    page = PAGE.read_text(encoding="utf-8")
    table = page.partition("<!-- replication -->")[2].partition("<!-- /replication -->")[0]
    assert f"Seed {SEED}, 2,000 experiments a cell." in table
    assert markdown(replication.HEAD, []).splitlines()[0] in table
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines() if line.startswith("| ")]
    shown = [row for row in rows if row[0] in ("seeds", "models", "languages", "sentences")]
    assert {row[0] for row in shown} == {"seeds", "models", "languages", "sentences"}
    assert all(float(cell) <= 5 for row in shown for cell in row[2:5])


def test_what_pairing_takes_away():
    """Arms that share all but a constant with seed, language and line: pairing leaves nothing of the variance."""
    make = np.random.default_rng(82)
    scores = 50 + 5 * make.standard_normal((6, 1)) + 5 * make.standard_normal((1, 4))
    lines = [100.0 * (make.random(300) < 0.5) for _ in range(4)]
    found = pairing.pairings({"a": scores + 2, "b": scores}, {"a": lines, "b": lines}, "a", "b")
    assert [what for what, _, _ in found] == ["seed", "language", "sentence"]
    assert all(without > 0.5 for _, without, _ in found)
    assert all(paired == pytest.approx(0) for _, _, paired in found)


@pytest.mark.slow
def test_the_whole_simulation_in_fewer_experiments():
    text = simulation.report(200, seed=1)
    assert "**The interval for other languages**" in text
    assert text.endswith("s.")
