"""Passages made by hand, and the labelled sentences."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from synth.core.types import Passage, PassageKind, Prediction

SLOTS = ("treatment", "baseline", "task", "metric", "direction", "value", "unit")


def passage(text: str, section: str = "results", order: int = 0, kind: PassageKind = PassageKind.SENTENCE) -> Passage:
    return Passage(kind, text, text, 1, ((1, 0, len(text)),), section, order)


@dataclass(frozen=True)
class Labelled:
    passage: Passage
    kind: str  # "" where the sentence is no claim
    predictions: tuple[dict, ...]


def labelled() -> list[Labelled]:
    rows = tomllib.loads(Path(__file__).with_name("labelled.toml").read_text(encoding="utf-8"))["sentence"]
    return [
        Labelled(
            passage(
                row["text"],
                row.get("section", "results"),
                kind=PassageKind.CAPTION if row.get("caption") else PassageKind.SENTENCE,
            ),
            row.get("kind", ""),
            tuple(row.get("predictions", ())),
        )
        for row in rows
    ]


def agrees(prediction: Prediction, wanted: dict) -> bool:
    """Every slot as labelled (an unlabelled slot empty); the scope at least what is labelled."""
    empty = {"value": None}
    slots = all(getattr(prediction, slot) == wanted.get(slot, empty.get(slot, "")) for slot in SLOTS)
    return slots and wanted.get("scope", {}).items() <= prediction.scope.items()
