"""Stored decisions on duplicates, as listings show them; plain SQL."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

Row = dict[str, Any]


def duplicates(connection: sqlite3.Connection, search: int | None = None) -> list[Row]:
    """List every decision on duplicates, oldest first; with `search` those on records that this search found.

    Keys: id, kind (join | split), work (number of the work now), title, records and others (each record with id,
    source, source_id, version, title, year, work), rule, by, evidence, reason, created, undone.
    """
    records = _records(connection)
    own = None if search is None else _hit_records(connection, search)
    rows = []
    for row in connection.execute(
        """SELECT d.*, p.title AS title, coalesce(p.joined_into, p.id) AS work FROM duplicate d
           JOIN paper p ON p.id = d.paper_id ORDER BY d.id"""
    ):
        moved, others = json.loads(row["records"]), json.loads(row["others"])
        if own is not None and own.isdisjoint(moved):
            continue
        rows.append(
            {
                "id": row["id"],
                "kind": row["kind"],
                "work": row["work"],
                "other_work": row["other_id"],
                "title": row["title"],
                "records": [records[number] for number in moved if number in records],
                "others": [records[number] for number in others if number in records],
                "rule": row["rule"],
                "by": row["by"],
                "evidence": json.loads(row["evidence"]),
                "reason": row["reason"],
                "created": row["created"],
                "undone": row["undone"],
            }
        )
    return rows


def _records(connection: sqlite3.Connection) -> dict[int, Row]:
    return {
        row["id"]: dict(row)
        for row in connection.execute(
            """SELECT id, source, source_id, version, title, json_extract(content, '$.year') AS year, url,
                      paper_id AS work FROM paper_record"""
        )
    }


def _hit_records(connection: sqlite3.Connection, search: int) -> set[int]:
    rows = connection.execute(
        "SELECT h.paper_record_id FROM hit h JOIN source_query q ON q.id = h.source_query_id WHERE q.search_id = ?",
        (search,),
    )
    return {row[0] for row in rows}
