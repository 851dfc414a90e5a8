"""Stored passages with the files they were taken from, and the claims that rest on them. Plain SQL."""

from __future__ import annotations

import sqlite3

from synth.store.rows.claims import StoredQuoteView
from synth.store.rows.mapping import view


def quotes(connection: sqlite3.Connection, search: int | None) -> list[StoredQuoteView]:
    """List every passage of the works of `search` (None: of the workspace), by paper and place.

    Claims that an experiment's file states have no quote.
    """
    rows = connection.execute(
        """SELECT g.id AS passage, g.paper_id AS paper, p.title AS paper_title, p.pdf_path, g.sha256, g.page, g.spans,
                  g.quote FROM passage g JOIN paper p ON p.id = g.paper_id
           WHERE (? IS NULL OR g.paper_id IN (SELECT s.paper_id FROM screening s WHERE s.search_id = ?))
             AND NOT (g.kind = 'stated' AND g.sha256 = '' AND g.page = 0)
           ORDER BY g.paper_id, g.position""",
        (search, search),
    )
    return [view(StoredQuoteView, row) for row in rows]


def resting_claims(connection: sqlite3.Connection) -> dict[int, list[int]]:
    """Map passage ids to the claims that were read from it, whose numbers it carries, or that it is evidence for or
    against.
    """
    by_passage: dict[int, list[int]] = {}
    for passage, claim in connection.execute(
        """SELECT passage_id, claim_id FROM claim_source UNION SELECT passage_id, claim_id FROM evidence
           UNION SELECT passage_id, claim_id FROM claim_cell
           UNION SELECT against_id, claim_id FROM claim_cell WHERE against_id IS NOT NULL
           UNION SELECT cell.value, claim_id FROM evidence, json_each(evidence.cells) AS cell ORDER BY 1, 2"""
    ):
        by_passage.setdefault(passage, []).append(claim)
    return by_passage


def texts(connection: sqlite3.Connection, search: int) -> list[tuple[int, int, str]]:
    """List (passage id, paper id, readable text) of sentences and captions of a search's papers, in reading order."""
    rows = connection.execute(
        """SELECT g.id, g.paper_id, g.text FROM passage g JOIN screening s ON s.paper_id = g.paper_id
           WHERE s.search_id = ? AND s.decision = 'include' AND g.kind != 'cell' ORDER BY g.paper_id, g.position""",
        (search,),
    )
    return [(row[0], row[1], row[2]) for row in rows]
