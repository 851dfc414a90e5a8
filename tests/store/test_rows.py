"""Values and rows: a row of SQL becomes a view, a view becomes the JSON of the command line contract."""

from __future__ import annotations

import inspect
import json
import sqlite3
from dataclasses import FrozenInstanceError, dataclass, field, is_dataclass

import pytest

from synth.store.rows import claims, duplicates, runs, searches
from synth.store.rows.mapping import as_json, hidden, json_row, keys, view
from synth.store.rows.stored import StoredGate
from tests.blank import blank

VIEWS = [
    kind
    for module in (claims, duplicates, runs, searches)
    for kind in vars(module).values()
    if inspect.isclass(kind) and is_dataclass(kind) and kind.__module__ == module.__name__
]


@dataclass(frozen=True)
class Kettle:
    name: str
    spans: tuple[tuple[int, int, int], ...]
    gate: StoredGate
    clean: bool
    lid: str | None
    pots: int = field(metadata=keys("pots", "for"))
    text: str = field(default="", metadata=hidden())


def row(sql: str, *values: object) -> sqlite3.Row:
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    return connection.execute(sql, values).fetchone()


def test_columns_become_fields_by_their_types():
    stored = row(
        "SELECT ? AS name, ? AS spans, ? AS gate, 1 AS clean, NULL AS lid, 3 AS pots, 'x' AS beside",
        '["no JSON"]', "[[1, 2, 3], [2, 0, 4]]", '{"passed": true, "numbers": {"a": [1]}}',
    )  # fmt: skip
    found = view(Kettle, stored, text="given")
    assert found.name == '["no JSON"]'
    assert found.spans == ((1, 2, 3), (2, 0, 4))
    assert found.gate == {"passed": True, "numbers": {"a": [1]}}
    assert (found.clean, found.lid, found.pots, found.text) == (True, None, 3, "given")


def test_a_view_is_json_in_the_order_of_its_fields():
    found = Kettle("a", ((1, 2, 3),), {"passed": False}, True, None, 2, "not shown")
    assert json.dumps(json_row(found)) == (
        '{"name": "a", "spans": [[1, 2, 3]], "gate": {"passed": false}, '
        '"clean": true, "lid": null, "pots": 2, "for": 2}'
    )
    assert as_json({"kettles": (found,)}) == {"kettles": [json_row(found)]}
    with pytest.raises(TypeError, match="set"):
        as_json({"kettles": {1}})


@pytest.mark.parametrize("kind", VIEWS)
def test_every_view_is_frozen_and_has_json(kind: type):
    found = blank(kind)
    assert json.loads(json.dumps(as_json(found)))
    with pytest.raises(FrozenInstanceError):
        setattr(found, next(iter(found.__dataclass_fields__)), 1)


def test_keys_that_others_read_are_there():
    assert {"id", "text", "quote", "paper", "page", "kind", "confidence", "verified", "by", "experiment"} <= {
        *json_row(blank(claims.ClaimView))
    }
    full = json_row(blank(claims.FullClaimView))
    assert {"for", "against", "witnesses", "predictions", "evidence", "verdicts", "why_not_testable"} <= {*full}
    evidence = {"stance", "confidence", "quote", "paper", "page", "start", "end", "sha256", "relation"}
    assert evidence <= {*json_row(blank(claims.EvidenceView))}
    verdict = {"claim", "experiment", "fidelity", "prediction", "measurements", "estimate", "ci", "seeds", "verdict"}
    assert verdict | {"reason", "deviations", "run_ids"} <= {*json_row(blank(runs.VerdictView))}
