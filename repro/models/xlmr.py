"""XLM-R as transformers builds it: made small, or read from a checkpoint in hub format, and saved in that format."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors import SafetensorError
from torch import Tensor

from repro.errors import LabError
from repro.models.shape import ModelShape
from repro.models.tokenizer import PAD
from repro.schema import JsonObject

if TYPE_CHECKING:
    from transformers import PreTrainedModel, XLMRobertaForMaskedLM

ARCHITECTURES = ("xlm-roberta", "xlm-roberta-xl")
REFERENCE = "reference.json"  # in an artifact: where a checkpoint is that is too large to be copied


def new_model(shape: ModelShape, vocabulary: int, seed: int) -> XLMRobertaForMaskedLM:
    """Return an untrained model of this shape."""
    from transformers import XLMRobertaConfig, XLMRobertaForMaskedLM

    torch.manual_seed(seed)
    config = XLMRobertaConfig(
        vocab_size=vocabulary,
        num_hidden_layers=shape.layers,
        hidden_size=shape.hidden,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feedforward,
        hidden_dropout_prob=shape.dropout,
        attention_probs_dropout_prob=shape.dropout,
        max_position_embeddings=shape.positions + PAD + 1,
        type_vocab_size=1,
        layer_norm_eps=1e-5,
    )
    return XLMRobertaForMaskedLM(config)


def folder_of(artifact: Path) -> Path:
    """Return where the model of an artifact lies: in the artifact, or where its reference points."""
    reference = artifact / REFERENCE
    if reference.is_file():
        return Path(json.loads(reference.read_text(encoding="utf-8"))["folder"])
    return artifact / "model"


def check_checkpoint(folder: Path) -> JsonObject:
    """Return the configuration of the checkpoint in `folder`, after it was seen to be one that can be loaded safely.

    LabError for a folder without config.json, for another architecture, and where there are no safetensors weights: a
    pickle (`pytorch_model.bin`) can run code when it is loaded.
    """
    file = folder / "config.json"
    if not folder.is_dir() or not file.is_file():
        raise LabError(f"{folder} holds no model: there is no config.json", "give a folder in hub format")
    try:
        config: JsonObject = json.loads(file.read_text(encoding="utf-8"))
        kind = config["model_type"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise LabError(f"{file} is not a model's configuration", "fetch or save the model again") from error
    if kind not in ARCHITECTURES:
        raise LabError(f"{folder} holds a {kind!r} model", f"give one of the kind {' or '.join(ARCHITECTURES)}")
    if not any(folder.glob("*.safetensors")):
        pickled = any(folder.glob("*.bin")) or any(folder.glob("*.pt"))
        raise LabError(
            f"{folder} has no safetensors weights" + (", only a pickle, which is not read" if pickled else ""),
            "save the model with `save_pretrained`, which writes safetensors",
        )
    if not any((folder / name).is_file() for name in ("tokenizer.json", "sentencepiece.bpe.model")):
        raise LabError(f"{folder} has no tokenizer", "save the tokenizer into the same folder")
    return config


def load_model(folder: Path) -> PreTrainedModel:
    """Return the masked language model saved in `folder` (hub format, safetensors only), in fp32 on the CPU."""
    from transformers import AutoModelForMaskedLM
    from transformers.utils import logging

    check_checkpoint(folder)
    shown, loud = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()  # what is missing is judged below
    try:
        model, facts = AutoModelForMaskedLM.from_pretrained(
            folder,
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=False,
            dtype=torch.float32,
            output_loading_info=True,
        )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise LabError(f"the model in {folder} cannot be loaded: {first}", "fetch or save the model again") from error
    finally:
        logging.set_verbosity(loud)
        if shown:
            logging.enable_progress_bar()
    # Weights that are not there would be drawn at random. The language modelling head may be: an encoder has none.
    missing = sorted(name for name in facts["missing_keys"] if not name.startswith("lm_head"))
    if missing:
        raise LabError(
            f"the checkpoint in {folder} lacks {len(missing)} weights, {missing[0]} first",
            "fetch or save the model again",
        )
    return model


def save_model(model: PreTrainedModel, folder: Path) -> None:
    """Write `model` in hub format; without transformers' own progress bar."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    model.save_pretrained(folder)
    if shown:
        logging.enable_progress_bar()


def backbone(model: PreTrainedModel) -> PreTrainedModel:
    """Return the encoder under the language modelling head."""
    return getattr(model, model.base_model_prefix)


def pad(rows: Sequence[Sequence[int]], value: int = PAD) -> Tensor:
    """Return rows of token ids as one tensor, (rows, longest), padded on the right."""
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[value] * (longest - len(row))] for row in rows])


def positions(model: PreTrainedModel) -> int:
    """Return the number of tokens that the model takes."""
    return int(model.config.max_position_embeddings) - PAD - 1


def check_lengths(model: PreTrainedModel, rows: Sequence[Sequence[int]]) -> None:
    """Raise LabError if a row has more tokens than the model has positions."""
    longest = max(map(len, rows), default=0)
    if longest > positions(model):
        raise LabError(
            f"a text has {longest} tokens and the model takes {positions(model)}",
            "give the model more positions, or the tokenizer a larger vocabulary",
        )
