"""Order of records: which comes next."""

from __future__ import annotations

from collections import Counter

import pytest

from synth.screening.order import next_record

CHANCES = {1: 0.9, 2: 0.55, 3: 0.1, 4: 0.9}


def nothing():
    raise AssertionError("the model was asked")


@pytest.mark.parametrize(("order", "paper"), [("relevant", 4), ("uncertain", 2)])
def test_orders_by_the_model(order, paper):
    found = next_record([4, 1, 2, 3], [1, 2, 3, 4], order, lambda: CHANCES, (1, 0, "me"), share=0.0)
    assert (found.paper, found.drawn, found.chance) == (paper, "order", CHANCES[paper])


def test_of_equal_chances_the_better_ranked_comes_first():
    assert next_record([1, 4], [1, 4], "relevant", lambda: CHANCES, (1, 0, "me"), share=0.0).paper == 1


def test_random_order_asks_no_model():
    found = next_record([1, 2, 3], [1, 2, 3], "random", nothing, (1, 0, "me"))
    assert (found.drawn, found.chance) == ("random", None)


def test_nothing_waits():
    assert next_record([], [], "relevant", nothing, (1, 0, "me")) is None


def test_the_same_turn_gives_the_same_record_and_people_differ():
    def drawn(who):
        return [next_record([*range(50)], [*range(50)], "random", nothing, (1, n, who)).paper for n in range(30)]

    assert drawn("ann") == drawn("ann")
    assert drawn("ann") != drawn("bob")


def test_about_one_in_ten_is_drawn_at_random_each_record_equally_often():
    everything = list(range(10))
    found = [
        next_record([9, 0], everything, "relevant", lambda: dict.fromkeys(everything, 0.5), (5, n, ""))
        for n in range(20_000)
    ]
    drawn = Counter(one.paper for one in found if one.drawn == "random")
    assert 1800 < sum(drawn.values()) < 2200
    assert set(drawn) == set(everything)  # those left for later, which do not wait, are drawn too
    assert all(140 < count < 260 for count in drawn.values())
