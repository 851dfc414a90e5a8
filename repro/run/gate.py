"""The gate: whether a fidelity measures anything, judged on the untuned model before any arms are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from repro.design.experiment import GateRule
from repro.targets import Row

NOTHING = "the run measured nothing: "


class Measurement(Row, total=False):
    """A row of a stage with whose it is."""

    arm: str
    seed: int
    target: str


Rows = Sequence[Measurement]


class GateOutcome(StrEnum):
    """Outcome of the gate; several failures are listed each."""

    PASSED = "passed"
    NOT_JUDGED = "not judged"  # an experiment without retrieval, or without a bound
    NOT_MEASURED = "not measured"
    ONE_DISTANCE = "one distance"
    NEAR_CHANCE = "near chance"
    LIKE_RANDOM = "like random"
    SEEDS_OVERLAP = "seeds overlap"
    NO_FALL = "no fall"  # with distance
    OUT_OF_BOUNDS = "out of bounds"


@dataclass(frozen=True)
class Gate:
    """`outcomes`: PASSED or NOT_JUDGED, else why it did not pass; `numbers`: what they rest on."""

    passed: bool
    reason: str
    numbers: Mapping[str, object]
    outcomes: tuple[GateOutcome, ...]


def judge(measurements: Rows, spec: GateRule) -> Gate:
    """Judge by the untuned model `spec["arm"]` and `spec["metric"]` (percent) that there is something to measure.

    `spec["target"]`: the target whose rows count, "" for all; `spec["times_chance"]`: how far above chance (1/n);
    `spec["control"]`: the random model, which shows what matching tokens alone can do, "" where there is none;
    `spec["languages"]`: "by distance" for generated languages, whose distance is set; "all" for real ones; "none" for
    an experiment that measures no retrieval; "bound" for one whose author may set what an arm has to reach.
    """
    if spec["languages"] == "none":
        return Gate(True, "this experiment has no retrieval to be judged", {}, (GateOutcome.NOT_JUDGED,))
    if spec["languages"] == "bound":
        return _bounded(measurements, spec)
    rows = [m for m in measurements if m["metric"] == spec["metric"]]
    rows = [m for m in rows if not spec["target"] or m.get("target") == spec["target"]]
    arm = [m for m in rows if m["arm"] == spec["arm"]]
    control = [m for m in rows if m["arm"] == spec["control"]]
    if not arm or (spec["control"] and not control):
        why = "the gate needs measurements of the untuned and of the random model"
        return Gate(False, why, {}, (GateOutcome.NOT_MEASURED,))
    return (_by_distance if spec["languages"] == "by distance" else _all)(arm, control, spec)


def _bounded(measurements: Rows, spec: GateRule) -> Gate:
    """Require that the arm's mean over seeds keeps the bounds that its author set; `at_least` and `at_most` count."""
    if spec.get("at_least") is None and spec.get("at_most") is None:
        return Gate(True, "no sanity check was set", {}, (GateOutcome.NOT_JUDGED,))
    values = [m["value"] for m in measurements if m["arm"] == spec["arm"] and m["metric"] == spec["metric"]]
    name = f"“{spec['arm']}” by {spec['metric']}"
    if not values:
        return Gate(False, f"the sanity check needs {name}", {}, (GateOutcome.NOT_MEASURED,))
    mean, least, most = fmean(values), spec.get("at_least"), spec.get("at_most")
    bounds = " and ".join(
        f"{word} {bound:g}" for word, bound in (("at least", least), ("at most", most)) if bound is not None
    )
    numbers = {"mean": mean, "at_least": least, "at_most": most}
    if (least is not None and mean < least) or (most is not None and mean > most):
        return Gate(False, f"{name} has a mean of {mean:.4g}, not {bounds}", numbers, (GateOutcome.OUT_OF_BOUNDS,))
    return Gate(True, f"{name} has a mean of {mean:.4g}, {bounds} as it has to be", numbers, (GateOutcome.PASSED,))


