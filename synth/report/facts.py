"""Facts that a report and its reviewers are made of, read once; pure data afterwards."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from synth.core.types import Crop
from synth.report.answer.titles import title_of
from synth.report.marks import is_finding
from synth.store import views

Row = dict[str, Any]
NOT_TESTED = "not tested"  # the verdict of a claim that no run has tested
Span = tuple[int, int, int]
# (stored path of the PDF, its sha256, [(spans, quote), …]) → whether the PDF gives back each quote.
Verify = Callable[[str, str, Sequence[tuple[Sequence[Span], str]]], list[bool]]
QuoteKey = tuple[str, tuple[Span, ...]]  # sha256 of the PDF, spans


@dataclass(frozen=True)
class Cropped:
    """Pictures of where one quote stands, and where there are none why."""

    pictures: tuple[Crop, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Facts:
    """One search with all that is known about it. Rows have the keys of `synth.store.views`.

    `claims` are the findings and whatever else was tested, most salient first, each as `views.claim` gives it, its
    evidence with the table cells that it was read off. `tests` holds the newest verdict of every
    tested prediction. `quotes_held` says of every quote that a claim or its evidence rests on whether the PDF gave
    it back, byte for byte, when the facts were gathered.
    """

    search: Row
    title: str
    author: str
    today: str  # ISO date
    flow: Row
    papers: list[Row]
    excluded: list[Row]
    claims: list[Row]
    tests: list[Row]
    runs: list[Row]  # every run of these claims, ended or not: id, claim, experiment, fidelity, state, error
    quotes_held: dict[QuoteKey, bool] = field(default_factory=dict)
    # What experiments there are: id, the question that each asks, the ids of its contrasts.
    experiments: Sequence[Row] = ()
    # Cosine of two findings by the pair of their ids, as far as it is high (`synth.report.answer.groups`).
    alike: Mapping[frozenset[int], float] = field(default_factory=dict)
    # Sentences that say what was done: claims of the search that are no findings, and not among `claims`.
    methods: int = 0
    # Where the quotes of sources stand on their pages, for formats that show it (`synth.report.crops`).
    crops: dict[QuoteKey, Cropped] = field(default_factory=dict)

    @property
    def paper(self) -> dict[int, Row]:
        """Included and excluded works by id."""
        return {row["id"]: row for row in [*self.papers, *self.excluded]}

    def holds(self, row: Row) -> bool:
        """Return True if the PDF gave back the quote of a source or of evidence, and the cells that it was read off."""
        return all(self.quotes_held.get(quote_key(part), False) for part in [row, *row.get("table", ())])

    def claim(self, number: int) -> Row:
        return next(row for row in self.claims if row["id"] == number)


def gather(
    connection: sqlite3.Connection,
    search_id: int,
    author: str,
    today: str,
    verify: Verify,
    title: str = "",
    experiments: Sequence[Row] = (),
) -> Facts:
    """Read the facts of a search and verify its quotes anew. `today` is an ISO date; without `title` one is derived
    from the question.
    """
    search = views.search(connection, search_id)
    works = views.papers(connection, search_id, None)
    rows = views.claims(connection, search_id, methods=True)
    findings = [row for row in rows if is_finding(row) or row["verdict"] != NOT_TESTED]
    claims = [_finite(views.claim(connection, row["id"])) for row in findings]
    _add_texts(connection, search_id, claims)
    _add_cells(connection, claims)
    return Facts(
        search=search,
        title=title or title_of(search["question"]),
        author=author,
        today=today,
        flow=views.flow(connection, search_id),
        papers=[row for row in works if row["decision"] == "include"],
        excluded=[row for row in works if row["decision"] == "exclude"],
        claims=claims,
        tests=_newest(claims),
        runs=_runs(connection, search_id),
        quotes_held=_held(claims, {row["id"]: row["pdf_path"] for row in works}, verify),
        experiments=experiments,
        methods=len(rows) - len(claims),
    )


def _finite(value: Any) -> Any:
    """Replace NaN and infinity with None, recursively: such a measurement is none."""
    if isinstance(value, dict):
        items = {key: _finite(item) for key, item in value.items()}
        if "measurements" in items:
            items["measurements"] = [row for row in items["measurements"] if row["value"] is not None]
        return items
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def _add_texts(connection: sqlite3.Connection, search_id: int, claims: Sequence[Row]) -> None:
    """Give every source its readable `text` beside the quote, which has the PDF's line breaks and hyphens."""
    rows = connection.execute(
        """SELECT DISTINCT g.sha256, g.spans, g.text FROM claim_source cs JOIN passage g ON g.id = cs.passage_id
           JOIN claim c ON c.id = cs.claim_id WHERE c.search_id = ?""",
        (search_id,),
    )
    texts = {quote_key({"sha256": row[0], "spans": json.loads(row[1])}): row[2] for row in rows}
    for claim in claims:
        for source in claim["sources"]:
            source["text"] = texts[quote_key(source)]


