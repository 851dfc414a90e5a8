"""Balanced pairs, and passages cut to what speaks to the claim."""

import json
import lzma
import random
from collections import Counter

import pytest

from synth.core.errors import UsageError
from synth.core.types import Stance
from training.stance.sets import RareWords, balanced, is_table, read_set, shortened

ROWS = [
    {
        "premise": f"Trial {i} of drug {i % 7} lowered pressure in group {i}.",
        "hypothesis": f"Drug {i % 7} helps.",
        "label": label,
    }
    for i, label in enumerate(["SUPPORT"] * 30 + ["CONTRADICT"] * 12 + ["NOT_SUPPORT"] * 5)
]


@pytest.fixture
def pairs(tmp_path):
    lines = [json.dumps({**row, "group": f"g{i}"}) for i, row in enumerate(ROWS)]
    (tmp_path / "trials.jsonl.xz").write_bytes(lzma.compress("\n".join(lines).encode()))
    return read_set(tmp_path, "trials")


def test_stances_come_equally_often_and_the_open_ones_are_made(pairs):
    found = balanced(pairs, 36, random.Random(1))
    assert Counter(pair.stance for pair in found) == dict.fromkeys(Stance, 12)
    passages = {pair.claim: {p.passage for p in pairs if p.claim == pair.claim} for pair in pairs}
    made = [pair for pair in found if pair.stance is Stance.NOT_ENOUGH_INFO]
    assert all(pair.group != next(p.group for p in pairs if p.passage == pair.passage) for pair in made)
    assert passages


def test_the_same_draw_gives_the_same_pairs(pairs):
    assert balanced(pairs, 36, random.Random(5)) == balanced(pairs, 36, random.Random(5))


def test_rare_words_find_their_passage():
    index = RareWords(["Cats purr softly.", "Dogs bark loudly.", "Cats and dogs fight."])
    assert index.nearest("loudly barking dogs bark")[0] == 1
    assert index.nearest("nothing shared") == []


def test_long_passages_keep_what_speaks_to_the_claim(pairs):
    filler = "This sentence talks about other things at some length and adds nothing that matters here. "
    long = pairs[0].__class__(
        "Aspirin lowers fever.", filler * 3 + "Aspirin lowers fever in adults. " + filler * 3, None, "", ""
    )
    cut = shortened(long, 2).passage
    assert "Aspirin lowers fever in adults." in cut
    assert len(cut) < len(long.passage)
    table = "Table: scores\nModel | A\n" + "\n".join(f"system {i} | {i}.0" for i in range(90))
    rows = shortened(long.__class__("System 77 scores 77.0", table, None, "", ""), 2).passage
    assert is_table(rows)
    assert "system 77 | 77.0" in rows
    assert rows.startswith("Table: scores\nModel | A\n")
    assert len(rows) < 600


def test_a_set_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(UsageError):
        read_set(tmp_path, "none")
    (tmp_path / "bad.jsonl.xz").write_bytes(b"no archive")
    with pytest.raises(UsageError):
        read_set(tmp_path, "bad")
