"""Claims, and the experiment, that are near the question."""

from __future__ import annotations

from dataclasses import replace

import pytest

from synth.report.answer.answer import answer
from synth.report.answer.near import candidates, nearness, sharing, subject, subject_words
from synth.report.facts import Facts
from synth.verify.link_claims import OfferedExperiment


def test_words_meet_in_their_forms() -> None:
    assert subject("Does training tasks improve?") == subject("train a task, improving")
    assert subject("How does it affect what was retrieved?") == subject("the effect of retrieval") == {"retrie"}
    asked = "How does zero-shot transfer affect XTREME-R within cross-lingual retrieval?"
    assert subject_words(asked) == ["zero-shot", "transfer", "XTREME-R", "cross-lingual", "retrieval"]


def test_near_are_those_almost_as_near_as_the_best_and_decided_ones_from_half_as_near(full: Facts) -> None:
    assert [claim.id for claim in sharing(full)] == [1, 2]
    assert [claim.id for claim in candidates(full)] == [1, 2]
    far = [replace(claim, nearness=one) for claim, one in zip(full.claims, (0.8, 0.6, 0.3), strict=True)]
    assert [claim.id for claim in candidates(replace(full, claims=far))] == [1, 2]
    open_ = [replace(claim, verified=None, by=None) for claim in far]
    assert [claim.id for claim in candidates(replace(full, claims=open_))] == [1]
    assert candidates(replace(full, claims=[])) == []


def test_meaning_counts_as_much_as_words(full: Facts) -> None:
    def seen(*cosines: float | None) -> Facts:
        return replace(full, claims=[replace(c, nearness=one) for c, one in zip(full.claims, cosines, strict=True)])

    words = nearness(seen(None, None, None))
    assert max(words.values()) == words[1] == 1.0
    assert nearness(seen(0.2, 0.8, -0.1)) == {1: 1.25, 2: pytest.approx(words[2] + 1), 3: pytest.approx(words[3])}
    assert [claim.id for claim in sharing(seen(0.01, 0.8, 0.0))] == [2, 1]
    assert nearness(seen(-0.2, -0.1, 0.0)) == words


def test_the_experiment_that_asks_the_question_is_named_with_what_was_not_run(full: Facts) -> None:
    other = OfferedExperiment("pots", "How wet is tea in made-up pots?", ("wet",))
    same = OfferedExperiment("made-up", "Does feeding the teapot improve invented kettles?", ("fed", "cold"))
    (said,) = [s for s in answer(replace(full, experiments=[other, same])).missing if s.command.endswith("made-up")]
    assert said.text == "The experiment made-up asks nearly this question; no claim here predicts its contrast cold:"
    assert said.command == "synth experiments made-up"
    for known in ([other], [replace(same, contrasts=("fed",))], []):
        assert not [s for s in answer(replace(full, experiments=known)).missing if "synth experiments" in s.command]
