import os
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from repro.errors import LabError
from repro.models.shape import ModelShape
from repro.models.xlmr import new_model
from repro.training.loop import Batches, fit, rate
from repro.training.masking import mlm_loss
from repro.training.schedule import Schedule
from tests import forked

SHAPE = {"layers": 2, "hidden": 16, "heads": 2, "feedforward": 32, "dropout": 0.1, "positions": 62}
ROWS = [[0, *range(4, 4 + n), 2] for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11)]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=200), st.integers(1, 20), st.integers(0, 3))
def test_an_epoch_shows_every_example_at_most_once_in_full_batches(lengths, size, epoch):
    batches = Batches(lengths, size, seed=5)
    first, last = batches.steps(epoch), batches.steps(epoch + 1)
    shown = [i for step in range(first, last) for i in batches(step)]
    assert len(shown) == len(set(shown)) == (last - first) * min(size, len(lengths))
    assert len(lengths) - len(shown) < min(size, len(lengths))


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=200),
    st.integers(0, 20),
    st.integers(1, 200),
    st.integers(0, 3),
)
def test_with_a_budget_every_example_is_shown_once_an_epoch_within_it(lengths, size, tokens, epoch):
    batches = Batches(lengths, size, seed=5, tokens=tokens)
    found = [batches(step) for step in range(batches.steps(epoch), batches.steps(epoch + 1))]
    assert sorted(i for batch in found for i in batch) == list(range(len(lengths)))
    for batch in found:
        assert len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= tokens
        assert not size or len(batch) <= size
    assert found == [
        Batches(lengths, size, seed=5, tokens=tokens)(s) for s in range(batches.steps(epoch), batches.steps(epoch + 1))
    ]


def test_a_batch_can_be_shared_out():
    batches = Batches([3] * 10, 5, seed=1)
    assert sorted(batches(0, 0, 2) + batches(0, 1, 2)) == sorted(batches(0))
    assert abs(len(batches(0, 0, 2)) - len(batches(0, 1, 2))) <= 1


def test_parts_of_an_epoch_are_counted():
    assert Batches([1] * 10, 2, seed=1).steps(2.5) == 13
    assert Schedule(lr=1, epochs=2, batch=2, accumulate=3).length(Batches([1] * 10, 2, seed=1).steps) == 4


def test_a_schedule_without_a_size_is_an_error():
    with pytest.raises(LabError, match="size of its batches"):
        Batches([1], 0, seed=1)


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
    rates = [rate(step, schedule, 100) for step in range(100)]
    assert rates[:10] == sorted(rates[:10])
    assert max(rates) == 1.0 == rates[9]
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert 0 < rates[-1] < 0.02


def training(seed=1):
    model = new_model(ModelShape.read(SHAPE), 60, seed)
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

    def killed_at_8(step, part, parts):
        if step == 8:
            raise Killed
        return its_loss(step, part, parts)

    with pytest.raises(Killed):
        fit(interrupted, killed_at_8, SCHEDULE, seed=3, checkpoint=checkpoint)
    assert checkpoint.is_file()

    resumed, its_loss = training(seed=2)  # other weights and another random state: all must come from the checkpoint
    steps = []

    def counted(step, part, parts):
        steps.append(step)
        batches = Batches([len(row) for row in ROWS], 4, seed=1)
        return mlm_loss(resumed, ROWS, batches, 0.4, mask_id=59)(step, part, parts)

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
            lambda step, part, parts: layer(torch.ones(1)).sum() * (float("nan") if step == 2 else 1.0),
            Schedule(steps=5, batch=1, lr=0.1),
            seed=1,
        )


def test_progress_says_step_and_loss():
    model, loss_at = training()
    said = []
    fit(model, loss_at, SCHEDULE, seed=1, progress=lambda fraction, message: said.append((fraction, message)))
    assert said[-1][0] == 1.0
    assert said[-1][1].startswith("step 12/12, loss ")


