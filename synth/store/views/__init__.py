"""Queries behind listings and reports, in plain SQL over the standard library's sqlite3.

Every function takes a connection from `synth.store.database.reading` and returns values of `synth.store.rows`, whose
fields are the keys of the command line contract: more may be added, none renamed.
"""

from synth.store.prisma import flow
from synth.store.views.claim_queries import cells, claim, claims, evidence, quote, testable
from synth.store.views.run_queries import measurements, predictions, runs, slots, stored_runs, stored_verdicts, verdicts
from synth.store.views.search_queries import missing, papers, query_log, records, repetition, search, search_id

__all__ = [
    "cells",
    "claim",
    "claims",
    "evidence",
    "flow",
    "measurements",
    "missing",
    "papers",
    "predictions",
    "query_log",
    "quote",
    "records",
    "repetition",
    "runs",
    "search",
    "search_id",
    "slots",
    "stored_runs",
    "stored_verdicts",
    "testable",
    "verdicts",
]
