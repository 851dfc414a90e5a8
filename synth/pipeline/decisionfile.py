"""Decisions as a CSV file: written for others to read, read from others who have decided."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from synth import whole
from synth.errors import UsageError
from synth.pipeline.deciding import DECISIONS, LONGEST_REASON, Work
from synth.screening.plain import plain

LARGEST = 50 * 2**20  # bytes of a file that is read
NAMES = ("paper", "doi", "arxiv_id", "acl_id", "url", "title")  # columns by which a work is found, best first
FORMULA = ("=", "+", "-", "@")  # a spreadsheet would run what begins so
SHOWN = 5  # bad lines that are told


def written(rows: Sequence[dict[str, Any]]) -> str:
    """CSV of the rows of `desk.rows`; texts that a spreadsheet would take for a formula begin with an apostrophe."""
    text = io.StringIO()
    table = csv.DictWriter(text, list(rows[0]) if rows else ["paper"], lineterminator="\n")
    table.writeheader()
    for row in rows:
        table.writerow({name: _guarded(value) for name, value in row.items()})
    return text.getvalue()


def _guarded(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = plain(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def write(file: Path, text: str) -> None:
    """Write `text` to `file`, whole or not at all. Raises SynthError where that cannot be."""
    with whole.placing(file):
        part = file.with_name(f".{file.name}.part")
        part.write_text(text, encoding="utf-8", newline="")
        part.replace(file)


def read(file: Path) -> str:
    """The text of a file of decisions. Raises UsageError if it is none."""
    try:
        if file.stat().st_size > LARGEST:
            raise UsageError(f"{file} is larger than {LARGEST // 2**20} MB.", "Give a CSV file of decisions.")
        return file.read_text(encoding="utf-8-sig", errors="strict")
    except FileNotFoundError:
        raise UsageError(f"There is no file {file}.", "Give a CSV file, or `-` for the standard input.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read as text: {error}.", "Give a CSV file in UTF-8.") from None


def decisions(text: str, works: Sequence[Work]) -> list[tuple[Work, str, str]]:
    """(work, decision, reason) of each line that changes something, the last line where a work has several.

    A work is named by the first of the columns NAMES that is filled. Lines without a decision are passed over, as
    exports have them. Raises UsageError for a file without these columns, and for lines that name no work of the search
    or decide something else than include, exclude or maybe: then nothing is to be taken from the file.
    """
    try:
        lines = csv.DictReader(io.StringIO(text), strict=True)
        names = [(name or "").strip().lower() for name in lines.fieldnames or ()]
        rows = [dict(zip(names, (str(v or "") for v in row.values()), strict=False)) for row in lines]
    except csv.Error as error:
        raise UsageError(f"The decisions are no CSV: {error}.", "Give a table with a head line.") from None
    if "decision" not in names or not set(names) & set(NAMES):
        raise UsageError(
            "The decisions have no head line that names the columns.",
            f"It needs `decision` and one of {', '.join(NAMES)}; `reason` is welcome.",
        )
    index = _index(works)
    found: dict[int, tuple[Work, str, str]] = {}
    wrong = []
    for number, row in enumerate(rows, 2):
        decision = row.get("decision", "").strip().lower()
        if not decision:
            continue
        work = _work(row, index)
        if work is None or decision not in (*DECISIONS, "maybe"):
            wrong.append(
                f"line {number}: " + ("no work of this search" if work is None else f"decision {decision[:20]!r}")
            )
        else:
            reason = _without_guard(plain(row.get("reason", "")))[:LONGEST_REASON] if decision == "exclude" else ""
            found[work.id] = (work, decision, reason)
    if wrong:
        more = f" and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
        raise UsageError(
            f"{len(wrong)} lines cannot be used, so none was: {'; '.join(wrong[:SHOWN])}{more}.",
            "Decisions are include, exclude or maybe; `synth screen --export FILE` shows how works are named.",
        )
    return [one for one in found.values() if (one[0].decided, one[0].reason) != one[1:]]


def _without_guard(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def _index(works: Sequence[Work]) -> dict[tuple[str, str], Work]:
    """Works by column and folded value. Of two with the same title neither is found by it."""
    index: dict[tuple[str, str], Work] = {}
    twice = set()
    for work in works:
        for name, value in {"paper": str(work.id), **work.ids, "url": work.url, "title": plain(work.title)}.items():
            key = (name, value.strip().lower())
            if value and key in index:
                twice.add(key)
            index[key] = work
    return {key: work for key, work in index.items() if key not in twice and key[1]}


def _work(row: dict[str, str], index: dict[tuple[str, str], Work]) -> Work | None:
    for name in NAMES:
        value = _without_guard(plain(row.get(name, ""))).lower()
        if value:
            return index.get((name, value))
    return None
