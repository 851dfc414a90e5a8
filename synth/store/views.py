"""Queries behind listings and reports, in plain SQL over the standard library's sqlite3.

Every function takes a connection from `synth.store.database.reading` and returns values of `synth.store.rows`, whose
fields are the keys of the command line contract: more may be added, none renamed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from synth.core.errors import UsageError
from synth.core.mark import PredictionVerdict, Side, mark
from synth.core.missing_experiment import MissingExperiment, missing_experiment
from synth.core.types import Prediction
from synth.store.prisma import flow as flow
from synth.store.prisma import new_works
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
from synth.store.rows.mapping import view
from synth.store.rows.runs import (
    LinkView,
    MeasurementView,
    PredictionView,
    RunView,
    StoredRunView,
    StoredVerdictView,
    VerdictView,
)
from synth.store.rows.searches import (
    LackView,
    PaperView,
    QueryChange,
    QueryView,
    RecordView,
    RepetitionView,
    SearchView,
)
from synth.store.rows.stored import StoredProvenance
from synth.store.verdict_history import changes

Claim = TypeVar("Claim", bound=ClaimView)
_SLOTS = tuple(Prediction.__dataclass_fields__)


def _rows(connection: sqlite3.Connection, sql: str, *values: object) -> list[sqlite3.Row]:
    return connection.execute(sql, values).fetchall()


# ------------------------------------------------------------------------------------------------ searches


def search_id(connection: sqlite3.Connection, wanted: int | None) -> int:
    """Return `wanted` if it exists, or the newest search for None. UsageError if there is none."""
    if wanted is None:
        row = connection.execute("SELECT max(id) FROM search").fetchone()
        if row[0] is None:
            raise UsageError("This workspace holds no search yet.", 'Start one with `synth search "<question>"`.')
        return int(row[0])
    if not connection.execute("SELECT 1 FROM search WHERE id = ?", (wanted,)).fetchone():
        numbers = ", ".join(str(row[0]) for row in _rows(connection, "SELECT id FROM search ORDER BY id")) or "none"
        raise UsageError(f"There is no search {wanted} in this workspace.", f"Searches here: {numbers}.")
    return wanted


def search(connection: sqlite3.Connection, number: int) -> SearchView:
    (row,) = _rows(connection, "SELECT * FROM search WHERE id = ?", number)
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
    queries = _rows(
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
    works = _rows(
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
    rows = _rows(
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
    rows = _rows(
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
    for row in _rows(
        connection,
        """SELECT DISTINCT r.id, r.paper_id, r.source, r.title, r.url, r.content FROM paper_record r
           JOIN hit h ON h.paper_record_id = r.id JOIN source_query q ON q.id = h.source_query_id
           WHERE q.search_id = ? ORDER BY r.id""",
        number,
    ):
        by_paper.setdefault(row["paper_id"], []).append(view(RecordView, row))
    return by_paper


# -------------------------------------------------------------------------------------------------- claims

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
    rows = _rows(connection, _CLAIM + _LISTED, number, methods)
    newest = _newest_verdicts(connection, number)
    missing = _missing(connection, "p.claim_id IN (SELECT id FROM claim WHERE search_id = ?)", number)
    return [_marked(ClaimView, row, newest.get(row["id"], []), missing.get(row["id"])) for row in rows]


def _missing(connection: sqlite3.Connection, where: str, number: int) -> dict[int, MissingExperiment]:
    """Map claim ids to the experiment that they would need, for claims that none tests but one could."""
    by_claim: dict[int, list[Prediction]] = {}
    for row in _rows(
        connection,
        f"""SELECT p.* FROM prediction p JOIN claim c ON c.id = p.claim_id
            WHERE c.why_not_testable_code != '' AND {where} ORDER BY p.claim_id, p.position""",
        number,
    ):
        by_claim.setdefault(row["claim_id"], []).append(slots(view(PredictionView, row)))
    wanted = {claim: missing_experiment(predictions) for claim, predictions in by_claim.items()}
    return {claim: experiment for claim, experiment in wanted.items() if experiment}


def slots(prediction: PredictionView) -> Prediction:
    """Return a stored prediction as the value that it was made of."""
    return Prediction(**{slot: getattr(prediction, slot) for slot in _SLOTS})


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
    rows = _rows(connection, _CLAIM + "WHERE c.id = ?", number)
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
    rows = _rows(
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
    rows = _rows(connection, "SELECT * FROM claim_cell WHERE claim_id = ? ORDER BY id", number)
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
    (row,) = _rows(
        connection,
        """SELECT g.id AS passage, g.table_label AS "table", g.row_head AS "row", g.column_head AS "column", g.text,
                  g.bold, g.best, g.quote, g.page, g.spans, g.sha256, g.paper_id AS paper, p.title AS paper_title,
                  p.pdf_path FROM passage g JOIN paper p ON p.id = g.paper_id WHERE g.id = ?""",
        passage,
    )
    return row


def quote(connection: sqlite3.Connection, number: int) -> QuoteView:
    """Return a passage with where it stands and the claims that it states or bears on. UsageError if there is none."""
    found = _rows(
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
    states = _rows(connection, "SELECT claim_id FROM claim_source WHERE passage_id = ? ORDER BY 1", number)
    bears = _rows(
        connection, "SELECT claim_id AS claim, stance, confidence FROM evidence WHERE passage_id = ? ORDER BY 1", number
    )
    return view(
        QuoteView,
        found[0],
        states=tuple(row[0] for row in states),
        bears_on=tuple(view(BearingView, row) for row in bears),
    )


def predictions(connection: sqlite3.Connection, number: int) -> list[PredictionView]:
    """List the predictions of a claim, each with the experiments that can test it (best first)."""
    rows = _rows(
        connection,
        """SELECT id, treatment, baseline, task, metric, direction, value, unit, scope, hedge
           FROM prediction WHERE claim_id = ? ORDER BY position""",
        number,
    )
    link_rows = _rows(connection, "SELECT * FROM link WHERE claim_id = ? ORDER BY strength DESC, id", number)
    links = [view(LinkView, row) for row in link_rows]
    return [
        view(PredictionView, row, links=tuple(link for link in links if link.prediction_id == row["id"]))
        for row in rows
    ]


def evidence(connection: sqlite3.Connection, number: int) -> list[EvidenceView]:
    """List the evidence of a claim, best first; `start` and `end` are the offsets of the first piece on `page`."""
    rows = _rows(
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


# ---------------------------------------------------------------------------------------- runs and verdicts

_VERDICT = """
SELECT v.id, v.claim_id AS claim, r.experiment, r.contrast, v.fidelity, v.prediction_id, v.run_id, v.verdict,
       v.estimate, v.ci_low, v.ci_high, v.level, v.unit, v.seeds, v.reason, v.reason_codes, v.deviations,
       v.deviation_codes, v.created,
       r.spec_hash, r.registered, r.started, r.finished, r.seconds, r.gate, r.stages, r.provenance, r.spec
