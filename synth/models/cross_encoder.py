"""Cross-encoder for stances: logits of SUPPORT, CONTRADICT and NOT_ENOUGH_INFO for claim and passage read together.

The packaged classifier (`pairclassifier`, weights in `stance_model/`, model card docs/stance.md) is the default; any
sequence classifier for natural language inference can stand in its place, from a folder or from the hub.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from synth.core.errors import SynthError
from synth.models import numerics
from synth.models.batching import Progress, batches, completed, grouped
from synth.models.encoder import quiet
from synth.models.files import fingerprint, first_line, located
from synth.models.vector_cache import VectorCache

if TYPE_CHECKING:
    import numpy as np

MAX_TOKENS = 256  # of claim and passage together, for a classifier of the user's own; the longer of the two is cut
MAX_CHARACTERS = 8192  # of claim and of passage: more than any model here reads
PACKAGED = Path(__file__).with_name("stance_model")
LABELS = (("entail", "support"), ("contra", "refut"), ("neutral", "not_enough", "nei"))  # in the order of the columns

Row = dict[str, list[int]]  # one tokenised pair: its `input_ids`, and what else the classifier takes of each token


@dataclass(frozen=True)
class Classifier:
    """A loaded classifier: tokeniser of pairs, and logits of a batch of rows."""

    tokenise: Callable[[Sequence[tuple[str, str]]], list[Row]]
    logits: Callable[[Sequence[Row]], np.ndarray]


class CrossEncoder:
    """Logits of (claim, passage) pairs by one classifier, each distinct pair once.

    Args:
        model: a folder, or NAME or NAME@REVISION on the hub; empty for the packaged one. Only safetensors are read,
            and no code of a model's repository is run.
        cache: a SQLite file of what was read before.
        packaged: folder of the packaged classifier.

    Raises:
        SynthError: when the model is needed and missing, of another shape, or for another task.
    """

    def __init__(
        self, model: str = "", *, cache: Path | None = None, device: str | None = None, packaged: Path = PACKAGED
    ) -> None:
        self.model = model
        self._packaged = packaged
        self._device = device or "cpu"
        self._cache = VectorCache(cache) if cache is not None else None

    def logits(self, pairs: Sequence[tuple[str, str]], progress: Progress | None = None) -> np.ndarray:
        """Read (claim, passage) pairs: (pairs, 3) float32, the columns SUPPORT, CONTRADICT, NOT_ENOUGH_INFO.

        `progress(done, total)` counts distinct pairs; what was computed before an interruption is kept in the cache. A
        pair for which the model gives no finite numbers has three times NaN: it says nothing.
        """
        import numpy as np

        distinct = list(dict.fromkeys(pairs))
        if not distinct:
            return np.zeros((0, 3), dtype=np.float32)
        keys = {pair: self._key(pair) for pair in distinct}
        row_of = completed(keys, self._computed, _is_row, self._cache, progress)
        rows = np.stack([row_of[keys[pair]] for pair in pairs]).astype(np.float32)
        rows[~np.isfinite(rows).all(axis=1)] = np.nan
        return rows

    def checked(self) -> CrossEncoder:
        """Load a classifier of the user's own before anything rests on it.

        One that is missing or of another shape is reported even where little is read.

        Raises:
            SynthError: It is missing, of another shape, or for another task.
        """
        if self.model:
            _ = self._classifier
        return self

    def _key(self, pair: tuple[str, str]) -> bytes:
        """Hash all that decides a row: the model's files, the numeric type, how much is read, and the pair."""
        parts = (self.identity, self.precision, f"{MAX_TOKENS} {MAX_CHARACTERS}", *pair)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()

    @cached_property
    def precision(self) -> str:
        """Numeric type of the computation; classifiers of the user's own are computed in float32."""
        return numerics.FLOAT32 if self.model else numerics.precision(self._device)

    @cached_property
    def identity(self) -> str:
        """SHA-256 of the files that decide what the model computes."""
        return fingerprint([self.directory])

    @cached_property
    def directory(self) -> Path:
        return located(self.model, "stance model") if self.model else self._packaged

    @cached_property
    def _classifier(self) -> Classifier:
        try:
            with quiet():
                if self.model:
                    return _sequence_classifier(self.directory, self._device)
                return _pair_classifier(self.directory, self._device, self.precision)
        except SynthError:
            raise  # it says itself that there is no such model
        except Exception as error:  # safetensors and tokenizers raise kinds of their own
            raise SynthError(
                f"The stance model {self.model or 'that comes with synth'!r} could not be loaded: {first_line(error)}.",
                "Name a classifier for natural language inference with safetensors weights, leave the setting "
                "`stance_model` empty, or set it to `rules`.",
            ) from error

    def _computed(self, pairs: list[tuple[str, str]]) -> Iterator[list[tuple[tuple[str, str], np.ndarray]]]:
        """Yield (pair, float16 row) in groups worth a commit, long pairs first."""
        if not pairs:
            return iter(())
        read = self._classifier
        rows: list[Row] = []
        for start in range(0, len(pairs), 1000):
            part = pairs[start : start + 1000]
            rows += read.tokenise([(_readable(claim), _readable(passage)) for claim, passage in part])
        chosen = batches([len(row["input_ids"]) for row in rows])
        return grouped(self._read([pairs[i] for i in batch], [rows[i] for i in batch]) for batch in chosen)

    def _read(self, pairs: list[tuple[str, str]], rows: list[Row]) -> list[tuple[tuple[str, str], np.ndarray]]:
        import numpy as np

        with np.errstate(over="ignore"):  # what is too large for 16 bits is not finite, and so says nothing
            return list(zip(pairs, self._classifier.logits(rows).astype(np.float16), strict=True))


