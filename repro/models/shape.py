"""The shape of an XLM-R that is made small. Light to import."""

from __future__ import annotations

from repro.parameters import Number, Table


class ModelShape(Table):
    """Layers, their widths, dropout, and how many tokens (`positions`) the model takes."""

    layers: int
    hidden: int
    heads: int
    feedforward: int
    dropout: Number
    positions: int
