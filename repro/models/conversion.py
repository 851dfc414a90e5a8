"""Encoders that are XLM-R's in all but their names, written as XLM-R checkpoints in hub format.

The multilingual E5 models (Wang et al. 2024, arXiv:2402.05672) of the small size are stored as BERT with XLM-R's
vocabulary. The computation is the same: BERT's position p is row p + 2 of XLM-R's table, whose first rows belong to
padding, and of BERT's token types only the first is ever used.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from repro.errors import LabError
from repro.models.e5file import E5File, Shape
from repro.schema import JsonObject

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

PAD = 1  # of XLM-R's vocabulary
POSITIONS, TYPES = "embeddings.position_embeddings.weight", "embeddings.token_type_embeddings.weight"
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "sentencepiece.bpe.model")
Weights = Mapping[str, NDArray[np.float32]]


def as_xlmr(weights: Weights) -> dict[str, NDArray[np.float32]]:
    """Turn the weights of a BERT, by their names on the hub, into those of an XLM-R encoder.

    Raises:
        KeyError: without position embeddings or token types.
    """
    renamed = {name.removeprefix("bert."): values for name, values in weights.items()}
    renamed = {name: values for name, values in renamed.items() if name.startswith(("embeddings.", "encoder."))}
    renamed.pop("embeddings.position_ids", None)
    table = renamed[POSITIONS]
    renamed[POSITIONS] = np.concatenate([np.zeros((PAD + 1, table.shape[1]), dtype=table.dtype), table])
    renamed[TYPES] = renamed[TYPES][:1].copy()
    return renamed


def config(shape: Shape) -> JsonObject:
    """Describe an XLM-R encoder as in config.json; `shape.positions` is the number of tokens that it takes."""
    return {
        "architectures": ["XLMRobertaModel"],
        "model_type": "xlm-roberta",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feedforward,
        "hidden_act": "gelu",
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions + PAD + 1,
        "type_vocab_size": 1,
        "layer_norm_eps": float(f"{shape.epsilon:.6g}"),  # 1e-12, of which a file may have the nearest float32
        "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.1,
        "bos_token_id": 0,
        "pad_token_id": PAD,
        "eos_token_id": 2,
    }


def unpack(source: E5File, folder: Path) -> None:
    """Write the model and the tokenizer of `source` into `folder`, in float32."""
    folder.mkdir(parents=True)
    _write(folder, source.weights(), config(source.shape))
    tokenizer(source.pieces, source.scores.tolist(), source.normalisation, source.shape.positions).save_pretrained(
        folder
    )


def from_bert(bert: Path, folder: Path) -> None:
    """Write the BERT with XLM-R's vocabulary in `bert` (hub format) into `folder`.

    Raises:
        LabError: a BERT that computes something else, or weights that are damaged.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        own = json.loads((bert / "config.json").read_text(encoding="utf-8"))
        weights: dict[str, NDArray[np.float32]] = {}
        for file in sorted(bert.glob("*.safetensors")):
            weights |= load_file(file)
        shape = Shape(
            hidden=own["hidden_size"],
            layers=own["num_hidden_layers"],
            heads=own["num_attention_heads"],
            feedforward=own["intermediate_size"],
            vocabulary=own["vocab_size"],
            positions=own["max_position_embeddings"],
            token_types=own["type_vocab_size"],
            epsilon=own["layer_norm_eps"],
        )
        if own.get("hidden_act", "gelu") != "gelu" or own.get("position_embedding_type", "absolute") != "absolute":
            raise LabError(f"the BERT in {bert} computes otherwise than XLM-R", "give a checkpoint of XLM-R")
        folder.mkdir(parents=True)
        _write(folder, weights, config(shape))
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise LabError(f"the model in {bert} cannot be converted: {error}", "fetch the model again") from error
    for name in TOKENIZER_FILES:
        if (bert / name).is_file():
            shutil.copyfile(bert / name, folder / name)


def tokenizer(
    pieces: Sequence[str], scores: Sequence[float], normalisation: Mapping[str, str], positions: int
) -> PreTrainedTokenizerFast:
    """Build XLM-R's tokenizer, as transformers does from SentencePiece's model (`XLMRobertaTokenizer`).

    Args:
        pieces: `<s>`, `<pad>`, `</s>`, `<unk>` first, `<mask>` last.
        scores: log probability of each piece.
        normalisation: replacement by character; a letter that is spelt as several characters is not composed.
        positions: how many tokens the model takes.
    """
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    from repro.models.charsmap import precompiled
    from repro.models.tokenizer import SPECIAL

    built = Tokenizer(models.Unigram(list(zip(pieces, scores, strict=True)), unk_id=3, byte_fallback=False))
    built.normalizer = normalizers.Sequence(
        [normalizers.Precompiled(precompiled(normalisation)), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    built.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")]
    )
    built.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    built.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=built,
        **SPECIAL,
        cls_token="<s>",
        sep_token="</s>",
        mask_token="<mask>",
        model_max_length=positions,
    )


def _write(folder: Path, weights: Weights, described: JsonObject) -> None:
    from safetensors.numpy import save_file

    save_file(as_xlmr(weights), folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(described, indent=1), encoding="utf-8")
