"""Decisions as a CSV file: written for others to read, read from others who have decided."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from synth.core.atomic import atomic_path, explained_write_errors
from synth.core.errors import UsageError
from synth.core.types import JsonValue
from synth.papers import identity
from synth.screening.decision_store import DECISIONS, MAX_REASON_LENGTH, ScreenedWork
from synth.screening.plain import plain
from synth.sources import openaccess
from synth.text import charset, delimited, markup
from synth.text.delimited import guarded, unguarded

MAX_BYTES = 50 * 2**20  # bytes of a file that is read
NAMES = ("paper", "doi", "arxiv_id", "acl_id", "url", "title")  # columns by which a work is found, best first
OTHER_NAMES = {"arxiv": "arxiv_id", "acl": "acl_id", "id": "paper", "link": "url", "decisions": "decision"}
MAX_PROBLEMS_SHOWN = 5  # bad lines that are told


def written(rows: Sequence[Mapping[str, JsonValue]]) -> str:
    """Format rows of decisions (`session.DecisionRow.row`) as CSV; texts that a spreadsheet would take for a formula
    get an apostrophe.
    """
    text = io.StringIO()
    table = csv.DictWriter(text, list(rows[0]) if rows else ["paper"], lineterminator="\n")
    table.writeheader()
    for row in rows:
        table.writerow({name: _cell(value) for name, value in row.items()})
    return text.getvalue()


def _cell(value: JsonValue) -> JsonValue:
    return guarded(plain(value)) if isinstance(value, str) else value


def write(file: Path, text: str) -> None:
    """Write `text` to `file`, whole or not at all. Raises SynthError where that cannot be."""
    with explained_write_errors(file), atomic_path(file) as part:
        part.write_text(text, encoding="utf-8", newline="")


def read(file: Path) -> str:
    """Return the text of a file of decisions, in UTF-8 or what spreadsheets write. Raises UsageError if it is none."""
    try:
        if file.stat().st_size > MAX_BYTES:
            raise UsageError(f"{file} is larger than {MAX_BYTES // 2**20} MB.", "Give a CSV file of decisions.")
        text, _ = charset.decoded(file.read_bytes())
    except FileNotFoundError:
        raise UsageError(f"There is no file {file}.", "Give a CSV file, or `-` for the standard input.") from None
    except OSError as error:
        raise UsageError(f"{file} cannot be read as text: {error}.", "Give a CSV file in UTF-8.") from None
    if "\0" in text:
        raise UsageError(f"{file} is no text.", "Give a CSV file in UTF-8.")
    return text


def decisions(text: str, works: Sequence[ScreenedWork]) -> list[tuple[ScreenedWork, str, str]]:
    """Read (work, decision, reason) of each line that changes something, the last line where a work has several.

    A work is named by the first of the columns NAMES that is filled. Lines without a decision are passed over, as
    exports have them. Raises UsageError for a file without these columns, and for lines that name no work of the search
    or decide something else than include, exclude or maybe: then nothing is to be taken from the file.
    """
    table = delimited.read(text, {"decision", "reason", *NAMES}, OTHER_NAMES)
    if table.damaged:
        line, problem_text = table.damaged[0]
        raise UsageError(f"The decisions are no CSV: line {line}: {problem_text}.", "Give a table with a head line.")
    if "decision" not in table.head or not set(table.head) & set(NAMES):
        raise UsageError(
            "The decisions have no head line that names the columns.",
            f"It needs `decision` and one of {', '.join(NAMES)}; `reason` is welcome. "
            "Columns are separated by commas, semicolons or tabs.",
        )
    index = _index(works)
    by_work: dict[int, tuple[ScreenedWork, str, str]] = {}
    wrong = []
    for line, row in table.named():
        decision = _decision(row)
        if not decision:
            continue
        work, problem = _work(row, index)
        if decision not in (*DECISIONS, "maybe"):
            problem = f"decision {decision[:20]!r}"
        elif "" in row:
            problem = f"{row['']} cells for {len(table.head)} columns; is a {table.separator!r} not in quotes?"
        if work is None or problem:
            wrong.append(f"line {line}: {problem}")
        else:
            reason = unguarded(plain(row.get("reason", "")))[:MAX_REASON_LENGTH] if decision == "exclude" else ""
            by_work[work.id] = (work, decision, reason)
    if wrong:
        more = f" and {len(wrong) - MAX_PROBLEMS_SHOWN} more" if len(wrong) > MAX_PROBLEMS_SHOWN else ""
        raise UsageError(
            f"{len(wrong)} lines cannot be used, so none was: {'; '.join(wrong[:MAX_PROBLEMS_SHOWN])}{more}.",
            "Decisions are include, exclude or maybe; `synth screen --export FILE` shows how works are named.",
        )
    return [entry for entry in by_work.values() if (entry[0].decided, entry[0].reason) != entry[1:]]


def _decision(row: dict[str, str]) -> str:
    word = plain(row.get("decision", "")).lower()
    return {"included": "include", "excluded": "exclude"}.get(word, word)


def _key(name: str, value: str) -> str:
    """Normalise a name of a work for comparison: a DOI or an arXiv id in any spelling, a title without regard to
    markup.
    """
    if name in ("doi", "url") and (doi := identity.doi(value)):
        return doi
    if name == "arxiv_id" and (arxiv := identity.arxiv_id(value) or openaccess.arxiv_of(value)):
        return arxiv[0]
    if name == "title":
        return identity.title_key(markup.plain(value))
    if name == "url":
        return value.strip().lower().removeprefix("http://").removeprefix("https://").removeprefix("www.").rstrip("/")
    return value.strip().lower()


def _index(works: Sequence[ScreenedWork]) -> dict[tuple[str, str], ScreenedWork | None]:
    """Index works by column and folded value; None where two works have the same, which names neither."""
    index: dict[tuple[str, str], ScreenedWork | None] = {}
    for work in works:
        names = {"paper": str(work.id), **work.ids, "url": work.url, "title": plain(work.title)}
        keys = {(name, _key(name, value)) for name, value in names.items() if value}
        keys |= {("url", work.ids["doi"])} if work.ids.get("doi") else set()
        for key in keys:
            if key[1]:
                index[key] = work if index.get(key, work) is work else None
    return index


def _work(row: dict[str, str], index: dict[tuple[str, str], ScreenedWork | None]) -> tuple[ScreenedWork | None, str]:
    """Return the work that a row names, or why none."""
    for name in NAMES:
        value = unguarded(plain(row.get(name, "")))
        if value:
            key = (name, _key(name, value))
            work = index.get(key)
            if work is None and name == "doi" and not identity.doi(value):
                return None, f"{value[:60]!r} is no DOI"
            which = "several works" if key in index else "no work"
            return work, "" if work else f"{which} of this search with {name} {value[:60]!r}"
    return None, f"none of {', '.join(NAMES)} is filled"
