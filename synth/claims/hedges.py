"""The word that leaves an assertion open: "may improve", "the results suggest that X improves". Pure.

A modal or an adverb hedges the verb that it stands with and what is joined to that verb; a verb of opinion hedges what
follows its "that". "Could" and "would" are no hedges: with them nothing is asserted (`synth.claims.events`).
"""

from __future__ import annotations

import re

from synth.claims.clause import Event
from synth.claims.text import tokens
from synth.claims.words import FINDING_FORMS, bag, forms_of, split

# "Cannot" denies; "can not" is the same in two words.
WITH_VERB = re.compile(
    r"\b(?:may|might|can(?! not\b)|seem(?:s|ed)?|appear(?:s|ed)?|tend(?:s|ed)?|possibly|perhaps|probably|likely"
    r"|presumably|potentially|arguably|apparently)\b",
    re.IGNORECASE,
)
OPENING = re.compile(
    r"(?:^|[,;:]\s|\bthat\s)(possibly|perhaps|probably|presumably|apparently|arguably)\b", re.IGNORECASE
)
# "It seems that", "it is likely that": the verb of a clause of its own before the "that".
IMPERSONAL = re.compile(
    r"\bit (?:also )?(?:(seems|appears)|(?:is|was) (?:\w+ )?(likely|possible|probable|plausible|conceivable))"
    r"(?: to \w+)? that\b",
    re.IGNORECASE,
)
DOUBTFUL = forms_of(split("suggest hypothesize hypothesise believe conjecture speculate suspect expect presume"))
REPORTING = {**FINDING_FORMS, **DOUBTFUL}
DETERMINED = bag("the a an this that these those our their its")
REACH = 12  # words between a verb of opinion and its "that": "suggest, for most languages, that"


def hedge(text: str, clause: int, event: Event) -> str:
    """The word, as printed in lower case, that hedges `event` in a clause that begins at `clause`; "" for none."""
    if found := WITH_VERB.search(text[event.start : event.end]):
        return found.group().lower()
    before = text[clause : event.start]
    if found := IMPERSONAL.search(before):
        return (found[1] or found[2]).lower()
    if found := OPENING.search(before):
        return found[1].lower()
    return _opinion(before)


def _opinion(before: str) -> str:
    """The verb of opinion that governs what follows: the last verb of reporting in front, if it is one."""
    listed = [t.word for t in tokens(before)]
    for at in range(len(listed) - 1, -1, -1):
        form = REPORTING.get(listed[at])
        following = listed[at + 1 : at + 1 + REACH]
        if form is None or "that" not in following:
            continue
        if form[1] == "past" and at and listed[at - 1] in DETERMINED:
            continue  # "the suggested model that"
        return listed[at] if listed[at] in DOUBTFUL else ""
    return ""


def shared(text: str, earlier: str, event: Event, joined: bool) -> str:
    """The hedge `earlier` of the event before, as far as it reaches on: "may improve A and reduce B", not "reduces"."""
    first = re.match(r"[A-Za-z-]+", text[event.start : event.end])
    bare = first is not None and first.group().lower() == event.lemma
    return earlier if event.tail or (joined and bare) else ""
