"""One training loop for masked language modelling and for every task: flat, deterministic, resumable."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from repro.errors import LabError

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Schedule:
    """How long and how fast. `warmup` is a share of `steps`; the rate then falls linearly to zero."""

    steps: int
    batch: int
    lr: float
    warmup: float = 0.1
    weight_decay: float = 0.01
    clip: float = 1.0
    checkpoint_every: int = 100


class Batches:
    """Which examples stand in which batch: shuffled by seed and epoch, of similar length, last short one dropped.

    Batch `step` depends on nothing but its arguments, so a resumed run sees what an uninterrupted one would.
    """

    def __init__(self, lengths: Sequence[int], batch: int, seed: int) -> None:
        if not lengths:
            raise LabError("there is nothing to train on", "give the experiment more than 0 examples")
        self._lengths = torch.tensor(lengths)
        self._batch = min(batch, len(lengths))
        self._seed = seed
        self.per_epoch = len(lengths) // self._batch
        self._epoch = lru_cache(maxsize=1)(self._shuffle)

    def _shuffle(self, epoch: int) -> Tensor:
        draw = torch.Generator().manual_seed(self._seed * 1_000_003 + epoch)
        order = torch.randperm(len(self._lengths), generator=draw)[: self.per_epoch * self._batch]
        # Sorting within windows of 50 batches saves nearly all padding and keeps batches random.
        windows = [w[self._lengths[w].argsort(stable=True)] for w in order.split(50 * self._batch)]
        batches = torch.cat(windows).view(self.per_epoch, self._batch)
        return batches[torch.randperm(self.per_epoch, generator=draw)]

    def __call__(self, step: int) -> list[int]:
        epoch, position = divmod(step, self.per_epoch)
        return self._epoch(epoch)[position].tolist()


def rate(step: int, schedule: Schedule) -> float:
    """Share of the full learning rate at `step`: linear warm-up, then linear decay."""
    warm = max(1, round(schedule.warmup * schedule.steps))
    if step < warm:
        return (step + 1) / warm
    return max(0.0, (schedule.steps - step) / max(1, schedule.steps - warm))


def fit(
    model: nn.Module,
    loss_at: Callable[[int], Tensor],
    schedule: Schedule,
    seed: int,
    checkpoint: Path | None = None,
    progress: Progress | None = None,
) -> list[float]:
    """Train `model` in place and return the loss of every step.

    `loss_at(step)` gives the loss of that step's batch. With `checkpoint` (a safetensors file), weights, optimizer
    and random state are kept there every `checkpoint_every` steps, and a file that is already there is resumed:
    the losses are then bit for bit those of an uninterrupted run. A loss that is not finite raises LabError.
    """
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=schedule.lr, eps=1e-8, weight_decay=schedule.weight_decay, fused=True
    )
    torch.manual_seed(seed)
    losses = _resume(checkpoint, model, optimizer) if checkpoint and checkpoint.exists() else []
    model.train()
    for step in range(len(losses), schedule.steps):
        for group in optimizer.param_groups:
            group["lr"] = schedule.lr * rate(step, schedule)
        optimizer.zero_grad(set_to_none=True)
        loss = loss_at(step)
        losses.append(loss.item())
        if not math.isfinite(losses[-1]):
            raise LabError(
                f"training stopped at step {step}: the loss is {losses[-1]}",
                "lower the learning rate in the experiment",
            )
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), schedule.clip)
        optimizer.step()
        done = step + 1
        if checkpoint and done % schedule.checkpoint_every == 0 and done < schedule.steps:
            _save(checkpoint, model, optimizer, losses)
        if progress and (done % 20 == 0 or done == schedule.steps):
            recent = losses[-20:]
            progress(done / schedule.steps, f"step {done}/{schedule.steps}, loss {sum(recent) / len(recent):.3f}")
    model.eval()
    return losses


def _save(path: Path, model: nn.Module, optimizer: torch.optim.Optimizer, losses: list[float]) -> None:
    tensors = {f"model.{name}": p.detach().contiguous() for name, p in model.named_parameters()}
    for i, p in enumerate(_parameters(optimizer)):
        # A parameter that no batch has used yet has no optimizer state.
        for name, value in optimizer.state.get(p, {}).items():
            tensors[f"optimizer.{i}.{name}"] = value.detach().contiguous()
    tensors["random"] = torch.get_rng_state()
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    # repr() of a Python float is exact, so the losses come back bit for bit.
    save_file(tensors, temporary, metadata={"losses": json.dumps(losses)})
    os.replace(temporary, path)


def _resume(path: Path, model: nn.Module, optimizer: torch.optim.Optimizer) -> list[float]:
    with safe_open(path, framework="pt") as stored:
        names = set(stored.keys())
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                parameter.copy_(stored.get_tensor(f"model.{name}"))
        for i, p in enumerate(_parameters(optimizer)):
            prefix = f"optimizer.{i}."
            state = {n.removeprefix(prefix): stored.get_tensor(n) for n in names if n.startswith(prefix)}
            if state:
                optimizer.state[p] = state
        torch.set_rng_state(stored.get_tensor("random"))
        return json.loads(stored.metadata()["losses"])


def _parameters(optimizer: torch.optim.Optimizer) -> list[Tensor]:
    return [p for group in optimizer.param_groups for p in group["params"]]
