"""Pages read per second from a folder of PDFs: python benchmarks/reading.py FOLDER [JOBS]."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from synth.core.errors import UnreadablePdf
from synth.pdf import read_pdfs


def main() -> None:
    folder, jobs = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2
    paths = sorted(folder.glob("*.pdf"))
    pages = passages = failed = 0
    start = time.perf_counter()
    for path, result in read_pdfs(paths, jobs):
        if isinstance(result, UnreadablePdf):
            failed += 1
            print(f"{path.name}: {result.reason}", file=sys.stderr)
        else:
            pages += result.pages
            passages += len(result.passages)
    seconds = time.perf_counter() - start
    print(
        f"{len(paths)} files, {failed} unreadable, {pages} pages, {passages} passages"
        f" in {seconds:.2f} s with {jobs} jobs: {pages / seconds:.1f} pages/s"
    )


if __name__ == "__main__":
    main()
