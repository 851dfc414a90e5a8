"""BERT's encoder (Devlin et al. 2019, §3) in plain PyTorch, for checkpoints of BERT and XLM-RoBERTa.

The parameters have the names that such checkpoints have on the hub, and the states are those of transformers'
`BertModel` and `XLMRobertaModel`. Importing either takes five seconds of the processor and 150 MB more than PyTorch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn import functional

DROPOUT = 0.1
POSITIONS = {"bert": 0, "xlm-roberta": 2}  # the position of a first token, by the checkpoint's kind


@dataclass(frozen=True)
class Shape:
    """Sizes of an encoder; `first_position` is that of a text's first token."""

    vocabulary: int
    width: int
    layers: int
    heads: int
    inner: int
    positions: int
    segments: int = 1
    first_position: int = 0
    epsilon: float = 1e-12


def shape_of(config: Mapping[str, Any]) -> Shape | None:
    """Read the shape from a checkpoint's config.json; None for a model that is of another kind."""
    plain = config.get("hidden_act") == "gelu" and config.get("position_embedding_type", "absolute") == "absolute"
    kind = config.get("model_type")
    if kind not in POSITIONS or not plain or config.get("is_decoder") or config.get("add_cross_attention"):
        return None
    if kind == "xlm-roberta" and config.get("pad_token_id", 1) != 1:
        return None
    return Shape(
        vocabulary=int(config["vocab_size"]),
        width=int(config["hidden_size"]),
        layers=int(config["num_hidden_layers"]),
        heads=int(config["num_attention_heads"]),
        inner=int(config["intermediate_size"]),
        positions=int(config["max_position_embeddings"]),
        segments=int(config.get("type_vocab_size", 1)),
        first_position=POSITIONS[kind],
        epsilon=float(config.get("layer_norm_eps", 1e-12)),
    )


class Bert(nn.Module):
    """States of the last layer."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embeddings = _Embeddings(shape)
        self.encoder = nn.Module()
        self.encoder.layer = nn.ModuleList(_Layer(shape) for _ in range(shape.layers))

    def forward(self, ids: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
        """Map token ids (batch, tokens) to states (batch, tokens, width). `real` is False where a token is padding.

        Padding stands at the end of a row.
        """
        states = self.embeddings(ids)
        mask = None if bool(real.all()) else real[:, None, None, :]
        for layer in self.encoder.layer:
            states = layer(states, mask)
        return torch.as_tensor(states)

    @classmethod
    def of(cls, shape: Shape, weights: Mapping[str, torch.Tensor]) -> Bert:
        """Build an encoder on `weights`, which may hold more than its own. KeyError for one that is missing."""
        with torch.device("meta"):  # no memory for values that are replaced at once
            made = cls(shape)
        own = {name.removeprefix("bert.").removeprefix("roberta."): value for name, value in weights.items()}
        made.load_state_dict({name: own[name] for name in made.state_dict()}, assign=True)
        return made

    def multiply_in(self, kind: torch.dtype) -> Bert:
        """Keep the matrices in `kind`, as autocast would convert them for every batch."""
        for module in self.modules():
            if isinstance(module, nn.Linear):
                module.to(kind)
        return self


class _Embeddings(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(shape.vocabulary, shape.width)
        self.position_embeddings = nn.Embedding(shape.positions, shape.width)
        self.token_type_embeddings = nn.Embedding(shape.segments, shape.width)
        self.LayerNorm = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.dropout = nn.Dropout(DROPOUT)
        self.first = shape.first_position

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        places = torch.arange(self.first, self.first + ids.shape[1], device=ids.device)
        segment = self.token_type_embeddings(torch.zeros_like(ids))
        total = self.word_embeddings(ids) + segment + self.position_embeddings(places)[None]
        return torch.as_tensor(self.dropout(self.LayerNorm(total)))


class _Layer(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attention = nn.Module()
        self.attention.self = _Attention(shape)
        self.attention.output = _Added(shape.width, shape)
        self.intermediate = nn.Module()
        self.intermediate.dense = nn.Linear(shape.width, shape.inner)
        self.output = _Added(shape.inner, shape)

    def forward(self, states: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        states = self.attention.output(self.attention.self(states, mask), states)
        return torch.as_tensor(self.output(functional.gelu(self.intermediate.dense(states)), states))


class _Attention(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(shape.width, shape.width) for _ in range(3))
        self.heads = shape.heads

    def forward(self, states: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        batch, tokens, width = states.shape
        query, key, value = (
            project(states).view(batch, tokens, self.heads, -1).transpose(1, 2)
            for project in (self.query, self.key, self.value)
        )
        dropout = DROPOUT if self.training else 0.0
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask, dropout_p=dropout)
        return mixed.transpose(1, 2).reshape(batch, tokens, width)


class _Added(nn.Module):
    """Project, add to the states, normalise."""

    def __init__(self, inner: int, shape: Shape) -> None:
        super().__init__()
        self.dense = nn.Linear(inner, shape.width)
        self.LayerNorm = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, change: torch.Tensor, states: torch.Tensor) -> torch.Tensor:
        return torch.as_tensor(self.LayerNorm(self.dropout(self.dense(change)) + states))
