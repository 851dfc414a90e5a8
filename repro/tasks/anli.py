"""ANLI+: adversarial pairs with those of MNLI and SNLI (Nie et al. 2020, arXiv:1910.14599; Phang et al. 2020)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from repro.data.library import Library
from repro.data.rows import rows
from repro.errors import LabError
from repro.languages.grammar import Language
from repro.languages.realm import Realm
from repro.languages.world import vocabulary
from repro.tasks import Noise, OriginalSet, Pair, Source
from repro.tasks.common import shortcuts
from repro.tasks.common.entailment import pair
from repro.tasks.common.formats import AGAIN, NLI, divided, entailment, text, xnli
from repro.tasks.common.teller import Teller

KIND = "pair"
METRIC = "accuracy"
LABELS = NLI
PUBLISHED = OriginalSet("anli", 1_104_934)
ROUNDS = ("R1", "R2", "R3")
CODES = {"e": "entailment", "n": "neutral", "c": "contradiction"}
shortcut = shortcuts.pair


def made(realm: Realm, language: Language, count: int, purpose: str, noise: Noise) -> list[Pair]:
    """Generate `count` pairs, a third in each class; every second one as MNLI's, the others adversarial."""
    teller = Teller.of("anli", realm, language, purpose, noise)
    return [(pair, adversarial)[i // 3 % 2](teller, LABELS[i % 3]) for i in range(count)]


def adversarial(teller: Teller, label: str) -> Pair:
    """Generate two sentences of the same words, in which one acts upon another of the same kind.

    In entailment they say the same, in neutral the quality is another one's, in contradiction the two have changed
    places. One of the two sentences, or both, or none, begins with its place: order alone tells nothing.
    """
    scene = teller.scene(lambda s: bool(s.agent_quality) and not s.thing_quality and bool(s.place))
    others = [noun for noun in vocabulary()["topics"][scene.topic]["agents"] if noun != scene.agent]
    first = replace(scene, thing=teller.draw.choice(others))
    second = {
        "entailment": first,
        "neutral": replace(first, agent_quality="", thing_quality=first.agent_quality),
        "contradiction": replace(
            first, agent=first.thing, thing=first.agent, agent_quality="", thing_quality=first.agent_quality
        ),
    }[label]
    if teller.draw.random() < 0.5:
        first, second = second, first
    texts = []
    for one in (first, second):
        parts = teller.parts(teller.translated(one))
        if teller.draw.random() < 0.5:
            parts.sort(key=lambda part: part[1] not in ("place", "relation"))
        texts.append(" ".join(word for word, _ in parts))
    return Pair(texts[0], texts[1], label)


def published(library: Library, part: str) -> Iterator[Pair]:
    """Read ANLI's three rounds, MNLI and SNLI; the dev sets of all three, MNLI's the matched one."""
    anli = library.locate("anli", layout="upstream").file("anli_v1.0.zip")
    mnli = library.locate("mnli", layout="upstream").file("multinli_1.0.zip")
    snli = library.locate("snli", layout="upstream").file("snli_1.0.zip")
    matched = {"train": "train", "dev": "dev_matched"}[part]
    return chain(
        *(_round(anli, f"anli_v1.0/{name}/{part}.jsonl") for name in ROUNDS),
        entailment(mnli, f"multinli_1.0/multinli_1.0_{matched}.jsonl"),
        entailment(snli, f"snli_1.0/snli_1.0_{part}.jsonl"),
    )


def _round(path: Path, member: str) -> Iterator[Pair]:
    for row in rows(path, member):
        label = text(row, "label", path.name)
        if label not in CODES:
            raise LabError(f"{path.name}:{member}: the label {label!r:.20} is none of e, n, c", AGAIN)
        yield Pair(text(row, "context", path.name), text(row, "hypothesis", path.name), CODES[label])


def at_hand(library: Library, part: str) -> Iterator[Pair]:
    """Read ANLI's dev sets, a fifth of each round's premises kept as dev, with XNLI's English test and dev sets."""
    path = library.locate("anli", layout="at_hand").file("anli_dev_annotated.jsonl.gz")
    premises = list(rows(path))
    for name in sorted({str(row.get("round")) for row in premises}):
        own = [row for row in premises if str(row.get("round")) == name]
        held_out = divided((text(row, "premise", path.name) for row in own), 0.2)
        for row in own:
            if (text(row, "premise", path.name) in held_out) == (part == "dev"):
                yield Pair(*(text(row, key, path.name) for key in ("premise", "hypothesis", "label")))
    more = {"train": "test", "dev": "dev"}[part]
    yield from xnli(library.locate("xnli", layout="at_hand").file(f"xnli_{more}.tsv.xz"))


SOURCES = {
    "generated": Source(make=made),
    "published": Source(("anli", "mnli", "snli"), layout="upstream", read=published, complete=True),
    "anli-dev+xnli": Source(
        ("anli", "xnli"),
        "ANLI+ is learnt from four fifths of ANLI's dev sets and XNLI's English test set, not from all three sets.",
        "at_hand",
        read=at_hand,
    ),
}
