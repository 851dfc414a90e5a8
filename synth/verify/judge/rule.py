"""The decision rule: fixed and hashed before a run, and applied to seeds as they come. Pure.

The same functions judge one test (numbers) and thousands (arrays): `assess` says what seeds so far mean, `goes_on`
whether another is worth its cost, `walk` takes both from look to look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from math import sqrt
from typing import TYPE_CHECKING

from synth.core.mark import EQUIVALENT
from synth.verify.judge import decision, equivalence, sequential
from synth.verify.judge.decision import BEST, DOWNWARD, NEITHER, UPWARD, Case, Decision
from synth.verify.judge.equivalence import Closeness
from synth.verify.statistics.estimates import Comparison, mean_and_sd, t_quantile
from synth.verify.statistics.replication import REPEATED, Unit
from synth.verify.stored import restored

if TYPE_CHECKING:
    from synth.core.arrays import BoolArray, FloatArray, Floats, IntArray


@dataclass(frozen=True)
class Rule:
    """Decision rule as stored before the run. `sesoi` in `unit`; `alpha` two-sided; `direction` of the statistic.

    `statistic`, `covariate`, `languages`, `repeats`, `baseline_metric`: as in `statistics.estimates.Comparison`.
    `direction_only`: why the claimed value is not comparable with the measured one
    (`linking.candidates.direction_only`), "" where it is. `rounding`: half a unit of the claimed value's last
    printed digit; `spread`: within how many standard deviations between seeds a single published run lies
    (`judge.equivalence`). `looks`: ((seeds, level), …), where seeds are added until the verdict is decided
    (`judge.sequential`); () for a fixed number. `predictions`: how many predictions of the claim share the
    error (`judge.holm`); `alpha` is what is left of it for this one. `published_baseline`: the published score
    of the baseline arm, against which it is checked at `paper`. `futile`: the chance of a decision below which no
    further seed is asked for. `unit_of_replication`: what is drawn at random, and so what the interval is over
    (`statistics.replication.Unit`). `may_fail`: how many seeds may have no measurement before there is no verdict.
    `arms_differ`: of a program that nobody here knows, arms with the very same numbers carry no verdict.
    """

    treatment: str
    baseline: str
    metric: str
    control_metric: str
    direction: str
    value: float | None
    sesoi: float
    alpha: float
    minimum_seeds: int
    unit: str = "points"
    statistic: str = "mean"
    covariate: str = "distance"
    languages: tuple[str, ...] = ()
    repeats: tuple[tuple[int, ...], ...] = ()
    direction_only: str = ""
    baseline_metric: str = ""
    rounding: float = 0.0
    spread: float = equivalence.ONE_RUN
    looks: tuple[tuple[int, float], ...] = ()
    predictions: int = 1
    rivals: tuple[str, ...] = ()
    published_baseline: float | None = None
    futile: float = sequential.FUTILE
    unit_of_replication: str = Unit.SEEDS
    may_fail: int = 0
    arms_differ: bool = False

    @classmethod
    def of(cls, stored: Mapping[str, object]) -> Rule:
        """Read a rule as it was registered. ValueError for one that another version of synth registered."""
        if set(stored) != {field.name for field in fields(cls)}:
            raise ValueError("its rule was registered by another version of synth")
        return restored(cls, stored)

    @property
    def repeated(self) -> bool:
        """Return True if one number a replicate is judged: replicates are training seeds or models."""
        return self.unit_of_replication in REPEATED

    @property
    def comparison(self) -> Comparison:
        return Comparison(
            self.treatment,
            self.baseline,
            self.statistic,
            self.covariate,
            self.languages,
            self.repeats,
            self.baseline_metric,
        )

    @property
    def kind(self) -> str:
        """The kind of claim that the rule decides: effect, comparison, ranking, correlation, coefficient or count."""
        if self.statistic in ("count", "coefficient"):
            return self.statistic
        if self.direction in BEST:
            return "ranking"
        if self.statistic != "mean":
            return "correlation"
        return "comparison" if self.direction in ("greater", "less", "equal") else "effect"

    @property
    def claimed(self) -> float | None:
        """The claimed value with the sign of the claimed direction; None where there is no magnitude to compare."""
        if self.value is None or self.direction not in UPWARD + DOWNWARD:
            return None
        return abs(self.value) if self.direction in UPWARD else -abs(self.value)

    @property
    def known(self) -> float:
        """Margin by which a magnitude may differ from the claimed one before seeds are thought of."""
        return self.sesoi + self.rounding

    def level(self, seeds: int) -> float:
        """Return α of the interval over so many seeds."""
        if not self.looks:
            return self.alpha
        return next((level for n, level in reversed(self.looks) if n <= seeds), self.looks[0][1])


def step_by_step(rule: Rule, most: int) -> Rule:
    """Add looks to `rule` after its minimum of seeds and after each further one, up to `most`."""
    return replace(rule, looks=sequential.levels(rule.minimum_seeds, most, rule.alpha))


def assess(
    mean: Floats, sd: Floats, n: int, rule: Rule, sized: bool, level: float | None = None
) -> tuple[IntArray, IntArray]:
    """Return the Case, and the Closeness of the magnitude, over `n` ≥ 2 seeds, arrays of the shape of `mean`.

    `sized`: a magnitude may be spoken of. OPEN also where the claim has none.
    """
    import numpy as np

    level = rule.level(n) if level is None else level
    low, high = limits(mean, sd, n, rule, level)
    cases = decision.cases(mean, low, high, rule.direction, rule.sesoi)
    if not sized or rule.claimed is None:
        return cases, np.zeros(np.shape(cases), dtype=int)
    return cases, equivalence.closeness(mean, sd, n, rule.claimed, rule.known, level / 2, rule.spread)


def limits(mean: Floats, sd: Floats, n: int, rule: Rule, level: float) -> tuple[FloatArray, FloatArray]:
    """Return the ends of Student's t interval at level 1 − `level`; those of a correlation are cut at ±1."""
    import numpy as np

    middle = np.asarray(mean, dtype=float)
    half = t_quantile(1 - level / 2, n - 1) * np.asarray(sd, dtype=float) / sqrt(n)
    low, high = middle - half, middle + half
    return (np.maximum(low, -1.0), np.minimum(high, 1.0)) if rule.statistic == "correlation" else (low, high)


