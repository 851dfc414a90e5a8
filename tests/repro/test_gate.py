from repro.gate import judge

SPEC = {"arm": "untuned", "control": "random", "metric": "accuracy_csls", "times_chance": 10.0}
DISTANCES = {"aa": 0.0, "bb": 0.25, "dd": 0.75}


def rows(arm, metric="accuracy_csls", n=500, **values):
    return [
        {"arm": arm, "seed": seed, "language": code, "distance": DISTANCES[code], "metric": metric, "value": v, "n": n}
        for code, found in values.items()
        for seed, v in enumerate(found, 1)
    ]


RANDOM = rows("random", aa=[0.2, 0.6], bb=[0.2, 0.2], dd=[0.4, 0.2])


def test_clear_alignment_that_falls_with_distance_passes():
    gate = judge(rows("untuned", aa=[12, 9], bb=[5, 6], dd=[1, 2]) + RANDOM, SPEC)
    assert gate.passed
    assert gate.numbers["chance"] == 0.2
    assert gate.numbers["near"] == [9, 12]
    assert gate.numbers["far"] == [1, 2]
    assert gate.numbers["mean_by_distance"] == [[0.0, 10.5], [0.25, 5.5], [0.75, 1.5]]


def failure(measured, spec=SPEC):
    gate = judge(measured, spec)
    assert not gate.passed
    return gate.reason


def test_near_chance_measures_nothing():
    assert "times chance" in failure(rows("untuned", aa=[1.9, 9], bb=[1, 1], dd=[0, 0]) + RANDOM)


def test_no_better_than_a_random_model_measures_nothing():
    random = rows("random", aa=[15, 14], bb=[14, 14], dd=[14, 14])
    assert "never trained" in failure(rows("untuned", aa=[15, 14], bb=[3, 3], dd=[1, 1]) + random)


def test_overlapping_seeds_measure_nothing():
    assert "overlap" in failure(rows("untuned", aa=[12, 5], bb=[5, 5], dd=[5, 1]) + RANDOM)


def test_accuracy_that_does_not_fall_measures_nothing():
    assert "does not fall" in failure(rows("untuned", aa=[3, 3], bb=[9, 9], dd=[4, 4]) + RANDOM)


def test_only_the_gates_own_metric_and_arm_count():
    good = rows("untuned", aa=[12, 9], bb=[5, 6], dd=[1, 2])
    noise = rows("untuned", metric="accuracy_cosine", aa=[0, 0], dd=[9, 9]) + rows("nli", aa=[0, 0], dd=[50, 50])
    assert judge(good + RANDOM + noise, SPEC).passed


def test_nothing_measured_is_no_pass():
    assert failure([])
    assert failure(rows("untuned", aa=[12, 9]) + RANDOM)
