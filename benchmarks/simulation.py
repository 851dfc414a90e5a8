"""Error rates of the judge: experiments with planted truth, judged by the very functions that `synth verify` uses.

    python -m benchmarks.simulation [--experiments N] [--seed N] [--only TABLE] [--write]

Prints Markdown tables; `--write` puts them into docs/verdicts.md between their marks. With the defaults (2,000
experiments a cell) it takes a few minutes on one core. `--only replication`: the table of the units of replication and
of the rules of others alone.
"""

from __future__ import annotations

import argparse
import itertools
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks import replication
from synth.verify.judge import decision, ranking
from synth.verify.judge.decision import Case
from synth.verify.judge.equivalence import Closeness
from synth.verify.judge.ranking import RankCase
from synth.verify.judge.rule import Rule, assess, step_by_step, walk
from synth.verify.judge.verdict import agrees
from synth.verify.statistics import bootstrap, correlation

PAGE = Path(__file__).parents[1] / "docs" / "verdicts.md"
SEED = 20_130_013
EFFECTS = (-2.0, 0.0, 0.5, 1.0, 2.0, 5.0, 10.0)  # points; the SESOI is 1
SPREADS = (0.3, 1.0, 3.0)  # standard deviation between seeds, points
SEEDS = (3, 5, 10)
LANGUAGES = (5, 11, 36)
RESIDUAL = 2.0  # standard deviation of a language within a seed, points
RULE = Rule("treatment", "baseline", "accuracy", "", "increase", None, sesoi=1.0, alpha=0.05, minimum_seeds=3)
DRAWS = 400  # of a bootstrap; the judge takes 10,000

Generator = np.random.Generator
Table = list[list[str]]
Rates = dict[float, tuple[float, float]]  # by effect: shares of `reproduced` and `not reproduced`
# (sd, seeds, languages), rates with all seeds, the same with looks, and seeds that were looked at by effect.
Cell = tuple[tuple[float, int, int], Rates, Rates, dict[float, float]]


def per_seed(
    make: Generator, effect: float, spread: float, seeds: int, languages: int, count: int, shape: str
) -> np.ndarray:
    """Draw (count, seeds): the mean difference over languages, whose effects differ around `effect`."""
    noise = {
        "normal": lambda: make.standard_normal((count, seeds)),
        "heavy tails": lambda: make.standard_t(3, (count, seeds)) / np.sqrt(3),
        "failing seeds": lambda: _failing(make, (count, seeds)),
    }[shape]()
    within = make.standard_normal((count, seeds, languages)).mean(axis=2) * RESIDUAL
    return effect + spread * noise + within


def _failing(make: Generator, shape: tuple[int, int]) -> np.ndarray:
    """Draw noise in which one seed in ten falls three standard deviations further; mean 0 and variance 1."""
    fallen = make.standard_normal(shape) - 3.0 * (make.random(shape) < 0.1) + 0.3
    return fallen / np.sqrt(1 + 9 * 0.1 * 0.9)


FOR, AGAINST = (decision.deciding(True, side) for side in (decision.Decision.SUPPORTED, decision.Decision.CONTRADICTED))


def rates(cases: np.ndarray) -> tuple[float, float]:
    """Return shares of `reproduced` and `not reproduced`."""
    return float(np.isin(cases, FOR).mean()), float(np.isin(cases, AGAINST).mean())


def directions(
    make: Generator, count: int, shape: str = "normal", spreads: Sequence[float] = SPREADS
) -> Iterator[Cell]:
    """Yield (sd, seeds, languages), by effect (reproduced, not reproduced), the same with looks, and its seeds."""
    for spread, seeds, languages in itertools.product(spreads, SEEDS, LANGUAGES):
        fixed: Rates = {}
        looked: Rates = {}
        used: dict[float, float] = {}
        for effect in EFFECTS:
            values = per_seed(make, effect, spread, seeds, languages, count, shape)
            fixed[effect] = rates(walk(values, RULE, sized=True)[0])
            if seeds > RULE.minimum_seeds:
                cases, _, taken = walk(values, step_by_step(RULE, seeds), sized=True)
                looked[effect], used[effect] = rates(cases), float(taken.mean())
        yield (spread, seeds, languages), fixed, looked, used


