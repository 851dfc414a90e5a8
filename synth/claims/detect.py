"""Which passages are claims: sentences of the authors' own that assert a result, a comparison, a count or a method."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from synth.claims.analysis import Sentence, analyse
from synth.claims.choice import overrules, takes
from synth.claims.predictions import predictions_of
from synth.claims.rejections import introduces_own_work, not_a_claim
from synth.claims.salience import salience
from synth.claims.sections import part_of
from synth.claims.text import tokens
from synth.claims.words import BE, FINDERS, FINDING_FORMS, METHOD_FORMS, PASSIVE_METHOD, bag
from synth.lexicon import Lexicon, load_lexicon
from synth.types import ClaimDraft, ClaimKind, Passage, PassageKind, Prediction

RESULT_PARTS = frozenset({"abstract", "introduction", "results", "discussion", "conclusion", "caption"})
# Here results stand among descriptions: a sentence counts if the authors announce it or it gives a value.
MIXED_PARTS = frozenset({"body", "method", "data"})
METHOD_PARTS = frozenset({"abstract", "introduction", "method", "data", "results", "conclusion"})
OWN_SUBJECT = re.compile(
    r"(?:\b(?:we|i)\b|\bour\b|\b(?:this|the present|the) (?:paper|work|study|article|authors"
    r"|methodology)\b|^experiments\b)",
    re.IGNORECASE,
)

OWN_HEADS = bag("paper work study article method approach model system methodology framework authors")
CLAUSE_OPENERS = bag(", ; : and but then therefore thus hence here finally first — paper work study") | {""}
MEANS = bag("by from with using through via as")
NOT_DONE = frozenset({"can", "could", "may", "might", "would", "will", "want", "cannot"})


def finds(sentence: Sentence) -> bool:
    """Whether a finding is announced: "we show that …", "our results indicate that …"."""
    listed = [t.word for t in tokens(sentence.text)]
    for i, word in enumerate(listed):
        if word in FINDING_FORMS and FINDING_FORMS[word][1] != "ing" and "that" in listed[i + 1 : i + 3]:
            before = listed[max(0, i - 8) : i]
            if set(before) & FINDERS and "not" not in before and "to" not in before[-2:]:
                return True
    return False


def states_method(sentence: Sentence) -> bool:
    """Whether it says what the authors did: "we train …", "our model uses …", "models are trained …"."""
    listed = [t.word for t in tokens(sentence.text)]
    own = bool(OWN_SUBJECT.search(sentence.text))
    for i, word in enumerate(listed):
        before = listed[max(0, i - 5) : i]
        if (
            word in PASSIVE_METHOD
            and set(before[-3:]) & BE
            and not {"to", "can", "could", "may", "will"} & set(before[-4:])
            and (word != "obtained" or set(listed[i + 1 : i + 3]) & MEANS)  # "similar results are obtained": an outcome
        ):
            return True
        form = METHOD_FORMS.get(word)
        if own and form is not None and form[1] != "ing" and (_we_do(listed, i) or _ours_does(listed, i, form[1])):
            return True
    return False


def _we_do(listed: list[str], i: int) -> bool:
    """ "we (also) train" as a main clause: not "the rate at which we sample"."""
    for j in range(i - 1, max(-1, i - 5), -1):
        if listed[j] in ("we", "i"):
            return (listed[j - 1] if j else "") in CLAUSE_OPENERS and not set(listed[j + 1 : i]) & NOT_DONE
        if listed[j] in (",", "that", "which", "to"):
            return False
    return False


def _ours_does(listed: list[str], i: int, tag: str) -> bool:
    return tag == "third" and bool(set(listed[max(0, i - 3) : i]) & OWN_HEADS)


def kind_of(sentence: Sentence) -> ClaimKind | None:
    """The kind of claim a sentence makes, or None if it makes none. A result counts before the method it came by."""
    if sentence.events:
        return sentence.events[0].kind
    if finds(sentence):
        return ClaimKind.EFFECT
    return ClaimKind.METHOD if states_method(sentence) else None


def find_claims(
    passages: Sequence[Passage],
    question: str = "",
    lexicon: Lexicon | None = None,
    chances: Mapping[int, float] | None = None,
) -> list[ClaimDraft]:
    """The claims of one paper in reading order.

    `passages` are those of one paper (order and section decide whose work a sentence speaks of). A claim's text is
    the whole text of its passage. `question` only raises the salience of claims that share words with it. `chances`
    are a trained detector's, by the passage's `order`; without them the rules alone decide.
    """
    lexicon = lexicon or load_lexicon()
    found: list[ClaimDraft] = []
    owned: dict[str, int] = {}  # part -> sentences since the authors last spoke of their own work
    for passage in sorted(passages, key=lambda p: p.order):
        if passage.kind is PassageKind.CELL:
            continue
        part = part_of(passage)
        distance = owned.get(part)
        if introduces_own_work(passage.text):
            owned[part] = 0
        elif distance is not None:
            owned[part] = distance + 1
        chance = (chances or {}).get(passage.order)
        made = None if part == "other" else _made(passage.text, part, owned.get(part), lexicon, chance)
        if made is not None:
            sentence, kind, told = made
            found.append(ClaimDraft(passage.text, kind, salience(sentence, kind, part, told, question), told, passage))
    return found


def _made(
    text: str, part: str, distance: int | None, lexicon: Lexicon, chance: float | None
) -> tuple[Sentence, ClaimKind, tuple[Prediction, ...]] | None:
    """The sentence with the kind and the predictions of its claim, or None if it makes none."""
    reason = not_a_claim(text, part, distance)
    if reason and not overrules(reason, chance, part):
        return None
    sentence = analyse(text, lexicon)
    kind = kind_of(sentence)
    told = () if kind in (None, ClaimKind.METHOD) else predictions_of(sentence, lexicon)
    if kind is not None and _belongs(sentence, kind, part, told):
        return sentence, kind, told
    return (sentence, ClaimKind.EFFECT, told) if takes(chance, part) else None


def _belongs(sentence: Sentence, kind: ClaimKind, part: str, made: tuple[Prediction, ...]) -> bool:
    """Whether such a claim is looked for in such a part of the paper."""
    if kind in (ClaimKind.COUNT, ClaimKind.CORRELATION) and not made:
        return False  # neither says anything without what is counted or what goes with what
    if kind is ClaimKind.METHOD:
        return part in METHOD_PARTS
    if kind is ClaimKind.COUNT:
        return part in METHOD_PARTS | {"caption"}
    if part in MIXED_PARTS:
        return bool(made) and (any(p.value is not None for p in made) or finds(sentence))
    return part in RESULT_PARTS


def is_measurable(claim: ClaimDraft) -> bool:
    """Whether some prediction states a direction or value of something named, so that a run could decide it."""
    return any(
        (p.direction or p.value is not None) and (p.treatment or p.task or p.metric or p.baseline)
        for p in claim.predictions
    )
