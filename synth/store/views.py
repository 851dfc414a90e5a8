"""Queries behind listings and reports, in plain SQL over the standard library's sqlite3.

Every function takes a connection from `synth.store.database.reading` and returns dictionaries and lists that go to
JSON as they are. The keys are the command line contract: more may be added, none renamed.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from synth.core.errors import UsageError
from synth.core.mark import Mark, PredictionVerdict, Side, mark
from synth.core.missing_experiment import missing_experiment
from synth.core.types import Prediction
from synth.store.prisma import flow as flow
from synth.store.prisma import new_works
from synth.store.verdict_history import changes

Row = dict[str, Any]
_SLOTS = tuple(Prediction.__dataclass_fields__)


def _rows(connection: sqlite3.Connection, sql: str, *values: Any) -> list[Row]:
    return [dict(row) for row in connection.execute(sql, values)]


def _decode(row: Row, *names: str) -> Row:
    """Parse the JSON columns `names` of `row`."""
    return row | {name: json.loads(row[name]) for name in names}


# ------------------------------------------------------------------------------------------------ searches


def searches(connection: sqlite3.Connection) -> list[Row]:
    rows = _rows(connection, "SELECT id, question, sources, state, complete, created, finished FROM search ORDER BY id")
    return [_decode(row, "sources") | {"complete": bool(row["complete"])} for row in rows]


def search_id(connection: sqlite3.Connection, wanted: int | None) -> int:
    """`wanted` if it exists, else the newest search. UsageError if there is none."""
    if wanted is None:
        row = connection.execute("SELECT max(id) FROM search").fetchone()
        if row[0] is None:
            raise UsageError("This workspace holds no search yet.", 'Start one with `synth search "<question>"`.')
        return int(row[0])
    if not connection.execute("SELECT 1 FROM search WHERE id = ?", (wanted,)).fetchone():
        known = ", ".join(str(row["id"]) for row in searches(connection)) or "none"
        raise UsageError(f"There is no search {wanted} in this workspace.", f"Searches here: {known}.")
    return wanted


def search(connection: sqlite3.Connection, number: int) -> Row:
    row = _rows(connection, "SELECT * FROM search WHERE id = ?", number)[0]
    row = _decode(row, "sources", "options")
    queries = ledger(connection, number)
    return {
        "id": row["id"],
        "question": row["question"],
        "complete": bool(row["complete"]),
        "state": row["state"],
        "created": row["created"],
        "finished": row["finished"],
        "options": row["options"],
        "missing": missing(connection, number),
        # A repetition has what its original has: that is what can be completed.
        "completed_by": "" if row["complete"] else f"synth search --resume {row['options'].get('replay_of', number)}",
        "sources": queries,
    }


def missing(connection: sqlite3.Connection, number: int) -> list[Row]:
    """List what search `number` lacks: queries without a full answer, works that are not ranked (as after a decision on
    duplicates), and included works whose text could not be had yet.

    Keys: what (a sentence), do (what to do about it), source (empty for a work). Empty for a complete search.
    """
    queries = _rows(
        connection,
        """SELECT source, query, status, error, remedy FROM source_query
           WHERE search_id = ? AND status NOT IN ('ok', 'no results') ORDER BY id""",
        number,
    )
    found = [
        {
            "source": row["source"],
            "what": f"{row['source']} ({row['status']}): {row['error'] or 'it was not asked to its end'}",
            "do": row["remedy"],
        }
        for row in queries
    ]
    pending = connection.execute(
        "SELECT count(*) FROM screening WHERE search_id = ? AND decision = 'pending'", (number,)
    ).fetchone()[0]
    if pending:
        count = "1 work has" if pending == 1 else f"{pending} works have"
        found.append({"source": "", "what": f"{count} not been ranked and weighed yet.", "do": ""})
    works = _rows(
        connection,
        """SELECT p.title, p.text_reason FROM screening s JOIN paper p ON p.id = s.paper_id
           WHERE s.search_id = ? AND s.decision = 'include' AND p.text_state = 'unread' ORDER BY s.rank, p.id""",
        number,
    )
    if works:
        reasons = list(dict.fromkeys(filter(None, (row["text_reason"] for row in works))))
        count = "1 paper has" if len(works) == 1 else f"{len(works)} papers have"
        found.append({"source": "", "what": " ".join([f"{count} not been fetched.", *reasons[:3]]), "do": ""})
    return found


def repetition(connection: sqlite3.Connection, first: int, second: int) -> Row:
    """Compare search `second` with `first`, which it repeats: the same works for the same queries, in
    the same order.
    """
    then, again = (_found(connection, one) for one in (first, second))
    differing = [
        {"source": key[0], "query": key[1], "then": len(then.get(key, ())), "now": len(again.get(key, ()))}
        for key in dict.fromkeys([*then, *again])
        if then.get(key) != again.get(key)
    ]
    works = {work for found in again.values() for work in found}
    return {"of": first, "same": not differing, "works": len(works), "differing": differing}


def _found(connection: sqlite3.Connection, number: int) -> dict[tuple[str, str], list[int]]:
    """(source, query) → works in the source's order."""
    found: dict[tuple[str, str], list[int]] = {(q["source"], q["query"]): [] for q in ledger(connection, number)}
    for source, query, work in connection.execute(
        """SELECT q.source, q.query, r.paper_id FROM source_query q JOIN hit h ON h.source_query_id = q.id
           JOIN paper_record r ON r.id = h.paper_record_id WHERE q.search_id = ? ORDER BY q.id, h.position""",
        (number,),
    ):
        found[(source, query)].append(work)
    return found