def test_early_stopping_keeps_the_best_weights_and_survives_a_kill(tmp_path):
    scores = [0.1, 0.5, 0.4, 0.3, 0.2, 0.9]
    schedule = Schedule(steps=12, batch=4, lr=1e-2, evaluate_every=2, patience=2, checkpoint_every=3)

    def run(model, loss_at, evaluations, checkpoint=None, seen=None):
        def evaluate():
            if seen is not None:
                seen.append({name: p.detach().clone() for name, p in model.named_parameters()})
            return next(evaluations)

        return fit(model, loss_at, schedule, seed=3, checkpoint=checkpoint, evaluate=evaluate)

    model, loss_at = training()
    seen = []
    losses = run(model, loss_at, iter(scores), seen=seen)
    assert len(losses) == 8  # best at step 4, then two evaluations without a better one
    assert all(torch.equal(p, seen[1][name]) for name, p in model.named_parameters())

    checkpoint = tmp_path / "checkpoint.safetensors"
    interrupted, its_loss = training()

    def killed(step, part, parts):
        if step == 7:
            raise Killed
        return its_loss(step, part, parts)

    with pytest.raises(Killed):
        run(interrupted, killed, iter(scores), checkpoint)
    resumed, _ = training(seed=2)
    batches = Batches([len(row) for row in ROWS], 4, seed=1)
    again = run(resumed, mlm_loss(resumed, ROWS, batches, 0.4, mask_id=59), iter(scores[3:]), checkpoint)
    assert again == losses
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), resumed.parameters(), strict=True))


def test_accumulated_batches_give_the_gradient_of_one_large_batch():
    whole, parted = nn.Linear(1, 1), nn.Linear(1, 1)
    parted.load_state_dict(whole.state_dict())
    data = torch.arange(8.0).view(8, 1)

    def loss(layer, size):
        return lambda step, part, parts: layer(data[step * size : (step + 1) * size][part::parts]).square().mean()

    fit(whole, loss(whole, 8), Schedule(steps=1, batch=8, lr=0.1), seed=1)
    fit(parted, loss(parted, 4), Schedule(steps=1, batch=4, lr=0.1, accumulate=2), seed=1)
    torch.testing.assert_close(whole.weight, parted.weight)


def test_a_batch_that_does_not_fit_is_halved_once_then_it_is_an_error():
    layer = nn.Linear(1, 1)
    data = torch.ones(8, 1)

    def memory_for(most):
        def loss_at(step, part, parts):
            share = data[part::parts]
            if len(share) > most:
                raise torch.OutOfMemoryError
            return layer(share).square().mean()

        return loss_at

    schedule = Schedule(steps=3, batch=8, lr=0.1)
    assert len(fit(layer, memory_for(4), schedule, seed=1)) == 3
    with pytest.raises(LabError, match="half a batch"):
        fit(layer, memory_for(3), schedule, seed=1)


SHARED = """
import sys, torch
from torch import nn
from repro.training.loop import fit
from repro.training.schedule import Schedule
torch.set_num_threads(1)
torch.manual_seed(1)
layer = nn.Linear(1, 1)
data = torch.arange(8.0).view(8, 1)
shares = []
def loss_at(step, part, parts):
    shares.append((part, parts))
    return layer(data[part::parts]).square().mean()
losses = fit(layer, loss_at, Schedule(steps=3, batch=8, lr=0.1), seed=1)
torch.save({"weight": layer.weight.detach(), "shares": shares}, sys.argv[1] + f".{shares[0][0]}")
"""


def test_two_processes_share_a_batch_and_agree(tmp_path):
    """The path that several GPUs take, here by gloo on the CPU."""
    script = tmp_path / "shared.py"
    script.write_text(SHARED)
    root = str(Path(__file__).parents[3])
    environment = {**os.environ, "PYTHONPATH": root, "OMP_NUM_THREADS": "1"}
    environment |= {"ACCELERATE_USE_CPU": "true"}
    launch = ["-m", "torch.distributed.run", "--standalone", "--nproc_per_node=2", "--no-python", sys.executable]
    for arguments, out in (([], "one"), (launch, "two")):
        command = [sys.executable, *arguments, str(script), str(tmp_path / out)]
        done = forked.run(command, env=environment, text=True, timeout=120)
        assert done.returncode == 0, done.stderr[-2000:]
    alone = torch.load(tmp_path / "one.0", weights_only=True)
    first, second = (torch.load(tmp_path / f"two.{rank}", weights_only=True) for rank in (0, 1))
    assert (first["shares"][0], second["shares"][0]) == ((0, 2), (1, 2))
    torch.testing.assert_close(first["weight"], alone["weight"])
    assert torch.equal(first["weight"], second["weight"])
