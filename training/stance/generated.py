"""Statements about made-up results tables: values, comparisons, ranks, averages, counts, and what a table does not say.

Names of methods and data sets come from SciREX (Jain et al. 2020, Apache-2.0); scores are drawn at random, so that
only the passage can tell whether a statement holds. A table is written out as a table, as rows, or as sentences.
"""

from __future__ import annotations

import json
import lzma
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from synth.core.types import Stance
from training.stance.sets import STANCES, LabelledPair

SUPPORT, CONTRADICT, NEITHER = STANCES
# Metric, its better direction, the range that scores are drawn from.
METRICS = (
    *(("accuracy", 1, (40, 98)), ("F1", 1, (30, 95)), ("BLEU", 1, (8, 45)), ("ROUGE-L", 1, (20, 50))),
    *(("exact match", 1, (30, 90)), ("mAP", 1, (20, 85)), ("WER", -1, (3, 40)), ("perplexity", -1, (15, 120))),
    *(("error rate", -1, (2, 40)), ("AUC", 1, (60, 99)), ("Spearman correlation", 1, (30, 90)), ("MAE", -1, (1, 20))),
)
PLAIN_METHODS = "Ours|Our model|Baseline|Proposed|BERT-base|LSTM|SVM|Random|Transformer|CNN + CRF".split("|")
BETTER = (
    *("outperforms", "is better than", "surpasses", "beats", "improves over", "performs better than"),
    "is superior to",
)
WORSE = ("is worse than", "underperforms", "performs worse than", "lags behind", "is outperformed by", "falls behind")


@dataclass(frozen=True)
class Names:
    """Names to draw from."""

    methods: list[str]
    datasets: list[str]

    def method(self, draw: random.Random) -> str:
        return draw.choice(self.methods if draw.random() < 0.7 else PLAIN_METHODS)


@dataclass(frozen=True)
class ResultTable:
    """Scores (methods × data sets) in one metric; `sign` is 1 where higher is better, else -1."""

    methods: list[str]
    datasets: list[str]
    metric: str
    sign: int
    scores: list[list[float]]
    decimals: int

    def printed(self, value: float) -> str:
        return f"{value:.{self.decimals}f}"

    def better(self, first: float, second: float) -> bool:
        return (first - second) * self.sign > 0


def scirex_names(file: Path) -> Names:
    """Read the names of methods and data sets of SciREX' annotated results."""
    methods: dict[str, None] = {}
    datasets: dict[str, None] = {}
    with lzma.open(file, "rt", encoding="utf-8") as stream:
        for line in stream:
            for result in json.loads(line).get("n_ary_relations", ()):
                methods[" ".join(result["Method"].replace("_", " ").split())] = None
                datasets[" ".join(result["Material"].replace("_", " ").split())] = None
    return Names([m for m in methods if 2 < len(m) < 28], [d for d in datasets if 1 < len(d) < 22])


def generate(names: Names, count: int, seed: int) -> list[LabelledPair]:
    """Make `count` pairs, a third of each stance."""
    draw = random.Random(f"tables {seed}")
    found: dict[Stance, list[LabelledPair]] = {stance: [] for stance in STANCES}
    while min(map(len, found.values())) < count // 3:
        table = _table(names, draw)
        statement = draw.choice(STATEMENTS)(table, names, draw)
        if statement is None or len(found[statement[1]]) >= count // 3:
            continue
        claim, stance = statement
        found[stance].append(LabelledPair(claim, _written(table, draw), stance, str(len(found[stance])), "generated"))
    return [pair for own in found.values() for pair in own]


