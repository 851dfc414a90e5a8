"""Labelled sets of natural language inference and claim verification: licence, share in training, or left out.

A set is one file `NAME.jsonl.xz`, a pair a line: `premise`, `hypothesis`, `label` (SUPPORT, CONTRADICT,
NOT_ENOUGH_INFO, or NOT_SUPPORT where a set does not tell the last two apart), `group` (document or premise).
Weights are trained only on sets whose licence allows them to be passed on.
"""

from __future__ import annotations

import json
import lzma
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import log
from pathlib import Path

from synth.core.errors import UsageError
from synth.core.types import Stance

STANCES = (Stance.SUPPORT, Stance.CONTRADICT, Stance.NOT_ENOUGH_INFO)

# Set → pairs at most, a third of each stance. All under licences that allow derived weights.
TRAINED = {
    "check-covid": 3600,
    "scifact-train": 1500,
    "clinifact": 2400,
    "evidence-inference-v2": 4000,
    "missciplus": 600,
    "pubmedqa": 1000,
    "tabfact-pairs": 6000,
    "infotabs": 6000,
    "fool-me-twice": 5000,
    "fever-dev-sr": 7000,
    "fever-symmetric": 2000,
    "factcheck-gpt": 2700,
    "mnli-dev-matched": 9000,
    "snli-dev-test": 3000,
    "taxinli": 5700,
    "cf-nli": 3500,
    "conjnli": 3000,
    "folio": 1000,
    "negation-nli": 2400,
    "resnli": 900,
    "med": 1500,
    "help-conj": 700,
    "breaking-nli": 900,
    "perspectrum": 2500,
}
# Without a licence that allows it, or for non-commercial use only: what the classifier is measured and calibrated on.
LEFT_OUT = (
    *("covid-fact", "nli4ct", "averitec-dev", "pubhealthtab", "sem-tab-facts", "control", "lingnli", "fnc1-test"),
    *("awpnli", "monli", "imppres-sample"),
)

HARD = 0.75  # share of made NOT_ENOUGH_INFO whose passage shares rare words with the claim
NEAREST = 6  # passages among which a hard one is drawn
COMPLETE = frozenset({"folio", "conjnli"})  # have NOT_ENOUGH_INFO of their own; none is made
TWO_STANCES = frozenset({"med", "help-conj"})  # know no CONTRADICT
REPEATED = frozenset({"check-covid", "scifact-train"})  # small and near to the use: drawn up to four times
LONG = 420  # characters of a passage from which only some of its sentences are read
TABLE = 450  # characters of a table
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9(“\"])")
WORD = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
# Not those of `synth.text.content`: the packaged model was trained on pairs that these words drew.
STOP_WORDS = frozenset(
    (
        "a an the of in on at to for and or but with by from as is are was were be been being it its this "
        "that these those we our they their he she his her not no than then so such can may might will would "
        "could should have has had do does did which who whom whose what when where there here into over "
        "under about between among during after before more most less least also both each other some any all "
    ).split()
)


@dataclass(frozen=True)
class LabelledPair:
    """A claim beside a passage; `group` is the document it comes from, `source` the set."""

    claim: str
    passage: str
    stance: Stance | None  # None: not supported, contradicted or not
    group: str
    source: str


def read_set(folder: Path, name: str) -> list[LabelledPair]:
    """Read all pairs of the set `name` in `folder`.

    Raises:
        UsageError: no such file, or a line that is not in the form.
    """
    file = folder / f"{name}.jsonl.xz"
    try:
        with lzma.open(file, "rt", encoding="utf-8") as stream:
            rows = [json.loads(line) for line in stream]
        known = {str(stance): stance for stance in STANCES}
        return [LabelledPair(r["hypothesis"], r["premise"], known.get(r["label"]), str(r["group"]), name) for r in rows]
    except (OSError, ValueError, KeyError, lzma.LZMAError) as error:
        raise UsageError(f"{file} cannot be read: {error}.", "Give the folder that holds the sets.") from error


