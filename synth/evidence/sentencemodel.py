"""Sentence encoders in sentence-transformers' format.

One that averages the states of a BERT or XLM-RoBERTa is read here, without that library: importing it takes seven
seconds of the processor and 240 MB more than PyTorch alone. Any other is left to the library.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np

    from synth.evidence.bert import Bert

LIBRARY = "sentence_transformers."
SAME_SHAPE = 16  # tokens; batches are padded to a multiple of it
PARTS = (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])


class SentenceModel(Protocol):
    """A loaded encoder: `dimension` of its vectors, `limit` of tokens that it reads."""

    dimension: int
    limit: int

    def tokens(self, texts: Sequence[str], ends: bool = True) -> list[list[int]]:
        """Token ids of each text up to the limit, with those that mark its ends or without."""
        ...

    def table(self) -> np.ndarray:
        """Input embeddings, float32, shape (vocabulary, width)."""
        ...

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """L2-normalised vectors of one batch, in its order."""
        ...


def load(directory: Path, device: str | None = None) -> SentenceModel:
    """Load the encoder in `directory`. Raises the errors of torch, safetensors and sentence-transformers."""
    return _mean_pooled(directory, device) or _Library(directory, device)


def multiplies_bfloat16(device: str) -> bool:
    """Return True on a processor that multiplies bfloat16: three times as fast, cosine of 0.9999 to float32's."""
    import torch

    return device == "cpu" and bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


class MeanPooled:
    """Mean of the states of a text's tokens, L2-normalised."""

    def __init__(self, bert: Bert, tokenizer: Any, limit: int, padding: int, device: str) -> None:
        import torch

        self._bfloat16 = multiplies_bfloat16(device)
        self._bert = bert.eval().requires_grad_(False).to(device)
        if self._bfloat16:
            self._bert.multiply_in(torch.bfloat16)
        self._tokenizer, self._padding, self._device = tokenizer, padding, device
        self.dimension, self.limit = bert.shape.width, limit
        tokenizer.no_padding()

    def tokens(self, texts: Sequence[str], ends: bool = True) -> list[list[int]]:
        self._tokenizer.enable_truncation(self.limit)
        return [one.ids for one in self._tokenizer.encode_batch(list(texts), add_special_tokens=ends)]

    def table(self) -> np.ndarray:
        import numpy as np

        return np.asarray(self._bert.embeddings.word_embeddings.weight.cpu().numpy())

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        import numpy as np
        import torch

        rows = self.tokens(texts)
        # Few shapes: every other one costs the kernels that are compiled for it, time and memory.
        longest = -(-max(map(len, rows)) // SAME_SHAPE) * SAME_SHAPE
        ids = torch.tensor([[*row, *[self._padding] * (longest - len(row))] for row in rows], device=self._device)
        lengths = torch.tensor([len(row) for row in rows], device=self._device)
        real = torch.arange(longest, device=self._device)[None, :] < lengths[:, None]
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=self._bfloat16):
            states = self._bert(ids, real).float()
            means = (states * real[..., None]).sum(1) / real.sum(1, keepdim=True).clamp(min=1)
            vectors = torch.nn.functional.normalize(means, dim=1)
        return np.asarray(vectors.cpu().numpy())


def _mean_pooled(directory: Path, device: str | None) -> MeanPooled | None:
    """Load a mean over a BERT's states; None for an encoder that does anything else."""
    try:
        parts = json.loads((directory / "modules.json").read_text(encoding="utf-8"))
        if not _is_mean(directory, parts):
            return None
        folder = directory / parts[0]["path"]
        config, settings = _read(folder / "config.json"), _read(folder / "sentence_bert_config.json")
        if not (folder / "model.safetensors").exists() or not (folder / "tokenizer.json").exists():
            return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # sentence-transformers says what is wrong
    from synth.evidence.bert import Bert, shape_of

    shape, limit = shape_of(config), settings.get("max_seq_length")
    if shape is None or not isinstance(limit, int) or settings.get("do_lower_case"):
        return None
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    bert = Bert.of(shape, _weights(folder / "model.safetensors"))
    return MeanPooled(bert, tokenizer, limit, int(config.get("pad_token_id", 0)), device or _best_device())


def _is_mean(directory: Path, parts: Sequence[Mapping[str, Any]]) -> bool:
    types = [str(part["type"]) for part in parts]
    names = [name.rpartition(".")[2] for name in types]
    if names not in PARTS or not all(name.startswith(LIBRARY) for name in types):
        return False
    about = directory / "config_sentence_transformers.json"
    if about.exists() and _read(about).get("default_prompt_name"):
        return False
    modes = {k: v for k, v in _read(directory / parts[1]["path"] / "config.json").items() if k.startswith("pooling_")}
    return modes.pop("pooling_mode", "mean") == "mean" and all(
        bool(on) == (mode == "pooling_mode_mean_tokens") for mode, on in modes.items()
    )


def _weights(file: Path) -> dict[str, Any]:
    """Read a checkpoint's weights in float32; those that are stored so stay in the file until they are used."""
    from safetensors import safe_open

    with safe_open(file, "pt") as stored:
        return {name: stored.get_tensor(name).float() for name in stored.keys()}  # noqa: SIM118


def _read(file: Path) -> dict[str, Any]:
    return dict(json.loads(file.read_text(encoding="utf-8")))


def _best_device() -> str:
    import torch

    return str(torch.accelerator.current_accelerator()) if torch.accelerator.is_available() else "cpu"


class _Library:
    """An encoder that sentence-transformers reads. No code of its folder is run."""

    def __init__(self, directory: Path, device: str | None) -> None:
        from sentence_transformers import SentenceTransformer

        with quiet():
            self._model = SentenceTransformer(
                str(directory),
                device=device,
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={"use_safetensors": True},
            )
        self._bfloat16 = multiplies_bfloat16(self._model.device.type)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.limit = int(self._model.max_seq_length or 512)

    def tokens(self, texts: Sequence[str], ends: bool = True) -> list[list[int]]:
        found = self._model.tokenizer(list(texts), truncation=True, max_length=self.limit, add_special_tokens=ends)
        return list(found["input_ids"])

    def table(self) -> np.ndarray:
        import numpy as np

        body: Any = self._model[0]
        weights = body.auto_model.get_input_embeddings().weight
        return np.asarray(weights.detach().float().cpu().numpy())

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        import numpy as np
        import torch

        with torch.autocast("cpu", torch.bfloat16, enabled=self._bfloat16):
            vectors = self._model.encode(
                list(texts), batch_size=len(texts), normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(vectors)


@contextmanager
def quiet() -> Iterator[None]:
    """Loading without the libraries' progress bars, notes and warnings: only the command line prints."""
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
