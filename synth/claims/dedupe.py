"""De-duplication of claims, in one paper or in many.

Two claims are the same if one of two things holds:

* they predict the same in the same words: equal sets of predictions, at least one with a value and one with a
  treatment, and equal content words in any order;
* they read the same: after citations, openings ("we find that") and light words are dropped and close synonyms are
  made one, their words are equal, or (only if the caller gives a similarity of embeddings of at least 0.95) differ by
  at most two inserted words.

In both cases all numbers, all names (lexicon entities and capitalised words), all words of direction and degree, and
the negation must agree (for the second in order). So claims that differ in a number, direction, data set or language
never merge; in doubt two claims stay two. Names are those of the packaged lexicon; other names count as capitalised
words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from synth.claims.analysed import analysed
from synth.claims.surface import tokens, without_citations
from synth.claims.words import AUXILIARIES, FINDING_FORMS, HEDGES, NEGATIONS, PREPOSITIONS, bag, split
from synth.core.types import Prediction

SIMILAR = 0.95
INSERTED = 2

# Words whose presence changes what is claimed: they must agree exactly.
CRITICAL = bag(
    "increase decrease greater less best worst equal better worse higher lower more fewer most least high low "
    "large small larger smaller all some only except without with neither nor no not never both half double twice "
    "zero few train training test dev development validation monolingual multilingual cross-lingual crosslingual "
    "bilingual supervised unsupervised zero-shot few-shot source target static contextual positive negative "
    "before after from to over than during between against first second long short early late up down in out can"
)
# Not STOP_WORDS: only words without which a sentence claims the same; "can", "only" and "after" are none of these.
LIGHT = bag(
    "a an the this that these those we our us i it its they their is are was were be been being has have had do "
    "does did also however moreover furthermore thus therefore hence overall finally here indeed respectively "
    "very quite rather of on for by at as and in paper work study which there such"
)
SYNONYMS = {
    word: group[0]
    for group in (
        split("yield yields yielded give gives gave lead leads led result results provide provides bring brings"),
        split("achieve achieves achieved obtain obtains obtained reach reaches reached attain attains get gets"),
        split("improve improves improved improvement improvements gain gains boost boosts increase increases"),
        split("outperform outperforms outperformed surpass surpasses exceed exceeds beat beats outperforming"),
        split("reduce reduces reduced reduction decrease decreases drop drops"),
        split("substantially significantly considerably greatly largely dramatically strongly"),
        split("use uses used using utilize employ employs employed"),
        split("large substantial considerable significant dramatic big"),
        split("approach method technique"),
        split("show shows showed demonstrate demonstrates"),
        split("contain contains contained include includes comprise comprises"),
    )
    for word in group
}


LEAD = re.compile(
    r"(?:\w{3,}ly,\s+|(?:however|moreover|furthermore|in addition|additionally|finally|first|second|third|secondly|"
    r"thirdly|lastly|"
    r"specifically|in particular|particularly|notably|interestingly|surprisingly|overall|in general|generally|"
    r"importantly|indeed|also|again|hence|thus|therefore|consequently|as a result|for example|for instance|similarly|"
    r"in contrast|by contrast|on the other hand|conversely|in fact|in summary|in conclusion|to summarize"
    r"|more precisely|"
    r"not surprisingly|unsurprisingly|remarkably|crucially|besides|meanwhile|likewise|then|concretely"
    r"|further|empirically|"
    r"experimentally|and|but|while|whereas|although|though|yet|that|still|nevertheless|nonetheless|i\.e\.|"
    r"on average|as expected|in our experiments|in our analysis)\b\s?,?\s*)",
    re.IGNORECASE,
)


class Comparable(Protocol):
    """Interface of a claim that can be de-duplicated: drafts have it, and so have stored claims."""

    @property
    def text(self) -> str: ...

    @property
    def predictions(self) -> tuple[Prediction, ...]: ...


@dataclass(frozen=True)
class Signature:
    """Comparison key of a claim: what must agree (`facts`), its content words (`words`), what it predicts."""

    facts: tuple[tuple[object, ...], ...]  # numbers, digits, names, capitals, critical words; each in order
    words: tuple[str, ...]
    predictions: frozenset[tuple[object, ...]]


def same_claim(a: Comparable, b: Comparable, similarity: float | None = None) -> bool:
    """Return True if two claims make the same claim. `similarity`: cosine of their embeddings, if there is one."""
    return _same(_signature(a), _signature(b), similarity)


def _same(a: Signature, b: Signature, similarity: float | None) -> bool:
    if a.predictions and a.predictions == b.predictions and _bag(a) == _bag(b):
        return True
    if a.facts != b.facts:
        return False
    if a.words == b.words:
        return True
    return similarity is not None and similarity >= SIMILAR and _inserted(a.words, b.words)


def _bag(signature: Signature) -> tuple[object, ...]:
    """Return facts and words without their order."""
    return (*(tuple(sorted(map(str, fact))) for fact in signature.facts), tuple(sorted(signature.words)))


def _inserted(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Return True if the longer is the shorter with at most two words put in."""
    short, long = sorted((a, b), key=len)
    if len(long) - len(short) > INSERTED or len(short) < 4:
        return False
    remaining = iter(long)
    return all(word in remaining for word in short)


