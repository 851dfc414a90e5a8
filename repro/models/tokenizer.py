"""A real sub-word tokenizer trained on the text at hand, with XLM-R's special tokens (Conneau et al. 2020).

Byte-pair encoding by `tokenizers` (its Unigram trainer, which XLM-R's SentencePiece corresponds to, gives another
vocabulary in every process), wrapped in transformers' fast tokenizer: `<s>` 0, `<pad>` 1, `</s>` 2, `<unk>` 3,
`<mask>` last.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

SPECIAL = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
PAD = 1


class _Alphabet(TypedDict, total=False):
    """Characters that a trainer keeps as pieces, and how many."""

    initial_alphabet: list[str]
    limit_alphabet: int


def train_tokenizer(lines: Iterable[str], size: int, alphabet: int = 0) -> PreTrainedTokenizerFast:
    """Return a fast tokenizer of at most `size` pieces, specials included; the same for the same lines.

    `alphabet`: how many characters are pieces of their own, for real text; others are then spelt in bytes, text is
    brought into the form NFKC, and punctuation is cut off. 0: every character, as generated text has few.
    """
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    cuts = [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")]
    learner = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=alphabet > 0))
    special = list(SPECIAL.values())
    options: _Alphabet = {}
    if alphabet:
        lines = list(lines)
        learner.normalizer = normalizers.NFKC()
        cuts += [pre_tokenizers.Punctuation("isolated")]
        special += [f"<0x{byte:02X}>" for byte in range(256)]
        # Chosen here, because among characters that are equally frequent the trainer keeps now these, now those.
        options["initial_alphabet"] = _characters(lines, alphabet)
        options["limit_alphabet"] = len(options["initial_alphabet"])
    learner.pre_tokenizer = pre_tokenizers.Sequence(cuts)
    decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    learner.decoder = decoders.Sequence([decoders.ByteFallback(), decoder]) if alphabet else decoder
    trainer = trainers.BpeTrainer(
        vocab_size=size - 1, special_tokens=special, show_progress=False, min_frequency=2, **options
    )
    learner.train_from_iterator(lines, trainer)
    learner.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=learner, **SPECIAL, cls_token="<s>", sep_token="</s>", mask_token="<mask>"
    )


def _characters(lines: Iterable[str], most: int) -> list[str]:
    """Return the most frequent characters in the form NFKC, and the mark of a word.

    Among equally frequent ones the lower code point comes first.
    """
    counts: Counter[str] = Counter()
    for line in lines:
        counts.update(unicodedata.normalize("NFKC", line))
    order = sorted((c for c in counts if not c.isspace()), key=lambda c: (-counts[c], c))
    return sorted({*order[: most - 1], "▁"})


def load_tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder)


def encode(
    tokenizer: PreTrainedTokenizerFast, lines: list[str], pairs: list[str] | None = None, limit: int | None = None
) -> list[list[int]]:
    """Return token ids with special tokens, one list a line; with `pairs`, of the two texts together.

    `limit`: most tokens; what is longer is cut, of two texts the longer one first.
    """
    return tokenizer(lines, pairs, truncation=limit is not None, max_length=limit)["input_ids"] if lines else []
