"""Which papers are no second witness."""

from hypothesis import given
from hypothesis import strategies as st

from synth.evidence.witnesses import ComparedPaper, Dependence, compare, same_numbers, shingles

WORDS = (
    "model transfer language task score test train parse head layer token cross view data loss rate mean gain".split()
)


def text(seed: int, sentences: int = 30) -> tuple[str, ...]:
    """Sentences that look random and are the same for the same seed."""
    state, found = seed * 7919 + 13, []
    for _ in range(sentences):
        words = []
        for _ in range(14):
            state = (state * 1103515245 + 12345) % 2**31
            words.append(WORDS[(state >> 8) % len(WORDS)])
        found.append(" ".join(words))
    return tuple(found)


OWN = ComparedPaper(1, "A Study of Transfer", ("Ann Lee", "Bo Chen"), " ".join(text(1, 12)), text(2))


def test_unrelated_papers_are_two_witnesses():
    other = ComparedPaper(2, "Another Study", ("Cy Diaz",), " ".join(text(3, 12)), text(4))
    found = compare([OWN, other])
    assert found.pairs == {}
    assert found.dependence(2, {1}, "It gains 3.2 points.", "It gains 3.2 points.") is None


def test_a_report_that_carries_the_abstract_is_a_copy():
    report = ComparedPaper(2, "Machine-written Survey", ("Robo",), "", (*text(5), OWN.abstract))
    found = compare([OWN, report])
    assert found.dependence(2, {1}) is Dependence.COPY
    assert found.dependence(1, {2}) is Dependence.COPY


def test_a_repost_under_another_title_is_a_copy_and_by_the_same_authors_the_same_work():
    repost = ComparedPaper(2, "Transfer, Studied", ("Zed",), "", OWN.text)
    again = ComparedPaper(3, "Transfer, Studied Once More", ("Lee, Ann",), "", OWN.text[:20] + text(9, 10))
    found = compare([OWN, repost, again])
    assert found.dependence(2, {1}) is Dependence.COPY
    assert found.dependence(3, {1}) is Dependence.SAME_WORK


def test_versions_by_title_and_authors_or_by_a_source_are_the_same_work():
    version = ComparedPaper(2, "A study of transfer", ("A. Lee", "B. Chen"), "", text(6))
    translation = ComparedPaper(3, "Étude du transfert", ("Ann Lee",), "", text(7), frozenset({1}))
    namesake = ComparedPaper(4, "A Study of Transfer", ("Someone Else", "Who Knows"), "", text(8))
    found = compare([OWN, version, translation, namesake])
    assert found.dependence(2, {1}) is Dependence.SAME_WORK
    assert found.dependence(3, {1}) is Dependence.SAME_WORK
    assert found.dependence(4, {1}) is None


def test_the_same_authors_with_the_same_numbers_are_one_run():
    followup = ComparedPaper(2, "Transfer Revisited", ("Bo Chen", "New Author"), "", text(6))
    found = compare([OWN, followup])
    claim = "Transfer improves accuracy by 3.2 points."
    assert found.dependence(2, {1}, claim, "We reported a gain of 3.2 points.") is Dependence.SAME_RUN
    assert found.dependence(2, {1}, claim, "With new seeds it gains 2.9 points.") is None
    assert found.dependence(2, {1}, "Transfer improves accuracy.", "Transfer improves accuracy.") is None


def test_same_numbers():
    assert same_numbers("from 1.5 to 2.25", "2.25 and 1.5, then 7.1")
    assert not same_numbers("from 1.5 to 2.25", "2.25")
    assert not same_numbers("in 2020 with 15 languages", "in 2020 with 15 languages")


@given(st.lists(st.text(max_size=80), max_size=5))
def test_no_text_breaks_it(texts):
    work = ComparedPaper(1, "".join(texts), tuple(texts), " ".join(texts), tuple(texts))
    found = compare([work, ComparedPaper(2, "t", ("", ",", " "), "", tuple(texts))])
    assert set(found.pairs) <= {(1, 2)}
    assert shingles(texts) == shingles(texts)
