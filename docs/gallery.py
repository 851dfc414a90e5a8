"""Regenerate reports/gallery/: the demo's report as `synth demo` writes it, with its pictures.

`make gallery` runs the whole demo (minutes). A test checks that the gallery is current up to measured numbers.
"""

from __future__ import annotations

import calendar
import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GALLERY = ROOT / "reports" / "gallery" / "demo"
NUMBER = re.compile(r"[-+−]?\d[\d,]*(?:\.\d+)?")
HASH = re.compile(r"\b[0-9a-f]{12,64}\b")
DAY = re.compile(rf"\b(?:{'|'.join(calendar.month_name[1:])}) \d{{1,2}}, \d{{4}}\b")
# The sections that follow from the bundled papers and the code alone; the others tell of a run.
FIXED = ("# ", "## 1 ", "## 5 ", "## References", "## Claims in detail", "## Search record")
# Which claims are told in detail depends on which were tested.
MEASURED = ("- Experiment:", "- Kind:", "Claims ")
DECIDED_BY_RUN = re.compile(r"\| run \d+ \(\w+\) \|")


def tested(text: str) -> list[str]:
    """Return the claims that a run decides, as the claims table of a report prints them."""
    return [row.split(" | ")[0].removeprefix("| ") for row in text.splitlines() if DECIDED_BY_RUN.search(row)]


def skeleton(text: str, without: Sequence[str] = ()) -> list[str]:
    """Return the lines of a report that do not depend on what a run measured, without numbers, days, hashes and marks.

    `without`: claims that runs decide; what is told of them is left out.
    """
    parts = re.split(r"(?m)^(?=##+ )", text)
    lines_kept = [
        part
        for part in parts
        if part.startswith((*FIXED, "### Claim ", "### Queries", "### Flow")) and not _is_of(part, without)
    ]
    lines = "".join(lines_kept).splitlines()
    fixed = [
        line
        for line in lines
        if not line.startswith(MEASURED) and not line.startswith(tuple(map("| {}".format, without)))
    ]
    return [NUMBER.sub("#", HASH.sub("#", DAY.sub("#", re.sub("[✓×–]", "?", line)))) for line in fixed]


def _is_of(part: str, claims: Sequence[str]) -> bool:
    return part.startswith("### Claim ") and any(claim.rstrip(".") in part for claim in claims)


def main() -> None:
    from synth import demo
    from synth.core.progress import Progress

    def progress(stage: str, done: float, total: float, note: str = "") -> None:
        if done == total:
            print(f"{stage}: done", flush=True)

    reporter: Progress = progress
    with tempfile.TemporaryDirectory() as folder:
        workspace, search = demo.find_claims(Path(folder), reporter)
        for experiment, fidelity in demo.TESTS:
            claim = demo.claim_to_verify(workspace, search, experiment)
            test = demo.plan(workspace, claim.id, experiment, fidelity)
            demo.verify(workspace, test, reporter)
        written = Path(demo.report(workspace, search, reporter).path)
        shutil.rmtree(GALLERY, ignore_errors=True)
        shutil.copytree(written.parent, GALLERY)
    print(f"wrote {GALLERY.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
