"""One training loop for masked language modelling and for every task: flat, deterministic, resumable."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from repro.errors import LabError
from repro.training.schedule import Schedule

if TYPE_CHECKING:
    from accelerate import Accelerator

Progress = Callable[[float, str], None]
# `loss_at(step, part, parts)`: mean loss of one of `parts` equal shares of the step's batch.
LossAt = Callable[[int, int, int], Tensor]


class Batches:
    """Examples in batches: shuffled by seed and epoch, of similar length.

    With `tokens`, a batch is filled until its padded size would exceed that, and every example occurs once an epoch;
    without, all batches have `batch` examples and a last short one is dropped. Batch `step` depends on nothing but its
    arguments, so a resumed run sees what an uninterrupted one would.
    """

    def __init__(self, lengths: Sequence[int], batch: int, seed: int, tokens: int = 0) -> None:
        if not lengths:
            raise LabError("there is nothing to train on", "give the experiment more than 0 examples")
        if not batch and not tokens:
            raise LabError("a schedule needs a size of its batches", "set `batch` (examples) or `tokens`")
        self._lengths = torch.tensor(lengths)
        self._batch = min(batch or len(lengths), len(lengths))
        self._tokens = tokens
        self._seed = seed
        self._starts = [0]  # the first step of each epoch seen so far
        self._epoch = lru_cache(maxsize=1)(self._shuffle)

    def _shuffle(self, epoch: int) -> list[list[int]]:
        draw = torch.Generator().manual_seed(self._seed * 1_000_003 + epoch)
        order = torch.randperm(len(self._lengths), generator=draw)
        if not self._tokens:
            order = order[: len(order) // self._batch * self._batch]
        # Sorting within windows of some 50 batches saves nearly all padding and keeps batches random.
        usual = self._batch
        if self._tokens:
            usual = min(usual, max(1, self._tokens // max(1, int(self._lengths.float().mean()))))
        batches: list[list[int]] = []
        for window in order.split(50 * usual):
            batches += self._cut(window[self._lengths[window].argsort(stable=True)])
        return [batches[i] for i in torch.randperm(len(batches), generator=draw).tolist()]

    def _cut(self, window: Tensor) -> Iterator[list[int]]:
        if not self._tokens:
            yield from window.view(-1, self._batch).tolist()
            return
        batch: list[int] = []
        for i, length in zip(window.tolist(), self._lengths[window].tolist(), strict=True):
            # Lengths rise within the window, so the newest example is the longest.
            if batch and (len(batch) == self._batch or (len(batch) + 1) * length > self._tokens):
                yield batch
                batch = []
            batch.append(i)
        if batch:
            yield batch

    def steps(self, epochs: float) -> int:
        """Return the number of batches in `epochs` passes over the data."""
        whole = int(epochs)
        part = epochs - whole
        return self._start(whole) + (math.ceil(part * len(self._epoch(whole))) if part else 0)

    def _start(self, epoch: int) -> int:
        while len(self._starts) <= epoch:
            self._starts.append(self._starts[-1] + len(self._epoch(len(self._starts) - 1)))
        return self._starts[epoch]

    def __call__(self, step: int, part: int = 0, parts: int = 1) -> list[int]:
        """Return examples of batch `step`, or the share `part` of `parts` of them."""
        epoch = next((e for e in range(len(self._starts) - 1) if self._starts[e + 1] > step), len(self._starts) - 1)
        while self._start(epoch + 1) <= step:
            epoch += 1
        return self._epoch(epoch)[step - self._start(epoch)][part::parts]


def rate(step: int, schedule: Schedule, steps: int) -> float:
    """Return the share of the full learning rate at `step` of `steps`: linear warm-up, then linear decay."""
    warm = max(1, round(schedule.warmup * steps))
    if step < warm:
        return (step + 1) / warm
    return max(0.0, (steps - step) / max(1, steps - warm))


def accelerator() -> Accelerator:
    """Return the device (bf16 on a GPU that has it) and the processes of this run, by accelerate."""
    from accelerate import Accelerator

    gpu = torch.cuda.is_available()
    return Accelerator(cpu=not gpu, mixed_precision="bf16" if gpu and torch.cuda.is_bf16_supported() else "no")


def fit(
    model: nn.Module,
    loss_at: LossAt,
    schedule: Schedule,
    seed: int,
    checkpoint: Path | None = None,
    progress: Progress | None = None,
    steps: int = 0,
    evaluate: Callable[[], float] | None = None,
) -> list[float]:
    """Train `model` in place and return the loss of every step.

    `steps`: how many, where the schedule counts epochs. With `checkpoint` (a safetensors file), weights, optimizer and
    random state are kept there every `checkpoint_every` steps, and a file that is already there is resumed: the losses
    are then bit for bit those of an uninterrupted run. A batch that does not fit into the device's memory is halved
    once, for good. Raises LabError when a loss is not finite, or when half a batch does not fit either.
    """
    machine = accelerator()
    model.to(machine.device)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=schedule.lr, eps=1e-8, weight_decay=schedule.weight_decay, fused=True)
    steps = schedule.steps or steps
    state = State()
    torch.manual_seed(seed * machine.num_processes + machine.process_index)
    if checkpoint and checkpoint.exists():
        try:
            state = _resume(checkpoint, model, optimizer)
        except SafetensorError:
            checkpoint.unlink()  # cut off in the writing, as when the power fails: there is nothing to go on from
    model.train()
    step = _Step(machine, trained, optimizer, loss_at, schedule)
    for number in range(len(state.losses), steps):
        for group in optimizer.param_groups:
            group["lr"] = schedule.lr * rate(number, schedule, steps)
        state.losses.append(step(number))
        done = number + 1
        if evaluate and schedule.patience and (done % schedule.evaluate_every == 0 or done == steps):
            if state.judge(evaluate(), model) >= schedule.patience:
                break
            model.train()
        if checkpoint and done % schedule.checkpoint_every == 0 and done < steps and machine.is_main_process:
            _save(checkpoint, model, optimizer, state)
        if progress and (done % 20 == 0 or done == steps):
            recent = state.losses[-20:]
            progress(done / steps, f"step {done}/{steps}, loss {sum(recent) / len(recent):.3f}")
    state.restore(model)
    model.eval()
    return state.losses


class _Step:
    """One optimizer step over the batches that belong to it."""

    def __init__(
        self,
        machine: Accelerator,
        trained: Sequence[Tensor],
        optimizer: torch.optim.Optimizer,
        loss_at: LossAt,
        schedule: Schedule,
    ) -> None:
        self._machine, self._trained, self._optimizer = machine, trained, optimizer
        self._loss_at, self._schedule = loss_at, schedule
        self._halves = 1

    def __call__(self, number: int) -> float:
        loss = self._fitting(number)
        if loss is None:
            # Only now, after the exception with the failed graph is gone, is its memory free.
            torch.cuda.empty_cache()
            self._halves = 2
            loss = self._fitting(number)
        if loss is None:
            raise LabError(
                "the device's memory is too small for half a batch", "lower `batch` or `tokens` of the schedule"
            )
        if not math.isfinite(loss):
            raise LabError(
                f"training stopped at step {number}: the loss is {loss}", "lower the learning rate in the experiment"
            )
        nn.utils.clip_grad_norm_(self._trained, self._schedule.clip)
        self._optimizer.step()
        return loss

    def _fitting(self, number: int) -> float | None:
        """Return the step's loss, its gradients accumulated; None if the device's memory did not suffice."""
        try:
            return self._gradients(number)
        except torch.OutOfMemoryError:
            return None

    def _gradients(self, number: int) -> float:
        """Accumulate the gradients of the step's batches and return their mean loss."""
        machine, count = self._machine, self._schedule.accumulate
        parts = machine.num_processes * self._halves
        shares = [(number * count + i, half) for i in range(count) for half in range(self._halves)]
        self._optimizer.zero_grad(set_to_none=True)
        total = 0.0
        for batch, half in shares:
            with machine.autocast():
                loss = self._loss_at(batch, machine.process_index * self._halves + half, parts) / len(shares)
            loss.backward()
            total += loss.item()
        if machine.num_processes > 1:
            # By hand, because what is trained is not always one module with one forward pass.
            for parameter in self._trained:
                if parameter.grad is not None:
                    parameter.grad = machine.reduce(parameter.grad, "mean")
        return total