def _table(names: Names, draw: random.Random) -> ResultTable:
    methods: list[str] = []
    count = draw.randint(2, 5)
    while len(methods) < count:
        if (name := names.method(draw)) not in methods:
            methods.append(name)
    datasets = draw.sample(names.datasets, draw.randint(1, 4))
    metric, sign, (low, high) = draw.choice(METRICS)
    centres = [draw.uniform(low, high) for _ in datasets]
    decimals = draw.choice([1, 1, 2])
    spread = (high - low) * 0.06
    scores = [
        [round(min(high + 2, max(low / 2, centre + draw.gauss(0, spread))), decimals) for centre in centres]
        for _ in methods
    ]
    return ResultTable(methods, datasets, metric, sign, scores, decimals)


# --------------------------------------------------------------------------------------------- statements

Statement = tuple[str, Stance] | None


def _truth(holds: bool) -> Stance:
    return SUPPORT if holds else CONTRADICT


def _value(table: ResultTable, names: Names, draw: random.Random) -> Statement:
    row, column = draw.randrange(len(table.methods)), draw.randrange(len(table.datasets))
    method, data, value = table.methods[row], table.datasets[column], table.scores[row][column]
    holds = draw.random() < 0.5
    if not holds:
        value = value + draw.choice([-1, 1]) * draw.uniform(0.6, 9)
    said = table.printed(value)
    frames = (
        f"{method} achieves {said} {table.metric} on {data}.",
        f"The {table.metric} of {method} on {data} is {said}.",
        f"On {data}, {method} has a {table.metric} of {said}.",
    )
    return draw.choice(frames), _truth(holds)


def _comparison(table: ResultTable, names: Names, draw: random.Random) -> Statement:
    one, other = draw.sample(range(len(table.methods)), 2)
    column = draw.randrange(len(table.datasets))
    first, second = table.scores[one][column], table.scores[other][column]
    if first == second:
        return None
    upwards = draw.random() < 0.5
    holds = upwards == table.better(first, second)
    amount = ""
    if draw.random() < 1 / 3:
        difference = abs(first - second)
        if draw.random() < 0.4:
            difference, holds = difference + draw.choice([-0.5, 0.5, 1.2, 2.1]), False
        if difference <= 0:
            return None
        amount = f" by {table.printed(difference)}" + draw.choice([" points", "", f" points in {table.metric}"])
    said = f"{table.methods[one]} {draw.choice(BETTER if upwards else WORSE)} {table.methods[other]}{amount}"
    data = table.datasets[column]
    frames = (f"{said} on {data}.", f"On {data}, {said}.", f"In terms of {table.metric}, {said} on {data}.")
    return draw.choice(frames), _truth(holds)


def _best(table: ResultTable, names: Names, draw: random.Random) -> Statement:
    column = draw.randrange(len(table.datasets))
    scores = [row[column] * table.sign for row in table.scores]
    top = max(scores)
    holds = draw.random() < 0.5
    places = [i for i, score in enumerate(scores) if (score == top) == holds]
    if not places or scores.count(top) > 1:
        return None
    method, data = table.methods[draw.choice(places)], table.datasets[column]
    frames = (
        f"{method} achieves the best {table.metric} on {data}.",
        f"The best result on {data} is obtained by {method}.",
        f"{method} outperforms all other methods on {data}.",
        f"Among all systems, {method} performs best on {data}.",
    )
    return draw.choice(frames), _truth(holds)


def _everywhere(table: ResultTable, names: Names, draw: random.Random) -> Statement:
    if len(table.datasets) < 2:
        return None
    one, other = draw.sample(range(len(table.methods)), 2)
    count = len(table.datasets)
    wins = sum(table.better(a, b) for a, b in zip(table.scores[one], table.scores[other], strict=True))
    first, second = table.methods[one], table.methods[other]
    if 0 < wins < count and draw.random() < 0.5:
        said = draw.choice([wins, count - wins])
        return f"{first} outperforms {second} on {said} of {count} data sets.", _truth(said == wins)
    frames = (f"{first} outperforms {second} on all data sets.", f"{first} consistently outperforms {second}.")
    return draw.choice(frames), _truth(wins == count)


