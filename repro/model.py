"""XLM-R as transformers builds it: made small, saved in hub format, and read at one layer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from repro.errors import LabError
from repro.tokenizer import PAD


def new_model(shape: dict[str, Any], vocabulary: int, seed: int) -> Any:
    """An untrained `XLMRobertaForMaskedLM`. `shape`: layers, hidden, heads, feedforward, dropout, positions."""
    from transformers import XLMRobertaConfig, XLMRobertaForMaskedLM

    torch.manual_seed(seed)
    config = XLMRobertaConfig(
        vocab_size=vocabulary,
        num_hidden_layers=shape["layers"],
        hidden_size=shape["hidden"],
        num_attention_heads=shape["heads"],
        intermediate_size=shape["feedforward"],
        hidden_dropout_prob=shape["dropout"],
        attention_probs_dropout_prob=shape["dropout"],
        max_position_embeddings=shape["positions"] + PAD + 1,
        type_vocab_size=1,
        layer_norm_eps=1e-5,
    )
    return XLMRobertaForMaskedLM(config)


def load_model(folder: Path) -> Any:
    """The masked language model saved in `folder` (hub format, safetensors only)."""
    from transformers import XLMRobertaForMaskedLM

    return XLMRobertaForMaskedLM.from_pretrained(folder, use_safetensors=True, local_files_only=True)


def save_model(model: Any, folder: Path) -> None:
    """Write `model` in hub format; without transformers' own progress bar."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    model.save_pretrained(folder)
    if shown:
        logging.enable_progress_bar()


def pad(rows: Sequence[Sequence[int]], value: int = PAD) -> Tensor:
    """Rows of token ids as one tensor, (rows, longest), padded on the right."""
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[value] * (longest - len(row))] for row in rows])


def check_lengths(model: Any, rows: Sequence[Sequence[int]]) -> None:
    """LabError if a row has more tokens than the model has positions."""
    longest, positions = max(map(len, rows), default=0), model.config.max_position_embeddings - PAD - 1
    if longest > positions:
        raise LabError(
            f"a text has {longest} tokens and the model takes {positions}",
            "give the model more positions, or the tokenizer a larger vocabulary",
        )


@torch.inference_mode()
def embed(model: Any, rows: Sequence[Sequence[int]], layer: int, batch: int = 256) -> Tensor:
    """Sentence vectors (rows, hidden): the mean of `hidden_states[layer]` over all tokens, specials included.

    Layer 0 is the embedding layer, as in transformers. Layers above `layer` are not computed.
    """
    layers = model.roberta.encoder.layer
    if not 0 <= layer <= len(layers):
        raise LabError(f"the model has no layer {layer}", f"choose a layer from 0 to {len(layers)}")
    check_lengths(model, rows)
    model.eval()
    vectors = torch.empty(len(rows), model.config.hidden_size)
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    model.roberta.encoder.layer = layers[:layer]
    try:
        for start in range(0, len(order), batch):
            chosen = order[start : start + batch]
            ids = pad([rows[i] for i in chosen])
            mask = (ids != PAD).long()
            hidden = model.roberta(input_ids=ids, attention_mask=mask).last_hidden_state
            weights = mask.unsqueeze(-1).float()
            vectors[chosen] = (hidden * weights).sum(1) / weights.sum(1)
    finally:
        model.roberta.encoder.layer = layers
    return vectors