def _add_cells(connection: sqlite3.Connection, claims: Sequence[Row]) -> None:
    """Give every piece of evidence the table cells that it was read off, with row, column and place; [] for text."""
    rows = [row for claim in claims for row in claim["evidence"]]
    cells = {number: _cell(connection, number) for number in {number for row in rows for number in row["cells"]}}
    for row in rows:
        row["table"] = [cells[number] for number in row["cells"]]


def _cell(connection: sqlite3.Connection, number: int) -> Row:
    row = connection.execute(
        """SELECT g.id AS passage, g.table_label AS "table", g.row_head AS "row", g.column_head AS "column", g.text,
                  g.quote, g.page, g.spans, g.sha256, g.paper_id AS paper, p.title AS paper_title, p.pdf_path
           FROM passage g JOIN paper p ON p.id = g.paper_id WHERE g.id = ?""",
        (number,),
    ).fetchone()
    return dict(row) | {"spans": json.loads(row["spans"])}


def _newest(claims: Sequence[Row]) -> list[Row]:
    """Return the newest verdict of each tested prediction, in the order of the claims."""
    newest: dict[int, Row] = {}
    for claim in claims:
        for verdict in claim["verdicts"]:  # newest first
            newest.setdefault(verdict["prediction_id"], verdict)
    return list(newest.values())


def _runs(connection: sqlite3.Connection, search_id: int) -> list[Row]:
    rows = connection.execute(
        """SELECT r.id, r.claim_id AS claim, r.experiment, r.fidelity, r.state, r.error, r.registered
           FROM run r JOIN claim c ON c.id = r.claim_id WHERE c.search_id = ? ORDER BY r.id""",
        (search_id,),
    )
    return [dict(row) for row in rows]


def quote_key(row: Row) -> QuoteKey:
    """Return the key that identifies the quote of a source or evidence row."""
    return row["sha256"], tuple((page, start, end) for page, start, end in row["spans"])


def quoted(claims: Sequence[Row]) -> list[Row]:
    """Return the rows whose quotes carry something: sources, evidence that takes a side, the cells that it was read
    off.
    """
    rows = []
    for claim in claims:
        rows += claim["sources"]
        for row in claim["evidence"]:
            if row["stance"] != "NOT_ENOUGH_INFO":
                rows += [row, *row["table"]]
    return rows


def _held(claims: Sequence[Row], paths: dict[int, str], verify: Verify) -> dict[QuoteKey, bool]:
    wanted: dict[tuple[str, str], dict[QuoteKey, str]] = {}
    for row in quoted(claims):
        file = (paths.get(row["paper"]) or row.get("pdf_path", ""), row["sha256"])
        wanted.setdefault(file, {})[quote_key(row)] = row["quote"]
    held: dict[QuoteKey, bool] = {}
    for (path, sha256), quotes in wanted.items():
        answers = verify(path, sha256, [(key[1], quote) for key, quote in quotes.items()]) if path else []
        held |= dict.fromkeys(quotes, False) | dict(zip(quotes, answers, strict=False))
    return held