FROM verdict v JOIN run r ON r.id = v.run_id
"""


def verdicts(connection: sqlite3.Connection, number: int) -> list[VerdictView]:
    """List the verdicts of a claim, newest first, as `verify --json` gives each."""
    rows = _rows(connection, _VERDICT + "WHERE v.claim_id = ? ORDER BY v.id DESC", number)
    tested = {prediction.id: prediction for prediction in predictions(connection, number)}
    listed = [_verdict(connection, row, tested[row["prediction_id"]]) for row in rows]
    return [replace(verdict, changed=_changed(verdict, listed[at + 1 :])) for at, verdict in enumerate(listed)]


def _verdict(connection: sqlite3.Connection, row: sqlite3.Row, prediction: PredictionView) -> VerdictView:
    provenance: StoredProvenance = json.loads(row["provenance"])
    analysis = provenance.pop("analysis", {})
    return view(
        VerdictView,
        row,
        provenance=provenance,
        ci=(row["ci_low"], row["ci_high"]),
        prediction=prediction,
        measurements=tuple(measurements(connection, row["run_id"])),
        run_ids=(row["run_id"],),
        analysis=analysis,
    )


def _changed(verdict: VerdictView, before: Iterable[VerdictView]) -> tuple[str, ...]:
    """List what is different from the verdict before it on the same prediction."""
    older = next((other for other in before if other.prediction_id == verdict.prediction_id), None)
    return tuple(changes(verdict, older)) if older else ()


def measurements(connection: sqlite3.Connection, run: int) -> list[MeasurementView]:
    rows = _rows(
        connection,
        "SELECT arm, seed, language, metric, value, n FROM measurement WHERE run_id = ? ORDER BY id",
        run,
    )
    return [MeasurementView(*row) for row in rows]


def runs(connection: sqlite3.Connection, number: int) -> list[RunView]:
    """List every run of the claims of a search, ended or not."""
    rows = _rows(
        connection,
        """SELECT r.id, r.claim_id AS claim, r.experiment, r.fidelity, r.state, r.error, r.registered
           FROM run r JOIN claim c ON c.id = r.claim_id WHERE c.search_id = ? ORDER BY r.id""",
        number,
    )
    return [view(RunView, row) for row in rows]


def stored_runs(connection: sqlite3.Connection) -> list[StoredRunView]:
    """List every run of the database that has ended, as it is stored."""
    rows = _rows(connection, "SELECT * FROM run WHERE state IN ('done', 'failed') ORDER BY id")
    return [view(StoredRunView, row) for row in rows]


def stored_verdicts(connection: sqlite3.Connection, run: int) -> list[StoredVerdictView]:
    """List the verdicts that rest on a run, as they are stored."""
    rows = _rows(connection, "SELECT * FROM verdict WHERE run_id = ? ORDER BY id", run)
    return [view(StoredVerdictView, row) for row in rows]
