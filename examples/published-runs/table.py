"""Make runs.csv from the curves that the authors published: episode returns after 960,000 frames.

A run that is compared with nothing of the same seed needs no number of its own: the runs of an agent on a task are
counted from 1, and the first RUNS of them are kept, as many as every task has. `published_seed` is the authors' number.

    git clone https://github.com/denisyarats/drq && git clone https://github.com/facebookresearch/drqv2
    python table.py drq/data/dmc_dreamer_bench.csv drqv2/curves/*.csv > runs.csv
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator

FRAMES = 960_000  # the last point below a million frames that the curves of both have
COLUMNS = {"DrQ": ("step", "env"), "DrQ-v2": ("frame", "task")}
RUNS = 8
NAMES = {"ball_in_cup_catch": "cup_catch"}


def rows(file: str) -> Iterator[tuple[str, str, int, str]]:
    with open(file, encoding="utf-8", newline="") as curve:
        for row in csv.DictReader(curve):
            frames, task = COLUMNS[row["agent"]]
            if float(row[frames]) == FRAMES:
                yield row["agent"], NAMES.get(row[task], row[task]), int(row["seed"]), row["episode_reward"]


def main() -> None:
    found = [row for file in sys.argv[1:] for row in rows(file)]
    tasks = {agent: {row[1] for row in found if row[0] == agent} for agent in COLUMNS}
    common = set.intersection(*tasks.values())
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["arm", "task", "seed", "return", "published_seed"])
    for agent in COLUMNS:
        for task in sorted(common):
            runs = sorted((seed, value) for arm, name, seed, value in found if (arm, name) == (agent, task))
            for number, (seed, value) in enumerate(runs[:RUNS], 1):
                table.writerow([agent, task, number, f"{float(value):.2f}", seed])


if __name__ == "__main__":
    main()
