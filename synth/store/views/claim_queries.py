"""Claims with their marks, sources, table cells and evidence; quotes."""

from __future__ import annotations

import json
import sqlite3
from typing import TypeVar

from synth.core.errors import UsageError
from synth.core.mark import PredictionVerdict, Side, mark
from synth.core.missing_experiment import MissingExperiment, missing_experiment
from synth.core.types import Prediction
from synth.store.rows.claims import (
    BearingView,
    CellView,
    ClaimCellView,
    ClaimView,
    EvidenceView,
    FullClaimView,
    GroundsView,
    QuoteView,
    SourceView,
)
from synth.store.rows.mapping import select, view
from synth.store.rows.runs import PredictionView
from synth.store.views.run_queries import predictions, slots, verdicts

Claim = TypeVar("Claim", bound=ClaimView)

_CLAIM = """
SELECT c.id, c.search_id AS search, c.text, c.kind, c.salience, c.nearness, c.confidence, c.standing, c.witnesses,
       c.witnesses_against AS against, c.reported_by, c.papers_confidence, c.own_confidence,
       c.own_for, c.own_against, c.own_place, c.why_not_testable, c.why_not_testable_code,
       c.why_not_testable_parameters, g.quote, g.page, g.paper_id AS paper, g.spans,
       g.sha256, p.title AS paper_title, p.url AS paper_url,
       (SELECT l.experiment FROM link l WHERE l.claim_id = c.id ORDER BY l.strength DESC, l.id LIMIT 1) AS experiment
FROM claim c
JOIN passage g ON g.id = (
    SELECT cs.passage_id FROM claim_source cs JOIN passage x ON x.id = cs.passage_id
    LEFT JOIN screening s ON s.paper_id = x.paper_id AND s.search_id = c.search_id
    WHERE cs.claim_id = c.id
    ORDER BY coalesce(s.decision = 'exclude', 0), s.rank IS NULL, s.rank, x.position LIMIT 1)
JOIN paper p ON p.id = g.paper_id
"""


# Claims whose papers a person has left out since are kept, for the decision may be taken back, but not listed.
_STANDS = """EXISTS (
    SELECT 1 FROM claim_source cs JOIN passage x ON x.id = cs.passage_id
    LEFT JOIN screening s ON s.paper_id = x.paper_id AND s.search_id = c.search_id
    WHERE cs.claim_id = c.id AND coalesce(s.decision, 'include') != 'exclude')
"""
_LISTED = f"WHERE c.search_id = ? AND (? OR c.kind != 'method') AND {_STANDS} ORDER BY c.salience DESC, c.id"


def claims(connection: sqlite3.Connection, number: int, methods: bool = False) -> list[ClaimView]:
    """Return findings of a search that one of its papers makes, most salient first; with `methods`
    what was done, too.
    """
    rows = select(connection, _CLAIM + _LISTED, number, methods)
    newest = _newest_verdicts(connection, number)
    missing = _missing(connection, "p.claim_id IN (SELECT id FROM claim WHERE search_id = ?)", number)
    return [_marked(ClaimView, row, newest.get(row["id"], []), missing.get(row["id"])) for row in rows]


def _missing(connection: sqlite3.Connection, where: str, number: int) -> dict[int, MissingExperiment]:
    """Map claim ids to the experiment that they would need, for claims that none tests but one could."""
    by_claim: dict[int, list[Prediction]] = {}
    for row in select(
        connection,
        f"""SELECT p.* FROM prediction p JOIN claim c ON c.id = p.claim_id
            WHERE c.why_not_testable_code != '' AND {where} ORDER BY p.claim_id, p.position""",
        number,
    ):
        by_claim.setdefault(row["claim_id"], []).append(slots(view(PredictionView, row)))
    wanted = {claim: missing_experiment(predictions) for claim, predictions in by_claim.items()}
    return {claim: experiment for claim, experiment in wanted.items() if experiment}


def testable(connection: sqlite3.Connection) -> dict[str, list[int]]:
    """Map experiments to the claims of all searches linked to them, as far as they are listed; in their order."""
    by_experiment: dict[str, list[int]] = {}
    for row in connection.execute(
        f"""SELECT DISTINCT l.experiment, l.claim_id FROM link l JOIN claim c ON c.id = l.claim_id
            WHERE {_STANDS} ORDER BY l.claim_id"""
    ):
        by_experiment.setdefault(row[0], []).append(row[1])
    return by_experiment


def _newest_verdicts(connection: sqlite3.Connection, number: int) -> dict[int, list[PredictionVerdict]]:
    """Map claim ids to the newest verdict of each of their predictions."""
    by_claim: dict[int, list[PredictionVerdict]] = {}
    for row in connection.execute(
        """SELECT v.claim_id, v.verdict, v.run_id, v.fidelity, p.direction FROM verdict v
           JOIN claim c ON c.id = v.claim_id JOIN prediction p ON p.id = v.prediction_id WHERE c.search_id = ?
           AND v.id = (SELECT max(w.id) FROM verdict w WHERE w.prediction_id = v.prediction_id) ORDER BY v.id""",
        (number,),
    ):
        by_claim.setdefault(row[0], []).append(PredictionVerdict(*row[1:]))
    return by_claim


def _marked(
    kind: type[Claim],
    row: sqlite3.Row,
    tested: list[PredictionVerdict],
    missing: MissingExperiment | None,
    **more: object,
) -> Claim:
    """Build a view of a claim with the mark that papers, its own paper and tests give."""
    papers = Side(row["papers_confidence"], row["witnesses"], row["against"])
    own = Side(row["own_confidence"], row["own_for"], row["own_against"], row["own_place"])
    standing = mark(tested, papers, own)
    by = None
    if standing.axis is not None:
        by = GroundsView(standing.axis, standing.papers, standing.where, standing.fidelity)
    return view(
        kind,
        row,
        why_not_testable=row["why_not_testable"] or None,
        why_not_testable_code=row["why_not_testable_code"] or None,
        verified=standing.verified,
        by=by,
        conflict=standing.conflict,
        contested=standing.contested,
        verdict=", ".join(dict.fromkeys(verdict.verdict for verdict in tested)) or "not tested",
        missing_experiment=missing,
        **more,
    )


