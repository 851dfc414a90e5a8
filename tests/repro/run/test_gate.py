import pytest

from repro.run.gate import GateOutcome, judge

SPEC = {
    "arm": "untuned",
    "control": "random",
    "metric": "accuracy_csls",
    "times_chance": 10.0,
    "languages": "by distance",
    "target": "",
}
REAL = {**SPEC, "languages": "all", "target": "tatoeba"}
DISTANCES = {"aa": 0.0, "bb": 0.25, "dd": 0.75}


def rows(arm, metric="accuracy_csls", n=500, target="heldout", **values):
    same = {"arm": arm, "metric": metric, "target": target, "n": n}
    return [
        {**same, "seed": seed, "language": code, "distance": DISTANCES[code], "value": value}
        for code, found in values.items()
        for seed, value in enumerate(found, 1)
    ]


RANDOM = rows("random", aa=[0.2, 0.6], bb=[0.2, 0.2], dd=[0.4, 0.2])


def test_clear_alignment_that_falls_with_distance_passes():
    gate = judge(rows("untuned", aa=[12, 9], bb=[5, 6], dd=[1, 2]) + RANDOM, SPEC)
    assert gate.passed
    assert gate.outcomes == (GateOutcome.PASSED,)
    assert gate.numbers["chance"] == 0.2
    assert gate.numbers["near"] == [9, 12]
    assert gate.numbers["far"] == [1, 2]
    assert gate.numbers["mean_by_distance"] == [[0.0, 10.5], [0.25, 5.5], [0.75, 1.5]]
    assert gate.reason == (
        "by accuracy_csls, in the nearest language “untuned” reaches 9.0 % or more in every seed, a random model 0.6 % "
        "at most (chance 0.20 %); in the farthest language “untuned” reaches 2.0 % at most"
    )


def test_languages_that_are_equally_far_are_counted_in_words(monkeypatch):
    monkeypatch.setitem(DISTANCES, "gg", 0.75)
    spec = {**SPEC, "arm": "large"}
    reason = judge(rows("large", aa=[12, 9], dd=[1, 2], gg=[3, 1]) + RANDOM, spec).reason
    assert reason.endswith("in each of the 2 farthest languages “large” reaches 3.0 % at most")


def failure(measured, spec=SPEC):
    gate = judge(measured, spec)
    assert not gate.passed
    assert gate.reason
    return list(gate.outcomes)


def test_near_chance_measures_nothing():
    assert failure(rows("untuned", aa=[1.9, 9], bb=[1, 1], dd=[0, 0]) + RANDOM) == [GateOutcome.NEAR_CHANCE]


def test_no_better_than_a_random_model_measures_nothing():
    random = rows("random", aa=[15, 14], bb=[14, 14], dd=[14, 14])
    assert failure(rows("untuned", aa=[15, 14], bb=[3, 3], dd=[1, 1]) + random) == [GateOutcome.LIKE_RANDOM]


def test_overlapping_seeds_measure_nothing():
    assert failure(rows("untuned", aa=[12, 5], bb=[5, 5], dd=[5, 1]) + RANDOM) == [GateOutcome.SEEDS_OVERLAP]


def test_accuracy_that_does_not_fall_measures_nothing():
    found = failure(rows("untuned", aa=[3, 3], bb=[9, 9], dd=[4, 4]) + RANDOM)
    assert found == [GateOutcome.SEEDS_OVERLAP, GateOutcome.NO_FALL]


def test_only_the_gates_own_metric_arm_and_target_count():
    good = rows("untuned", aa=[12, 9], bb=[5, 6], dd=[1, 2])
    noise = rows("untuned", metric="accuracy_cosine", aa=[0, 0], dd=[9, 9]) + rows("mnli", aa=[0, 0], dd=[50, 50])
    assert judge(good + RANDOM + noise, SPEC).passed
    own = rows("untuned", target="tatoeba", aa=[9, 9]) + rows("random", target="tatoeba", aa=[1, 1])
    assert judge(own + rows("untuned", target="bucc", aa=[0, 0]), REAL).numbers["means"] == [9, 9]


def test_nothing_measured_is_no_pass():
    for spec in (SPEC, REAL):
        assert failure([], spec) == [GateOutcome.NOT_MEASURED]
    assert failure(rows("untuned", aa=[12, 9]) + RANDOM) == [GateOutcome.ONE_DISTANCE]
    assert failure(rows("untuned", aa=[12, 9], dd=[1, 2])) == [GateOutcome.NOT_MEASURED]


def real(arm, **values):
    return rows(arm, target="tatoeba", **values)


def test_over_real_languages_the_mean_of_every_seed_counts():
    measured = real("untuned", aa=[12, 6], bb=[4, 6]) + real("random", aa=[0.2, 0.4], bb=[0.2, 0.2])
    gate = judge(measured, REAL)
    assert gate.passed
    assert gate.numbers == {"chance": 0.2, "means": [8, 6], "random_maximum": pytest.approx(0.3), "languages": 2}
    assert gate.reason == (
        "by accuracy_csls, averaged over 2 languages, “untuned” reaches 6.0 % or more in every seed, a random model "
        "0.3 % at most (chance 0.20 %)"
    )
    low = real("untuned", aa=[12, 1.5], bb=[4, 1.5]) + real("random", aa=[0.2, 0.2])
    assert "1.5 %, under 10 times chance (0.20 %)" in judge(low, REAL).reason
    assert failure(low, REAL) == [GateOutcome.NEAR_CHANCE]
    random = real("untuned", aa=[12, 6]) + real("random", aa=[0.2, 6])
    assert failure(random, REAL) == [GateOutcome.LIKE_RANDOM]


def test_a_checkpoint_has_no_random_twin():
    spec = {**REAL, "control": ""}
    assert judge(real("untuned", aa=[12, 6]), spec).passed
    assert failure(real("untuned", aa=[1, 1]), spec) == [GateOutcome.NEAR_CHANCE]


def test_an_experiment_without_retrieval_has_nothing_to_be_judged():
    assert judge([], {**SPEC, "languages": "none"}).passed
