"""Reasons why a work is left out of a search, and why it has no text."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from synth.core.reasons import Parameters, Reason, Wording, worded


class ExclusionReason(StrEnum):
    """Reason that a work is left out."""

    RETRACTED = "retracted"
    WITHDRAWN = "withdrawn"
    CONCERN = "concern"
    NOTICE = "notice"
    NOT_RETRIEVED = "not retrieved"
    UNREADABLE = "unreadable"
    BELOW_LIMIT = "below limit"
    STOPPED = "screening stopped"
    PERSON = "person"  # in a person's own words
    OTHER = "other"


class TextReason(StrEnum):
    """Reason that a work has no text, or warning from reading it."""

    NOT_RETRIEVED = "not retrieved"
    UNREADABLE = "unreadable"
    FAILED = "failed"  # may work the next time
    NOT_TRIED = "not tried"
    WARNED = "warned"
    OTHER = "other"


# `limit`: of papers; `why`: the reader's own word for what is wrong with a PDF.
EXCLUSIONS: Mapping[ExclusionReason, Wording] = {
    ExclusionReason.RETRACTED: "retracted",
    ExclusionReason.WITHDRAWN: "withdrawn",
    ExclusionReason.CONCERN: "concern",
    ExclusionReason.NOTICE: "a notice about another paper",
    ExclusionReason.NOT_RETRIEVED: "full text not available",
    ExclusionReason.UNREADABLE: "unreadable PDF ({why})",
    ExclusionReason.BELOW_LIMIT: "below the limit of {limit} papers",
    ExclusionReason.STOPPED: "not screened: screening was stopped",
    ExclusionReason.PERSON: "{text}",
    ExclusionReason.OTHER: "{text}",
}
# `detail`: sentences of the source or of the reader; `tried`: downloads that failed before.
TEXTS: Mapping[TextReason, Wording] = {
    TextReason.NOT_RETRIEVED: "full text not available: {detail}",
    TextReason.UNREADABLE: "unreadable PDF ({why}): {detail}",
    TextReason.FAILED: "{detail}",
    TextReason.NOT_TRIED: "Not tried, for {tried} before it failed: {detail}",
    TextReason.WARNED: "{detail}",
    TextReason.OTHER: "{text}",
}


def exclusion(reason: Reason[ExclusionReason] | None) -> str:
    """Return the words for an exclusion; "" for none."""
    return worded(reason, EXCLUSIONS) if reason else ""


def text_note(reason: Reason[TextReason] | None) -> str:
    """Return the words for the state of a text; "" for none."""
    return worded(reason, TEXTS) if reason else ""


def without_text(code: str, parameters: Parameters, text: str) -> Reason[ExclusionReason]:
    """Return why a work is left out whose text was skipped for the stored reason (`code`, `parameters`, `text`)."""
    if code == TextReason.NOT_RETRIEVED:
        return Reason(ExclusionReason.NOT_RETRIEVED)
    if code == TextReason.UNREADABLE:
        return Reason(ExclusionReason.UNREADABLE, {"why": parameters["why"]})
    return Reason(ExclusionReason.OTHER, {"text": text})


def persons(text: str) -> Reason[ExclusionReason]:
    """Return the reason that a person gave in own words."""
    return Reason(ExclusionReason.PERSON, {"text": text})
