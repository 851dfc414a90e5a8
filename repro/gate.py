"""Did the rung measure anything? Judged on the untuned model alone, before any arm is compared with another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any


@dataclass(frozen=True)
class Gate:
    passed: bool
    reason: str
    numbers: Mapping[str, Any]


def judge(measurements: Sequence[Mapping[str, Any]], spec: Mapping[str, Any]) -> Gate:
    """Three conditions on `spec["metric"]` of `spec["arm"]`, retrieval accuracy in percent per language and seed.

    1. In the language nearest to English every seed is at least `times_chance` times chance (1/n), and above every seed
       of `spec["control"]`, the random model, which shows what matching tokens alone can do.
    2. The ranges over seeds of the nearest and of the farthest language do not overlap.
    3. Accuracy falls with distance: the mean over the nearer half of the distances is above that of the farther half.
    """
    rows = [m for m in measurements if m["metric"] == spec["metric"]]
    arm = [m for m in rows if m["arm"] == spec["arm"]]
    control = [m for m in rows if m["arm"] == spec["control"]]
    distances = sorted({m["distance"] for m in arm})
    if len(distances) < 2 or not control:
        return Gate(False, "the gate needs languages at two distances or more and the random model", {})
    near = [m for m in arm if m["distance"] == distances[0]]
    far = [m["value"] for m in arm if m["distance"] == distances[-1]]
    chance = 100 * fmean(1 / m["n"] for m in near)
    means = {d: fmean(m["value"] for m in arm if m["distance"] == d) for d in distances}
    half = len(distances) // 2
    low = min(m["value"] for m in near)
    random = max(m["value"] for m in control if m["distance"] == distances[0])
    numbers = {
        "chance": chance,
        "near": sorted(m["value"] for m in near),
        "far": sorted(far),
        "random_near_maximum": random,
        "mean_by_distance": [[d, means[d]] for d in distances],
    }
    failures = []
    if low < spec["times_chance"] * chance:
        bar = f"{spec['times_chance']:g} times chance ({chance:.2f} %)"
        failures.append(f"the nearest language's {low:.1f} % is under {bar}")
    if low <= random:
        failures.append(f"its {low:.1f} % is no better than the {random:.1f} % of a model that was never trained")
    if low <= max(far):
        failures.append(f"the seeds of the nearest ({low:.1f} %) and the farthest language ({max(far):.1f} %) overlap")
    if fmean(list(means.values())[:half]) <= fmean(list(means.values())[-half:]):
        failures.append("accuracy does not fall with distance")
    if failures:
        return Gate(False, "the rung measured nothing: " + "; ".join(failures), numbers)
    return Gate(
        True,
        f"untuned, nearest language {low:.1f} % or more (chance {chance:.2f} %, random model {random:.1f} % at most), "
        f"farthest {max(far):.1f} % at most",
        numbers,
    )
