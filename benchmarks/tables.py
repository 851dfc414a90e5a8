"""Precision and recall of claims decided by tables; with --write, the confidence of each reason.

    python -m benchmarks.tables FILE.jsonl[.xz] ... [--half 1|2] [--show wrong|all] [--write [--read FILE.toml]]

A line of a file is a claim with its label and either a table (`table`: caption, label, rows as lists of cells,
`header_rows`, `header_cols`; `definitions`: sentences of its paper), or a `premise` that is a table written out as text
with a `hypothesis`. `--half`: of files with a `group` only the first or second half of the groups in alphabetical
order, so that what was tuned on the one is tested on the other. `--write` stores the counts of these files in
synth/evidence/tables/confidence.toml, from which a decision's confidence follows; `--read` adds decisions read by
hand. Claims that were written for the rules (tests/evidence/tables/made.jsonl) are no measure of them and are not
counted there.
"""

from __future__ import annotations

import argparse
import json
import lzma
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NotRequired, TypedDict

from synth.core.types import Passage, PassageKind, Stance
from synth.evidence.tables import TableFinding, TableReason, Tables, parse_flat_table, verdict
from synth.text.lexicon import load_lexicon

STORED = Path(__file__).parents[1] / "synth" / "tables" / "confidence.toml"


class TrueTable(TypedDict):
    """A table of a labelled set: all rows, of which the first `header_rows` are heads, as are `header_cols` columns."""

    label: str
    caption: str
    header_rows: int
    header_cols: int
    rows: list[list[str]]


class Row(TypedDict):
    """A labelled claim: about a table, or (`premise`, `hypothesis`) about one written in a line."""

    label: str
    claim: NotRequired[str]
    table: NotRequired[TrueTable]
    definitions: NotRequired[list[str]]
    group: NotRequired[str]
    premise: NotRequired[str]
    hypothesis: NotRequired[str]


def passages(row: Row) -> list[Passage]:
    """Return a true table as the cells that reading its PDF would give, with the sentences that define its names."""
    table = row["table"]
    head, names, rows = table["header_rows"], table["header_cols"], table["rows"]
    label = table["label"].split()[-1]
    cells = [Passage(PassageKind.CAPTION, f"{table['label']}: {table['caption']}", "", 1, (), "results", 0)]
    for at, text in enumerate(row.get("definitions", ()), 1):
        cells.append(Passage(PassageKind.SENTENCE, text, text, 1, (), "results", at))
    heads = [" ".join(dict.fromkeys(line[c] for line in rows[:head] if line[c])) for c in range(len(rows[0]))]
    group, order = "", 100
    for line in rows[head:]:
        filled = [cell for cell in line if cell]
        if filled and len(set(filled)) == 1 and (len(filled) == len(line) or (line[0] and len(filled) == 1)):
            group = filled[0]
            continue
        name = " / ".join(dict.fromkeys(cell for cell in line[:names] if cell))
        name = f"{group}: {name}" if group and name else name
        for c in range(names, len(line)):
            if line[c]:
                order += 1
                place = (((1, 0, 0),), "results", order)
                cells.append(Passage(PassageKind.CELL, line[c], line[c], 1, *place, name, heads[c], label))
    return cells


def load(path: Path, half: int) -> list[Row]:
    content = path.read_bytes()
    text = (lzma.decompress(content) if path.suffix == ".xz" else content).decode("utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    groups = sorted({row["group"] for row in rows if "group" in row})
    chosen = set(groups[: len(groups) // 2] if half == 1 else groups[len(groups) // 2 :])
    return [row for row in rows if not half or "group" not in row or row["group"] in chosen]


def judged(rows: list[Row]) -> Iterator[tuple[Row, str, list[TableFinding]]]:
    lexicon = load_lexicon()
    flat: dict[str, Tables] = {}
    for row in rows:
        if "table" in row:
            tables, claim = Tables(passages(row), lexicon), row["claim"]
        else:
            if row["premise"] not in flat:
                grid = parse_flat_table(row["premise"])
                flat[row["premise"]] = Tables([], lexicon, prepared=[grid] if grid else [])
            tables, claim = flat[row["premise"]], row["hypothesis"]
        yield row, claim, tables.judge(claim)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--half", type=int, choices=(0, 1, 2), default=0)
    parser.add_argument("--show", choices=("wrong", "all"))
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--read", type=Path)
    options = parser.parse_args()
    counts: dict[tuple[TableReason, Stance], Counter[bool]] = defaultdict(Counter)
    pairs: Counter[tuple[str, str]] = Counter()
    rows = [row for path in options.files for row in load(path, options.half)]
    began = time.process_time()
    for row, claim, decision in judged(rows):
        stance = verdict(decision)
        pairs[row["label"], stance] += 1
        if not decision:
            continue
        first = next(finding for finding in decision if finding.stance is stance)
        right = stance == row["label"]
        counts[first.reason, stance][right] += 1
        if options.show == "all" or (options.show == "wrong" and not right):
            print("right" if right else "WRONG", row["label"], stance, first.reason, "|", claim, "|", first.note)
    decided = sum(sum(count.values()) for count in counts.values())
    rightly = sum(count[True] for count in counts.values())
    share, rate = decided / max(1, len(rows)), rightly / max(1, decided)
    print(f"{len(rows)} claims, {decided} decided ({share:.2f}), {rightly} of them rightly ({rate:.3f})")
    print(f"macro-F1 {macro_f1(pairs):.3f}; {time.process_time() - began:.1f} s of processor time")
    for (reason, stance), count in sorted(counts.items()):
        print(f"  {reason:<12} {stance:<12} {count[True]:>4} of {sum(count.values()):>4}")
    if options.write:
        for name, read in (
            tomllib.loads(options.read.read_text(encoding="utf-8"))["counts"].items() if options.read else ()
        ):
            reason, _, side = name.rpartition("-")
            counts[TableReason(reason), Stance(side.upper())] += Counter(
                {True: read["right"], False: read["decided"] - read["right"]}
            )
        STORED.write_text(stored(counts, options), encoding="utf-8")


def stored(counts: Mapping[tuple[TableReason, Stance], Counter[bool]], options: argparse.Namespace) -> str:
    """Write the counts as confidence.toml, with the command that gives them."""
    names = " ".join(path.name for path in options.files)
    half, read = (
        (f" --half {options.half}" if options.half else ""),
        (f" --read {options.read}" if options.read else ""),
    )
    lines = [
        "# Decisions on labelled claims by reason and stance, and how many of them were right:",
        f"# python -m benchmarks.tables {names}{half} --write{read}",
        "[counts]",
    ]
    for (reason, stance), count in sorted(counts.items()):
        if total := count[True] + count[False]:
            lines.append(f"{reason}-{stance.lower()} = {{ decided = {total}, right = {count[True]} }}")
    return "\n".join(lines) + "\n"


def macro_f1(pairs: Counter[tuple[str, str]]) -> float:
    scores = []
    for label in Stance:
        hits = pairs[label, label]
        both = (
            sum(n for (true, predicted), n in pairs.items() if label in (true, predicted) and true != predicted)
            + 2 * hits
        )
        scores.append(2 * hits / both if both else 0.0)
    return sum(scores) / len(scores)


if __name__ == "__main__":
    main()