def ledger(connection: sqlite3.Connection, number: int) -> list[Row]:
    """Every query of a search with its outcome; `kept` counts the works of its hits that were included."""
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
    found = [_decode(row, "warnings", "undecided") | {"new": new[row["id"]]} for row in rows]
    for row in found:
        row["warnings"] += [f"Not decided: {question}" for question in row["undecided"]]
    return found


# -------------------------------------------------------------------------------------------------- papers


def papers(connection: sqlite3.Connection, number: int, decision: str | None = "include") -> list[Row]:
    """Works of a search, most relevant first; `decision` None gives the excluded ones too."""
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
    encoded = ("authors", "relevance", "text_reason_parameters", "reason_parameters")
    return [_decode(row, *encoded) | {"withdrawn": bool(row["withdrawn"])} for row in rows]


def records(connection: sqlite3.Connection, number: int) -> dict[int, list[Row]]:
    """Paper id → the records that sources gave to the queries of a search, each with source, title and content."""
    found: dict[int, list[Row]] = {}
    for row in _rows(
        connection,
        """SELECT DISTINCT r.id, r.paper_id, r.source, r.title, r.url, r.content FROM paper_record r
           JOIN hit h ON h.paper_record_id = r.id JOIN source_query q ON q.id = h.source_query_id
           WHERE q.search_id = ? ORDER BY r.id""",
        number,
    ):
        found.setdefault(row["paper_id"], []).append(_decode(row, "content"))
    return found


# -------------------------------------------------------------------------------------------------- claims

