"""The flow of records through a search, as PRISMA 2020 counts it (Page et al. 2021, doi:10.1136/bmj.n71), in plain SQL.

identified = duplicates + screened; screened = excluded + pending + sought;
sought = not retrieved + awaiting + assessed; assessed = excluded reports + included.
That holds for a search at any moment, an interrupted one included.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from typing import NamedTuple, TypeVar

from synth.core.reasons.duplicates import JoinRule
from synth.core.reasons.screening import ExclusionReason, exclusion, without_text
from synth.store.rows.searches import FlowDuplicates, FlowExclusion, FlowLoss, FlowSource, FlowView

Counted = TypeVar("Counted", str, "_Why")

METHODS = {"references": "citation searching", "citations": "citation searching"}
AT_HAND = ("local", "references", "demo")


def flow(connection: sqlite3.Connection, number: int) -> FlowView:
    """Count the records of search `number` from being identified to being included."""
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
    duplicates = Counter({str(JoinRule.SAME_RECORD): again} if again else {}) + _joined(
        connection, list(works.values())
    )
    found = _outcomes(connection, number, set(works))
    excluded, unread, unfit = found["excluded"], found["not retrieved"], found["unfit"]
    counts = {name: sum(found[name].values()) for name in found}
    assessed = counts["unfit"] + counts["included"]
    return FlowView(
        identified=len(hits),
        identified_by=tuple(_by_source(hits)),
        duplicates=sum(duplicates.values()),
        duplicates_by=tuple(FlowDuplicates(rule, n) for rule, n in _most_first(duplicates)),
        screened=len(works),
        excluded=tuple(FlowExclusion(why.code, why.reason, why.by, n) for why, n in _most_first(excluded)),
        pending=counts["pending"],
        sought=assessed + counts["not retrieved"] + counts["awaiting"],
        not_retrieved=_losses(unread),
        awaiting=counts["awaiting"],
        assessed=assessed,
        excluded_reports=_losses(unfit),
        included=counts["included"],
        full_text=counts["included"],
    )


def _losses(whys: Counter[_Why]) -> tuple[FlowLoss, ...]:
    return tuple(FlowLoss(why.code, why.reason, n) for why, n in _most_first(whys))


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


def _most_first(counts: Counter[Counted]) -> list[tuple[Counted, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _by_source(hits: list[sqlite3.Row]) -> list[FlowSource]:
    counts: Counter[tuple[str, str]] = Counter()
    for hit in hits:
        at_hand = "files at hand" if hit["source"] in AT_HAND else "database"
        counts[hit["source"], METHODS.get(hit["kind"], at_hand)] += 1
    return [FlowSource(source, method, n) for (source, method), n in counts.items()]


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
        found.update(rules.get(record, JoinRule.NOT_RECORDED) for record in records if record != first)
    return found


class _Why(NamedTuple):
    """Reason that works ended at a stage: in words, by code, and who decided (empty where that says nothing)."""

    reason: str = ""
    by: str = ""
    code: str = ""


def _outcomes(connection: sqlite3.Connection, number: int, works: set[int]) -> dict[str, Counter[_Why]]:
    """Stage → why → works of the search that ended or wait there."""
    names = ("excluded", "pending", "not retrieved", "awaiting", "unfit", "included")
    found: dict[str, Counter[_Why]] = {name: Counter() for name in names}
    rows = connection.execute(
        """SELECT s.paper_id, s.decision, s.reason, s.reason_code, s."by", p.text_state, p.text_reason,
                  p.text_reason_code, p.text_reason_parameters FROM screening s
           JOIN paper p ON p.id = s.paper_id WHERE s.search_id = ?""",
        (number,),
    ).fetchall()
    decided = {row["paper_id"]: row for row in rows}
    for work in works:
        row = decided.get(work)
        stage, why = _stage(row) if row else ("pending", _Why(by="rule"))
        found[stage][why] += 1
    return found


def _stage(row: sqlite3.Row) -> tuple[str, _Why]:
    """Return where a work stands, and why; who decided says nothing where a file was missing."""
    if row["decision"] == "pending":
        return "pending", _Why(by=row["by"])
    reason, code = row["reason"], row["reason_code"]
    if row["decision"] == "include":
        if row["text_state"] in ("read", "unread"):
            return "included" if row["text_state"] == "read" else "awaiting", _Why(by=row["by"])
        parameters = json.loads(row["text_reason_parameters"])
        missing = without_text(row["text_reason_code"], parameters, row["text_reason"])
        reason, code = exclusion(missing), missing.code
    if code == ExclusionReason.NOT_RETRIEVED:
        return "not retrieved", _Why(reason, "", code)
    if code == ExclusionReason.UNREADABLE or row["decision"] == "include":
        return "unfit", _Why(reason, "", code)
    return "excluded", _Why(reason or "no reason on record", row["by"], code)
