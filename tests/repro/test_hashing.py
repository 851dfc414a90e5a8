import pytest
from hypothesis import given
from hypothesis import strategies as st

from repro.hashing import canonical, code_content, digest

data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), data, max_size=5))
def test_order_of_keys_does_not_matter(table):
    assert digest(table) == digest(dict(reversed(table.items())))


def test_different_data_has_different_hashes():
    assert digest({"a": 1}) != digest({"a": 2})
    assert digest([1, 2]) != digest([2, 1])


def test_what_json_cannot_say_is_refused():
    with pytest.raises(ValueError):
        canonical(float("nan"))


CODE = b'"""A module."""\nfrom repro.data.rows import lines, rows\n\n\ndef first(path):\n    return next(rows(path))\n'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"repro.data.rows", b"repro.rows"),
        (b"import lines, rows", b"import rows, lines"),
        (b"import lines, rows\n", b"import rows\nfrom repro.text import lines\n"),
        (b"A module.", b"Another module."),
        (b"first(path)", b"first(path: Path) -> dict"),
        (b"\n\n\ndef", b"\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import torch\n\n\ndef"),
    ],
)
def test_where_a_name_is_defined_is_no_part_of_the_code(old, new):
    assert old in CODE
    assert code_content("a.py", CODE.replace(old, new)) == code_content("a.py", CODE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"import lines, rows", b"import lines, rows as items"),
        (b"import lines, rows", b"import lines"),
        (b"next(rows(path))", b"next(lines(path))"),
        (b"from repro.data.rows", b"from json"),
    ],
)
def test_what_is_imported_and_done_is(old, new):
    assert old in CODE
    assert code_content("a.py", CODE.replace(old, new)) != code_content("a.py", CODE)
