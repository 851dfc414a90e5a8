import pytest
from hypothesis import given
from hypothesis import strategies as st

from repro.hashing import canonical, digest

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
