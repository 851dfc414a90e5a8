"""Works of a search as references need them. Plain SQL."""

from __future__ import annotations

import sqlite3

from synth.store.rows.mapping import view
from synth.store.rows.searches import ReferenceView

# Works that a claim was read from, that carry one of its numbers, or that speak for or against it.
_CITED = """
SELECT g.paper_id FROM passage g JOIN claim_source x ON x.passage_id = g.id JOIN claim c ON c.id = x.claim_id
WHERE c.search_id = ?1
UNION SELECT g.paper_id FROM passage g JOIN claim_cell x ON x.passage_id = g.id JOIN claim c ON c.id = x.claim_id
WHERE c.search_id = ?1
UNION SELECT g.paper_id FROM passage g JOIN evidence x ON x.passage_id = g.id JOIN claim c ON c.id = x.claim_id
WHERE c.search_id = ?1 AND x.stance != 'NOT_ENOUGH_INFO'
"""


def works(connection: sqlite3.Connection, search: int, cited: bool = False) -> list[ReferenceView]:
    """List the included works of `search`, most relevant first; with `cited` those that claims and evidence quote."""
    rows = connection.execute(
        f"""SELECT p.id, p.title, p.authors, p.year, p.url, p.doi, p.arxiv_id, p.acl_id, p.comment, p.withdrawn,
                   p.publication_type, p.venue, p.volume, p.issue, p.page_range, p.publisher, p.journal_reference,
                   p.published_year
            FROM screening s JOIN paper p ON p.id = s.paper_id
            WHERE s.search_id = ?1 AND s.decision = 'include' AND (NOT ?2 OR p.id IN ({_CITED}))
            ORDER BY s.rank IS NULL, s.rank, p.id""",
        (search, cited),
    )
    return [view(ReferenceView, row) for row in rows]
