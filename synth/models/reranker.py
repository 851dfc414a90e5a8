"""Reranker: a cross-encoder that reads question and text together, slower and closer than comparing their vectors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from synth.core.errors import SynthError
from synth.models.files import first_line, located

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

BATCH = 16  # pairs in one forward pass


class Reranker:
    """A sentence-transformers cross-encoder with one output: a local directory, or NAME or NAME@REVISION on the hub.

    Weights are read from safetensors only and no code of the model's repository is run.
    """

    def __init__(self, model: str, *, device: str | None = None) -> None:
        self.model = model
        self._device = device

    @cached_property
    def _encoder(self) -> CrossEncoder:
        directory = located(self.model, "cross-encoder")
        from sentence_transformers import CrossEncoder

        try:
            encoder = CrossEncoder(
                str(directory),
                device=self._device,
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            raise SynthError(
                f"The cross-encoder {self.model!r} could not be loaded: {first_line(error)}.",
                "Check that its directory is a complete model with safetensors weights.",
            ) from error
        if encoder.num_labels != 1:
            raise SynthError(
                f"The model {self.model!r} has {encoder.num_labels} outputs; a cross-encoder for ranking has one.",
                "Name a model that was trained to rank, or leave the setting `reranker` empty.",
            )
        return encoder

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return the relevance of each text to the question, in the model's own unit; larger is more."""
        if not texts:
            return []
        pairs = [(question, text.encode("utf-8", "replace").decode("utf-8")) for text in texts]
        return [float(x) for x in self._encoder.predict(pairs, batch_size=BATCH, show_progress_bar=False)]