def balanced(pairs: Sequence[LabelledPair], most: int, draw: random.Random) -> list[LabelledPair]:
    """Cut the pairs of one set to equal stances, at most `most` together; missing NOT_ENOUGH_INFO is made.

    A made pair is a claim beside a passage of another group: mostly one that shares rare words with it, so that the
    topic alone does not give the stance away.
    """
    name = pairs[0].source
    by_stance = {stance: [pair for pair in pairs if pair.stance is stance] for stance in STANCES}
    support, contradict, neither = by_stance.values()
    each = min(most // 3, max(len(support), len(contradict)))
    if len(neither) < each and name not in COMPLETE:
        decided = support + contradict
        draw.shuffle(decided)
        neither += _unrelated(pairs, decided[: int((each - len(neither)) * 1.3) + 1], draw)
    if name in TWO_STANCES:
        each = most // 2
    chosen = []
    for stance in STANCES:
        own = by_stance[stance][:]
        draw.shuffle(own)
        chosen += (own * 4)[:each] if name in REPEATED else own[:each]
    return chosen


def _unrelated(
    pairs: Sequence[LabelledPair], claims: Sequence[LabelledPair], draw: random.Random
) -> Iterator[LabelledPair]:
    """Put `claims` beside passages of other groups."""
    index = RareWords([pair.passage for pair in pairs])
    for claim in claims:
        near = index.nearest(claim.claim)
        places = [i for i in near if pairs[i].group != claim.group and pairs[i].passage != claim.passage][:NEAREST]
        hard = bool(places) and draw.random() < HARD
        other = pairs[draw.choice(places) if hard else draw.randrange(len(pairs))]
        if other.group != claim.group:
            yield replace(claim, passage=other.passage, stance=Stance.NOT_ENOUGH_INFO)


class RareWords:
    """Passages by their rarer words; a search adds up inverse document frequencies."""

    def __init__(self, passages: Sequence[str]) -> None:
        own = [set(words(text)) for text in passages]
        self._frequency = Counter(word for each in own for word in each)
        self._count = len(passages)
        most = max(50, len(passages) // 20)
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, each in enumerate(own):
            for word in each:
                if self._frequency[word] <= most:
                    self._places[word].append(place)

    def nearest(self, claim: str, k: int = 60) -> list[int]:
        """Find the places of the `k` passages that share most with the claim, most first."""
        scores: dict[int, float] = defaultdict(float)
        for word in sorted(set(words(claim))):
            weight = log(1 + self._count / (1 + self._frequency[word]))
            for place in self._places.get(word, ()):
                scores[place] += weight
        return sorted(scores, key=lambda place: (-scores[place], place))[:k]


def shortened(pair: LabelledPair, sentences: int) -> LabelledPair:
    """Keep of a long passage the sentences (of a table: the rows) that share most with the claim, in their order."""
    if is_table(pair.passage):
        return replace(pair, passage=_rows(pair.claim, pair.passage))
    return replace(pair, passage=_sentences(pair.claim, pair.passage, sentences)) if is_long(pair.passage) else pair


def is_table(passage: str) -> bool:
    return " | " in passage and "\n" in passage


def is_long(passage: str) -> bool:
    return len(passage) > LONG and not is_table(passage)


def words(text: str) -> list[str]:
    return [word for word in WORD.findall(text.lower()) if word not in STOP_WORDS]


def _sentences(claim: str, passage: str, count: int) -> str:
    parts = [part for part in SENTENCE_END.split(passage.strip()) if part]
    if len(parts) <= count:
        return passage
    own = [set(words(part)) for part in parts]
    frequency = Counter(word for each in own for word in each)
    wanted = set(words(claim))
    scores = [sum(log(1 + len(parts) / frequency[word]) for word in sorted(each & wanted)) for each in own]
    best = sorted(range(len(parts)), key=lambda i: (-scores[i], i))[:count]
    return " ".join(parts[i] for i in sorted(best))


def _rows(claim: str, table: str) -> str:
    lines = table.split("\n")
    if len(table) <= TABLE or len(lines) < 4:
        return table
    head, body = lines[:2], lines[2:]
    wanted = set(words(claim))
    scores = [len(set(words(row)) & wanted) for row in body]
    kept: list[int] = []
    size = sum(map(len, head))
    for place in sorted(range(len(body)), key=lambda i: (-scores[i], i)):
        if size + len(body[place]) > TABLE:
            break
        kept.append(place)
        size += len(body[place])
    return "\n".join([*head, *(body[i] for i in sorted(kept))])
