"""Sentences to vectors: the hidden state of one layer, pooled over tokens. Layers above it are not computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from repro.errors import LabError
from repro.model import backbone, load_model, pad, positions
from repro.tokenizer import PAD, load_tokenizer

POOLINGS = ("mean", "mean-without-specials", "cls")
# Padded tokens in one forward pass: on a CPU what stays in its cache, on a GPU what fills it.
TOKENS = {"cpu": 1024, "cuda": 65536}
TOKENIZED_AT_ONCE = 10_000
CHARACTERS_PER_TOKEN = 32  # more than any real text has; the rest of an endless text cannot reach the model

Progress = Callable[[float, str], None]


class Encoder:
    """The model in `folder`, read at hidden state `layer` (0: the embeddings, as in transformers).

    `pooling`: "mean" over all tokens, specials included (as jiant scores XLM-R); "mean-without-specials"; or "cls", the
    first token. Texts that are longer than the model takes are cut. LabError for a layer that the model lacks.
    """

    def __init__(self, folder: Path, layer: int, pooling: str = "mean") -> None:
        if pooling not in POOLINGS:
            raise LabError(f"there is no pooling {pooling!r}", f"use {', '.join(POOLINGS)}")
        model = load_model(folder)
        depth = model.config.num_hidden_layers
        if not 0 <= layer <= depth:
            raise LabError(f"the model has no layer {layer}", f"choose a layer from 0 to {depth}")
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._limit = positions(model)
        self._pooling = pooling
        self._body = stopped_at(backbone(model), layer).eval().to(self._device)
        self._tokenizer = load_tokenizer(folder)
        self.dimension = int(model.config.hidden_size)

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Vectors (texts, dimension) in the order of `texts`. Each distinct text is computed once."""
        distinct = {text: i for i, text in enumerate(dict.fromkeys(texts))}
        rows = self._rows(list(distinct))
        vectors = np.empty((len(rows), self.dimension), dtype=np.float32)
        done = 0
        for batch in in_batches([len(row) for row in rows], self._device):
            vectors[batch] = self._forward([rows[i] for i in batch])
            done += len(batch)
            if progress:
                progress(done / len(rows), f"{done}/{len(rows)} texts encoded")
        return vectors[[distinct[text] for text in texts]] if len(texts) else vectors

    def _rows(self, texts: list[str]) -> list[list[int]]:
        rows: list[list[int]] = []
        cut = self._limit * CHARACTERS_PER_TOKEN
        for start in range(0, len(texts), TOKENIZED_AT_ONCE):
            part = [text[:cut] for text in texts[start : start + TOKENIZED_AT_ONCE]]
            rows += self._tokenizer(part, truncation=True, max_length=self._limit)["input_ids"]
        return rows

    def _forward(self, rows: list[list[int]]) -> NDArray[np.float32]:
        try:
            return self._pooled(rows)
        except torch.OutOfMemoryError as error:
            if len(rows) == 1:
                raise LabError("the device's memory is too small for one text", "use a smaller model") from error
            torch.cuda.empty_cache()
            half = len(rows) // 2
            return np.concatenate([self._pooled(rows[:half]), self._pooled(rows[half:])])

    @torch.inference_mode()
    def _pooled(self, rows: list[list[int]]) -> NDArray[np.float32]:
        ids = pad(rows).to(self._device)
        even = min(map(len, rows)) == ids.shape[1]
        # Without padding there is nothing to be masked, and attention takes its fastest path.
        mask = None if even else (ids != PAD).long()
        with torch.autocast("cuda", torch.bfloat16, enabled=self._device.type == "cuda"):
            hidden = self._body(input_ids=ids, attention_mask=mask).last_hidden_state
        return pooled(hidden.float(), ids, self._pooling, self._tokenizer.all_special_ids).cpu().numpy()


def in_batches(lengths: Sequence[int], device: torch.device) -> Iterator[list[int]]:
    """Indices of all texts, for one pass without learning, by length, so that hardly any padding is computed.

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


def stopped_at(body: Any, layer: int) -> Any:
    """`body` without the layers above `layer`; its last hidden state is then `hidden_states[layer]`.

    XLM-R XL normalises after its last layer only, which is then left out too unless `layer` is the last.
    """
    from torch import nn

    stack = body.encoder
    if layer < len(stack.layer):
        stack.layer = stack.layer[:layer]
        if hasattr(stack, "LayerNorm"):
            stack.LayerNorm = nn.Identity()
    return body


def pooled(hidden: Tensor, ids: Tensor, pooling: str, specials: Sequence[int]) -> Tensor:
    """(texts, length, width) → (texts, width). A text of special tokens alone is averaged over those."""
    if pooling == "cls":
        return hidden[:, 0]
    real = ids != PAD
    if pooling == "mean-without-specials":
        words = real & ~torch.isin(ids, torch.tensor(list(specials), device=ids.device))
        real = torch.where(words.any(1, keepdim=True), words, real)
    weights = real.unsqueeze(-1).float()
    return (hidden * weights).sum(1) / weights.sum(1)
