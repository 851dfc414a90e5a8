"""The experiment that a claim without one would need."""

from __future__ import annotations

import pytest

from synth.core.missing_experiment import SLOTS, WRITABLE, Untestable, missing_experiment, reason
from synth.core.types import Prediction

ADAPTERS = Prediction("adapters", "", "NER", "F1", "increase", 2.0, "points", {"languages": "African languages"})


def test_slots_are_those_of_the_claim_and_what_it_leaves_open_is_named():
    found = missing_experiment([ADAPTERS])
    assert {slot: getattr(found, slot) for slot in SLOTS} == {
        "treatment": "adapters", "baseline": "", "task": "NER", "metric": "F1", "direction": "increase",
    }  # fmt: skip
    assert found.scope == {"languages": "African languages"}
    assert (found.statistic, found.open) == ("mean", ("baseline",))


@pytest.mark.parametrize(
    ("prediction", "statistic", "left"),
    [
        (Prediction("script", metric="accuracy", direction="positive"), "correlation", ()),
        (Prediction("mT5", direction="best"), "rank", ("task", "metric")),
        (Prediction("PAN-X", metric="languages", direction="count"), "count", ()),
    ],
)
def test_the_statistic_follows_from_the_direction(prediction, statistic, left):
    found = missing_experiment([prediction])
    assert (found.statistic, found.open) == (statistic, left)


def test_the_first_prediction_that_one_could_be_written_for():
    assert missing_experiment([Prediction("it", direction=""), ADAPTERS]).treatment == "adapters"
    for hopeless in ([], [Prediction(direction="increase")], [Prediction("A", direction="greater")]):
        assert missing_experiment(hopeless) is None


def test_every_reason_occurs():
    rough = {"approximate": "about"}
    found = {
        reason(None, kind="method"),
        reason(None),
        reason(Prediction(direction="increase")),
        reason(Prediction(direction="count")),
        reason(Prediction("x")),
        reason(Prediction("x", direction="greater")),
        reason(Prediction("x", direction="decrease"), scored=False),
        reason(Prediction("x", metric="y", direction="count", scope=rough)),
        reason(Prediction("x", direction="increase")),
        reason(Prediction("x", direction="best")),
        reason(Prediction("x", metric="y", direction="negative")),
        reason(Prediction("x", metric="y", direction="count")),
    }
    # The two others come of an experiment that is near, and of earlier versions.
    assert found == set(Untestable) - {Untestable.OTHER_BASELINE, Untestable.OTHER}
    assert set(WRITABLE) < found
