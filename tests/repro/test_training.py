import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from repro.errors import LabError
from repro.masking import mlm_loss
from repro.model import new_model
from repro.training import Batches, Schedule, fit, rate

SHAPE = {"layers": 2, "hidden": 16, "heads": 2, "feedforward": 32, "dropout": 0.1, "positions": 62}
ROWS = [[0, *range(4, 4 + n), 2] for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11)]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=200), st.integers(1, 20), st.integers(0, 3))
def test_an_epoch_shows_every_example_at_most_once_in_full_batches(lengths, size, epoch):
    batches = Batches(lengths, size, seed=5)
    shown = [i for step in range(batches.per_epoch) for i in batches(epoch * batches.per_epoch + step)]
    assert len(shown) == len(set(shown)) == batches.per_epoch * min(size, len(lengths))
    assert len(lengths) - len(shown) < min(size, len(lengths))


def test_batches_hold_similar_lengths_and_change_from_epoch_to_epoch():
    lengths = [i % 20 + 1 for i in range(400)]
    batches = Batches(lengths, 20, seed=1)
    assert all(max(lengths[i] for i in batches(s)) - min(lengths[i] for i in batches(s)) <= 1 for s in range(20))
    assert {tuple(batches(s)) for s in range(20)} != {tuple(batches(s)) for s in range(20, 40)}
    assert batches(7) == Batches(lengths, 20, seed=1)(7)


def test_nothing_to_train_on_is_an_error():
    with pytest.raises(LabError, match="nothing to train on"):
        Batches([], 8, seed=1)


def test_the_rate_rises_then_falls_to_nearly_zero():
    schedule = Schedule(steps=100, batch=1, lr=1.0, warmup=0.1)
    rates = [rate(step, schedule) for step in range(100)]
    assert rates[:10] == sorted(rates[:10])
    assert max(rates) == 1.0 == rates[9]
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert 0 < rates[-1] < 0.02


def training(seed=1):
    model = new_model(SHAPE, 60, seed)
    batches = Batches([len(row) for row in ROWS], 4, seed)
    return model, mlm_loss(model, ROWS, batches, 0.4, mask_id=59)


SCHEDULE = Schedule(steps=12, batch=4, lr=1e-2, checkpoint_every=5)


class Killed(Exception):
    pass


def test_a_killed_run_goes_on_with_bitwise_the_same_losses(tmp_path):
    model, loss_at = training()
    whole = fit(model, loss_at, SCHEDULE, seed=3)
    checkpoint = tmp_path / "partial" / "checkpoint.safetensors"

    interrupted, its_loss = training()

    def killed_at_8(step):
        if step == 8:
            raise Killed
        return its_loss(step)

    with pytest.raises(Killed):
        fit(interrupted, killed_at_8, SCHEDULE, seed=3, checkpoint=checkpoint)
    assert checkpoint.is_file()

    resumed, its_loss = training(seed=2)  # other weights and another random state: all must come from the checkpoint
    steps = []

    def counted(step):
        steps.append(step)
        batches = Batches([len(row) for row in ROWS], 4, seed=1)
        return mlm_loss(resumed, ROWS, batches, 0.4, mask_id=59)(step)

    again = fit(resumed, counted, SCHEDULE, seed=3, checkpoint=checkpoint)
    assert steps == list(range(5, 12))
    assert again == whole
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), resumed.parameters(), strict=True))


def test_training_lowers_the_loss():
    model, loss_at = training()
    losses = fit(model, loss_at, Schedule(steps=150, batch=4, lr=1e-2), seed=1)
    assert sum(losses[-20:]) < 0.7 * sum(losses[:20])


def test_a_loss_that_is_not_finite_stops_with_a_message():
    layer = nn.Linear(1, 1)
    with pytest.raises(LabError, match="step 2: the loss is nan"):
        fit(
            layer,
            lambda step: layer(torch.ones(1)).sum() * (float("nan") if step == 2 else 1.0),
            Schedule(steps=5, batch=1, lr=0.1),
            seed=1,
        )


def test_progress_says_step_and_loss():
    model, loss_at = training()
    said = []
    fit(model, loss_at, SCHEDULE, seed=1, progress=lambda fraction, message: said.append((fraction, message)))
    assert said[-1][0] == 1.0
    assert said[-1][1].startswith("step 12/12, loss ")
