"""Screening with a known truth: work saved at 95 % recall, and whether the estimate of recall holds.

    python -m benchmarks.screening [--topics NAME ...] [--seeds N] [--keep FOLDER] [--head 400]

Needs SYNTH_DATA (the ACL Anthology's metadata). The sets are those of benchmarks/topics.py; each seed draws four
fifths of the records, and the random draws. A simulated person decides by the truth, in the order in which `synth
screen` would show the records (the same code; the model learns less often, see EVERY), until every record is decided.
FOLDER keeps the vectors, of the title and the first so many characters of the abstract (0: all), and what was measured,
so that a second call goes on.

WSS@95 (Cohen et al. 2006): of n records, (n − k)/n − 0.05, where k are decided when 95 % of the relevant ones are
found. `ranked` is the order of the search itself, without learning. An estimate is looked at after every hundred
decisions and held against the recall of that moment; "runs ever missed": the interval missed it at some look.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass
from pathlib import Path

from benchmarks.anthology import DUMP, AnthologyPaper
from benchmarks.topics import TOPICS, Topic, labelled, records
from synth.models.encoder import Encoder
from synth.screening import recall
from synth.screening.learner import Learner
from synth.screening.order import RANDOM_SHARE, next_record
from synth.search.ranking.relevance import Candidate, rank

EACH, EVERY = 50, 20  # the model learns after each of the first decisions, then after so many; in the program always
LOOK = 100  # decisions between two looks at the estimate
KEPT = 0.8  # share of the pool that a seed draws


@dataclass
class Set:
    """A screening set: texts in the search's order, the truth, and a model that can learn it."""

    truth: list[bool]
    learner: Learner


@dataclass(frozen=True)
class Look:
    """The estimate at some moment (share of records decided) beside the recall of that moment."""

    done: float
    true: float
    estimated: float
    low: float
    high: float


# (topic, size, order → (WSS@95, looks), seconds of learning)
Result = tuple[str, str, dict[str, tuple[float, list[Look]]], float]


def make(topic: Topic, rows: Sequence[AnthologyPaper], encoder: Encoder, head: int, seed: int) -> Set:
    """Return the set of a topic and seed, in the order of the search's own ranking."""
    drawn = random.Random(f"{topic.name} {seed}").sample(list(rows), round(KEPT * len(rows)))
    works = labelled(topic, drawn)
    texts = [(title, abstract[:head] if head else abstract) for title, abstract, _ in works]
    candidates = [Candidate(number, title, abstract) for number, (title, abstract) in enumerate(texts)]
    placed = [paper.id for paper in rank(topic.question, candidates, encoder)]
    summaries = [candidates[number].summary for number in placed]
    vectors = encoder.encode([*summaries, topic.question])
    learner = Learner(summaries, vectors[:-1], topic.question, vectors[-1], seed)
    return Set([works[number][2] for number in placed], learner)


def screened(case: Set, order: str, seed: int, share: float) -> Iterator[tuple[int, str]]:
    """Yield (record, how it was drawn) in the order in which a person would see them; `ranked` needs no model."""
    waiting = list(range(len(case.truth)))
    known: dict[int, bool] = {}
    values = {place: -float(place) for place in waiting}
    for done in range(len(waiting)):
        if order in ("relevant", "uncertain") and (done < EACH or done % EVERY == 0):
            values = dict(enumerate(case.learner.chances(known).tolist()))
        shown = "relevant" if order == "ranked" else order
        drawn = next_record(waiting, waiting, shown, lambda values=values: values, (seed, done, ""), share)
        assert drawn is not None
        waiting.remove(drawn.paper)
        known[drawn.paper] = case.truth[drawn.paper]
        yield drawn.paper, drawn.drawn


def run(case: Set, order: str, seed: int, share: float) -> tuple[float, list[Look]]:
    """Return WSS@95, and the looks at the estimate."""
    total, n = sum(case.truth), len(case.truth)
    enough, relevant, draws, looks, saved = math.ceil(0.95 * total), 0, [], [], 0.0
    for done, (place, drawn) in enumerate(screened(case, order, seed, share), 1):
        if drawn == "random":
            draws.append(recall.Draw(n - done + 1, relevant, case.truth[place]))
        relevant += case.truth[place]
        if relevant == enough and not saved:
            saved = (n - done) / n - 0.05
        if done % LOOK == 0 and draws and done < n:
            estimated = recall.estimate(draws, relevant, n - done)
            looks.append(Look(done / n, relevant / total, estimated.recall or 0.0, estimated.low, estimated.high))
    return saved, looks


