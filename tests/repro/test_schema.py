import pytest

from repro.errors import LabError
from repro.schema import check

SCHEMA = {"name": str, "rate": float, "flag?": bool, "rows": [{"n": int}], "free?": {"*": int}}
GOOD = {"name": "x", "rate": 1, "rows": [{"n": 1}, {"n": 2}]}


def test_what_fits_passes():
    check(GOOD, SCHEMA, "file")
    check({**GOOD, "flag": True, "free": {"anything": 1}}, SCHEMA, "file")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"rate": "fast"}, "file.rate"),
        ({"rate": True}, "file.rate"),
        ({"flag": 1}, "file.flag"),
        ({"rows": {"n": 1}}, "file.rows"),
        ({"rows": [{"n": 1.5}]}, "file.rows[0].n"),
        ({"rows": [{"n": 1}, 3]}, "file.rows[1]"),
        ({"free": {"a": "b"}}, "file.free.a"),
    ],
)
def test_what_does_not_fit_is_named(change, where):
    with pytest.raises(LabError) as caught:
        check({**GOOD, **change}, SCHEMA, "file")
    assert caught.value.what.startswith(f"{where}: ")


def test_an_unknown_key_is_an_error_with_the_closest_known_one():
    with pytest.raises(LabError) as caught:
        check({**GOOD, "nmae": "y"}, SCHEMA, "file")
    assert "nmae" in caught.value.what
    assert "'name'" in caught.value.do


def test_a_missing_key_is_an_error():
    with pytest.raises(LabError, match="'rows' is missing"):
        check({"name": "x", "rate": 1.0}, SCHEMA, "file")
