"""Precision of each rule about numbers on labelled sets that the rules were not made for, a line a reason code.

    python -m benchmarks.rules FOLDER [--half looked|kept]

FOLDER holds the folders of sets (`nli-extra`, `xnli`, `anli`, `sick-mrpc`). Of each set come pairs with a number on
both sides, and some of all; where it has no NOT_ENOUGH_INFO, a quarter are made of passages of other groups. Groups
are divided by hash: mistakes of one half were read while the rules were mended, those of the other were not. Rows of
tables are left out. The sentence nearest to the claim counts, and, where it decides, all that are read as one text.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from synth.core.types import Stance
from synth.evidence.documents import DocumentPair
from synth.evidence.passages import entailment
from synth.evidence.passages.findings import RuleFinding
from synth.evidence.passages.parts.sentence import read
from synth.evidence.selection import rarity, select
from training.stance.fit import document
from training.stance.leftout import SETS, beside_others
from training.stance.sets import LabelledPair, read_set

SIMILARITY = 0.85  # of two texts on one thing; the rules read no vector
NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twice|half|third|quarter|doubl\w+|dozen|hundred|thousand|million"
    r"|percent)\b",
    re.I,
)
# Set → pairs with a number on both sides, further pairs of any kind.
TAKEN = {
    "evidence-inference-v2": (0, 150),
    "nli4ct": (600, 60),
    "sem-tab-facts": (450, 60),
    "pubhealthtab": (389, 0),
    "tabfact-test-paraphrased": (450, 60),
    "infotabs": (450, 40),
    "fool-me-twice": (360, 40),
    "fever-symmetric": (300, 60),
    "averitec-dev": (300, 40),
    "covid-fact": (360, 60),
    "check-covid": (600, 300),
    "factcheck-gpt": (360, 40),
    "awpnli": (700, 0),
    "clinifact": (120, 60),
    "scifact-train": (180, 60),
    "lingnli": (700, 60),
    "mnli-dev-matched": (900, 0),
    "taxinli": (600, 0),
    "control": (180, 40),
    "missciplus": (180, 60),
    "snli-dev-test": (450, 60),
    "conjnli": (240, 40),
    "pubmedqa": (60, 40),
    "fever-dev-sr": (500, 0),
    **dict.fromkeys(("xnli", "anli", "sick"), (400, 60)),
}
TWO_STANCES = frozenset(
    (
        "nli4ct sem-tab-facts covid-fact fool-me-twice tabfact-test-paraphrased evidence-inference-v2 scifact-train"
    ).split()
)


def sample(folder: Path, name: str) -> list[LabelledPair]:
    """Draw the pairs of one set."""
    if name in ("xnli", "anli", "sick"):
        where, loader = SETS[name]
        pairs = loader(folder / where, random.Random(1))
    else:
        pairs = read_set(folder / "nli-extra", name)
    numeric, further = TAKEN[name]
    draw = random.Random(name)
    pairs = [pair for pair in pairs if pair.stance is not None]
    others: list[LabelledPair] = []
    if name in TWO_STANCES:
        draw.shuffle(pairs)
        others = beside_others(pairs[:3000], (numeric + further) // 3, draw)
    draw.shuffle(pairs)
    chosen = [pair for pair in pairs if NUMBER.search(pair.claim) and NUMBER.search(pair.passage)][:numeric]
    taken = set(map(id, chosen))
    return [*chosen, *[pair for pair in pairs if id(pair) not in taken][:further], *others]


def half(pair: LabelledPair, name: str) -> str:
    """Return the half that a pair's group is in."""
    return ("looked", "kept")[int(hashlib.sha256(f"{name} {pair.group}".encode()).hexdigest(), 16) % 2]


def findings(pair: DocumentPair, weights: dict[str, float]) -> Iterator[RuleFinding]:
    """Yield what the rules say of the nearest sentence, and, where they decide, of all chosen ones together."""
    chosen = select(pair.claim, pair.sentences, weights)
    texts = [pair.sentences[i] for i in chosen.ranked[:1]]
    if len(chosen.positions) > 1:
        texts.append(" ".join(pair.sentences[i] for i in chosen.positions))
    claim = read(pair.claim)
    for place, text in enumerate(texts):
        passage = read(text)
        if claim.hypothetical or passage.hypothetical or (passage.hedged and not claim.hedged) or "|" in text:
            continue
        finding = entailment.check(claim, passage, (), SIMILARITY)
        if finding.decides or place == 0:
            yield finding


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("looked", "kept"), default="kept")
    options = parser.parse_args()
    labelled = [p for name in TAKEN for p in sample(options.folder, name) if half(p, name) == options.half]
    for line in counts(labelled):
        print(line)


def counts(labelled: Sequence[LabelledPair]) -> list[str]:
    """Return a line for each reason code, apart for what decides alone, what leans and what gives no stance."""
    pairs = [document(pair) for pair in labelled]
    weights = rarity(text for sentences in dict.fromkeys(pair.sentences for pair in pairs) for text in sentences)
    held: dict[tuple[str, str, str], list[bool]] = defaultdict(list)
    for pair, label in zip(pairs, labelled, strict=True):
        for finding in findings(pair, weights):
            weight = "no stance" if finding.stance is Stance.NOT_ENOUGH_INFO else "alone" if finding.sure else "leans"
            held[weight, finding.stance, finding.reason].append(label.stance is finding.stance)
    return [
        f"{weight:10} {stance:16} {reason:22} {sum(right):4} of {len(right):4} ({sum(right) / len(right):.2f})"
        for (weight, stance, reason), right in sorted(held.items(), key=lambda item: (item[0][0], -len(item[1])))
    ]


if __name__ == "__main__":
    main()
