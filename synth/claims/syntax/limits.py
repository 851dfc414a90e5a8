"""Settings: phrases behind prepositions that limit a statement and that no slot has taken, as printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from synth.claims.syntax.grammar import NOBODY, REPORTERS, Sentence
from synth.claims.syntax.phrases import BARE, JUDGED, MAX_WORDS, TRIALS, TRYING
from synth.claims.syntax.roles import USING, is_measure
from synth.claims.words import CHANGE_NOUNS, FINDING, SETTINGS, TESTED, bag
from synth.text.parsing import Token

# "Over" and "with" are as often what something is compared with and what it was reached with.
SPACES = TESTED | SETTINGS | bag("language dialect year period")
PLACING = bag("on in for across over under at within during among amongst throughout between with without")
# Behind "in", "on", "for" or "at" these open an idiom, which limits nothing.
IDLE = bag(
    "term particular contrast addition comparison average least most general fact order case example instance practice "
    "conclusion turn total part hand way side basis favor favour spite respect regard line accordance time paper work "
    "section study purpose reason first last future detail relation way board par"
)
# Not STOP_WORDS: "each", "most" or "own" narrow a setting down; "new" and "standard" do not.
FUNCTION = bag(
    "a an the our their its his her this these those both all of in on for to with by at from and or over across under "
    "as when that which is are was were be it we within during among without between new standard well"
)
REPORTED = TRIALS - JUDGED | bag("result finding ablation table figure section paper plot")
ART = re.compile(r"state|SOTA", re.IGNORECASE)
AGAINST = ("over", "against")
MAX_SETTINGS = 4
WORD = re.compile(r"[^\W_]+")


def setting(sentence: Sentence, tokens: Sequence[Token], slots: Iterable[str]) -> str:
    """Return the phrases of `tokens` that say where or how something was tried, as printed, divided by "; ".

    Args:
        sentence: the sentence.
        tokens: what may say so: without treatment, baseline and what changes.
        slots: texts of other slots; a phrase that adds nothing to them is left out.
    """
    known = _words(" ".join(slots))
    limits = [text for text in _limiting(sentence, tokens) if any(w not in known for w in _words(text))]
    return "; ".join(dict.fromkeys(limits[:MAX_SETTINGS]))


def _words(text: str) -> list[str]:
    words = (w.lower().removesuffix("s") for w in WORD.findall(text))
    return [w for w in words if w not in FUNCTION and not BARE.fullmatch(w)]


def _limiting(sentence: Sentence, tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the outermost limiting phrases of `tokens`, each with its preposition."""
    inside = {t.index for t in tokens}
    end = 0
    for token in tokens:
        if token.start < end:
            continue  # part of the phrase before
        if span := _behind(sentence, token, inside):
            end = span[1]
            yield sentence.text[span[0] : span[1]].strip(" ,.;")


def _behind(sentence: Sentence, token: Token, inside: set[int]) -> tuple[int, int] | None:
    """Return the bounds of the phrase of a limiting preposition, or of "using"."""
    parsed = sentence.parsed
    above = parsed.head(token)
    if token.dep == "acl" and token.lemma in USING and token.tag == "VBG" and above.lemma in TRIALS | REPORTERS:
        targets = parsed.children(token, "dobj")  # "experiments using A show that"
    elif (token.lemma in PLACING or (token.lemma == "to" and above.lemma == "apply")) and token.dep in (
        "prep",
        "conj",
        "mark",
        "advmod",
    ):
        targets = parsed.children(token, "pobj", "pcomp")
    else:
        return None
    for target in targets[:1]:
        if target.index not in inside or not _limits(sentence, token, target):
            return None
        beside = [c for c in parsed.children(target, "conj") if is_measure(sentence, c) or c.lemma in CHANGE_NOUNS]
        phrase = sentence.phrase(target, without=AGAINST, apart=beside)
        if len(phrase.text.split()) > MAX_WORDS:
            phrase = sentence.phrase(target, without=PLACING)
        return (token.start, phrase.end) if 0 < len(phrase.text.split()) <= MAX_WORDS else None
    return None


def _limits(sentence: Sentence, preposition: Token, target: Token) -> bool:
    """Return True for a phrase that narrows a statement: no idiom, no size, nothing that is measured or changes."""
    word = target.lemma.lower()
    links = sentence.parsed.children(target, "prep")
    idle = word in IDLE and (word == "term" or not any(c.lemma == "of" for c in links))
    if idle or word in NOBODY or word in CHANGE_NOUNS or target.pos == "PRON":
        return False
    if target.pos == "NUM":
        return any(c.lemma in ("of", "out") for c in links)  # "for six out of seven of these data sets"
    if preposition.lemma == "over" and word not in SPACES:
        return False
    if target.pos == "VERB" and (preposition.lemma == "without" or target.lemma in FINDING):
        return False  # "without degrading A" is said of A
    if word in REPORTED or (target.masked and ART.match(target.text)):
        return False  # "in our experiments": what they are on follows
    below = [target, *sentence.parsed.children(target)]
    if any(sentence.is_amount(t) for t in below if t.dep != "nummod") or is_measure(sentence, target):
        return False
    if any(t.lemma in CHANGE_NOUNS for t in below):
        return False
    return preposition.lemma != "with" or sentence.parsed.head(preposition).lemma not in TRYING | {"compare"}