def settled(cases: IntArray | Case, sizes: IntArray | Closeness, rule: Rule, sized: bool) -> BoolArray:
    """Return True if nothing is left to be decided: neither the direction, nor the size where the direction holds."""
    import numpy as np

    decided = np.isin(cases, decision.deciding(sized))
    if not sized or rule.claimed is None:
        return decided
    against = np.isin(cases, decision.deciding(sized, Decision.CONTRADICTED))
    return decided & (against | (np.asarray(sizes) != Closeness.OPEN))


def goes_on(mean: Floats, sd: Floats, n: int, rule: Rule, sized: bool) -> BoolArray:
    """Return True if another seed is asked for after `n`: nothing is settled, seeds are left, and there is hope."""
    import numpy as np

    last = rule.looks[-1][0] if rule.looks else n
    done = settled(*assess(mean, sd, n, rule, sized), rule, sized)
    if n >= last:
        return np.zeros(np.shape(done), dtype=bool)

    def would(means: FloatArray, sds: FloatArray) -> BoolArray:
        return settled(*assess(means, sds, last, rule, sized), rule, sized)

    return ~done & (sequential.chance(mean, sd, n, last, would) >= rule.futile)


def walk(values: Floats, rule: Rule, sized: bool) -> tuple[IntArray, IntArray, IntArray]:
    """Return Case, Closeness and seeds used of each experiment. `values`: (experiments, seeds), one number a seed."""
    import numpy as np

    table = np.asarray(values, dtype=float)
    going = np.ones(len(table), dtype=bool)
    cases, sizes, used = (np.zeros(len(table), dtype=int) for _ in range(3))
    for n in [n for n, _ in rule.looks] or [table.shape[1]]:
        mean, sd = mean_and_sd(table[going, :n])
        cases[going], sizes[going] = assess(mean, sd, n, rule, sized)
        used[going] = n
        going[going] = goes_on(mean, sd, n, rule, sized)
        if not going.any():
            break
    return cases, sizes, used


def words(case: Case, size: Closeness, rule: Rule, sized: bool) -> str:
    """Return the vocabulary's word.

    `sized`: a magnitude may be spoken of (unaltered `paper` fidelity, same task and unit).
    """
    decided = case.decision(sized)
    if decided == Decision.INCONCLUSIVE:
        return "inconclusive"
    if decided == Decision.EQUIVALENT:
        return EQUIVALENT
    if not sized:
        return f"direction {decided}"
    if decided == Decision.CONTRADICTED:
        return "not reproduced"
    if rule.claimed is None or rule.direction in NEITHER:
        return "reproduced"
    return "reproduced" if size is Closeness.SAME else "partially reproduced"


def seeds_of(looks: Sequence[tuple[int, float]]) -> list[int]:
    return [n for n, _ in looks]
