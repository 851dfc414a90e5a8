"""Tables of parameters: their schema, what they read, and that they say again exactly what was written."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import pytest

from repro.errors import LabError
from repro.parameters import Changes, Number, Table, schema_of
from repro.schema import check


class Part(Table):
    size: int
    share: Number = 0.5


class Whole(Table):
    name: str
    parts: Mapping[str, Part]
    codes: Sequence[str] = ()
    either: str | Sequence[str] | None = None
    changes: Annotated[Mapping[str, object], Changes(Part, without=["share"])] = {}


class Open(Table):
    OPEN = True

    size: int


WRITTEN = {"name": "x", "parts": {"a": {"size": 1, "share": 1}}, "codes": ["b"]}


def test_the_schema_has_the_keys_in_their_order_and_marks_those_that_may_be_left_out():
    assert schema_of(Whole) == {
        "name": str,
        "parts": {"*": {"size": int, "share?": float}},
        "codes?": [str],
        "either?": object,
        "changes?": {"size?": int},
    }
    assert list(schema_of(Whole)) == ["name", "parts", "codes?", "either?", "changes?"]
    assert schema_of(Open) == {"size": int, "*": object}


def test_what_was_written_is_said_again_and_nothing_else():
    table = Whole.read(WRITTEN)
    assert table.to_json() == WRITTEN
    assert isinstance(table.to_json()["parts"]["a"]["share"], int)  # 1 has another hash than 1.0
    assert Part.read({"size": 2}).share == 0.5
    assert Part.read({"size": 2}).to_json() == {"size": 2}
    assert Part.read({"size": 2}).but(share=0.1).to_json() == {"size": 2, "share": 0.1}


def test_a_reader_of_one_part_keeps_the_rest():
    assert Part.read({"size": 2, "other": [1]}).to_json() == {"size": 2, "other": [1]}


@pytest.mark.parametrize(
    ("table", "where"),
    [({"share": 1}, "size"), ({"size": "1"}, "size"), ({"size": True}, "size"), ({"size": 1, "share": "1"}, "share")],
)
def test_a_missing_key_and_another_type_are_errors(table, where):
    with pytest.raises(LabError, match=f"parameter {where} "):
        Part.read(table)
    with pytest.raises(LabError, match=where):
        check(table, schema_of(Part), "a.toml")
