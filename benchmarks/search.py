"""From different papers to scored claims: time and memory of the whole command, beside another version of the program.

python -m benchmarks.search FOLDER [FOLDER ...] [--papers 12] [--beside CHECKOUT]

Every PDF of at least MIN_PAGES pages under the folders is a paper; copies of one would be found to be one work.
`--beside` runs the same papers with the package in another checkout, by the same interpreter.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pymupdf

MIN_PAGES = 4  # fewer are a figure
QUESTION = "Does intermediate-task training help cross-lingual sentence retrieval?"


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, seconds of all processors, GB of the largest process, and the last lines of the command."""

    wall: float
    processor: float
    memory: float
    lines: str


def gather(folders: list[str], into: Path, papers: int) -> tuple[int, int]:
    """Copy the first PDFs of the folders; return how many files and pages."""
    pages = files = 0
    for original in sorted(path for folder in folders for path in Path(folder).rglob("*.pdf")):
        with pymupdf.open(original) as document:
            count = document.page_count
        if count >= MIN_PAGES and files < papers:
            shutil.copy(original, into / f"{files:02}.pdf")
            files, pages = files + 1, pages + count
    return files, pages


def run(checkout: Path, papers: str) -> Spent:
    """Search the papers in a fresh workspace with the package in `checkout`."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "synth", "search", QUESTION, "--papers", papers]
        environment = os.environ | {"SYNTH_HOME": home, "PYTHONPATH": str(checkout)}
        before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=True)
        wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    lines = "; ".join(line for line in done.stderr.splitlines() if "claims" in line.lower() or "findings" in line)
    return Spent(wall, processor, after.ru_maxrss / 2**20, lines)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--papers", type=int, default=12)
    parser.add_argument("--beside", type=Path, help="another checkout")
    options = parser.parse_args()
    checkouts = [Path.cwd(), *([options.beside] if options.beside else [])]
    with tempfile.TemporaryDirectory() as papers:
        files, pages = gather(options.folders, Path(papers), options.papers)
        print(f"{files} PDFs, {pages} pages")
        for checkout in checkouts:
            spent = run(checkout, papers)
            print(
                f"{checkout.name}: {spent.wall:.1f} s, {spent.processor:.1f} s of the processor, "
                f"largest process {spent.memory:.2f} GB (of this and those before)\n  {spent.lines}",
                flush=True,
            )


if __name__ == "__main__":
    main()