def claim(connection: sqlite3.Connection, number: int) -> FullClaimView:
    """Return one claim with everything known about it. UsageError if there is no such claim."""
    rows = select(connection, _CLAIM + "WHERE c.id = ?", number)
    if not rows:
        last = connection.execute("SELECT max(id) FROM claim").fetchone()[0]
        known = f"Claims here run up to {last}." if last else "This workspace holds no claims yet."
        raise UsageError(f"There is no claim {number} in this workspace.", f"{known} `synth claims` lists them.")
    row = rows[0]
    return _marked(
        FullClaimView,
        row,
        _newest_verdicts(connection, row["search"]).get(number, []),
        _missing(connection, "p.claim_id = ?", number).get(number),
        sources=tuple(_sources(connection, number)),
        cells=tuple(cells(connection, number)),
        predictions=tuple(predictions(connection, number)),
        evidence=tuple(evidence(connection, number)),
        verdicts=tuple(verdicts(connection, number)),
    )


def _sources(connection: sqlite3.Connection, number: int) -> list[SourceView]:
    rows = select(
        connection,
        """SELECT g.id AS passage, g.quote, g.text, g.paper_id AS paper, p.title AS paper_title, g.page, g.section,
                  g.spans, g.sha256 FROM claim_source cs JOIN passage g ON g.id = cs.passage_id
           JOIN paper p ON p.id = g.paper_id WHERE cs.claim_id = ? ORDER BY g.paper_id, g.position""",
        number,
    )
    return [view(SourceView, row) for row in rows]


def cells(connection: sqlite3.Connection, number: int) -> list[ClaimCellView]:
    """Return the table cells that carry the claim's numbers; `against` is the baseline's cell where a number is a
    difference.
    """
    rows = select(connection, "SELECT * FROM claim_cell WHERE claim_id = ? ORDER BY id", number)
    passages = {place for row in rows for place in (row["passage_id"], row["against_id"]) if place}
    at = {place: _cell_row(connection, place) for place in passages}
    return [
        view(
            ClaimCellView,
            at[row["passage_id"]],
            number=row["number"],
            matched=json.loads(row["matched"]),
            against=view(CellView, at[row["against_id"]]) if row["against_id"] else None,
        )
        for row in rows
    ]


def _cell_row(connection: sqlite3.Connection, passage: int) -> sqlite3.Row:
    (row,) = select(
        connection,
        """SELECT g.id AS passage, g.table_label AS "table", g.row_head AS "row", g.column_head AS "column", g.text,
                  g.bold, g.best, g.quote, g.page, g.spans, g.sha256, g.paper_id AS paper, p.title AS paper_title,
                  p.pdf_path FROM passage g JOIN paper p ON p.id = g.paper_id WHERE g.id = ?""",
        passage,
    )
    return row


def quote(connection: sqlite3.Connection, number: int) -> QuoteView:
    """Return a passage with where it stands and the claims that it states or bears on. UsageError if there is none."""
    found = select(
        connection,
        """SELECT g.id AS passage, g.kind, g.text, g.quote, g.paper_id AS paper, p.title AS paper_title,
                  p.url AS paper_url, g.page, g.section, g.spans, g.sha256, p.pdf_path
           FROM passage g JOIN paper p ON p.id = g.paper_id WHERE g.id = ?""",
        number,
    )
    if not found:
        last = connection.execute("SELECT max(id) FROM passage").fetchone()[0]
        known = f"Quotes here run up to {last}." if last else "This workspace holds no quotes yet."
        raise UsageError(f"There is no quote {number} in this workspace.", f"{known} Reports name them.")
    states = select(connection, "SELECT claim_id FROM claim_source WHERE passage_id = ? ORDER BY 1", number)
    bears = select(
        connection, "SELECT claim_id AS claim, stance, confidence FROM evidence WHERE passage_id = ? ORDER BY 1", number
    )
    return view(
        QuoteView,
        found[0],
        states=tuple(row[0] for row in states),
        bears_on=tuple(view(BearingView, row) for row in bears),
    )


def evidence(connection: sqlite3.Connection, number: int) -> list[EvidenceView]:
    """List the evidence of a claim, best first; `start` and `end` are the offsets of the first piece on `page`."""
    rows = select(
        connection,
        """SELECT e.passage_id AS passage, e.stance, e.confidence, g.quote, g.text, g.paper_id AS paper, g.page,
                  g.sha256, e.relation, e.method, e.note, e.rank, e.cells, e.location, g.spans,
                  p.title AS paper_title, p.url AS paper_url, p.pdf_path, p.retracted
           FROM evidence e JOIN passage g ON g.id = e.passage_id JOIN paper p ON p.id = g.paper_id
           WHERE e.claim_id = ? ORDER BY e.stance = 'NOT_ENOUGH_INFO', e.confidence DESC, e.rank""",
        number,
    )
    return [_evidence(connection, row) for row in rows]


def _evidence(connection: sqlite3.Connection, row: sqlite3.Row) -> EvidenceView:
    _, start, end = json.loads(row["spans"])[0]
    table = tuple(view(CellView, _cell_row(connection, cell)) for cell in json.loads(row["cells"]))
    place = row["location"] or f"p. {row['page']}"
    return view(EvidenceView, row, location=place, start=start, end=end, table=table)
