"""Time and memory of importing references: `synth search … --import` of RECORDS abstracts as RIS.

python -m benchmarks.importing acl_anthology_abstracts.jsonl.xz [RECORDS] [--checkout DIR ...] [--runs N]

With several `--checkout` the versions take turns. Seconds of the processor count all processes of the command; memory
is that of its largest process, and of all of them together as sampled ten times a second.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
QUESTION = "Does intermediate-task training in English help zero-shot cross-lingual sentence retrieval?"


class Cost(NamedTuple):
    """Seconds by the clock and of the processor, MB of the largest process and of all together."""

    wall: float
    processor: float
    largest: float
    together: float


def write_ris(dump: Path, records: int, out: Path) -> None:
    with lzma.open(dump, "rt", encoding="utf-8") as lines, out.open("w", encoding="utf-8") as ris:
        for _, line in zip(range(records), lines, strict=False):
            row = json.loads(line)
            ris.write(f"TY  - CPAPER\nTI  - {row['title']}\n")
            ris.writelines(f"AU  - {author}\n" for author in row["authors"])
            ris.write(f"PY  - {row['year']}\nT2  - {row['booktitle']}\nAB  - {row['abstract']}\n")
            ris.write(f"DO  - {row['doi']}\n" if row.get("doi") else "")
            ris.write(f"ID  - {row['id']}\nER  - \n\n")


def measured(command: list[str], environment: dict[str, str]) -> Cost:
    """Run `command` to its end, watching the memory of its processes."""
    import psutil

    begun = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    together, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            try:
                root = psutil.Process(process.pid)
                held = sum(running.memory_info().rss for running in (root, *root.children(recursive=True)))
            except psutil.Error:
                continue
            together[0] = max(together[0], held / 2**20)

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, status, used = os.wait4(process.pid, 0)
    over.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return Cost(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, together[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dump", type=Path)
    parser.add_argument("records", type=int, nargs="?", default=10_000)
    parser.add_argument("--checkout", type=Path, action="append")
    parser.add_argument("--runs", type=int, default=1)
    options = parser.parse_args()
    checkouts = options.checkout or [ROOT]
    costs: list[list[Cost]] = [[] for _ in checkouts]
    print("version, s by the clock, s of the processor, MB of the largest process, MB of all together")
    with tempfile.TemporaryDirectory() as folder:
        write_ris(options.dump, options.records, ris := Path(folder) / "references.ris")
        for run in range(options.runs):
            for checkout, spent in zip(checkouts, costs, strict=True):
                home = Path(folder) / f"{run}-{len(spent)}-{checkout.name}"
                environment = os.environ | {"SYNTH_HOME": str(home), "PYTHONPATH": str(checkout.resolve())}
                command = [sys.executable, "-m", "synth", "search", QUESTION, "--import", str(ris)]
                spent.append(measured(command, environment))
                print(f"{checkout.name}, {', '.join(f'{value:.1f}' for value in spent[-1])}", flush=True)
    if len(checkouts) > 1:
        ratio = statistics.median(a.processor / b.processor for a, b in zip(costs[0], costs[-1], strict=True))
        print(f"{checkouts[0].name} / {checkouts[-1].name}, processor: {ratio:.2f}")


if __name__ == "__main__":
    main()
