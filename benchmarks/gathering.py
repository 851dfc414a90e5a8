"""From a claim to ranked and judged evidence, the passages being encoded: milliseconds a claim, by rules and model.

python -m benchmarks.gathering [--claims 100] [--passages 5000] [--threads 2] [--parsed 5000]

Passages and claims are sentences of the ACL Anthology's abstracts on cross-lingual work, where SYNTH_DATA has them. The
claims and as many passages as `--parsed` says (all by default) are parsed first, as in a search, so that slots are
compared too. Judgements are not cached. What is judged rightly is not looked at.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import re
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.anthology import DUMP
from synth.claims.predictions import read
from synth.claims.syntax.grammar import Sentence
from synth.core.types import Prediction, Stance
from synth.eval.evaluate import threads
from synth.evidence.candidates import EvidenceClaim, PassageCandidate
from synth.evidence.gather import gather
from synth.models.cross_encoder import CrossEncoder
from synth.models.encoder import Encoder
from synth.models.stance_reader import Reader
from synth.text.lexicon import load_lexicon
from synth.text.parsing import parse

WORDS = re.compile(r"lingual|translat|transfer", re.I)


def sentences(count: int) -> list[str]:
    """Return so many different sentences of abstracts whose title has one of WORDS."""
    distinct: dict[str, None] = {}
    with lzma.open(Path(os.environ["SYNTH_DATA"]) / DUMP, "rt", encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            if WORDS.search(row["title"]):
                distinct.update(dict.fromkeys(re.split(r"(?<=[.!?])\s+(?=[A-Z])", row["abstract"])))
            if len(distinct) >= count:
                break
    return list(distinct)[:count]


def predicted(texts: list[str]) -> list[tuple[Prediction, ...]]:
    """Read the predictions of each sentence."""
    lexicon = load_lexicon()
    return [read(Sentence.of(parsed, lexicon)).predictions for parsed in parse(texts)]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--claims", type=int, default=100)
    parser.add_argument("--passages", type=int, default=5000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--parsed", type=int, default=5000, help="passages whose predictions are read")
    options = parser.parse_args()
    if not os.environ.get("SYNTH_DATA"):
        sys.exit("SYNTH_DATA names no folder with real abstracts.")
    texts = sentences(options.passages)
    step = max(1, len(texts) // options.claims)
    chosen = sorted({*range(0, len(texts), step), *range(min(options.parsed, len(texts)))})
    predictions_of = dict(zip(chosen, predicted([texts[i] for i in chosen]), strict=True))
    passages = [
        PassageCandidate(i, i, text, predictions=predictions_of.get(i, ()), states_finding=bool(predictions_of.get(i)))
        for i, text in enumerate(texts)
    ]
    claims = [
        EvidenceClaim(i, texts[i], predictions_of[i], frozenset({i}), frozenset({i}))
        for i in range(0, len(texts), step)
    ]
    claims = claims[: options.claims]
    with tempfile.TemporaryDirectory() as folder, threads(options.threads):
        encoder = Encoder(cache=Path(folder) / "vectors.db")
        encoder.encode(texts)
        for name, reader in (("rules", None), ("rules and model", Reader(CrossEncoder()))):
            list(gather(claims[:2], passages, encoder, reader=reader))  # everything is loaded
            begin, used = time.perf_counter(), time.process_time()
            rows = [row for _, gathered in gather(claims, passages, encoder, reader=reader) for row in gathered]
            wall, used = time.perf_counter() - begin, time.process_time() - used
            read = [row for row in rows if row.method == "model"]
            decided = sum(row.stance is not Stance.NOT_ENOUGH_INFO for row in read)
            each = 1000 / len(claims)
            spent = f"{wall * each:.0f} ms a claim, {used * each:.0f} of the processor"
            print(f"{name}: {spent}; {len(read)} kept rows by the model, {decided} decided")


if __name__ == "__main__":
    main()
