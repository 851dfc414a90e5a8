"""Options of a search, through the row that keeps them."""

from hypothesis import given
from hypothesis import strategies as st

from synth.store.search_options import SearchOptions

TEXTS = st.text(max_size=8)
OPTIONS = st.builds(
    SearchOptions,
    max_papers=st.integers(1, 500),
    papers=TEXTS,
    references=st.lists(TEXTS, max_size=3).map(tuple),
    queries=st.dictionaries(TEXTS, st.lists(TEXTS, min_size=1, max_size=2).map(tuple), max_size=2),
    chase=st.integers(0, 9),
    encoder=TEXTS,
    replay_of=st.integers(0, 9),
)


@given(OPTIONS)
def test_a_row_gives_back_what_was_stored(options):
    assert SearchOptions.from_row(options.row()) == options


def test_what_was_not_given_is_not_stored():
    assert SearchOptions(max_papers=5).row() == {"max_papers": 5}
    assert SearchOptions(max_papers=5, references=("a.bib",)).row() == {"max_papers": 5, "references": ["a.bib"]}


def test_keys_of_another_version_are_passed_over():
    assert SearchOptions.from_row({"max_papers": 5, "colour": "red"}) == SearchOptions(max_papers=5)
