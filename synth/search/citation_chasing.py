"""Citation chasing: what the most relevant works cite, and what cites them; one step, and so many and no more.

The works are chosen once, when their queries are put into the ledger; resuming a search completes those queries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from synth import sources
from synth.papers.works import stored_record
from synth.search.plan import CHASED, Planned
from synth.search.query_log import add_query, ask_all
from synth.sources import Chaser
from synth.store.tables import PaperRecord, Screening, Search, SourceQuery

if TYPE_CHECKING:
    from synth.store.job import Job

KINDS = ("references", "citations")


def chase(job: Job) -> bool:
    """Ask for the references and citations of the works that rank first. True if any were asked for."""
    with job.store.session() as s:
        search = s.get_one(Search, job.search_id)
        wanted = search.started_with.chase
        if not wanted:
            return False
        if not _queries(s, job.search_id):
            for planned in _planned(s, search, wanted):
                add_query(s, job.search_id, planned)
    ask_all(job, "chase", KINDS)
    return True


def _queries(s: Session, search_id: int) -> list[SourceQuery]:
    rows = select(SourceQuery).where(SourceQuery.search_id == search_id, col(SourceQuery.kind).in_(KINDS))
    return list(s.exec(rows).all())


def _planned(s: Session, search: Search, wanted: int) -> list[Planned]:
    """Plan the queries for the `wanted` works that rank first, at each source of the search that knows
    who cites whom.
    """
    chasers = [(name, source) for name in search.sources if isinstance(source := sources.source(name), Chaser)]
    works = s.exec(
        select(Screening.paper_id)
        .where(Screening.search_id == search.id, col(Screening.rank).is_not(None))
        .order_by(col(Screening.rank))
        .limit(wanted)
    ).all()
    planned: dict[tuple[str, str], Planned] = {}
    for paper_id in works:
        rows = s.exec(select(PaperRecord).where(PaperRecord.paper_id == paper_id).order_by(col(PaperRecord.id))).all()
        for name, chaser in chasers:
            # The source's own record names the work best; another's may name it too.
            own = sorted(rows, key=lambda row: row.source != name)
            trails = next(filter(None, (chaser.trails(stored_record(row)) for row in own)), ())
            for kind, query in trails:
                planned.setdefault((name, query), Planned(name, query, kind, CHASED))
    return list(planned.values())