def _average(table: ResultTable, names: Names, draw: random.Random) -> Statement:
    if len(table.datasets) < 2:
        return None
    one, other = draw.sample(range(len(table.methods)), 2)
    upwards = draw.random() < 0.5
    holds = upwards == table.better(sum(table.scores[one]), sum(table.scores[other]))
    verb = draw.choice(BETTER if upwards else WORSE)
    return f"On average, {table.methods[one]} {verb} {table.methods[other]}.", _truth(holds)


def _not_there(table: ResultTable, names: Names, draw: random.Random) -> Statement:
    """Draw a data set, method, metric, property or reason that the table does not hold."""
    one, other = draw.sample(table.methods, 2)
    column = draw.randrange(len(table.datasets))
    data, score = table.datasets[column], table.printed(table.scores[0][column])
    elsewhere = draw.choice([name for name in names.datasets if name not in table.datasets])
    stranger = draw.choice([name for name in names.methods if name not in table.methods])
    metric = draw.choice([each[0] for each in METRICS if each[0] != table.metric])
    frames = (
        f"{one} {draw.choice(BETTER)} {other} on {elsewhere}.",
        f"{one} achieves {score} {table.metric} on {elsewhere}.",
        f"{stranger} {draw.choice(BETTER + WORSE)} {other} on {data}.",
        f"{stranger} achieves {score} {table.metric} on {data}.",
        f"{one} {draw.choice(BETTER)} {stranger}.",
        f"{one} achieves {score} {metric} on {data}.",
        f"{one} is faster than {other}.",
        f"{one} needs less training data than {other} on {data}.",
        f"{one} has fewer parameters than {other}.",
        f"The difference between {one} and {other} on {data} is statistically significant.",
    )
    return draw.choice(frames), NEITHER


STATEMENTS: tuple[Callable[[ResultTable, Names, random.Random], Statement], ...] = (
    *(_value, _comparison, _comparison, _comparison, _best, _best, _everywhere, _average, _not_there),
)


# ------------------------------------------------------------------------------------------------ passage


def _written(table: ResultTable, draw: random.Random) -> str:
    form = draw.choice([_as_table, _as_table, _as_rows, _as_prose])
    if form is _as_prose and (len(table.methods) > 3 or len(table.datasets) > 2):
        form = _as_rows
    return form(table, draw)


def _cells(table: ResultTable) -> list[list[str]]:
    return [[table.printed(value) for value in row] for row in table.scores]


def _as_table(table: ResultTable, draw: random.Random) -> str:
    captions = (
        f"{table.metric} on {', '.join(table.datasets)}.",
        f"Results ({table.metric}).",
        f"Comparison of methods in {table.metric}.",
        f"{table.metric} of all systems.",
    )
    head = " | ".join([draw.choice(["Model", "Method", "System", ""]), *table.datasets])
    body = [" | ".join([name, *row]) for name, row in zip(table.methods, _cells(table), strict=True)]
    return "\n".join([f"Table: {draw.choice(captions)}", head, *body])


def _as_rows(table: ResultTable, draw: random.Random) -> str:
    rows = [
        f"{name}: {', '.join(f'{data} {score}' for data, score in zip(table.datasets, row, strict=True))}."
        for name, row in zip(table.methods, _cells(table), strict=True)
    ]
    return f"{' '.join(rows)} ({table.metric})"


def _as_prose(table: ResultTable, draw: random.Random) -> str:
    sentences = []
    for name, row in zip(table.methods, _cells(table), strict=True):
        pairs = [f"{score} {table.metric} on {data}" for score, data in zip(row, table.datasets, strict=True)]
        frames = [
            f"{name} achieves {table.metric} of {_listed(row)} on {_listed(table.datasets)}"
            + (", respectively" if len(row) > 1 else ""),
            f"{name} reaches {_listed(pairs)}",
        ]
        sentences.append(draw.choice(frames))
    return ". ".join(sentences) + "."


def _listed(items: Sequence[str]) -> str:
    return " and ".join(items)
