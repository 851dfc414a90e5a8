"""Sentences to vectors: hidden states of a model's layers, pooled over tokens. Layers above them are not computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from repro.errors import LabError
from repro.machine import has_bfloat16
from repro.models.tokenizer import PAD, load_tokenizer
from repro.models.xlmr import backbone, load_model, pad, positions

if TYPE_CHECKING:
    from transformers import PreTrainedModel

POOLINGS = ("mean", "mean-without-specials", "cls")
# "auto": products in bfloat16 where the processor has instructions for them, else in float32.
PRECISIONS = ("float32", "auto")
# Padded tokens in one forward pass: on a CPU what stays in its cache, on a GPU what fills it.
TOKENS = {"cpu": 1024, "cuda": 65536}
TOKENIZED_AT_ONCE = 10_000
CHARACTERS_PER_TOKEN = 32  # more than any real text has; the rest of an endless text cannot reach the model

Progress = Callable[[float, str], None]
Vectors = NDArray[np.float32]


class Reading(NamedTuple):
    """A reading of a model: hidden state `layer` (0: the embeddings, as in transformers), and its pooling.

    `pooling`: "mean" over all tokens, specials included (as jiant scores XLM-R); "mean-without-specials"; or "cls", the
    first token.
    """

    layer: int
    pooling: str = "mean"


class StateReader:
    """A model that is read in several places in one pass over the texts. Longer texts than it takes are cut.

    Args:
        folder: the model, in hub format.
        readings: where it is read.
        precision: one of PRECISIONS, on a processor; a GPU computes in bfloat16 (autocast over float32 weights).

    Raises:
        LabError: for a layer that the model lacks, and for an unknown pooling or precision.
    """

    def __init__(self, folder: Path, readings: Sequence[Reading], precision: str = "float32") -> None:
        for _, pooling in readings:
            if pooling not in POOLINGS:
                raise LabError(f"there is no pooling {pooling!r}", f"use {', '.join(POOLINGS)}")
        if precision not in PRECISIONS:
            raise LabError(f"there is no precision {precision!r}", f"use {', '.join(PRECISIONS)}")
        model = load_model(folder)
        depth = model.config.num_hidden_layers
        for layer, _ in readings:
            if not 0 <= layer <= depth:
                raise LabError(f"the model has no layer {layer}", f"choose a layer from 0 to {depth}")
        self.readings = tuple(readings)
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._limit = positions(model)
        self._last = max(layer for layer, _ in readings)
        self.body = stopped_at(backbone(model), self._last).eval().to(self._device)
        self._bfloat16 = self._device.type == "cuda" or (precision == "auto" and has_bfloat16())
        if self._bfloat16 and self._device.type == "cpu":
            # What autocast does at each call, once for all: only the products are in bfloat16.
            for part in self.body.modules():
                if isinstance(part, nn.Linear):
                    part.to(torch.bfloat16)
        self._states: dict[int, Tensor] = {}
        for layer in {layer for layer, _ in readings} - {self._last}:
            place = self.body.encoder.layer[layer - 1] if layer else self.body.embeddings
            place.register_forward_hook(self._keeper(layer))
        self._tokenizer = load_tokenizer(folder)
        self.dimension = int(model.config.hidden_size)

    def _keeper(self, layer: int) -> Callable[[nn.Module, object, Tensor | tuple[Tensor, ...]], None]:
        def keep(_: nn.Module, __: object, output: Tensor | tuple[Tensor, ...]) -> None:
            self._states[layer] = output[0] if isinstance(output, tuple) else output

        return keep

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> list[Vectors]:
        """Return vectors (texts, dimension) in the order of `texts`; each distinct text is computed once."""
        distinct = {text: i for i, text in enumerate(dict.fromkeys(texts))}
        rows = self._rows(list(distinct))
        found = [np.empty((len(rows), self.dimension), dtype=np.float32) for _ in self.readings]
        done = 0
        for batch in in_batches([len(row) for row in rows], self._device):
            for vectors, part in zip(found, self._forward([rows[i] for i in batch]), strict=True):
                vectors[batch] = part
            done += len(batch)
            if progress:
                progress(done / len(rows), f"{done}/{len(rows)} texts encoded")
        if len(distinct) == len(texts):
            return found
        order = [distinct[text] for text in texts]
        return [vectors[order] for vectors in found]

    def _rows(self, texts: list[str]) -> list[list[int]]:
        rows: list[list[int]] = []
        cut = self._limit * CHARACTERS_PER_TOKEN
        for start in range(0, len(texts), TOKENIZED_AT_ONCE):
            part = [text[:cut] for text in texts[start : start + TOKENIZED_AT_ONCE]]
            rows += self._tokenizer(part, truncation=True, max_length=self._limit)["input_ids"]
        return rows

    def _forward(self, rows: list[list[int]]) -> list[Vectors]:
        try:
            return self._pooled(rows)
        except torch.OutOfMemoryError as error:
            if len(rows) == 1:
                raise LabError("the device's memory is too small for one text", "use a smaller model") from error
            torch.cuda.empty_cache()
            half = len(rows) // 2
            halves = zip(self._pooled(rows[:half]), self._pooled(rows[half:]), strict=True)
            return [np.concatenate(both) for both in halves]

    @torch.inference_mode()
    def _pooled(self, rows: list[list[int]]) -> list[Vectors]:
        ids = pad(rows).to(self._device)
        even = min(map(len, rows)) == ids.shape[1]
        # Without padding there is nothing to be masked, and attention takes its fastest path.
        mask = None if even else (ids != PAD).long()
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._bfloat16):
            self._states[self._last] = self.body(input_ids=ids, attention_mask=mask).last_hidden_state
        specials = self._tokenizer.all_special_ids
        return [
            pooled(self._states[layer].float(), ids, pooling, specials).cpu().numpy()
            for layer, pooling in self.readings
        ]


class Encoder:
    """The model in `folder`, read in one place; arguments as for `Reading` and `StateReader`."""

    def __init__(self, folder: Path, layer: int, pooling: str = "mean", precision: str = "float32") -> None:
        self._reader = StateReader(folder, [Reading(layer, pooling)], precision)
        self.dimension = self._reader.dimension

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return vectors (texts, dimension) in the order of `texts`; each distinct text is computed once."""
        return self._reader.encode(texts, progress)[0]


