"""Statements about made-up tables hold or fail as their label says."""

import re
from collections import Counter

import pytest

from synth.core.types import Stance
from training.stance.generated import Names, generate

NAMES = Names([f"Method{c}" for c in "ABCDEFGHIJKL"], [f"Data{c}" for c in "PQRSTUVWXYZ"])
ROW = re.compile(r"^(.+?) \| (.+)$")


@pytest.fixture(scope="module")
def pairs():
    return generate(NAMES, 900, 3)


def test_each_stance_is_a_third_and_a_draw_repeats(pairs):
    assert Counter(pair.stance for pair in pairs) == dict.fromkeys(Stance, 300)
    assert generate(NAMES, 90, 4) == generate(NAMES, 90, 4)


def test_values_in_tables_are_as_the_label_says(pairs):
    checked = Counter()
    for pair in pairs:
        said = re.fullmatch(r"On (\w+), (.+) has a (.+) of ([\d.]+)\.", pair.claim)
        if not said or not pair.passage.startswith("Table:") or pair.stance is Stance.NOT_ENOUGH_INFO:
            continue
        head, *body = [line.split(" | ") for line in pair.passage.split("\n")[1:]]
        cell = next(row for row in body if row[0] == said[2])[head.index(said[1])]
        assert (cell == said[4]) == (pair.stance is Stance.SUPPORT)
        checked[pair.stance] += 1
    assert min(checked[Stance.SUPPORT], checked[Stance.CONTRADICT]) > 3