_CLAIM = """
SELECT c.id, c.search_id AS search, c.text, c.kind, c.salience, c.nearness, c.confidence, c.standing, c.witnesses,
       c.witnesses AS "for", c.witnesses_against AS against, c.reported_by, c.papers_confidence, c.own_confidence,
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


def claims(connection: sqlite3.Connection, number: int, methods: bool = False) -> list[Row]:
    """Return findings of a search that one of its papers makes, most salient first; with `methods`
    what was done, too.
    """
    rows = _rows(connection, _CLAIM + _LISTED, number, methods)
    newest = _newest_verdicts(connection, number)
    missing = _missing(connection, "p.claim_id IN (SELECT id FROM claim WHERE search_id = ?)", number)
    return [_finish(row, newest.get(row["id"], [])) | {"missing_experiment": missing.get(row["id"])} for row in rows]


def _missing(connection: sqlite3.Connection, where: str, number: int) -> dict[int, Row]:
    """Claim id → the experiment that it would need, for claims that none tests but one could."""
    found: dict[int, list[Prediction]] = {}
    for row in _rows(
        connection,
        f"""SELECT p.* FROM prediction p JOIN claim c ON c.id = p.claim_id
            WHERE c.why_not_testable_code != '' AND {where} ORDER BY p.claim_id, p.position""",
        number,
    ):
        row = _decode(row, "scope")
        found.setdefault(row["claim_id"], []).append(Prediction(**{slot: row[slot] for slot in _SLOTS}))
    wanted = {claim: missing_experiment(predictions) for claim, predictions in found.items()}
    return {claim: one for claim, one in wanted.items() if one}


def testable(connection: sqlite3.Connection) -> dict[str, list[int]]:
    """Experiment → claims of all searches that are linked to it, as far as they are listed; in their order."""
    found: dict[str, list[int]] = {}
    for row in connection.execute(
        f"""SELECT DISTINCT l.experiment, l.claim_id FROM link l JOIN claim c ON c.id = l.claim_id
            WHERE {_STANDS} ORDER BY l.claim_id"""
    ):
        found.setdefault(row[0], []).append(row[1])
    return found


def _newest_verdicts(connection: sqlite3.Connection, number: int) -> dict[int, list[PredictionVerdict]]:
    """Claim id → newest verdict of each of its predictions."""
    found: dict[int, list[PredictionVerdict]] = {}
    for row in connection.execute(
        """SELECT v.claim_id, v.verdict, v.run_id, v.fidelity, p.direction FROM verdict v
           JOIN claim c ON c.id = v.claim_id JOIN prediction p ON p.id = v.prediction_id WHERE c.search_id = ?
           AND v.id = (SELECT max(w.id) FROM verdict w WHERE w.prediction_id = v.prediction_id) ORDER BY v.id""",
        (number,),
    ):
        found.setdefault(row[0], []).append(PredictionVerdict(*row[1:]))
    return found


def _finish(row: Row, tested: list[PredictionVerdict]) -> Row:
    row = _decode(row, "spans", "why_not_testable_parameters")
    row["why_not_testable"] = row["why_not_testable"] or None
    row["why_not_testable_code"] = row["why_not_testable_code"] or None
    found = _mark(row, tested)
    row["verified"], row["by"] = found.verified, found.by
    row["conflict"], row["contested"] = found.conflict, found.contested
    row["verdict"] = ", ".join(dict.fromkeys(one.verdict for one in tested)) or "not tested"
    return row


def _mark(row: Row, tested: list[PredictionVerdict]) -> Mark:
    papers = Side(row.pop("papers_confidence"), row["for"], row["against"])
    own = Side(row.pop("own_confidence"), row.pop("own_for"), row.pop("own_against"), row.pop("own_place"))
    return mark(tested, papers, own)


def claim(connection: sqlite3.Connection, number: int) -> Row:
    """One claim with everything known about it. UsageError if there is no such claim."""
    rows = _rows(connection, _CLAIM + "WHERE c.id = ?", number)
    if not rows:
        last = connection.execute("SELECT max(id) FROM claim").fetchone()[0]
        known = f"Claims here run up to {last}." if last else "This workspace holds no claims yet."
        raise UsageError(f"There is no claim {number} in this workspace.", f"{known} `synth claims` lists them.")
    row = rows[0]
    row = _finish(row, _newest_verdicts(connection, row["search"]).get(number, []))
    row["missing_experiment"] = _missing(connection, "p.claim_id = ?", number).get(number)
    row["sources"] = _sources(connection, number)
    row["cells"] = cells(connection, number)
    row["predictions"] = predictions(connection, number)
    row["evidence"] = evidence(connection, number)
    row["verdicts"] = verdicts(connection, number)
    return row


def _sources(connection: sqlite3.Connection, number: int) -> list[Row]:
    rows = _rows(
        connection,
        """SELECT g.id AS passage, g.quote, g.paper_id AS paper, p.title AS paper_title, g.page, g.section, g.spans,
                  g.sha256 FROM claim_source cs JOIN passage g ON g.id = cs.passage_id JOIN paper p ON p.id = g.paper_id
           WHERE cs.claim_id = ? ORDER BY g.paper_id, g.position""",
        number,
    )
    return [_decode(row, "spans") for row in rows]


def cells(connection: sqlite3.Connection, number: int) -> list[Row]:
    """Return the table cells that carry the claim's numbers; `against` is the baseline's cell where a number is a
    difference.

    `best`: what the cell's bold print marks it as ("highest of its column"), "" for nothing.
    """
    found = []
    for row in connection.execute("SELECT * FROM claim_cell WHERE claim_id = ? ORDER BY id", (number,)):
        cell = {"number": row["number"], "matched": json.loads(row["matched"])} | _cell(connection, row["passage_id"])
        against = _cell(connection, row["against_id"]) if row["against_id"] else None
        found.append(cell | {"against": against})
    return found


def _cell(connection: sqlite3.Connection, passage: int) -> Row:
    (row,) = _rows(
        connection,
        """SELECT g.table_label AS "table", g.row_head AS "row", g.column_head AS "column", g.text, g.bold, g.best,
                  g.quote, g.page, g.spans, g.sha256, g.paper_id AS paper, p.title AS paper_title, p.pdf_path
           FROM passage g JOIN paper p ON p.id = g.paper_id WHERE g.id = ?""",
        passage,
    )
    return _decode(row, "spans") | {"bold": bool(row["bold"])}


def quote(connection: sqlite3.Connection, number: int) -> Row:
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
    states = connection.execute("SELECT claim_id FROM claim_source WHERE passage_id = ? ORDER BY 1", (number,))
    bears = _rows(
        connection, "SELECT claim_id AS claim, stance, confidence FROM evidence WHERE passage_id = ? ORDER BY 1", number
    )
    return _decode(found[0], "spans") | {"states": [row[0] for row in states], "bears_on": bears}


def predictions(connection: sqlite3.Connection, number: int) -> list[Row]:
    """Predictions of a claim, each with the experiments that can test it (best first)."""
    rows = _rows(
        connection,
        """SELECT id, treatment, baseline, task, metric, direction, value, unit, scope, hedge
           FROM prediction WHERE claim_id = ? ORDER BY position""",
        number,
    )
    links = _rows(connection, "SELECT * FROM link WHERE claim_id = ? ORDER BY strength DESC, id", number)
    for row in rows:
        row |= _decode(row, "scope")
        own = [link for link in links if link["prediction_id"] == row["id"]]
        row["links"] = [_decode(link, "matched", "unmatched", "unmatched_codes") for link in own]
    return rows


def evidence(connection: sqlite3.Connection, number: int) -> list[Row]:
    """Evidence of a claim, best first; `start` and `end` are the offsets of the first piece on `page`."""
    rows = _rows(
        connection,
        """SELECT e.passage_id AS passage, e.stance, e.confidence, g.quote, g.text, g.paper_id AS paper, g.page,
                  g.sha256, e.relation, e.method, e.note, e.rank, e.cells, e.location, g.spans,
                  p.title AS paper_title, p.url AS paper_url, p.pdf_path, p.retracted
           FROM evidence e JOIN passage g ON g.id = e.passage_id JOIN paper p ON p.id = g.paper_id
           WHERE e.claim_id = ? ORDER BY e.stance = 'NOT_ENOUGH_INFO', e.confidence DESC, e.rank""",
        number,
    )
    found = [_decode(row, "spans", "cells") for row in rows]
    return [
        row
        | {"start": row["spans"][0][1], "end": row["spans"][0][2], "location": row["location"] or f"p. {row['page']}"}
        for row in found
    ]


# ---------------------------------------------------------------------------------------- runs and verdicts

_VERDICT = """
SELECT v.id, v.claim_id AS claim, r.experiment, r.contrast, v.fidelity, v.prediction_id, v.run_id, v.verdict,
       v.estimate, v.ci_low, v.ci_high, v.level, v.unit, v.seeds, v.reason, v.reason_codes, v.deviations,
       v.deviation_codes, v.created,
       r.spec_hash, r.registered, r.started, r.finished, r.seconds, r.gate, r.stages, r.provenance, r.spec
