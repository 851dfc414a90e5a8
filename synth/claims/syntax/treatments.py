"""Treatments of an assertion: as printed, or the names that its pronouns stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping

from synth.claims.syntax.grammar import Phrase, Sentence
from synth.claims.syntax.roles import Assertion, of_phrase
from synth.claims.words import GENERIC as WITHOUT_OF
from synth.core.types import ClaimKind
from synth.text.lexicon import Lexicon, names_of
from synth.text.parsing import Token

AHEAD = re.compile(r"(?:Among|Of|In|For|With|On|At)\s[^,]{2,80},\s")
USE_OF = re.compile(r"(?:the\s)?(?:use|usage|utilization|utilisation)\sof\s", re.IGNORECASE)
NAME = r"[A-Z][\w.+*-]*(?: v?\d[\d.]*)?"
NAMES = re.compile(rf"\b{NAME}(?:,\s{NAME}){{0,12}},?\s(?:and|or|nor)\s{NAME}(?=[\s,.]|$)")
GERUND = re.compile(r"(?:evaluating|applying|using|employing|adopting|utilizing)\s+", re.IGNORECASE)

Names = Mapping[int, str]  # index of a pronoun's token → the name that it stands for


def is_unresolved(pronoun: Token | None, phrase: Phrase | None, names: Names) -> bool:
    """Return True if the subject is a pronoun that nothing resolves."""
    return phrase is None and pronoun is not None and pronoun.index not in names


def resolved_text(phrase: Phrase | None, pronoun: Token | None, names: Names) -> str:
    """Return a phrase as printed, or the name that it or the pronoun stands for."""
    if phrase is None:
        return names.get(pronoun.index, "") if pronoun is not None else ""
    return names.get(phrase.head.index, phrase.text)


def treatments_of(
    sentence: Sentence, assertion: Assertion, names: Names
) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Return treatments as the slots name them, tasks of "applying X to Y", and True for an unresolved pronoun."""
    tasks: tuple[str, ...] = ()
    text = resolved_text(assertion.treatment, assertion.pronoun, names)
    if assertion.treatment is None or assertion.treatment.head.index in names:
        return (text,), (), is_unresolved(assertion.pronoun, assertion.treatment, names)
    if (
        assertion.treatment.head.lemma in WITHOUT_OF
        and not text.lower().startswith("our ")
        and assertion.kind is not ClaimKind.CORRELATION
    ):
        of = of_phrase(sentence, assertion.treatment.head)  # "the performance of A reaches": A does
        return (of.text if of is not None else "",), (), False
    text = text[3:] if assertion.negated and text.lower().startswith("no ") else text
    text = AHEAD.sub("", text.removeprefix("how "), count=1)
    text = USE_OF.sub("", text, count=1) if USE_OF.match(text) else text
    if gerund := GERUND.match(text):
        text = text[gerund.end() :]
        inner = re.match(r"(.*?)\s+(?:to|on|for)\s+((?!each\b|every\b|reach|get|obtain|improve).*)", text)
        if inner and assertion.treatment.text.lower().startswith(("applying", "evaluating")):
            text, tasks = inner[1], names_of(sentence.lexicon.mentions(inner[2]), "dataset")
    apart = [text]
    if (
        sentence.text.find("respectively") > assertion.treatment.end
        and text.count(" and ") == 1
        and not NAMES.search(text)
    ):
        apart = text.split(" and ")
    return tuple(t for part in apart for t in distributed(part, sentence.lexicon)), tasks, False


def distributed(phrase: str, lexicon: Lexicon) -> tuple[str, ...]:
    """Distribute a phrase over its list of names: "training on A and B" → "training on A", "training on B"."""
    match = NAMES.search(phrase)
    if not match:
        return (phrase,)
    items = [i for i in re.split(r",?\s(?:and|or|nor)\s|,\s", match.group()) if i]
    known = [lexicon.mentions(i) for i in items]
    kinds = {m[0].kind for m in known if m}
    if not kinds & {"dataset", "model", "task", "treatment"}:
        return (phrase,)
    return tuple(phrase[: match.start()] + item + phrase[match.end() :] for item in items)