def duplicates(claims: Sequence[Comparable], similarity: Callable[[int, int], float] | None = None) -> list[list[int]]:
    """Group `claims` by what they claim: indices in order of first appearance; every index is in one group.

    A claim joins a group only if it is the same as the group's first member, so that no chain of small differences
    leads from one claim to another. `similarity(i, j)` is asked only for pairs whose facts agree.
    """
    signatures = [_signature(c) for c in claims]
    groups: list[list[int]] = []
    by_key: dict[object, list[int]] = {}  # what could be equal -> indices of groups
    for i, signature in enumerate(signatures):
        keys: list[tuple[str, object]] = [("facts", signature.facts)]
        if signature.predictions:
            keys.append(("predictions", (signature.predictions, _bag(signature))))
        candidates = dict.fromkeys(g for key in keys for g in by_key.get(key, ()))
        home = None
        for g in candidates:
            first = groups[g][0]
            if _same(signatures[first], signature, similarity(first, i) if similarity else None):
                home = g
                break
        if home is None:
            home = len(groups)
            groups.append([i])
            for key in keys:
                by_key.setdefault(key, []).append(home)
        else:
            groups[home].append(i)
    return groups


def _signature(claim: Comparable) -> Signature:
    return _text_signature(claim.text, tuple(_prediction_key(p) for p in claim.predictions))


@lru_cache(maxsize=20_000)
def _text_signature(text: str, predicted: tuple[tuple[object, ...], ...]) -> Signature:
    known = analysed(_spelt(_without_opening(_after_finding(without_citations(text)))))
    plain = known.text
    numbers = tuple((q.printed, q.pair, q.unit) for q in known.quantities_as_printed)
    names = tuple(m.name for m in known.mentions)
    capitals = tuple(
        m.group().lower()
        for m in re.finditer(r"\b[\w+-]*[A-Z][\w+-]*", plain)
        if m.start() > 0 or m.group()[1:] != m.group()[1:].lower()
    )
    listed = [t.word for t in tokens(plain) if t.word[0].isalnum()]
    critical = tuple(w for w in listed if w in CRITICAL or w in NEGATIONS or w in HEDGES or w.endswith("n't"))
    digits = tuple(w for w in listed if w[0].isdigit())
    words = tuple(
        SYNONYMS.get(w, _stem(w)) for w in listed if w not in LIGHT and w not in AUXILIARIES and not w[0].isdigit()
    )
    complete = any(p[5] is not None for p in predicted) and any(p[0] for p in predicted)
    return Signature(
        (numbers, digits, names, capitals, critical), words, frozenset(predicted) if complete else frozenset()
    )


def _prediction_key(p: Prediction) -> tuple[object, ...]:
    scope = tuple(sorted(p.scope.items()))
    return (_phrase(p.treatment), _phrase(p.baseline), p.task, p.metric, p.direction, p.value, p.unit, p.hedge, scope)


def _spelt(text: str) -> str:
    """Return `text` with every lexicon name in its canonical spelling."""
    spelt, at = "", 0
    for mention in analysed(text).mentions:
        spelt += text[at : mention.start] + mention.name
        at = mention.end
    return spelt + text[at:]


def _phrase(phrase: str) -> tuple[str, ...]:
    return tuple(_stem(t.word) for t in tokens(_spelt(phrase)) if t.word not in ("the", "a", "an", "our"))


def _after_finding(text: str) -> str:
    """Return what follows "we find that", "we show on two data sets that": the finding itself."""
    cut = 0
    listed = tokens(text)
    for i, token in enumerate(listed):
        if token.word not in FINDING_FORMS or token.start < cut:
            continue
        reach = 25 if i + 1 < len(listed) and listed[i + 1].word in PREPOSITIONS else 4
        window = [t.word for t in listed[i + 1 : i + 1 + reach]]
        if "that" in window:
            cut = listed[i + 1 + window.index("that")].end
    finding = text[cut:].strip()
    if "and that " in finding:
        finding = finding.rsplit("and that ", 1)[1]
    return finding


def _without_opening(text: str) -> str:
    """Return a sentence without its opening words: "However, in addition, X improves" → "X improves"."""
    for _ in range(3):
        text = LEAD.sub("", text, count=1) if LEAD.match(text) else text
    return text


def _stem(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 4 and not word.endswith("ss") else word