def _all(arm: Rows, control: Rows, spec: GateRule) -> Gate:
    """Require every seed, averaged over languages, to be `times_chance` times chance and above every random model."""
    seeds = sorted({m["seed"] for m in arm})
    means = [fmean(m["value"] for m in arm if m["seed"] == seed) for seed in seeds]
    random = max(
        (fmean(m["value"] for m in control if m["seed"] == s) for s in {m["seed"] for m in control}), default=0
    )
    chance = 100 * fmean(1 / m["n"] for m in arm)
    languages = len({m["language"] for m in arm})
    numbers = {"chance": chance, "means": means, "random_maximum": random, "languages": languages}
    name, over = f"“{spec['arm']}”", f"by {spec['metric']}, averaged over {languages} languages, "
    failures: dict[GateOutcome, str] = {}
    if min(means) < spec["times_chance"] * chance:
        failures[GateOutcome.NEAR_CHANCE] = (
            f"in its worst seed {name} reaches {min(means):.1f} %, under {spec['times_chance']:g} times chance "
            f"({chance:.2f} %)"
        )
    if control and min(means) <= random:
        failures[GateOutcome.LIKE_RANDOM] = (
            f"the {min(means):.1f} % of {name} are no better than the {random:.1f} % of a model that was never trained"
        )
    if failures:
        return Gate(False, NOTHING + over + "; ".join(failures.values()), numbers, tuple(failures))
    beside = f", a random model {random:.1f} % at most" if control else ""
    reached = f"{name} reaches {min(means):.1f} % or more in every seed{beside} (chance {chance:.2f} %)"
    return Gate(True, over + reached, numbers, (GateOutcome.PASSED,))


def _by_distance(arm: Rows, control: Rows, spec: GateRule) -> Gate:
    """Require three conditions.

    1. In the language nearest to English every seed is at least `times_chance` times chance, and above every seed of
       the random model.
    2. The ranges over seeds of the nearest and of the farthest language do not overlap.
    3. Accuracy falls with distance: the mean over the nearer half of the distances is above that of the farther half.
    """
    distances = sorted({m["distance"] for m in arm if m["distance"] is not None})
    if len(distances) < 2:
        return Gate(False, "the gate needs languages at two distances or more", {}, (GateOutcome.ONE_DISTANCE,))
    near = [m for m in arm if m["distance"] == distances[0]]
    beyond = [m for m in arm if m["distance"] == distances[-1]]
    far = [m["value"] for m in beyond]
    chance = 100 * fmean(1 / m["n"] for m in near)
    means = {d: fmean(m["value"] for m in arm if m["distance"] == d) for d in distances}
    half = len(distances) // 2
    low = min(m["value"] for m in near)
    random = max((m["value"] for m in control if m["distance"] == distances[0]), default=0.0)
    numbers = {
        "chance": chance,
        "near": sorted(m["value"] for m in near),
        "far": sorted(far),
        "random_near_maximum": random,
        "mean_by_distance": [[d, means[d]] for d in distances],
    }
    name, nearest, farthest = f"“{spec['arm']}”", _languages(near, "nearest"), _languages(beyond, "farthest")
    failures: dict[GateOutcome, str] = {}
    if low < spec["times_chance"] * chance:
        bar = f"{spec['times_chance']:g} times chance ({chance:.2f} %)"
        failures[GateOutcome.NEAR_CHANCE] = f"in {nearest} {name} reaches {low:.1f} % in its worst seed, under {bar}"
    if control and low <= random:
        failures[GateOutcome.LIKE_RANDOM] = (
            f"in {nearest} the {low:.1f} % of {name} are no better than the {random:.1f} % of a model that was never "
            f"trained"
        )
    if low <= max(far):
        ends = f"the seeds of {nearest} ({low:.1f} % or more) and of {farthest} ({max(far):.1f} %)"
        failures[GateOutcome.SEEDS_OVERLAP] = f"{ends} overlap"
    if fmean(list(means.values())[:half]) <= fmean(list(means.values())[-half:]):
        failures[GateOutcome.NO_FALL] = "accuracy does not fall with distance"
    by = f"by {spec['metric']}, "
    if failures:
        return Gate(False, NOTHING + by + "; ".join(failures.values()), numbers, tuple(failures))
    beside = f", a random model {random:.1f} % at most" if control else ""
    reached = f"in {nearest} {name} reaches {low:.1f} % or more in every seed{beside} (chance {chance:.2f} %)"
    whole = f"{by}{reached}; in {farthest} {name} reaches {max(far):.1f} % at most"
    return Gate(True, whole, numbers, (GateOutcome.PASSED,))


def _languages(rows: Rows, which: str) -> str:
    """Return "the nearest language", or "each of the 2 farthest languages" where several are equally far."""
    number = len({m["language"] for m in rows})
    return f"the {which} language" if number == 1 else f"each of the {number} {which} languages"