@dataclass
class State:
    """The state of training: the losses so far and, for early stopping, the best score and its weights."""

    losses: list[float] = field(default_factory=list)
    best: float = -math.inf
    worse: int = 0  # evaluations since the best
    weights: dict[str, Tensor] | None = None

    def judge(self, score: float, model: nn.Module) -> int:
        """Take a score into account and return how many have passed without a new best."""
        if score > self.best:
            self.best, self.worse = score, 0
            self.weights = {name: p.detach().clone() for name, p in model.named_parameters()}
        else:
            self.worse += 1
        return self.worse

    @torch.no_grad()
    def restore(self, model: nn.Module) -> None:
        for name, parameter in model.named_parameters():
            if self.weights is not None:
                parameter.copy_(self.weights[name])


def _save(path: Path, model: nn.Module, optimizer: torch.optim.Optimizer, state: State) -> None:
    tensors = {f"model.{name}": p.detach().contiguous() for name, p in model.named_parameters()}
    for i, p in enumerate(_parameters(optimizer)):
        # A parameter that no batch has used yet has no optimizer state.
        for name, value in optimizer.state.get(p, {}).items():
            tensors[f"optimizer.{i}.{name}"] = value.detach().contiguous()
    tensors |= {f"best.{name}": value.contiguous() for name, value in (state.weights or {}).items()}
    tensors["random"] = torch.get_rng_state()
    if torch.cuda.is_available():
        tensors["random.cuda"] = torch.cuda.get_rng_state()
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    # repr() of a Python float is exact, so the losses come back bit for bit.
    facts = {"losses": json.dumps(state.losses), "best": repr(state.best), "worse": str(state.worse)}
    save_file(tensors, temporary, metadata=facts)
    os.replace(temporary, path)


def _resume(path: Path, model: nn.Module, optimizer: torch.optim.Optimizer) -> State:
    state = State()
    with safe_open(path, framework="pt") as stored:
        names = set(stored.keys())
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                parameter.copy_(stored.get_tensor(f"model.{name}"))
        for i, p in enumerate(_parameters(optimizer)):
            prefix = f"optimizer.{i}."
            tensors = {n.removeprefix(prefix): stored.get_tensor(n) for n in names if n.startswith(prefix)}
            if tensors:
                optimizer.state[p] = {n: v.to(p.device) for n, v in tensors.items()}
        best = {n.removeprefix("best."): stored.get_tensor(n) for n in names if n.startswith("best.")}
        torch.set_rng_state(stored.get_tensor("random"))
        if "random.cuda" in names and torch.cuda.is_available():
            torch.cuda.set_rng_state(stored.get_tensor("random.cuda"))
        facts = stored.metadata()
    state.losses, state.best, state.worse = json.loads(facts["losses"]), float(facts["best"]), int(facts["worse"])
    state.weights = best or None
    return state


def _parameters(optimizer: torch.optim.Optimizer) -> list[Tensor]:
    return [p for group in optimizer.param_groups for p in group["params"]]