def row(key: tuple[float, int, int], result: Mapping[float, tuple[float, float]]) -> list[str]:
    wrong = max(result[e][0] for e in EFFECTS if e <= 0), max(result[e][1] for e in EFFECTS if e >= RULE.sesoi)
    right = [result[e][0] for e in EFFECTS if e >= RULE.sesoi] + [result[e][1] for e in EFFECTS if e <= 0]
    grey = [result[0.5][0], result[0.5][1]]
    return [*(f"{x:g}" for x in key), *map(percent, wrong), *map(percent, right), " / ".join(map(percent, grey))]


HEAD = [
    "sd",
    "seeds",
    "languages",
    "false reproduced",
    "false not reproduced",
    *(f"reproduced at {e:+g}" for e in EFFECTS if e >= 1),
    *(f"not reproduced at {e:+g}" for e in EFFECTS if e <= 0),
    "at +0.5: reproduced / not",
]


def percent(share: float) -> str:
    return f"{100 * share:.1f}"


def savings(make: Generator, count: int, most: int) -> Table:
    """Compare seeds taken one at a time with the fixed number that decides as many claims rightly, over cells."""
    cells: dict[tuple[float, float, int], tuple[float, float, list[float]]] = {}
    numbers = range(2, most + 6)
    rule = step_by_step(RULE, most)
    for effect, spread, languages in itertools.product([e for e in EFFECTS if e != 0.5], SPREADS, LANGUAGES):
        values = per_seed(make, effect, spread, max(numbers), languages, count, "normal")
        right = 0 if effect >= RULE.sesoi else 1
        cases, _, taken = walk(values[:, :most], rule, sized=True)
        curve = [rates(walk(values[:, :n], RULE, sized=True)[0])[right] for n in numbers]
        cells[effect, spread, languages] = rates(cases)[right], float(taken.mean()), curve
    groups = {f"sd {spread:g}": [cell for key, cell in cells.items() if key[1] == spread] for spread in SPREADS}
    groups |= {f"effect {effect:+g}": [c for key, c in cells.items() if key[0] == effect] for effect in EFFECTS[3:]}
    groups |= {"effect +0": [c for key, c in cells.items() if key[0] == 0]}
    groups |= {"effect -2": [c for key, c in cells.items() if key[0] == -2]}
    groups |= {"all": list(cells.values()), "all but +1": [c for key, c in cells.items() if key[0] != 1]}
    return [[f"up to {most}", *_saved(name, results, numbers)] for name, results in groups.items()]


def _saved(name: str, cells: list, numbers: range) -> list[str]:
    power, taken = (float(np.mean([cell[i] for cell in cells])) for i in (0, 1))
    curve = np.mean([cell[2] for cell in cells], axis=0)
    needed = float(np.interp(power, curve, list(numbers)))
    more = "> " if power > curve.max() else ""  # no fixed number that was tried is as good
    return [name, percent(power), f"{taken:.1f}", f"{more}{needed:.1f}", f"{more}{percent(1 - taken / needed)}"]


def magnitudes(make: Generator, count: int) -> Table:
    """Judge a claimed number that is true (one published run, rounded), and one at the bound."""
    rows = []
    for effect, spread, seeds, looks in itertools.product((2.0, 5.0, 10.0), SPREADS, SEEDS, (False, True)):
        if looks and seeds == RULE.minimum_seeds:
            continue
        values = per_seed(make, effect, spread, seeds, 11, count, "normal")
        sd = float(np.sqrt(spread**2 + RESIDUAL**2 / 11))
        rule = replace(RULE, rounding=0.05)
        rule = step_by_step(rule, seeds) if looks else rule
        counts = np.zeros(3)
        claims = np.round(effect + sd * make.standard_normal(count), 1)
        for claim in np.unique(np.abs(claims)):  # one rule a claimed number
            cases, sizes, _ = walk(values[np.abs(claims) == claim], replace(rule, value=float(claim)), sized=True)
            up = np.isin(cases, FOR)
            down = np.isin(cases, AGAINST)
            counts += np.sum(up & (sizes == Closeness.SAME)), np.sum(up & (sizes != Closeness.SAME)), np.sum(down)
        bound = replace(rule, value=effect + rule.known + rule.spread * sd)
        cases, sizes, _ = walk(values, bound, sized=True)
        wrong = float((np.isin(cases, FOR) & (sizes == Closeness.SAME)).mean())
        how = f"up to {seeds}" if looks else f"{seeds}"
        rows.append([f"{effect:+g}", f"{spread:g}", how, *map(percent, counts / count), percent(wrong)])
    return rows


