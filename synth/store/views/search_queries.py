"""Searches and their works: query logs, what is missing, repetitions, records."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace

from synth.core.errors import UsageError
from synth.store.prisma import new_works
from synth.store.rows.mapping import select, view
from synth.store.rows.searches import (
    LackView,
    PaperView,
    QueryChange,
    QueryView,
    RecordView,
    RepetitionView,
    SearchView,
)


def search_id(connection: sqlite3.Connection, wanted: int | None) -> int:
    """Return `wanted` if it exists, or the newest search for None. UsageError if there is none."""
    if wanted is None:
        row = connection.execute("SELECT max(id) FROM search").fetchone()
        if row[0] is None:
            raise UsageError("This workspace holds no search yet.", 'Start one with `synth search "<question>"`.')
        return int(row[0])
    if not connection.execute("SELECT 1 FROM search WHERE id = ?", (wanted,)).fetchone():
        numbers = ", ".join(str(row[0]) for row in select(connection, "SELECT id FROM search ORDER BY id")) or "none"
        raise UsageError(f"There is no search {wanted} in this workspace.", f"Searches here: {numbers}.")
    return wanted


def search(connection: sqlite3.Connection, number: int) -> SearchView:
    (row,) = select(connection, "SELECT * FROM search WHERE id = ?", number)
    # A repetition has what its original has: that is what can be completed.
    original = json.loads(row["options"]).get("replay_of", number)
    return view(
        SearchView,
        row,
        missing=tuple(missing(connection, number)),
        completed_by="" if row["complete"] else f"synth search --resume {original}",
        sources=tuple(query_log(connection, number)),
    )


def missing(connection: sqlite3.Connection, number: int) -> list[LackView]:
    """List what search `number` lacks: queries without a full answer, works that are not ranked (as after a decision on
    duplicates), and included works whose text could not be had yet. Empty for a complete search.
    """
    queries = select(
        connection,
        """SELECT source, query, status, error, remedy FROM source_query
           WHERE search_id = ? AND status NOT IN ('ok', 'no results') ORDER BY id""",
        number,
    )
    lacks = [
        LackView(
            source=row["source"],
            what=f"{row['source']} ({row['status']}): {row['error'] or 'it was not asked to its end'}",
            do=row["remedy"],
        )
        for row in queries
    ]
    pending = connection.execute(
        "SELECT count(*) FROM screening WHERE search_id = ? AND decision = 'pending'", (number,)
    ).fetchone()[0]
    if pending:
        count = "1 work has" if pending == 1 else f"{pending} works have"
        lacks.append(LackView("", f"{count} not been ranked and weighed yet.", ""))
    works = select(
        connection,
        """SELECT p.title, p.text_reason FROM screening s JOIN paper p ON p.id = s.paper_id
           WHERE s.search_id = ? AND s.decision = 'include' AND p.text_state = 'unread' ORDER BY s.rank, p.id""",
        number,
    )
    if works:
        reasons = list(dict.fromkeys(filter(None, (row["text_reason"] for row in works))))
        count = "1 paper has" if len(works) == 1 else f"{len(works)} papers have"
        lacks.append(LackView("", " ".join([f"{count} not been fetched.", *reasons[:3]]), ""))
    return lacks


def repetition(connection: sqlite3.Connection, first: int, second: int) -> RepetitionView:
    """Compare search `second` with `first`, which it repeats: the same works for the same queries, in
    the same order.
    """
    then, now = (_hits(connection, number) for number in (first, second))
    differing = tuple(
        QueryChange(source=key[0], query=key[1], then=len(then.get(key, ())), now=len(now.get(key, ())))
        for key in dict.fromkeys([*then, *now])
        if then.get(key) != now.get(key)
    )
    works = {work for hits in now.values() for work in hits}
    return RepetitionView(of=first, same=not differing, works=len(works), differing=differing)


def _hits(connection: sqlite3.Connection, number: int) -> dict[tuple[str, str], list[int]]:
    """Map (source, query) to works in the source's order."""
    works: dict[tuple[str, str], list[int]] = {(q.source, q.query): [] for q in query_log(connection, number)}
    for source, query, work in connection.execute(
        """SELECT q.source, q.query, r.paper_id FROM source_query q JOIN hit h ON h.source_query_id = q.id
           JOIN paper_record r ON r.id = h.paper_record_id WHERE q.search_id = ? ORDER BY q.id, h.position""",
        (number,),
    ):
        works[(source, query)].append(work)
    return works


def query_log(connection: sqlite3.Connection, number: int) -> list[QueryView]:
    """List every query of a search with its outcome; `kept` counts the works of its hits that were included."""
    rows = select(
        connection,
        """
        SELECT q.*, (SELECT count(DISTINCT s.paper_id) FROM hit h JOIN paper_record r ON r.id = h.paper_record_id
                     JOIN screening s ON s.paper_id = r.paper_id AND s.search_id = q.search_id
                     WHERE h.source_query_id = q.id AND s.decision = 'include') AS kept
        FROM source_query q WHERE q.search_id = ? ORDER BY q.id
        """,
        number,
    )
    new = new_works(connection, number)
    return [_query(view(QueryView, row, new=new[row["id"]])) for row in rows]


def _query(query: QueryView) -> QueryView:
    """Put what no rule decided beside the warnings."""
    return replace(query, warnings=(*query.warnings, *(f"Not decided: {question}" for question in query.undecided)))


# -------------------------------------------------------------------------------------------------- papers


def papers(connection: sqlite3.Connection, number: int, decision: str | None = "include") -> list[PaperView]:
    """List the works of a search, most relevant first; `decision` None gives the excluded ones too."""
    rows = select(
        connection,
        """
        SELECT p.id, p.title, p.authors, p.year, p.url, s.rank, s.score, s.relevance, p.abstract,
               p.arxiv_id, p.doi, p.acl_id, p.comment,
               p.withdrawn, p.retracted, p.retracted_source, p.retracted_date,
               p.pages, p.pdf_path, p.pdf_sha256 AS sha256, p.text_state, p.text_reason,
               p.text_reason_code, p.text_reason_parameters, s.decision, s.reason, s.reason_code, s.reason_parameters,
               (SELECT group_concat(DISTINCT r.source) FROM paper_record r WHERE r.paper_id = p.id) AS found_in,
               (SELECT count(DISTINCT cs.claim_id) FROM claim_source cs JOIN passage g ON g.id = cs.passage_id
                JOIN claim c ON c.id = cs.claim_id WHERE g.paper_id = p.id AND c.search_id = s.search_id) AS claims
        FROM screening s JOIN paper p ON p.id = s.paper_id
        WHERE s.search_id = ? AND (? IS NULL OR s.decision = ?)
        ORDER BY s.rank IS NULL, s.rank, p.id
        """,
        number,
        decision,
        decision,
    )
    return [view(PaperView, row) for row in rows]


def records(connection: sqlite3.Connection, number: int) -> dict[int, list[RecordView]]:
    """Map paper ids to the records that sources gave to a search's queries."""
    by_paper: dict[int, list[RecordView]] = {}
    for row in select(
        connection,
        """SELECT DISTINCT r.id, r.paper_id, r.source, r.title, r.url, r.content FROM paper_record r
           JOIN hit h ON h.paper_record_id = r.id JOIN source_query q ON q.id = h.source_query_id
           WHERE q.search_id = ? ORDER BY r.id""",
        number,
    ):
        by_paper.setdefault(row["paper_id"], []).append(view(RecordView, row))
    return by_paper
