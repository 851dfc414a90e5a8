"""From a folder of PDFs to scored claims: wall time and memory of the whole command.

python -m tests.benchmarks.search FOLDER [FOLDER ...]      copies of the PDFs until there are twelve
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pymupdf

PAPERS = 12
QUESTION = "Does intermediate-task training help cross-lingual sentence retrieval?"


def gather(folders: list[str], into: Path) -> int:
    """Twelve different files: each copy carries its number in its metadata, so that none is a duplicate."""
    originals = [path for folder in folders for path in sorted(Path(folder).glob("*.pdf"))]
    pages = 0
    for number in range(PAPERS):
        with pymupdf.open(originals[number % len(originals)]) as document:
            document.set_metadata({"title": f"Copy {number} of {originals[number % len(originals)].stem}"})
            document.save(into / f"{number:02}.pdf")
            pages += document.page_count
    return pages


def main(folders: list[str]) -> None:
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as papers:
        pages = gather(folders, Path(papers))
        command = [sys.executable, "-m", "synth", "search", QUESTION, "--papers", papers]
        begin = time.perf_counter()
        subprocess.run(command, env=os.environ | {"SYNTH_HOME": home}, stdout=subprocess.DEVNULL, check=True)
        seconds = time.perf_counter() - begin
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
        print(f"{PAPERS} PDFs, {pages} pages: {seconds:.1f} s to scored claims, largest process {memory:.2f} GB")


if __name__ == "__main__":
    main(sys.argv[1:])
