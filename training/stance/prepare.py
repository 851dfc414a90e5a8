"""Make the pairs that the stance classifier learns from.

    python -m training.stance.prepare --sets FOLDER --scirex FILE --abstracts FILE --out pairs.jsonl

`--sets`: the folder of `sets.TRAINED`; `--scirex`: SciREX as .jsonl.xz; `--abstracts`: .jsonl.xz of the ACL Anthology
with `abstract` and `year`. The same files and seed give the same pairs.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from pathlib import Path

from synth.pdf.text.sentences import split
from synth.text.lexicon import load_lexicon
from training.stance import generated, selfmade, sets
from training.stance.pairs import unpacked
from training.stance.sets import STANCES, LabelledPair

FREE_SINCE = 2016  # abstracts of the ACL Anthology are CC BY 4.0 from this year on
ABSTRACTS, FROM_ABSTRACTS, GENERATED = 6000, 7500, 6000
SHARE = {"tabfact-pairs": 0.5, "infotabs": 0.55, "conjnli": 0.6}  # of the pairs drawn: long or noisy sets


def prepare(folder: Path, scirex: Path, abstracts: Path, seed: int) -> list[LabelledPair]:
    """Draw from every set, add pairs made from abstracts and from generated tables, shuffle."""
    draw = random.Random(f"prepare {seed}")
    found: list[LabelledPair] = []
    for name, most in sets.TRAINED.items():
        for pair in sets.balanced(sets.read_set(folder, name), most, draw):
            sentences = draw.choice([2, 3, 4, 5]) if sets.is_long(pair.passage) else 0
            if draw.random() < SHARE.get(name, 1.0):
                found.append(sets.shortened(pair, sentences))
    found += generated.generate(generated.scirex_names(scirex), GENERATED, seed)
    found += _from_abstracts(abstracts, seed)
    draw.shuffle(found)
    return found


def _from_abstracts(file: Path, seed: int) -> list[LabelledPair]:
    rows = [json.loads(line) for line in unpacked(file).splitlines()]
    texts = [row["abstract"] for row in rows if int(row["year"] or 0) >= FREE_SINCE]
    random.Random(f"abstracts {seed}").shuffle(texts)
    told = [[text[a:b] for a, b in split(text)] for text in texts[:ABSTRACTS]]
    return [
        LabelledPair(one.claim, one.passage, STANCES[one.target.index(1.0)], "", "abstracts")
        for one in selfmade.made(told, FROM_ABSTRACTS, seed, load_lexicon())
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("sets", "scirex", "abstracts", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=13)
    given = parser.parse_args()
    pairs = prepare(given.sets, given.scirex, given.abstracts, given.seed)
    lines = [json.dumps([pair.claim, pair.passage, pair.stance, pair.source], ensure_ascii=False) for pair in pairs]
    given.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    counts = Counter(pair.source for pair in pairs)
    print(json.dumps({"pairs": len(pairs), **counts}, indent=1))


if __name__ == "__main__":
    main()
