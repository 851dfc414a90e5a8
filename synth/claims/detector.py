"""A trained judge of which sentences are claims: a linear model over sentence vectors, place, section and cues.

A detector belongs to the encoder it was trained with and refuses vectors of another. It is a safetensors file of a few
kilobytes; what it was trained on stands in its metadata and in docs/claim-detection.md.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from synth.claims.features import BLOCKS, PLACES, Document, rows, width
from synth.claims.logistic import chances
from synth.claims.sections import part_of
from synth.errors import SynthError
from synth.types import Passage, PassageKind

LARGEST = 5 * 2**20  # bytes of a file of weights
FORMAT = "synth-claim-detector-1"


@dataclass(frozen=True)
class Detector:
    """`beta`: weights and bias, shape (columns + 1,). `neutral`: place columns outside abstracts, shape (8,).

    `threshold`: chance from which a sentence of an abstract is taken for a claim, chosen on documents that were not
    trained on. `encoder`: SHA-256 of the encoder (`Encoder.identity`). `about`: where it comes from, by name.
    """

    beta: np.ndarray
    neutral: np.ndarray
    blocks: tuple[str, ...]
    dimension: int
    threshold: float
    encoder: str
    about: dict[str, str] = field(default_factory=dict)

    def chances(self, document: Document, vectors: np.ndarray) -> np.ndarray:
        """Chance of each sentence to be labelled a claim, shape (sentences,). `vectors`: unit rows, one a sentence."""
        if not document.sentences:
            return np.zeros(0)
        return chances(rows(document, vectors, self.blocks, self.neutral), self.beta)


def document_of(passages: Sequence[Passage]) -> tuple[Document, tuple[int, ...]]:
    """The sentences and captions of one paper in reading order, and their `order` numbers; cells are left out."""
    told = sorted((p for p in passages if p.kind is not PassageKind.CELL), key=lambda p: p.order)
    return Document(tuple(p.text for p in told), tuple(part_of(p) for p in told)), tuple(p.order for p in told)


def packaged() -> Path:
    """Where the packaged weights are; they may be absent."""
    return Path(__file__).with_name("detector.safetensors")


def save(detector: Detector, path: Path) -> None:
    from safetensors.numpy import save_file

    told = {"format": FORMAT, "blocks": list(detector.blocks), "dimension": detector.dimension}
    told |= {"threshold": detector.threshold, "encoder": detector.encoder, "about": detector.about}
    tensors = {"beta": detector.beta.astype(np.float32), "neutral": detector.neutral.astype(np.float32)}
    save_file(tensors, path, metadata={"detector": json.dumps(told, sort_keys=True)})


def load(path: Path) -> Detector:
    """The detector of a file. Raises SynthError for a file that is none or too large."""
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(f"larger than {LARGEST:,} bytes")
        return _loaded(path)
    except Exception as error:  # safetensors raises kinds of its own besides OSError and ValueError
        reason = (str(error) or type(error).__name__).splitlines()[0].rstrip(".")[:160]
        raise SynthError(
            f"The claim detector {path} cannot be loaded: {reason}.",
            "Train it again with `python -m synth.pipeline.claimtraining`, or unset `claim_detector`.",
        ) from error


def _loaded(path: Path) -> Detector:
    from safetensors import safe_open

    with safe_open(path, framework="np") as file:
        told = json.loads((file.metadata() or {})["detector"])
        beta, neutral = file.get_tensor("beta").astype(np.float64), file.get_tensor("neutral").astype(np.float64)
    blocks, dimension, threshold = tuple(told["blocks"]), int(told["dimension"]), float(told["threshold"])
    if told["format"] != FORMAT or not set(blocks) <= set(BLOCKS) or not 0 < dimension <= 8192:
        raise ValueError("it is of another format")
    if beta.shape != (width(blocks, dimension) + 1,) or neutral.shape != (PLACES,):
        raise ValueError("its weights do not fit its columns")
    if not (np.isfinite(beta).all() and np.isfinite(neutral).all() and 0 <= threshold <= 1):
        raise ValueError("its numbers are no numbers")
    about = {str(k): str(v) for k, v in dict(told["about"]).items()}
    return Detector(beta, neutral, blocks, dimension, threshold, str(told["encoder"]), about)
