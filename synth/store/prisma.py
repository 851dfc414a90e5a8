"""The flow of records through a search, as PRISMA 2020 counts it (Page et al. 2021, doi:10.1136/bmj.n71), in plain SQL.

identified = duplicates + screened; screened = excluded + pending + sought;
sought = not retrieved + awaiting + assessed; assessed = excluded reports + included.
That holds for a search at any moment, an interrupted one included.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from typing import Any

Row = dict[str, Any]

NOT_RETRIEVED = "full text not available"  # first words of the reason why a report was not retrieved …
UNREADABLE = "unreadable PDF"  # … and why one that was retrieved could not be assessed
SAME_RECORD = "the same record, found again"
NOT_RECORDED = "rule not recorded"
METHODS = {"references": "citation searching", "citations": "citation searching"}
AT_HAND = ("local", "references", "demo")


def flow(connection: sqlite3.Connection, number: int) -> Row:
    """Return counts of search `number`.

    Keys: identified, identified_by [{source, method, records}], duplicates, duplicates_by [{rule, records}],
    screened, excluded [{reason, by, papers}], pending, sought, not_retrieved [{reason, papers}], awaiting (texts that
    may be had later), assessed, excluded_reports [{reason, papers}], included, full_text (the same number as
    included).
    """
    hits = connection.execute(
        """SELECT q.source, q.kind, h.paper_record_id AS record, r.paper_id AS paper FROM hit h
           JOIN paper_record r ON r.id = h.paper_record_id JOIN source_query q ON q.id = h.source_query_id
           WHERE q.search_id = ? ORDER BY q.id, h.position""",
        (number,),
    ).fetchall()
    works: dict[int, list[int]] = defaultdict(list)
    for hit in hits:
        if hit["record"] not in works[hit["paper"]]:
            works[hit["paper"]].append(hit["record"])
    again = len(hits) - sum(map(len, works.values()))
    duplicates = Counter({SAME_RECORD: again} if again else {}) + _joined(connection, list(works.values()))
    found = _outcomes(connection, number, set(works))
    excluded, unread, unfit = found["excluded"], found["not retrieved"], found["unfit"]
    counts = {name: sum(found[name].values()) for name in found}
    assessed = counts["unfit"] + counts["included"]
    return {
        "identified": len(hits),
        "identified_by": _by_source(hits),
        "duplicates": sum(duplicates.values()),
        "duplicates_by": [{"rule": rule, "records": n} for rule, n in _most_first(duplicates)],
        "screened": len(works),
        "excluded": [{"reason": reason, "by": by, "papers": n} for (reason, by), n in _most_first(excluded)],
        "pending": counts["pending"],
        "sought": assessed + counts["not retrieved"] + counts["awaiting"],
        "not_retrieved": [{"reason": reason, "papers": n} for (reason, _), n in _most_first(unread)],
        "awaiting": counts["awaiting"],
        "assessed": assessed,
        "excluded_reports": [{"reason": reason, "papers": n} for (reason, _), n in _most_first(unfit)],
        "included": counts["included"],
        "full_text": counts["included"],
    }


def new_works(connection: sqlite3.Connection, number: int) -> Counter[int]:
    """Query → works that no query before it in the ledger has; together they are the works of the search."""
    first: dict[int, int] = {}
    for query, paper in connection.execute(
        """SELECT q.id, r.paper_id FROM hit h JOIN paper_record r ON r.id = h.paper_record_id
           JOIN source_query q ON q.id = h.source_query_id WHERE q.search_id = ? ORDER BY q.id, h.position""",
        (number,),
    ):
        first.setdefault(paper, query)
    return Counter(first.values())


def _most_first(counts: Counter[Any]) -> list[tuple[Any, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def _by_source(hits: list[sqlite3.Row]) -> list[Row]:
    counts: Counter[tuple[str, str]] = Counter()
    for hit in hits:
        at_hand = "files at hand" if hit["source"] in AT_HAND else "database"
        counts[hit["source"], METHODS.get(hit["kind"], at_hand)] += 1
    return [{"source": source, "method": method, "records": n} for (source, method), n in counts.items()]


def _joined(connection: sqlite3.Connection, works: list[list[int]]) -> Counter[str]:
    """Rule → records that it put with a work that the search had already."""
    rules: dict[int, str] = {}
    for rule, records in connection.execute(
        "SELECT rule, records FROM duplicate WHERE kind = 'join' AND undone IS NULL ORDER BY id DESC"
    ):
        rules |= dict.fromkeys(json.loads(records), rule)  # the first decision on a record counts
    found: Counter[str] = Counter()
    for records in works:
        # One record stands for the work: one that no rule put there, else the first.
        first = next((record for record in records if record not in rules), records[0])
        found.update(rules.get(record, NOT_RECORDED) for record in records if record != first)
    return found


def _outcomes(connection: sqlite3.Connection, number: int, works: set[int]) -> dict[str, Counter[tuple[str, str]]]:
    """Stage → (reason, by) → works of the search that ended or wait there."""
    names = ("excluded", "pending", "not retrieved", "awaiting", "unfit", "included")
    found: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in names}
    rows = connection.execute(
        """SELECT s.paper_id, s.decision, s.reason, s."by", p.text_state, p.text_reason FROM screening s
           JOIN paper p ON p.id = s.paper_id WHERE s.search_id = ?""",
        (number,),
    ).fetchall()
    decided = {row["paper_id"]: row for row in rows}
    for work in works:
        row = decided.get(work)
        stage, reason = _stage(row) if row else ("pending", "")
        found[stage][reason, row["by"] if row else "rule"] += 1
    for name in ("not retrieved", "unfit"):  # who decided says nothing where a file was missing
        found[name] = sum((Counter({(reason, ""): n}) for (reason, _), n in found[name].items()), Counter())
    return found


def _stage(row: sqlite3.Row) -> tuple[str, str]:
    if row["decision"] == "pending":
        return "pending", ""
    reason = row["reason"]
    if row["decision"] == "include":
        if row["text_state"] == "read":
            return "included", ""
        if row["text_state"] == "unread":
            return "awaiting", ""
        reason = row["text_reason"].partition(": ")[0]
    if reason.startswith(NOT_RETRIEVED):
        return "not retrieved", reason
    if reason.startswith(UNREADABLE) or row["decision"] == "include":
        return "unfit", reason
    return "excluded", reason or "no reason on record"
