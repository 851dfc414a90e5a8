"""Seconds that the judge adds to each seed of a command, beside the bare command in the same minute.

    python -m benchmarks.overhead [SEEDS]

Runs the same program once a seed and arm by itself, then through `synth verify` with one process, then verifies again
with everything in the store.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.verdict_errors import DEFINITION, PROGRAM
from synth.core.settings import Settings
from synth.core.workspace import Workspace
from synth.verify.request import Request
from synth.verify.run import verify


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("seeds", type=int, nargs="?", default=20)
    seeds = parser.parse_args().seeds
    with tempfile.TemporaryDirectory(prefix="synth-overhead-") as folder:
        workspace = Workspace(Path(folder))
        workspace.experiments.mkdir()
        program = workspace.experiments / "program.py"
        program.write_text(PROGRAM, encoding="utf-8")
        text = DEFINITION.format(effect=1.5, number=1, most=seeds).replace(f"up_to = {seeds}", "")
        (workspace.experiments / "known.toml").write_text(text.replace("seeds = 4", f"seeds = {seeds}"))

        def bare() -> None:
            for seed in range(1, seeds + 1):
                for effect, arm in (("0.0", "plain"), ("1.5", "treated")):
                    command = [sys.executable, "-I", "-S", str(program), effect, str(seed), folder, f"1 {arm}"]
                    subprocess.run(command, check=True)

        def judged() -> None:
            verify(workspace, Settings(jobs=1), Request(experiment="known").test(workspace, online=False))

        alone, whole, again = seconds(bare), seconds(judged), seconds(judged)
    runs = 2 * seeds
    print(f"{runs} commands: {alone:.2f} s bare, {whole:.2f} s judged: {(whole - alone) / runs:.2f} s more each")
    print(f"verified again, all in the store: {again:.2f} s")


def seconds(work: Callable[[], None]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
