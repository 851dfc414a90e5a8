"""The model: it learns, it is the same every time, and one class or none is no error."""

from __future__ import annotations

import time

import numpy as np
import pytest

from synth.screening.learner import Learner

TEXTS = [f"{'retrieval of sentences' if i % 4 == 0 else 'parsing of trees'} number{i} of many" for i in range(40)]


def vectors(texts, dimension=16):
    """Vectors with noise, in which texts about retrieval have something in common."""
    draw = np.random.default_rng(1)
    found = draw.standard_normal((len(texts), dimension)).astype(np.float32)
    found[:, 0] += [4.0 * ("retrieval" in text) for text in texts]
    return found / np.linalg.norm(found, axis=1, keepdims=True)


@pytest.fixture
def learner():
    v = vectors([*TEXTS, "Which retrieval works?"])
    return Learner(TEXTS, v[:-1], "Which retrieval works?", v[-1])


def test_decisions_move_what_is_like_them(learner):
    told = {0: True, 4: True, 1: False, 2: False, 3: False}
    chances = learner.chances(told)
    others = [i for i in range(40) if i not in told]
    relevant = [i for i in others if i % 4 == 0]
    best = sorted(others, key=lambda i: -chances[i])[: len(relevant)]
    assert len({*best} & {*relevant}) >= len(relevant) - 1  # one of them may have been presumed irrelevant


@pytest.mark.parametrize("told", [{}, {1: False}, {1: False, 2: False}, {0: True}, {0: True, 4: True}])
def test_one_class_or_none_still_orders_by_the_question(learner, told):
    chances = learner.chances(told)
    assert np.isfinite(chances).all()
    assert chances[[0, 4, 8]].mean() > chances[[1, 2, 3]].mean()


def test_everything_decided_one_way(learner):
    for taken in (True, False):
        chances = learner.chances(dict.fromkeys(range(40), taken))
        assert chances.shape == (40,)
        assert np.isfinite(chances).all()


def test_the_order_of_decisions_does_not_matter(learner):
    told = {0: True, 1: False, 8: True, 3: False}
    again = dict(reversed(told.items()))
    assert (learner.chances(told) == learner.chances(again)).all()


def test_empty_texts_and_no_words():
    texts = ["", "…", "", "?"]
    v = vectors([*texts, "q"])
    assert Learner(texts, v[:-1], "!", v[-1]).chances({0: True, 1: False}).shape == (4,)


def test_one_text():
    v = vectors(["a", "q"])
    assert Learner(["a work"], v[:-1], "what", v[-1]).chances({}).shape == (1,)


def test_learning_from_two_thousand_works_is_not_felt():
    draw = np.random.default_rng(2)
    words = [f"word{i}" for i in range(5000)]
    texts = [" ".join(draw.choice(words, 120)) for _ in range(2000)]
    v = vectors([*texts, "q"], 384)
    learner = Learner(texts, v[:-1], "word1 word2", v[-1])
    told = {i: i % 10 == 0 for i in range(500)}
    learner.chances(told)
    begun = time.process_time()
    learner.chances(told)
    assert time.process_time() - begun < 0.1