def _pair_classifier(folder: Path, device: str, precision: str) -> Classifier:
    """Load the packaged classifier."""
    import torch

    from synth.models import stance_classifier

    tokenizer, model = stance_classifier.load(folder)
    model.to(device)
    bfloat16 = precision == numerics.BFLOAT16

    def tokenise(pairs: Sequence[tuple[str, str]]) -> list[Row]:
        rows = stance_classifier.encode_pairs(tokenizer, pairs)
        return [{"input_ids": ids, "segments": segments} for ids, segments in rows]

    def logits(rows: Sequence[Row]) -> np.ndarray:
        ids, segments = stance_classifier.padded([(row["input_ids"], row["segments"]) for row in rows])
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
            values: np.ndarray = model(ids.to(device), segments.to(device)).cpu().numpy()
        return values

    return Classifier(tokenise, logits)


def _sequence_classifier(folder: Path, device: str) -> Classifier:
    """Load a classifier of the user's own, its labels known by their names."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    safe = {"local_files_only": True, "trust_remote_code": False}
    tokenizer = AutoTokenizer.from_pretrained(str(folder), **safe)
    model = AutoModelForSequenceClassification.from_pretrained(str(folder), use_safetensors=True, **safe)
    if not all(bool(torch.isfinite(value).all()) for value in model.state_dict().values()):
        raise ValueError("its weights are not finite")
    columns = _columns(model.config.id2label)
    model.to(device).eval()

    def tokenise(pairs: Sequence[tuple[str, str]]) -> list[Row]:
        encoded = tokenizer(
            [passage for _, passage in pairs],
            [claim for claim, _ in pairs],
            truncation="longest_first",
            max_length=MAX_TOKENS,
        )
        names = list(encoded.keys())
        return [dict(zip(names, values, strict=True)) for values in zip(*encoded.values(), strict=True)]

    def logits(rows: Sequence[Row]) -> np.ndarray:
        batch = tokenizer.pad(list(rows), return_tensors="pt").to(device)
        with torch.inference_mode():
            values: np.ndarray = model(**batch).logits[:, columns].float().cpu().numpy()
        return values

    return Classifier(tokenise, logits)


def _columns(names: dict[int, str]) -> list[int]:
    """Find the model's column of each of LABELS."""
    columns = []
    for words in LABELS:
        fitting = [i for i, name in names.items() if any(word in name.casefold() for word in words)]
        if len(fitting) != 1:
            raise ValueError(f"its labels are {', '.join(names.values())}")
        columns.append(fitting[0])
    return columns


def _is_row(row: np.ndarray) -> bool:
    """Return True if a cached row can be one that was written."""
    import numpy as np

    return row.shape == (3,) and bool(np.isfinite(row).all())


def _readable(text: str) -> str:
    return text[:MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