def learning(case: Set) -> float:
    """Return median seconds of the processor to learn from all decisions, over 10 to 1,000 decisions."""
    times = []
    for count in (10, 30, 100, 300, 1000):
        known = dict(enumerate(case.truth[:count]))
        begun = time.process_time()
        case.learner.chances(known)
        times.append(time.process_time() - begun)
    return statistics.median(times)


def held(look: Look) -> bool:
    return look.low - 1e-9 <= look.true <= look.high + 1e-9


def summary(runs: Sequence[Sequence[Look]]) -> str:
    """Summarise the estimates: looks, coverage, runs ever missed, error, lower end at a quarter and at half."""
    looks = [look for run_looks in runs for look in run_looks]
    errors = [look.estimated - look.true for look in looks]
    late = [error for error, look in zip(errors, looks, strict=True) if look.done > 0.5]
    return (
        f"| {len(looks)} | {sum(map(held, looks)) / len(looks):.1%} | {sum(not all(map(held, r)) for r in runs)} of "
        f"{len(runs)} | {statistics.mean(errors):+.3f} | {statistics.mean(map(abs, errors)):.3f} "
        f"| {statistics.mean(map(abs, late)):.3f} | {_low(looks, 0.25)} | {_low(looks, 0.5)} | {_low(looks, 0.8)} |"
    )


def _low(looks: Sequence[Look], at: float) -> str:
    """Return the mean lower end of the interval beside the true recall, of looks at about `at` of the records."""
    near = [look for look in looks if abs(look.done - at) < 0.05]
    return f"{statistics.mean(k.low for k in near):.2f} / {statistics.mean(k.true for k in near):.2f}"


def job(arguments: tuple[Topic, int, Path, int, float, list[str]]) -> Result:
    """Return (topic, size, order → (WSS@95, looks), seconds of learning) of one topic and seed."""
    topic, seed, folder, head, share, orders = arguments
    file = folder / f"{topic.name}-{seed}-{head}-{share}-{'-'.join(orders)}.json"
    if not file.exists():
        rows = records(Path(os.environ["SYNTH_DATA"]) / DUMP)
        case = make(topic, rows, Encoder(cache=folder / "vectors.db"), head, seed)
        results = {order: run(case, order, seed, share) for order in orders}
        plain = {order: [saved, [astuple(look) for look in looks]] for order, (saved, looks) in results.items()}
        file.write_text(json.dumps([f"{sum(case.truth)} of {len(case.truth)}", plain, learning(case)]))
    size, plain, took = json.loads(file.read_text())
    return topic.name, size, {o: (saved, [Look(*look) for look in looks]) for o, (saved, looks) in plain.items()}, took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--topics", nargs="*", default=[topic.name for topic in TOPICS])
    parser.add_argument("--orders", nargs="*", default=["relevant", "uncertain", "ranked", "random"])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "synth-screening")
    parser.add_argument("--head", type=int, default=400)
    parser.add_argument("--share", type=float, default=RANDOM_SHARE)
    parser.add_argument("--jobs", type=int, default=1)
    arguments = parser.parse_args()
    topics = [topic for topic in TOPICS if topic.name in arguments.topics]
    arguments.keep.mkdir(parents=True, exist_ok=True)
    rest = (arguments.keep, arguments.head, arguments.share, arguments.orders)
    jobs = [(topic, seed, *rest) for topic in topics for seed in range(1, arguments.seeds + 1)]
    with ProcessPoolExecutor(arguments.jobs) as pool:
        show(arguments.orders, list(pool.map(job, jobs)))


def show(orders: Sequence[str], results: Sequence[Result]) -> None:
    """Print both tables."""
    head = ["topic", "relevant of", *orders]
    print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for topic in dict.fromkeys(name for name, *_ in results):
        own = [(size, by_order) for name, size, by_order, _ in results if name == topic]
        saved = [[by_order[order][0] for _, by_order in own] for order in orders]
        cells = [f"{statistics.mean(values):.2f} ({min(values):.2f} to {max(values):.2f})" for values in saved]
        print(f"| {topic} | {' / '.join(dict.fromkeys(size for size, _ in own))} | {' | '.join(cells)} |")
    means = [f"{statistics.mean(by_order[order][0] for *_, by_order, _ in results):.2f}" for order in orders]
    print(f"| mean | | {' | '.join(means)} |\n")
    head = ["order", "looks", "interval holds the truth", "runs ever missed", "mean error", "mean absolute error"]
    head += ["the same, over half decided", *(f"lower end / truth at {at} %" for at in (25, 50, 80))]
    print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for order in orders:
        print(f"| {order} {summary([by_order[order][1] for *_, by_order, _ in results])}")
    print(f"\nLearning: median {1000 * statistics.median(took for *_, took in results):.0f} ms of the processor")


if __name__ == "__main__":
    main()
