"""Packaged stance classifier: a small multilingual encoder that reads passage and claim together.

The encoder is multilingual-e5-small (Wang et al. 2024, MIT; XLM-R's architecture, 12 layers of 384) with its vocabulary
cut to English pieces. Above it stand the mean states of passage and claim, their difference and product (InferSent's
features, Conneau et al. 2017, §3.2, over states that have seen both texts) and one hidden layer. docs/stance.md is its
model card; `training/stance/` made it.

Weights are stored in one safetensors file: matrices in 8 bits with one scale a row, the embedding table in 4 bits with
one scale for 32 weights, as its source has it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import nn
from transformers import XLMRobertaConfig, XLMRobertaModel

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PASSAGE, CLAIM, NEITHER = 0, 1, 2  # values of `segments`
START, PADDING, END = 0, 1, 2  # token ids
BLOCK = 32  # weights of the embedding table that share a scale
SPECIAL = 4  # tokens added to a pair
MAX_CLAIM_TOKENS = 96
MAX_TOKENS = 320  # of a pair, special tokens included
HEADS = 5  # parts of the pooled features: start, passage, claim, their difference, their product


class PairClassifier(nn.Module):
    """Logits of SUPPORT, CONTRADICT and NOT_ENOUGH_INFO for a passage and a claim."""

    def __init__(self, vocabulary: int, *, width: int = 384, layers: int = 12, heads: int = 12) -> None:
        super().__init__()
        self.encoder = XLMRobertaModel(
            XLMRobertaConfig(
                vocab_size=vocabulary,
                hidden_size=width,
                num_hidden_layers=layers,
                num_attention_heads=heads,
                intermediate_size=4 * width,
                max_position_embeddings=514,
                type_vocab_size=1,
                layer_norm_eps=1e-12,
                pad_token_id=PADDING,
            ),
            add_pooling_layer=False,
        )
        self.dense = nn.Linear(HEADS * width, width)
        self.out = nn.Linear(width, 3)

    def forward(self, ids: torch.Tensor, segments: torch.Tensor) -> torch.Tensor:
        """Map token ids and segments, both (batch, tokens), to logits (batch, 3) in float32."""
        states = self.encoder(input_ids=ids, attention_mask=(ids != PADDING).long()).last_hidden_state.float()
        passage, claim = (_mean(states, segments == part) for part in (PASSAGE, CLAIM))
        pooled = torch.cat([states[:, 0], passage, claim, (passage - claim).abs(), passage * claim], dim=-1)
        return self.out(torch.tanh(self.dense(pooled))).float()


def _mean(states: torch.Tensor, inside: torch.Tensor) -> torch.Tensor:
    """Average (batch, tokens, width) over the tokens that are `inside`; zeros where none is."""
    share = inside.unsqueeze(-1).to(states.dtype)
    return (states * share).sum(dim=1) / share.sum(dim=1).clamp(min=1)


# ------------------------------------------------------------------------------------------------- tokens


def encode_pairs(
    tokenizer: Tokenizer,
    pairs: Sequence[tuple[str, str]],
    *,
    limit: int = MAX_TOKENS,
    claim_limit: int = MAX_CLAIM_TOKENS,
) -> list[tuple[list[int], list[int]]]:
    """Return token ids and segments of (claim, passage) pairs: start, claim, end, end, passage, end."""
    claims = tokenizer.encode_batch([claim for claim, _ in pairs], add_special_tokens=False)
    passages = tokenizer.encode_batch([passage for _, passage in pairs], add_special_tokens=False)
    rows = []
    for claim, passage in zip(claims, passages, strict=True):
        claim_ids = claim.ids[:claim_limit]
        read = passage.ids[: limit - len(claim_ids) - SPECIAL]
        ids = [START, *claim_ids, END, END, *read, END]
        rows.append((ids, [NEITHER, *[CLAIM] * len(claim_ids), NEITHER, NEITHER, *[PASSAGE] * len(read), NEITHER]))
    return rows


def padded(rows: Sequence[tuple[list[int], list[int]]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Stack rows of `encode_pairs` into two (batch, tokens) tensors."""
    longest = max(len(ids) for ids, _ in rows)
    ids = torch.full((len(rows), longest), PADDING)
    segments = torch.full((len(rows), longest), NEITHER)
    for at, (tokens, parts) in enumerate(rows):
        ids[at, : len(tokens)] = torch.tensor(tokens)
        segments[at, : len(parts)] = torch.tensor(parts)
    return ids, segments