def correlations(make: Generator, count: int) -> Table:
    """Judge rank correlations over languages of families that share most of what they are, over seeds and families."""
    rows = []
    rule = replace(RULE, statistic="correlation", unit="ρ", sesoi=0.2, direction="positive")
    for strength, (languages, groups) in itertools.product((0.0, 0.5, 0.8), ((11, 11), (11, 5), (36, 36), (36, 12))):
        counts, seeds_alone = np.zeros(2), np.zeros(2)
        family = np.arange(languages) % groups
        names = [str(x) for x in family]
        for _ in range(count):
            x, error = (_related(make, family, groups) for _ in range(2))
            y = strength * x + np.sqrt(1 - strength**2) * error
            ys = y[None, :] + 0.3 * make.standard_normal((3, languages))
            values = np.array([np.corrcoef(_ranks(x), _ranks(other))[0, 1] for other in ys])
            moments = values.mean(), values.std(ddof=1)
            case = Case(int(assess(*moments, 3, rule, sized=True)[0]))
            over = correlation.interval(tuple(x), ys.mean(axis=0), names, rule.alpha, DRAWS)
            seeds_alone += case in FOR, case in AGAINST
            if over and agrees(over, case, rule.direction, rule.sesoi):
                counts += case in FOR, case in AGAINST
        shares = map(percent, [*counts / count, *seeds_alone / count])
        rows.append([f"{strength:g}", str(languages), str(groups), *shares])
    return rows


def _related(make: Generator, family: np.ndarray, groups: int) -> np.ndarray:
    """Draw a standard normal number a language, of which families share half the variance (none if single)."""
    return (make.standard_normal(groups)[family] + make.standard_normal(len(family))) / np.sqrt(2)


def _ranks(values: np.ndarray) -> np.ndarray:
    return np.argsort(np.argsort(values)).astype(float)


def rankings(make: Generator, count: int) -> Table:
    """Judge "best" of arms that are all equal, and of one that is ahead."""
    rows = []
    for rivals, seeds, ahead in itertools.product((3, 9), SEEDS, (-2.0, 0.0, 2.0, 5.0)):
        arms = make.standard_normal((count, rivals + 1, seeds))
        leads = arms[:, :1] + ahead - arms[:, 1:]
        cases = ranking.cases(leads, RULE.alpha)
        shares = percent((cases == RankCase.LEADS).mean()), percent((cases == RankCase.BEHIND).mean())
        rows.append([str(rivals), str(seeds), f"{ahead:+g}", *shares])
    return rows


def coverage(make: Generator, count: int) -> Table:
    """Measure how often the interval for other languages holds the mean of all of them."""
    rows = []
    for (languages, groups), seeds in itertools.product(((5, 5), (11, 11), (11, 5), (36, 36), (36, 12)), (3, 10)):
        family = np.arange(languages) % groups
        names = [str(x) for x in family]
        inside, wide = 0, 0.0
        for _ in range(count):
            own = 3 * _related(make, family, groups)
            values = own[:, None] + make.standard_normal(seeds) + RESIDUAL * make.standard_normal((languages, seeds))
            ends = bootstrap.interval(values, names, 0.05, draws=DRAWS)
            assert ends is not None  # there is more than one family
            low, high = ends
            inside += low <= 0 <= high
            wide += high - low
        rows.append([str(languages), str(groups), str(seeds), percent(inside / count), f"{wide / count:.1f}"])
    return rows


