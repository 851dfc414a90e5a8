"""`make attack`: every part, in two processes; `--write` puts what came of it into docs/reliability.md."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.attack import answers, jobs, kills, memory, page, pdfs, references, stores
from tests.attack.tally import SHOWN, Tally, attempt

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reliability.md"
Task = tuple[Callable[..., Tally], tuple[Any, ...]]


def parts(folder: Path, scale: float, seed: int, minutes: float) -> dict[str, list[Task]]:
    """Return the tasks of each part, long ones first; `scale` multiplies the numbers of inputs and kills."""

    def times(number: int) -> int:
        return max(1, round(number * scale))

    def shares(number: int, parts: int) -> Iterable[range]:
        return (range(first, times(number), parts) for first in range(min(parts, times(number))))

    ground = folder / "ground"
    kill = -(-times(200) // len(kills.JOBS))
    return {
        "kills": [(kills.of, (ground, name, folder / "kills" / name, kill, seed)) for name in kills.JOBS],
        "disk": [(stores.full_disk, (ground, folder / f"full-{share.start}", share, seed)) for share in shares(50, 2)],
        "pdfs": [(pdfs.reading, (folder / f"read-{share.start}", share, seed)) for share in shares(1000, 4)],
        "searches": [(pdfs.searching, (folder / f"searched-{share.start}", share, seed)) for share in shares(100, 4)],
        "two": [(stores.side_by_side, (ground, folder / "two"))],
        "locked": [(stores.locked, (ground, folder / "locked"))],
        "clock": [(stores.clock_steps, (ground, folder / "clock", times(5), seed))],
        "databases": [(stores.databases, (ground, folder / "databases", seed))],
        "answers": [(answers.feeds, (range(times(800)), seed))],
        "dumps": [(answers.dumps, (folder / "dumps", range(times(200)), seed))],
        "references": [(references.files, (folder / "references", times(500), seed))],
        "memory": [(memory.searches, (folder / "memory", minutes, seed))],
    }


NEEDS_GROUND = {"kills", "disk", "two", "locked", "clock", "databases"}


def main() -> None:
    """Run the parts that were asked for; end with 1 if there was a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=2.0, help="of searches for the memory")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    os.environ["HF_HUB_OFFLINE"] = "1"
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="attack-") as folder:
        chosen = parts(Path(folder), asked.scale, asked.seed, asked.minutes)
        if unknown := set(asked.only) - set(chosen):
            parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(chosen)}")
        chosen = {name: tasks for name, tasks in chosen.items() if not asked.only or name in asked.only}
        if NEEDS_GROUND & set(chosen):
            jobs.prepare(Path(folder, "ground"))
        faults = _run(chosen, asked.workers, _state(asked.scale), asked.write)
    print(f"{time.monotonic() - began:.0f} s by the clock, {asked.workers} processes, {faults} faults")
    sys.exit(faults > 0)


def _run(chosen: dict[str, list[Task]], workers: int, state: str, write: bool) -> int:
    """Run the tasks, write each part when its last task is done, and return the number of faults."""
    faults, waiting, done = 0, {name: len(tasks) for name, tasks in chosen.items()}, defaultdict(list)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running: dict[Future[Tally], str] = {
            pool.submit(attempt, *task): name for name, tasks in chosen.items() for task in tasks
        }
        for future in as_completed(running):
            name, tally = running[future], future.result()
            for fault in tally.faults[:SHOWN]:
                print(f"{tally.part}: {fault}", file=sys.stderr, flush=True)
            faults += len(tally.faults)
            waiting[name] -= 1
            done[name].append(tally)
            if not all(share.part for share in done[name]):
                continue  # a part that broke is not measured
            if not waiting[name] or name == "kills":
                whole = tally if name == "kills" else Tally.merged(done[name])
                print(whole.row(state), flush=True)
                if write:
                    PAGE.write_text(page.updated(PAGE.read_text(encoding="utf-8"), whole, state), encoding="utf-8")
    return faults


def _state(scale: float) -> str:
    """Return of which commit, on which day and at which scale something is measured."""

    def git(*arguments: str) -> str:
        return subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True).stdout

    changed = "+" if git("status", "--porcelain", "--", "synth", "repro", "tests").strip() else ""
    whole = "" if scale == 1 else f", scale {scale:g}"
    return f"{git('rev-parse', '--short', 'HEAD').strip()}{changed}, {datetime.now(UTC):%Y-%m-%d}{whole}"


if __name__ == "__main__":
    main()
