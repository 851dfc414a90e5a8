"""Place of a statement: task, metric, model, languages, split and condition, from the phrases around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from synth.claims.syntax.grammar import Phrase, Sentence
from synth.claims.syntax.limits import setting
from synth.claims.syntax.phrases import PhraseRole, Tried, listed_metrics, measured_noun, placing_phrases
from synth.claims.syntax.regions import aside_tokens, region_of
from synth.claims.syntax.roles import Assertion, is_measure
from synth.claims.words import bag
from synth.text.lexicon import Mention, names_of
from synth.text.parsing import Token

IN_PLACE = re.compile(
    r"[a-z][-–→]$|\blanguages:\s$|\b(?:both|on|in|for|to|into|from|across|of|over|between|and|,|/)\s?(?:the\s|all\s)?$",
    re.IGNORECASE,
)
PAIRED = re.compile(r"\s?(?:[-–→⇒↔/]|->|<->|-?to-?|\bto\b)\s?")
LANGUAGE_COUNT = re.compile(
    r"\b(?:across|on|for|in|over|into|to)\s(?:all\s|the\s|up to\s)*"
    r"((?:\d+|[a-z]{2,6}teen|twenty|thirty|forty|fifty|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"\s(?:[a-z-]+\s){0,2}languages)\b"
)
WITH_MODEL = re.compile(r"\b(?:with|of|for|using|in|on|to)\s(?:the\s|a\s)?(?:pre-?trained\s)?$")
AND = re.compile(r"\s?(?:,|,?\s(?:and|or))\s")
NOT_PLACE = re.compile(r"\s[A-Z]|[\s-](?:data|intermediate|training|text|corpus|BERT|model|task|tasks)\b")
INCLUDING = re.compile(r"\b(?:including|such as|e\.g\.,?)\s")
ANOTHER = re.compile(r",?\s(?:and|but|while)\s(?=\d[\d.]*\s?%?\s(?:when|if|with)\b)")  # "… and 55% when …"
LIMITING = bag("when if unless once until after before")
ESPECIALLY = bag("especially particularly even only notably")
CONDITIONAL = bag("at under without during when after before if given despite")


def joined(names: Iterable[str]) -> str:
    return " and ".join(names)


@dataclass(frozen=True)
class Place:
    """Tasks, metrics and the scope keys of `predictions`. `named`: the tasks are names of the lexicon."""

    tasks: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    scope: dict[str, str] = field(default_factory=dict)
    named: bool = False


def placed(text: str, region: Sequence[Mention]) -> Place:
    """Return the place that the mentions of `region`, all in `text`, state."""
    sets, kinds = names_of(region, "dataset"), names_of(region, "task")
    scope: dict[str, str] = {}
    if kinds and sets:
        scope["task_type"] = kinds[0]
    if models := _models(text, region):
        scope["model"] = " and ".join(models)
    if corpora := names_of(region, "corpus"):
        scope["corpus"] = corpora[0]
    if languages := _languages(text, region):
        scope["languages"] = languages
    if splits := names_of(region, "split"):
        scope["split"] = splits[0]
    return Place(sets or kinds, names_of(region, "metric"), scope, bool(sets or kinds))


def _models(text: str, region: Sequence[Mention]) -> list[str]:
    """Return the models of "with A", "of A and B"."""
    models: list[Mention] = []
    for m in (m for m in region if m.kind == "model"):
        listed_ = bool(models) and AND.fullmatch(text[models[-1].end : m.start]) is not None
        if listed_ or (not models and WITH_MODEL.search(text[max(0, m.start - 24) : m.start])):
            models.append(m)
    return list(dict.fromkeys(m.text for m in models))


def _languages(text: str, region: Sequence[Mention]) -> str:
    spoken = [m for m in region if m.kind == "language"]
    pairs = [(a, b) for a, b in pairwise(spoken) if PAIRED.fullmatch(text[a.end : b.start])]
    if pairs:  # "German-English", "from German to English": of the pair and of neither alone
        return ", ".join(dict.fromkeys(f"{a.name}-{b.name}" for a, b in pairs))
    named = [
        m.name
        for m in spoken
        if IN_PLACE.search(text[max(0, m.start - 12) : m.start]) and not NOT_PLACE.match(text[m.end : m.end + 14])
    ]
    named += _coordinated(text, spoken, named)
    if len(named) == 1 and re.search(rf"\bboth {named[0]}\b", text):
        return ""  # of two only one was recognised
    return ", ".join(dict.fromkeys(named))


def _coordinated(text: str, spoken: Sequence[Mention], named: Sequence[str]) -> list[str]:
    """Return the languages beside accepted ones: of "on English and Chinese Treebanks" Chinese as well."""
    languages: list[str] = []
    for a, b in pairwise(spoken):
        if a.name in (*named, *languages) and b.name not in named and AND.fullmatch(text[a.end : b.start]):
            languages.append(b.name)
    return languages


def place_of(sentence: Sentence, assertion: Assertion, assertions: Sequence[Assertion]) -> Place:
    """Return where an assertion holds: what hangs on its verb or its noun, and what stands before "show that"."""
    tokens = region_of(sentence, assertion, assertions)
    return place_in(sentence, tokens, assertion.anchor, assertion.patient)


def place_in(sentence: Sentence, tokens: Sequence[Token], anchor: Token, changed: Phrase | None = None) -> Place:
    """Return the place that the phrases of `tokens` state; `changed` is what changes or is measured and no place."""
    aside = aside_tokens(sentence, tokens, anchor)
    near = [t for t in tokens if t.index not in aside]
    inside = [m for m in sentence.mentions if any(m.start < t.end and t.start < m.end for t in near)]
    held_under = _condition(sentence, tokens, anchor)
    under = sentence.text.find(held_under) if held_under else -1
    inside = [m for m in inside if m.kind == "split" or not under <= m.start < under + len(held_under)]
    measured = {t.index for token in near for t in measured_noun(sentence, token)}
    inside = [m for m in inside if not any(m.start < t.end and t.start < m.end for t in near if t.index in measured)]
    place = placed(sentence.text, inside)
    scope = dict(place.scope)
    span = (min((t.start for t in near), default=0), max((t.end for t in near), default=0))
    phrases = [
        p
        for p in placing_phrases(sentence, [t for t in near if t.index not in measured], changed)
        if not (held_under and under <= p.start < under + len(held_under))
    ]
    if "languages" not in scope:
        counted = LANGUAGE_COUNT.search(sentence.text, *span)
        if counted and not any(t.start <= counted.start(1) < t.end for t in near):
            counted = None  # of another clause
        spoken = counted[1] if counted else next((p.text for p in phrases if p.role is PhraseRole.LANGUAGES), "")
        if spoken:
            scope["languages"] = spoken
    held_under = held_under or next((p.whole for p in phrases if p.role is PhraseRole.CONDITION), "")
    if held_under:
        scope["condition"] = held_under
    tried = [p for p in phrases if p.role is PhraseRole.TRIED]
    tasks, kind = _tasks(sentence, place, tried, inside)
    if kind and "task_type" not in scope and kind not in tasks:
        scope["task_type"] = kind
    judged = next((p.items for p in phrases if p.role is PhraseRole.METRIC), ())
    metrics = _terms(sentence, tokens) or judged or place.metrics
    printed = [m.text for m in inside if m.name in (*tasks, *metrics, *scope.values())]
    printed += [p.text for p in tried if set(p.items) & set(tasks)]
    free = [t for t in near if changed is None or not changed.start <= t.start < changed.end]
    if beyond := setting(sentence, free, [*tasks, *metrics, *scope.values(), *printed]):
        scope["setting"] = beyond
    return Place(tasks, metrics, scope, place.named)


def _tasks(
    sentence: Sentence, place: Place, tried: Sequence[Tried], inside: Sequence[Mention]
) -> tuple[tuple[str, ...], str]:
    """Return what stands as the task, and the kind of task beside a data set; names and phrases as printed."""
    kinds = [p.text for p in tried if p.kind and p.whole.startswith(("for ", "in "))]
    if not place.tasks:
        first = next((p for p in tried if not p.kind), tried[0] if tried else None)
        if first is None:
            return (), ""
        return first.items, next((k for k in kinds if k != first.text), "")
    sets = names_of(inside, "dataset")
    for phrase in tried:
        named = [m for m in inside if phrase.start <= m.start < phrase.end and m.kind == "task"]
        remainder = phrase.text
        for mention in named:
            remainder = remainder.replace(mention.text, "")
        if named and not sets and len(phrase.items) == 1 and re.search(r"(?<![\w-])[A-Z]\w", remainder):
            return phrase.items, named[0].name  # "the Sportscaster semantic parsing task"
    for phrase in tried:
        within = [m for m in inside if phrase.start <= m.start < phrase.end and m.kind in ("dataset", "task")]
        if within and len(phrase.items) > len({m.name for m in within}):
            return tuple(placed_name(sentence, item) for item in phrase.items), ""
        apart = phrase.whole.startswith("on ") and not within and INCLUDING.search(sentence.text[: inside[0].start])
        if not sets and (not phrase.kind or apart):  # "three question answering datasets"
            return phrase.items, place.tasks[0]
    return place.tasks, (kinds[0] if kinds and sets else "")


def placed_name(sentence: Sentence, text: str) -> str:
    """Return the name that the lexicon has for a whole phrase, else the phrase."""
    named = [m for m in sentence.lexicon.mentions(text) if m.kind in ("dataset", "task")]
    return named[0].name if len(named) == 1 and len(named[0].text) + 6 >= len(text) else text


def _terms(sentence: Sentence, tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return the metrics of "in terms of quality and diversity", "in BLEU and human evaluation", as printed."""
    for token in tokens:
        for target in measured_noun(sentence, token)[:1]:
            return listed_metrics(sentence, target)
        if token.lemma == "in" and token.dep == "prep":
            for target in sentence.parsed.children(token, "pobj"):
                if is_measure(sentence, target) and len(sentence.items(target)) > 1:
                    return listed_metrics(sentence, target)
    return ()