def markdown(head: list[str], rows: Table) -> str:
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, ["---"] * len(head), *rows])


def report(experiments: int, seed: int) -> str:
    begin = time.process_time()
    streams = iter(np.random.SeedSequence(seed).spawn(12))
    make = lambda: np.random.Generator(np.random.PCG64(next(streams)))  # noqa: E731 (each part has its own numbers)
    parts, results = [], list(directions(make(), experiments))
    parts.append(f"Seed {seed}, {experiments:,} experiments a cell. All rates in percent.")
    parts.append("**A fixed number of seeds.**\n\n" + markdown(HEAD, [row(k, fixed) for k, fixed, _, _ in results]))
    looked = [[*row(k, looks), f"{np.mean(list(used.values())):.1f}"] for k, _, looks, used in results if looks]
    head = [HEAD[0], "seeds up to", *HEAD[2:], "seeds taken"]
    parts.append("**Seeds one at a time.**\n\n" + markdown(head, looked))
    saving = ["seeds", "cells", "decided rightly", "seeds taken, mean", "fixed number as good", "saved"]
    saved, at = [*savings(make(), experiments, 10), *savings(make(), experiments, 15)], len(parts)
    head = ["effect", "sd", "seeds", "reproduced", "partially", "not reproduced", "at the bound: reproduced"]
    parts.append("**Claimed numbers**, 11 languages.\n\n" + markdown(head, magnitudes(make(), experiments)))
    tails = []
    for shape in ("heavy tails", "failing seeds"):
        tails += [[shape, *row(k, f)] for k, f, _, _ in directions(make(), experiments, shape, (3.0,)) if k[2] == 11]
    parts.append("**Seeds that are not normal.**\n\n" + markdown(["noise", *HEAD], tails))
    head = ["ρ", "languages", "families", "reproduced", "not reproduced", "by seeds alone: reproduced", "not"]
    parts.append("**Correlations**, 3 seeds.\n\n" + markdown(head, correlations(make(), experiments)))
    head = ["rivals", "seeds", "ahead by (sd 1)", "reproduced", "not reproduced"]
    parts.append("**Best of several.**\n\n" + markdown(head, rankings(make(), experiments)))
    head = ["languages", "families", "seeds", "holds the truth", "width"]
    parts.append("**The interval for other languages** (95 %).\n\n" + markdown(head, coverage(make(), experiments)))
    # Drawn last, so that this table's numbers disturb no other's.
    saved += [row for most in (12, 13) for row in savings(make(), experiments, most) if row[1].startswith("all")]
    saved.sort(key=lambda row: int(row[0].split()[-1]))
    parts.insert(at, "**What looking saves.**\n\n" + markdown(saving, saved))
    parts.append(f"Processor time: {time.process_time() - begin:.0f} s.")
    return "\n\n".join(parts)


def units(experiments: int, seed: int) -> str:
    """Return the table of `benchmarks.replication`."""
    begin = time.process_time()
    make = np.random.Generator(np.random.PCG64(seed + 1))
    table = markdown(replication.HEAD, replication.rows(make, experiments))
    caption = f"Seed {seed}, {experiments:,} experiments a cell. All rates in percent."
    return f"{caption}\n\n{table}\n\nProcessor time: {time.process_time() - begin:.0f} s."


TABLES = {"simulation": report, "replication": units}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--experiments", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", choices=TABLES)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/verdicts.md")
    options = parser.parse_args()
    for name, table in TABLES.items():
        if options.only in (None, name):
            text = table(options.experiments, options.seed)
            print(text)
            if options.write:
                _write(name, text)


def _write(name: str, text: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    marked = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
    page, replaced = re.subn(marked, lambda m: f"{m[1]}{text}\n{m[2]}", page, flags=re.DOTALL)
    assert replaced == 1, f"{PAGE.name} has no place for the tables"
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
