"""An XLM-R with random weights, saved as the hub has it."""

from __future__ import annotations

from pathlib import Path

SHAPE = {"layers": 2, "hidden": 16, "heads": 2, "feedforward": 32, "dropout": 0.1}
SENTENCES = ["The farmer sold the red apples.", "A teacher read the old book to the children."]


def save(folder: Path, positions: int = 66) -> Path:
    """Write a model that takes `positions` tokens into `folder`, and a tokenizer that can spell every text."""
    from repro.models.shape import ModelShape
    from repro.models.tokenizer import train_tokenizer
    from repro.models.xlmr import new_model, save_model

    own = train_tokenizer(SENTENCES * 3, 400, alphabet=60)
    save_model(new_model(ModelShape.read({**SHAPE, "positions": positions}), len(own), 1), folder)
    own.save_pretrained(folder)
    return folder