def _condition(sentence: Sentence, tokens: Sequence[Token], anchor: Token) -> str:
    """Return a clause or phrase on the verb that limits the statement."""
    parsed = sentence.parsed
    for token in tokens:
        head = parsed.head(token)
        if token.dep == "advcl" and head in (anchor, parsed.head(anchor)) and token is not anchor:
            marks = [c for c in parsed.children(token) if c.dep in ("mark", "advmod") and c.index < token.index]
            late = marks and marks[-1].lemma in LIMITING | ({"while"} if marks[0].lemma in ESPECIALLY else set())
            if late and marks[0].lemma in {*LIMITING, *ESPECIALLY}:
                inner = parsed.subtree(token)
                text = sentence.text[inner[0].start : inner[-1].end].strip(" ,.;")
                text = ANOTHER.split(text)[0]
                return text if len(text.split()) <= 20 else ""
        before = sentence.tokens[token.index - 1].lemma if token.index else ""
        if token.dep == "prep" and before in ESPECIALLY and head in (anchor, *parsed.children(anchor, "dobj")):
            inner = parsed.subtree(token)
            text = sentence.text[sentence.tokens[token.index - 1].start : inner[-1].end].strip(" ,.;")
            if 1 < len(text.split()) <= 14 and not re.search("language", text):
                return text
        number = any(sentence.is_amount(t) for t in parsed.children(token, "pobj", "prep"))
        number = number or any(t.pos == "NUM" for t in parsed.subtree(token)[:4])
        if (
            token.dep == "prep"
            and token.lemma in CONDITIONAL
            and not number
            and (head is anchor or head.dep in ("dobj", "attr"))
        ):
            inner = parsed.subtree(token)
            text = sentence.text[inner[0].start : inner[-1].end].strip(" ,.;")
            if 1 < len(text.split()) <= 14:
                return text
    return ""
