"""`make attack`: every part in turn, a table at the end; `--write` puts it into docs/reliability.md."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from synth.demo.render import render_all
from tests.attack import answers, kills, memory, pdfs, references, stores
from tests.attack.tally import SHOWN, Tally

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
HEAD = "| attacked | tried | outcomes | faults | s |\n|---|---|---|---|---|\n"
BEGIN, END = "<!-- attack: begin -->\n", "<!-- attack: end -->\n"


def parts(folder: Path, scale: float, seed: int, minutes: float) -> dict[str, Callable[[], list[Tally]]]:
    """Return the parts by name; `scale` multiplies the numbers of inputs and kills."""

    def times(number: int) -> int:
        return max(1, round(number * scale))

    return {
        "pdfs": lambda: [pdfs.reading(folder / "read", _papers(folder), times(1000), seed)],
        "searches": lambda: [pdfs.searching(folder / "searched", times(100), seed)],
        "answers": lambda: [answers.feeds(times(800), seed)],
        "dumps": lambda: [answers.dumps(folder / "dumps", times(200), seed)],
        "references": lambda: [references.files(folder / "references", times(500), seed)],
        "kills": lambda: kills.everywhere(folder / "kills", times(200), seed),
        "disk": lambda: [stores.full_disk(folder / "full", times(50), seed)],
        "databases": lambda: [stores.databases(folder / "databases", seed)],
        "two": lambda: [stores.side_by_side(folder / "two", times(5))],
        "clock": lambda: [stores.clock_steps(folder / "clock", times(5), seed)],
        "memory": lambda: [memory.searches(folder / "memory", minutes)],
    }


def _papers(folder: Path) -> Sequence[Path]:
    """The files to mutate: the bundled digests, and the real papers where SYNTH_DATA names some."""
    real = sorted(Path(os.environ["SYNTH_DATA"], "papers").glob("*.pdf")) if os.environ.get("SYNTH_DATA") else []
    return [*render_all(folder / "originals"), *real]


def main() -> None:
    """Run the parts that were asked for; end with 1 if there was a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=2.0, help="of searches for the memory")
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="attack-") as folder:
        chosen = parts(Path(folder), asked.scale, asked.seed, asked.minutes)
        tallies = []
        for name, attack in chosen.items():
            if not asked.only or name in asked.only:
                found = attack()
                print("\n".join(tally.row() for tally in found), flush=True)
                tallies += found
    print("\n" + HEAD + "\n".join(tally.row() for tally in tallies))
    for tally in tallies:
        for fault in tally.faults[:SHOWN]:
            print(f"{tally.part}: {fault}", file=sys.stderr)
    if asked.write:
        _write(tallies)
    sys.exit(any(tally.faults for tally in tallies))


def _write(tallies: Sequence[Tally]) -> None:
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    held = "\n".join(f"- *{tally.part}*: {tally.held}." for tally in tallies)
    table = HEAD + "\n".join(tally.row() for tally in tallies)
    PAGE.write_text(f"{before}{BEGIN}{table}\n\nWhat has to hold:\n\n{held}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