# ------------------------------------------------------------------------------------------------ storage


def save(model: PairClassifier, folder: Path, about: Mapping[str, object]) -> None:
    """Write `model.safetensors` and `config.json`; `about` is stored in the latter for people."""
    from safetensors.torch import save_file

    tensors: dict[str, torch.Tensor] = {}
    for name, value in model.state_dict().items():
        if name.endswith("word_embeddings.weight"):
            tensors[f"{name}.nibbles"], tensors[f"{name}.scales"] = _to_nibbles(value)
        elif value.dim() == 2 and "embeddings" not in name:
            scale = value.abs().amax(dim=1, keepdim=True).clamp(min=1e-12) / 127
            tensors[f"{name}.bytes"] = torch.round(value / scale).to(torch.int8)
            tensors[f"{name}.scales"] = scale.float()
        elif value.is_floating_point():
            tensors[name] = value.half()
    folder.mkdir(parents=True, exist_ok=True)
    save_file({name: value.contiguous() for name, value in tensors.items()}, folder / "model.safetensors")
    config = model.encoder.config
    shape = {"vocabulary": config.vocab_size, "width": config.hidden_size, "layers": config.num_hidden_layers}
    text = json.dumps({**shape, "heads": config.num_attention_heads, "about": about}, indent=1)
    (folder / "config.json").write_text(text + "\n", encoding="utf-8")


def load(folder: Path) -> tuple[Tokenizer, PairClassifier]:
    """Read what `save` wrote, and `tokenizer.json` beside it.

    Raises:
        OSError, ValueError, KeyError, RuntimeError: files that are missing, damaged or of another shape.
    """
    from safetensors.torch import load_file
    from tokenizers import Tokenizer

    shape = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    model = PairClassifier(
        *(shape[key] for key in ("vocabulary",)), **{k: shape[k] for k in ("width", "layers", "heads")}
    )
    stored = load_file(folder / "model.safetensors")
    weights: dict[str, torch.Tensor] = {}
    for name, value in stored.items():
        base, _, kind = name.rpartition(".")
        if kind == "bytes":
            weights[base] = value.float() * stored[f"{base}.scales"]
        elif kind == "nibbles":
            weights[base] = _from_nibbles(value, stored[f"{base}.scales"], shape["width"])
        elif kind != "scales":
            weights[name] = value.float()
    if not all(bool(torch.isfinite(value).all()) for value in weights.values()):
        raise ValueError("its weights are not finite")
    model.load_state_dict(weights)
    return Tokenizer.from_file(str(folder / "tokenizer.json")), model.eval()


def _to_nibbles(table: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Pack (rows, width) into 4-bit values around 8 and float16 scales, one for each BLOCK weights of a row.

    A table that was read from such a file packs without loss: its scale is the one under which every weight is a
    whole number from -8 to 7.
    """
    blocks = table.reshape(-1, BLOCK).float()
    extreme = blocks.gather(1, blocks.abs().argmax(dim=1, keepdim=True))
    scales = torch.where(extreme == 0, torch.ones_like(extreme), extreme / -8).half()
    values = torch.round(blocks / scales.float()).clamp(-8, 7).to(torch.int16) + 8
    low, high = values[:, : BLOCK // 2], values[:, BLOCK // 2 :]
    return (low | (high << 4)).to(torch.uint8), scales


def _from_nibbles(packed: torch.Tensor, scales: torch.Tensor, width: int) -> torch.Tensor:
    low, high = (packed & 15).float() - 8, (packed >> 4).float() - 8
    return (torch.cat([low, high], dim=1) * scales.float()).reshape(-1, width)
