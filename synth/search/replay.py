"""The repetition of a search takes in the works that the original took in: which texts can be had has changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import select

from synth.papers.works import copy_decision
from synth.store.tables import Screening, Search

if TYPE_CHECKING:
    from synth.store.job import Job


def decide_as_then(job: Job) -> None:
    """Decide the works of a repeated search as in the original; works that it did not have stay as they are ranked."""
    with job.store.session() as s:
        first = s.get_one(Search, job.search_id).started_with.replay_of
        if not first:
            return
        then = {row.paper_id: row for row in s.exec(select(Screening).where(Screening.search_id == first)).all()}
        for row in s.exec(select(Screening).where(Screening.search_id == job.search_id)).all():
            # What is open in the original (a decision on duplicates came since) is open nowhere else.
            if row.paper_id in then and then[row.paper_id].decision != "pending":
                copy_decision(then[row.paper_id], row)
