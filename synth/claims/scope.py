"""Where a statement holds: task, metric, model, languages and split, from the names that stand around it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from synth.lexicon import Mention, names_of

IN_PLACE = re.compile(
    r"[a-z][-–→]$|\b(?:on|in|for|to|into|from|across|of|over|between|and|,|/)\s?(?:the\s|all\s)?$", re.IGNORECASE
)
LANGUAGE_COUNT = re.compile(
    r"\b(?:across|on|for|in|over|into|to)\s(?:all\s|the\s|up to\s)*"
    r"((?:\d+|[a-z]{2,6}teen|twenty|thirty|forty|fifty|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"\s(?:[a-z-]+\s){0,2}languages)\b"
)
WITH_MODEL = re.compile(r"\b(?:with|of|for|using|in|on|to)\s(?:the\s|a\s)?(?:pre-?trained\s)?$")
NOT_PLACE = re.compile(r"[\s-](?:data|intermediate|training|text|corpus|BERT|model|task|tasks)\b")


def joined(names: tuple[str, ...]) -> str:
    return " and ".join(names)


@dataclass(frozen=True)
class Place:
    """What a stretch of text names: tasks, metrics, and the scope keys of `predictions`."""

    tasks: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    scope: dict[str, str] = field(default_factory=dict)


def placed(text: str, region: list[Mention]) -> Place:
    """The place that the mentions of `region`, all in `text`, state."""
    sets, kinds = names_of(region, "dataset"), names_of(region, "task")
    scope: dict[str, str] = {}
    if kinds and sets:
        scope["task_type"] = kinds[0]
    models = [m.text for m in region if m.kind == "model" and WITH_MODEL.search(text[max(0, m.start - 24) : m.start])]
    if models:
        scope["model"] = models[0]
    if corpora := names_of(region, "corpus"):
        scope["corpus"] = corpora[0]
    if languages := _languages(text, region):
        scope["languages"] = languages
    if splits := names_of(region, "split"):
        scope["split"] = splits[0]
    return Place(sets or kinds, names_of(region, "metric"), scope)


def _languages(text: str, region: list[Mention]) -> str:
    named = [
        m.name
        for m in region
        if m.kind == "language"
        and IN_PLACE.search(text[max(0, m.start - 12) : m.start])
        and not NOT_PLACE.match(text[m.end : m.end + 14])
    ]
    if named:
        return ", ".join(dict.fromkeys(named))
    counted = LANGUAGE_COUNT.search(text, region[0].start if region else 0)
    return counted[1] if counted else ""
