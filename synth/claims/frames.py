"""Who or what an event is about: its treatment, and the task or metric where the subject is one of these."""

from __future__ import annotations

import re
from dataclasses import dataclass

from synth.claims.clause import Event
from synth.claims.slots import baseline, distributed, gerund_object, head_subject, source, subject, trimmed
from synth.claims.words import TAKERS, bag
from synth.lexicon import Lexicon, Mention, names_of
from synth.types import ClaimKind

# "accuracy drops", "XNLI improves": the subject undergoes the change and is not its cause.
UNDERGOERS = bag("benefit increase improve decrease drop degrade fall rise decline deteriorate")
# Of these the subject changes by itself where no object follows: "capacity decreases as …", "the average rises by …".
INTRANSITIVE = bag("increase decrease drop fall rise decline deteriorate degrade diminish shrink worsen")
NO_OBJECT = re.compile(
    r"\s*(?:\w+ly\s+)?(?:[.,;:)]|$|(?:as|when|with|from|to|by|for|across|until|while|if|after|beyond|substantially)\b)"
)
MEASURED = re.compile(
    r"\b(?:performances?|accurac(?:y|ies)|scores?|results?|F1|BLEU|quality|perplexity|recall|precision)"
    r"(?:\s(?:on|in|for|of|across)\s[^,]{1,60})?$"
)
NO_SUBJECT = frozenset(
    ["we", "i", "there", "one", "you", "it is", "us", "neither", "and", "which", "that", "who", "doing so", "this way"]
)
# "Our experimental results show improvements": who reports, not what was treated.
REPORTERS = re.compile(
    r"(?:(?:our|the|these|this|an?|qualitative|quantitative|"
    r"preliminary|initial|empirical|extensive|experimental|further|all) )*"
    r"(?:results?|experiments?|findings?|analys[ei]s|evaluations?|ablations?|tables?"
    r"|figures?)\b",
    re.IGNORECASE,
)
SHOWING = frozenset({"show", "demonstrate", "see", "report", "find", "exhibit", "observe", "reveal"})
JOINED = re.compile(r"[\s\w,%.()+-]*?(?:,|\band\b|\bbut\b)\s*(?:\w+ly|also|then|thereby|thus)?\s*")
OWN_SUBJECT = re.compile(
    r"(?:,\s+and|\band|;)\s+((?:the|our|this|it|we|they|[A-Z]|(?:on|for|in) [^,;]{1,40} we)\b[^;]*)$"
)
MEANS = re.compile(
    r"(?:using|with|by (?:using|applying|adding)|applying|evaluating|through|via|by)\s+(.*)", re.IGNORECASE
)


@dataclass(frozen=True)
class Frame:
    """What the predictions of one event have in common."""

    treatments: tuple[str, ...] = ("",)
    lead: str = ""  # the introductory phrase: "On XNLI"
    tasks: tuple[str, ...] = ()
    metric: str = ""
    undergone: str = ""  # the subject as printed where it is what changed and no name of the lexicon


def frame_of(text: str, event: Event, floor: int, stop: int, lexicon: Lexicon, shared: Frame | None) -> Frame:
    """The frame of `event` in `text[floor:stop]`; `shared` is that of the event before it in the clause."""
    before = text[floor : event.start]
    if shared is not None:
        if event.tail or JOINED.fullmatch(before[-300:]):
            return shared
        if own := OWN_SUBJECT.search(before):
            before = own[1]
    phrase, lead = subject(before)
    if event.tail and not phrase:
        phrase = head_subject(before)
    if (
        phrase.lower() in NO_SUBJECT
        or (event.lemma in SHOWING and REPORTERS.match(phrase))
        or (event.lemma == "observe" and event.passive)
    ):
        phrase = ""
    phrase = "" if re.search(r"\b(?:we|it|they)$", phrase) and " " in phrase else phrase
    full = phrase
    phrase, tasks, metric = _undergone(phrase, event, text[event.end : stop], lexicon)
    undergone = full if not phrase and not tasks and not metric else ""
    phrase, target = gerund_object(phrase)
    if not phrase and lead:
        phrase, target = _means(lead)
    if target:
        tasks = names_of(lexicon.mentions(target), "dataset") or tasks
    if not phrase and event.kind is ClaimKind.EFFECT and not event.level:
        after = text[event.end : stop]
        phrase = source(after, baseline(after, lexicon, direct=False)[1])[0]
    apart = phrase.split(" and ") if "respectively" in text[event.start : event.end] else [phrase]
    treatments = tuple(t for part in apart for t in distributed(part, lexicon)) if phrase else ("",)
    return Frame(treatments, lead, tasks, metric, undergone)


def _undergone(phrase: str, event: Event, after: str, lexicon: Lexicon) -> tuple[str, tuple[str, ...], str]:
    """(treatment, tasks, metric) of a subject that may itself be what is changed."""
    named = lexicon.mentions(phrase)
    places = names_of(named, "dataset") or names_of(named, "task")
    if event.lemma == "benefit" and after.startswith(" from"):
        return "", places if _only_names(phrase, named) else (), ""
    if event.passive and event.kind is ClaimKind.EFFECT:
        metrics = names_of(named, "metric")
        return "", places, metrics[0] if metrics else ""
    alone = event.lemma in INTRANSITIVE and event.kind is ClaimKind.EFFECT and NO_OBJECT.match(after)
    if alone and not event.passive and not event.tail:
        metrics = names_of(named, "metric")
        return "", places, metrics[0] if metrics else ""
    if event.kind is ClaimKind.COMPARISON and event.lemma == "be" and _only_measures(phrase, named):
        return "", places, names_of(named, "metric")[0]  # "XNLI accuracy is higher": of what is not said
    takes = event.lemma in TAKERS or event.lemma in UNDERGOERS
    if takes and _only_names(phrase, named):
        return "", places, ""
    if event.lemma in UNDERGOERS and event.kind is ClaimKind.EFFECT and MEASURED.search(phrase):
        metrics = names_of(named, "metric")
        return "", places, metrics[0] if metrics else ""
    return phrase, (), ""


def _only_names(phrase: str, named: tuple[Mention, ...]) -> bool:
    short = len(phrase) <= 45 and bool(named) and named[0].start <= 4
    return short and all(m.kind in ("dataset", "task") for m in named)


def _only_measures(phrase: str, named: tuple[Mention, ...]) -> bool:
    kinds = {m.kind for m in named}
    return "metric" in kinds and kinds <= {"metric", "dataset", "task"} and len(phrase.split()) <= 4


def _means(lead: str) -> tuple[str, str]:
    """The treatment in "Using X, we …" and the task in "Applying X to Y, we …"."""
    match = MEANS.match(lead)
    if not match:
        return "", ""
    if lead.lower().startswith(("applying", "evaluating")):
        return gerund_object(lead)
    phrase = trimmed(match[1])
    return ("" if phrase.lower() in NO_SUBJECT else phrase), ""
