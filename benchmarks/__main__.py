"""`make bench`: every benchmark over the bundled digests, and over the real data where SYNTH_DATA names some."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from synth.sources.digests.render import render_all


def main() -> None:
    data = os.environ.get("SYNTH_DATA", "")
    with tempfile.TemporaryDirectory() as folder:
        render_all(Path(folder))
        papers = str(Path(data) / "papers") if data else folder
        for module, arguments in {
            "startup": [],
            "reading": [papers],
            "encoding": [papers],
            "search": [papers, *([str(Path(data) / "latex")] if data else [])],
            "retrieval": [],
            "vectors": [],
            "training": [],
        }.items():
            print(f"\n## {module}: python -m benchmarks.{module} {' '.join(arguments)}", flush=True)
            subprocess.run([sys.executable, "-m", f"benchmarks.{module}", *arguments], check=False)


if __name__ == "__main__":
    main()
