"""Stored decisions on duplicates, as listings show them; plain SQL."""

from __future__ import annotations

import json
import sqlite3

from synth.store.rows.duplicates import DuplicateView, RecordName
from synth.store.rows.mapping import view


def duplicates(connection: sqlite3.Connection, search: int | None = None) -> list[DuplicateView]:
    """List every decision on duplicates, oldest first; with `search` those on records that this search found."""
    records = _records(connection)
    own = None if search is None else _hit_records(connection, search)
    listed = []
    for row in connection.execute(
        """SELECT d.id, d.kind, coalesce(p.joined_into, p.id) AS work, d.other_id AS other_work, p.title AS title,
                  d.records, d.others, d.rule, d."by", d.evidence, d.reason, d.created, d.undone
           FROM duplicate d JOIN paper p ON p.id = d.paper_id ORDER BY d.id"""
    ):
        moved, others = json.loads(row["records"]), json.loads(row["others"])
        if own is not None and own.isdisjoint(moved):
            continue
        named, beside = (
            tuple(records[number] for number in numbers if number in records) for numbers in (moved, others)
        )
        listed.append(view(DuplicateView, row, records=named, others=beside))
    return listed


def _records(connection: sqlite3.Connection) -> dict[int, RecordName]:
    rows = connection.execute(
        """SELECT id, source, source_id, version, title, json_extract(content, '$.year') AS year, url,
                  paper_id AS work FROM paper_record"""
    )
    return {row["id"]: view(RecordName, row) for row in rows}


def _hit_records(connection: sqlite3.Connection, search: int) -> set[int]:
    rows = connection.execute(
        "SELECT h.paper_record_id FROM hit h JOIN source_query q ON q.id = h.source_query_id WHERE q.search_id = ?",
        (search,),
    )
    return {row[0] for row in rows}
