"""How long the light commands take, beside bare Python and beside loading the libraries that they avoid.

python -m tests.benchmarks.startup
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 7


def median_seconds(command: list[str], environment: dict[str, str]) -> float:
    """Median wall time of RUNS runs after one that warms the file cache."""
    times = []
    for _ in range(RUNS + 1):
        begin = time.perf_counter()
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        times.append(time.perf_counter() - begin)
    return statistics.median(times[1:])


def main() -> None:
    from synth.store.database import migrate

    with tempfile.TemporaryDirectory() as home:
        migrate(Path(home) / "db" / "synth.db")
        environment = os.environ | {"SYNTH_HOME": home}
        synth = [sys.executable, "-m", "synth"]
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "synth --help": [*synth, "--help"],
            "synth claims --json": [*synth, "claims", "--json"],
            "import sqlmodel": [sys.executable, "-c", "import sqlmodel"],
            "import torch, transformers": [sys.executable, "-c", "import torch, transformers"],
        }
        bare = median_seconds(commands["python -c pass"], environment)
        print(f"| command | median of {RUNS}, s | × bare Python |\n|---|---|---|")
        for name, command in commands.items():
            seconds = median_seconds(command, environment)
            print(f"| `{name}` | {seconds:.2f} | {seconds / bare:.1f} |")


if __name__ == "__main__":
    main()
