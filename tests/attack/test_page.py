"""The harness of `make attack`: mutations that a seed decides, figures on the page, growth of memory."""

from __future__ import annotations

import json
import random

import pytest

from tests.attack import page
from tests.attack.memory import growth
from tests.attack.mutations import restructured
from tests.attack.tally import Tally, attempt

TEXT = f"# Reliability\n\nBefore.\n\n{page.BEGIN}{page.END}\n## What it found\n"


def _tally(part: str, **outcomes: int) -> Tally:
    tally = Tally(part, f"{part} hold")
    tally.outcomes.update(outcomes)
    return tally


def test_a_part_that_is_measured_again_replaces_its_row_alone():
    text = page.updated(TEXT, _tally("PDFs", read=3), "abc, 2026-01-01")
    text = page.updated(text, _tally("dumps", imported=1_200), "abc, 2026-01-01")
    text = page.updated(text, _tally("PDFs", read=5, refused=1), "def, 2026-01-02")
    block = text.partition(page.BEGIN)[2].partition(page.END)[0]
    assert block.splitlines()[2:] == [
        "| PDFs | 6 | read 5, refused 1 | 0 | 0 | def, 2026-01-02 |",
        "| dumps | 1,200 | imported 1,200 | 0 | 0 | abc, 2026-01-01 |",
        "",
        "What has to hold:",
        "",
        "- *PDFs*: PDFs hold.",
        "- *dumps*: dumps hold.",
    ]
    assert text.startswith("# Reliability\n\nBefore.")
    assert text.endswith("\n## What it found\n")


def test_shares_of_a_part_are_added_up():
    first, second = _tally("PDFs", read=3), _tally("PDFs", read=2, damaged=1)
    second.fault("a quote is lost")
    whole = Tally.merged([first, second])
    assert (whole.tried, whole.outcomes["read"], whole.faults) == (7, 5, ["a quote is lost"])


def test_what_breaks_in_an_attack_is_a_fault():
    broken = attempt(lambda: [][0], ())
    assert not broken.part
    assert "IndexError" in broken.faults[0]


def test_a_seed_decides_what_is_exchanged_whatever_was_before():
    document = json.dumps({"works": [{"title": "A", "ids": [1, 2, {"b": 3}]}] * 3}).encode()
    first = [restructured(document, random.Random(seed)) for seed in range(200)]
    assert [restructured(document, random.Random(seed)) for seed in reversed(range(200))] == first[::-1]


@pytest.mark.parametrize(("slope", "grows"), [(0.0, False), (0.5, True)])
def test_growth_is_told_from_noise(slope, grows):
    draw = random.Random(1)
    resident = [900 + slope * n + draw.gauss(0, 5) for n in range(200)]
    value, low, high = growth(resident)
    assert low < value < high
    assert low <= slope <= high
    assert (low > 0.1) == grows
