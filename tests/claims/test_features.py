"""The columns of a sentence, worked out by hand for small vectors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.claims.cues import NAMES, cues
from synth.claims.features import BLOCKS, PARTS, PLACES, Document, rows, width

ZERO = np.zeros(PLACES)


def cue(sentence: str, name: str) -> float:
    return cues(sentence)[NAMES.index(name)]


@pytest.mark.parametrize(
    ("sentence", "name", "other"),
    [
        ("Our results indicate that distance matters.", "results say", "aim"),
        ("We find that retrieval improves.", "we find that", "conclusion"),
        ("Thus, parallel data are not needed.", "conclusion", "first person"),
        ("We investigate whether size helps.", "aim", "results say"),
        ("The patients were randomly assigned.", "passive past", "present"),
        ("It does not transfer.", "negation", "number"),
        ("B outperforms C.", "comparison", "change"),
        ("© 2013 John Wiley & Sons, Ltd", "notice", "we find that"),
    ],
)
def test_cues(sentence, name, other):
    assert cue(sentence, name) == 1.0
    assert cue(sentence, other) == 0.0


@given(st.text(max_size=300))
def test_any_text_has_all_cues(text):
    found = cues(text)
    assert len(found) == len(NAMES)
    assert np.isfinite(found).all()


def test_place_is_counted_in_the_abstract_alone():
    document = Document(("a", "b", "c", "d"), ("abstract", "abstract", "abstract", "results"))
    neutral = np.arange(PLACES, dtype=float)
    found = rows(document, np.eye(4), ("position",), neutral)
    assert found[0].tolist() == pytest.approx([0, 0, 1, 0, 0, 0, 1, np.log(3)])
    assert found[2].tolist() == pytest.approx([1, 1, 0, 0, 1, 0, 0, np.log(3)])
    assert found[3].tolist() == neutral.tolist()


def test_neighbours_are_those_of_the_same_section():
    document = Document(("a", "b", "c", "d"), ("abstract", "abstract", "abstract", "results"))
    found = rows(document, np.eye(4), ("context",), ZERO)
    assert found.tolist() == [[0, 1, 0, 0], [0.5, 0, 0.5, 0], [0, 1, 0, 0], [0, 0, 0, 0]]


def test_cues_around_are_those_of_the_sentences_before_and_after_in_the_section():
    sentences = ("We win.", "It rains 3 times.", "We lose.")
    found = rows(Document(sentences, ("abstract", "abstract", "results")), np.eye(3), ("around",), ZERO)
    own = [cues(s) for s in sentences]
    nothing = [0.0] * len(NAMES)
    wanted = [nothing + own[1], own[0] + nothing, nothing + nothing]
    assert found == pytest.approx(np.array(wanted), abs=1e-6)


def test_heads_of_a_structured_abstract_open_sections():
    sentences = ("BACKGROUND: Sleep is short.", "METHODS We asked.", "It took long.", "Conclusions: Sleep more.")
    found = rows(Document.abstract(sentences), np.eye(4), ("section",), ZERO)
    assert [PARTS[int(row.argmax())] for row in found] == ["introduction", "method", "method", "conclusion"]


def test_width_is_what_rows_gives():
    found = rows(Document.abstract(("We find that it works.",)), np.ones((1, 5)), BLOCKS, ZERO)
    assert found.shape == (1, width(BLOCKS, 5))
