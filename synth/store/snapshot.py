"""A copy of the database for others: consistent, of one search, and the same bytes for the same content.

SQLite's backup gives a consistent copy while others write. The rows that stay are then written anew, in the order of
their numbers, into an empty file: what lies in free pages, and the order in which rows were once written, is not in it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from synth.core.storage_errors import translated
from synth.core.types import JsonValue
from synth.store.database import reading

Clean = Callable[[str], str]
# Columns of text that programs and sources wrote, where a folder of this machine may stand; those of JSON apart.
# What is hashed (a registered specification) and what is quoted is never touched.
CLEANED = {
    "source_query": ("query", "request", "error", "remedy"),
    "paper": ("text_reason", "comment"),
    "paper_record": ("source_id",),
    "screening": ("reason",),
    "run": ("error",),
}
CLEANED_JSON = {
    "search": ("options",),
    "source_query": ("warnings", "undecided"),
    "paper": ("text_reason_parameters",),
    "screening": ("reason_parameters",),
    "paper_record": ("content",),
    "review": ("checks",),
    "run": ("provenance",),
}
_QUOTED = """
SELECT passage_id FROM claim_source UNION SELECT passage_id FROM evidence UNION SELECT passage_id FROM claim_cell
UNION SELECT against_id FROM claim_cell WHERE against_id IS NOT NULL
UNION SELECT cell.value FROM evidence, json_each(evidence.cells) AS cell
"""


def write(database: Path, target: Path, search: int, pdfs: dict[int, str], clean: Clean, whole: bool) -> None:
    """Write what `search` rests on to the file `target`, which must not exist.

    `pdfs`: work → its `pdf_path` in the copy. `clean` is applied to what programs wrote, to take folders of this
    machine out. Unless `whole`, passages that no claim and no evidence quotes are left out, and so are the answers of
    sources: they are others' texts.
    """
    raw = target.with_name(target.name + ".raw")
    try:
        with reading(database) as source, closing(sqlite3.connect(raw)) as copy, translated(target):
            source.backup(copy)
            _reduce(copy, search, whole)
            _rewrite(copy, pdfs, clean)
            with closing(sqlite3.connect(target)) as fresh:
                _renew(copy, fresh)
    finally:
        raw.unlink(missing_ok=True)


def _reduce(copy: sqlite3.Connection, search: int, whole: bool) -> None:
    copy.execute("PRAGMA journal_mode = DELETE")
    copy.execute("PRAGMA foreign_keys = ON")
    # They guard the history of a workspace; a copy without the other searches changes nothing in it.
    triggers = copy.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name").fetchall()
    for name, _ in triggers:
        copy.execute(f'DROP TRIGGER "{name}"')
    copy.execute("DELETE FROM search WHERE id != ?", (search,))
    _reduce_works(copy)
    copy.execute("DELETE FROM report")  # files of the workspace; the copy's own report comes with it
    if not whole:
        copy.execute(f"DELETE FROM passage WHERE id NOT IN ({_QUOTED})")
        copy.execute("DELETE FROM answer")
    for _, sql in triggers:
        copy.execute(sql)
    copy.commit()


def _reduce_works(copy: sqlite3.Connection) -> None:
    """Leave the works of the search, and those that decisions on its records name: works that were joined into another
    keep their rows, without a text, so that the decisions can be read.
    """
    copy.execute("DELETE FROM paper_record WHERE id NOT IN (SELECT paper_record_id FROM hit)")
    copy.execute(
        "DELETE FROM duplicate WHERE NOT EXISTS (SELECT 1 FROM json_each(duplicate.records) AS record "
        "WHERE record.value IN (SELECT id FROM paper_record))"
    )
    copy.execute(
        f"""CREATE TEMP TABLE own AS SELECT paper_id AS id FROM screening
            UNION SELECT paper_id FROM passage WHERE id IN ({_QUOTED})"""
    )
    copy.execute(
        """CREATE TEMP TABLE named AS
           WITH RECURSIVE chain(id) AS (
               SELECT id FROM own UNION SELECT paper_id FROM paper_record UNION SELECT paper_id FROM screening_event
               UNION SELECT paper_id FROM duplicate
               UNION SELECT other_id FROM duplicate WHERE other_id IS NOT NULL
               UNION SELECT p.joined_into FROM paper p JOIN chain ON chain.id = p.id WHERE p.joined_into IS NOT NULL)
           SELECT id FROM chain"""
    )
    for table in ("passage", "reference"):
        copy.execute(f'DELETE FROM "{table}" WHERE paper_id NOT IN (SELECT id FROM own)')
    copy.execute("UPDATE paper SET pdf_path = '' WHERE id NOT IN (SELECT id FROM own)")
    copy.execute("DELETE FROM paper WHERE id NOT IN (SELECT id FROM named)")
    copy.execute("UPDATE paper SET pdf_record = NULL WHERE pdf_record NOT IN (SELECT id FROM paper_record)")
    copy.execute("DROP TABLE temp.own")
    copy.execute("DROP TABLE temp.named")


def _rewrite(copy: sqlite3.Connection, pdfs: dict[int, str], clean: Clean) -> None:
    """Rewrite paths and texts without firing triggers: they guard specifications and verdicts, which stay."""
    for number, path in copy.execute("SELECT id, pdf_path FROM paper").fetchall():
        if path:
            copy.execute("UPDATE paper SET pdf_path = ? WHERE id = ?", (pdfs.get(number, ""), number))
    for table, columns in CLEANED.items():
        for column in columns:
            _each(copy, table, column, clean)
    for table, columns in CLEANED_JSON.items():
        for column in columns:
            _each(copy, table, column, lambda text: json.dumps(_inside(json.loads(text), clean)))
    copy.commit()


def _each(copy: sqlite3.Connection, table: str, column: str, change: Clean) -> None:
    for number, text in copy.execute(
        f'SELECT rowid, "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL'
    ).fetchall():
        if (changed := change(text)) != text:
            update = f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?'
            try:
                copy.execute(update, (changed, number))
            except sqlite3.IntegrityError:  # two files of one name in two folders
                copy.execute(update, (f"{changed} ({number})", number))


def _inside(value: JsonValue, clean: Clean) -> JsonValue:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _inside(item, clean) for key, item in value.items()}
    return [_inside(item, clean) for item in value] if isinstance(value, list) else value


def _renew(copy: sqlite3.Connection, fresh: sqlite3.Connection) -> None:
    fresh.execute("PRAGMA page_size = 4096")
    parts = schema(copy)
    for kind in ("table", "index", "trigger"):
        for of_kind, name, sql in parts:
            if of_kind != kind:
                continue
            fresh.execute(sql)
            if kind == "table":
                _rows(copy, fresh, name)
    fresh.commit()


def _rows(copy: sqlite3.Connection, fresh: sqlite3.Connection, table: str) -> None:
    rows = copy.execute(f'SELECT * FROM "{table}" ORDER BY rowid')
    places = ", ".join("?" * len(rows.description))
    fresh.executemany(f'INSERT INTO "{table}" VALUES ({places})', rows)


def schema(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """List (type, name, SQL) of everything in a database, by name."""
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name, type")
    return [(row[0], row[1], row[2]) for row in rows]
