"""A trained judge: P(SUPPORT), P(CONTRADICT), P(NOT_ENOUGH_INFO) from a transformer that reads claim and passage.

The packaged one is all-MiniLM-L6-v2 with low-rank updates (Hu et al. 2022, LoRA) of its weights, two megabytes in
`adapter/`; docs/stance.md is its model card. Any sequence classifier for natural language inference can stand in its
place, from a folder or from the hub.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synth.errors import SynthError
from synth.evidence.batching import Progress, batches, completed, grouped
from synth.evidence.cache import VectorCache
from synth.evidence.encoder import Encoder, fingerprint, first_line, quiet

if TYPE_CHECKING:
    import numpy as np

LIMIT = 256  # tokens of claim and passage together; the longer of the two is cut
CHARACTERS = 8192  # of claim and of passage: more than LIMIT tokens of any real text
ADAPTER = Path(__file__).with_name("adapter")
LABELS = (("entail", "support"), ("contra", "refut"), ("neutral", "not_enough", "nei"))  # in the order of the columns


class CrossEncoder:
    """`model`: a folder or a name on the hub; empty for the packaged one. `cache`: a SQLite file of what was judged.

    Only safetensors are read and no code of a model's repository is run. Raises SynthError where a model cannot be
    loaded or its labels are not those of natural language inference.
    """

    def __init__(
        self, model: str = "", *, cache: Path | None = None, device: str | None = None, adapter: Path = ADAPTER
    ) -> None:
        self.model = model
        self._adapter = adapter  # of the packaged model
        self._device = device
        self._cache = VectorCache(cache) if cache is not None else None

    def logits(self, pairs: Sequence[tuple[str, str]], progress: Progress | None = None) -> np.ndarray:
        """(claim, passage) pairs → (pairs, 3) float32, the columns SUPPORT, CONTRADICT, NOT_ENOUGH_INFO.

        `progress(done, total)` counts distinct pairs; what was computed before an interruption is kept in the cache.
        """
        import numpy as np

        distinct = list(dict.fromkeys(pairs))
        if not distinct:
            return np.zeros((0, 3), dtype=np.float32)
        keys = {pair: self._key(pair) for pair in distinct}
        known = completed(keys, self._computed, _is_row, self._cache, progress)
        return np.stack([known[keys[pair]] for pair in pairs]).astype(np.float32)

    def _key(self, pair: tuple[str, str]) -> bytes:
        text = "\0".join((self.identity, *pair))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()

    @cached_property
    def identity(self) -> str:
        """SHA-256 of the files that decide what the model computes."""
        folders = [self.directory] if self.model else [self.directory, self._adapter]
        return fingerprint(folders)

    @cached_property
    def directory(self) -> Path:
        return Encoder(self.model).directory

    @cached_property
    def _loaded(self) -> tuple[Any, Any, list[int]]:
        """Tokenizer, model, and for each of our columns the model's own."""
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        kinds: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        try:
            with quiet():
                tokenizer = AutoTokenizer.from_pretrained(str(self.directory), **kinds)
                if self.model:
                    model = AutoModelForSequenceClassification.from_pretrained(
                        str(self.directory), use_safetensors=True, **kinds
                    )
                    columns = _columns(model.config.id2label)
                else:
                    model, columns = with_adapter(self.directory, self._adapter), [0, 1, 2]
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            raise SynthError(
                f"The stance model {self.model or 'all-MiniLM-L6-v2'!r} could not be loaded: {first_line(error)}.",
                "Name a classifier for natural language inference with safetensors weights, or leave the setting "
                "`stance_model` empty.",
            ) from error
        return tokenizer, model.to(self._device or "cpu").eval(), columns

    def _computed(self, pairs: list[tuple[str, str]]) -> Iterator[list[tuple[tuple[str, str], np.ndarray]]]:
        """(pair, float16 row) in groups worth a commit, long pairs first."""
        if not pairs:
            return iter(())
        rows = tokens(self._loaded[0], pairs)
        chosen = batches([len(row["input_ids"]) for row in rows])
        return grouped(self._read([pairs[i] for i in batch], [rows[i] for i in batch]) for batch in chosen)

    def _read(
        self, pairs: list[tuple[str, str]], rows: list[dict[str, list[int]]]
    ) -> list[tuple[tuple[str, str], np.ndarray]]:
        import numpy as np
        import torch

        tokenizer, model, columns = self._loaded
        given = tokenizer.pad(rows, return_tensors="pt").to(model.device)
        with torch.inference_mode():
            found = model(**given).logits[:, columns].float().cpu().numpy().astype(np.float16)
        return list(zip(pairs, found, strict=True))


def tokens(tokenizer: Any, pairs: Sequence[tuple[str, str]]) -> list[dict[str, list[int]]]:
    """The model's inputs for (claim, passage) pairs: the passage as premise, the claim as hypothesis, unpadded."""
    rows: list[dict[str, list[int]]] = []
    for start in range(0, len(pairs), 1000):
        part = [[_readable(passage), _readable(claim)] for claim, passage in pairs[start : start + 1000]]
        told = tokenizer(
            [passage for passage, _ in part],
            [claim for _, claim in part],
            truncation="longest_first",
            max_length=LIMIT,
        )
        names = list(told.keys())
        rows += [dict(zip(names, values, strict=True)) for values in zip(*told.values(), strict=True)]
    return rows


def with_adapter(directory: Path, adapter: Path) -> Any:
    """The encoder in `directory` as a classifier of three labels, with the low-rank updates in `adapter` added."""
    from peft import PeftModel

    return PeftModel.from_pretrained(classifier(directory), str(adapter)).merge_and_unload()


def classifier(directory: Path) -> Any:
    """The encoder in `directory` under a new layer of three labels."""
    from transformers import AutoModelForSequenceClassification

    with quiet():  # that the last layer is new is what is meant
        # Without dropout: less to compute in training, and low-rank updates hardly overfit in two passes.
        return AutoModelForSequenceClassification.from_pretrained(
            str(directory),
            num_labels=3,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=False,
        )


def _columns(names: dict[int, str]) -> list[int]:
    found = []
    for words in LABELS:
        fitting = [i for i, name in names.items() if any(word in name.casefold() for word in words)]
        if len(fitting) != 1:
            raise ValueError(f"its labels are {', '.join(names.values())}")
        found.append(fitting[0])
    return found


def _is_row(row: np.ndarray) -> bool:
    """Whether a cached row can be one that was written."""
    import numpy as np

    return row.shape == (3,) and bool(np.isfinite(row).all())


def _readable(text: str) -> str:
    return text[:CHARACTERS].encode("utf-8", "replace").decode("utf-8")