FROM verdict v JOIN run r ON r.id = v.run_id
"""


def verdicts(connection: sqlite3.Connection, number: int) -> list[Row]:
    """Verdict history of a claim, newest first, as `verify --json` gives each.

    `changed`: what is different from the verdict before it on the same prediction; `analysis`: what stands beside it.
    """
    rows = _rows(connection, _VERDICT + "WHERE v.claim_id = ? ORDER BY v.id DESC", number)
    tested = {row["id"]: row for row in predictions(connection, number)}
    found = []
    for row in rows:
        row = _decode(row, "reason_codes", "deviations", "deviation_codes", "gate", "stages", "provenance", "spec")
        row["ci"] = [row.pop("ci_low"), row.pop("ci_high")]
        row["prediction"] = tested.get(row["prediction_id"])
        row["measurements"] = measurements(connection, row["run_id"])
        row["run_ids"] = [row["run_id"]]
        row["analysis"] = row["provenance"].pop("analysis", {})
        found.append(row)
    for at, row in enumerate(found):
        before = (other for other in found[at + 1 :] if other["prediction_id"] == row["prediction_id"])
        older = next(before, None)
        row["changed"] = changes(row, older) if older else []
    return found


def measurements(connection: sqlite3.Connection, run: int) -> list[Row]:
    return _rows(
        connection,
        "SELECT arm, seed, language, metric, value, n FROM measurement WHERE run_id = ? ORDER BY id",
        run,
    )


def reviews(connection: sqlite3.Connection, number: int) -> list[Row]:
    """Newest review of each reviewer for a search."""
    rows = _rows(
        connection,
        """SELECT reviewer, score, checks, created FROM review v WHERE search_id = ? AND id =
           (SELECT max(id) FROM review w WHERE w.search_id = v.search_id AND w.reviewer = v.reviewer)
           ORDER BY reviewer""",
        number,
    )
    return [_decode(row, "checks") for row in rows]