def in_batches(lengths: Sequence[int], device: torch.device) -> Iterator[list[int]]:
    """Yield indices of all texts, for one pass without learning, by length, so that hardly any padding is computed.

    A batch that is well filled ends where the length changes, so most have no padding at all.
    """
    budget, batch = TOKENS[device.type], list[int]()
    for i in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        filled = (len(batch) + 1) * lengths[i]
        longer = batch and lengths[i] > lengths[batch[0]]
        if batch and (filled > budget or (longer and filled > budget // 4)):
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def stopped_at(body: PreTrainedModel, layer: int) -> PreTrainedModel:
    """Return `body` without the layers above `layer`; its last hidden state is then `hidden_states[layer]`.

    XLM-R XL normalises after its last layer only, which is then left out too unless `layer` is the last.
    """
    stack = body.encoder
    if layer < len(stack.layer):
        stack.layer = stack.layer[:layer]
        if hasattr(stack, "LayerNorm"):
            stack.LayerNorm = nn.Identity()
    return body


def pooled(hidden: Tensor, ids: Tensor, pooling: str, specials: Sequence[int]) -> Tensor:
    """Pool (texts, length, width) to (texts, width); a text of special tokens alone is averaged over those."""
    if pooling == "cls":
        return hidden[:, 0]
    real = ids != PAD
    if pooling == "mean-without-specials":
        words = real & ~torch.isin(ids, torch.tensor(list(specials), device=ids.device))
        real = torch.where(words.any(1, keepdim=True), words, real)
    weights = real.unsqueeze(-1).float()
    return (hidden * weights).sum(1) / weights.sum(1)
