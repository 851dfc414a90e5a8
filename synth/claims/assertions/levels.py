"""Levels that a sentence states: "achieves 90.1% accuracy", "the error rate is 5.2%"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from synth.claims.assertions.parsed import Assertion
from synth.claims.assertions.surpassing import UNITS
from synth.claims.syntax.amounts import BOUND, CHANGED, FRACTION, MARGIN, PORTION, SHORT_OF, metric_near, sizes
from synth.claims.syntax.expansion import RESPECTIVELY
from synth.claims.syntax.grammar import SUBJECTS, Phrase, Sentence, is_be
from synth.claims.syntax.modality import asserted, hedge, negated
from synth.claims.syntax.places import Place, place_in, placed_name
from synth.claims.syntax.regions import leading
from synth.claims.syntax.roles import POSSESSIVES, is_measure, source, treatment_of
from synth.claims.words import REACHERS, bag
from synth.quantities import TIMES, Quantity, listed
from synth.text.parsing import Token

STATES = bag("stand remain plateau amount equal exceed surpass")
ABOVE = bag("exceed surpass")
SHARES = bag("age probability agreement coverage share ratio frequency")
BY_IT = re.compile(
    r"\s?(?:[\w-]+\s){0,2}?(?:on|for|in)\s(?:the\s)?([\w-]+(?:\s[\w.-]+){0,4}?)(?:,?\sand\b|,|\.$|\srespectively|\swith\b)"
)
CUT_OFF = re.compile(r"\b(?:recall|precision|hits?|ndcg|map|mrr|accuracy|r|p)\s?(?:@|at)\s?$")  # "recall at 1"
AWAY = bag("than over below above from comparison contrast compare")


@dataclass(frozen=True)
class Level:
    """A value that was reached. `pronoun` is the subject of the sentence where it is one."""

    quantity: Quantity
    treatment: Phrase | None
    pronoun: Token | None
    place: Place
    hedge: str
    negated: bool

    @property
    def start(self) -> int:
        return self.quantity.start


def levels(sentence: Sentence, assertions: Sequence[Assertion]) -> Iterator[Level]:
    """Yield the levels that a sentence states, of a list of values one for each data set, else one for each verb."""
    by_verb: dict[int, tuple[Token, list[Quantity]]] = {}
    for q in sentence.quantities:
        token = sentence.token_at(q.start, q.end)
        if token is None or not _is_level(sentence, q):
            continue
        verb = next((a for a in sentence.parsed.ancestors(token) if a.pos in ("VERB", "AUX")), None)
        if verb is not None and asserted(sentence, verb):
            by_verb.setdefault(verb.index, (verb, []))[1].append(q)
    for verb, quantities in by_verb.values():
        if any(a.anchor is verb and a.trigger.dep != "advmod" and sizes(sentence, a, assertions) for a in assertions):
            continue
        level = _level(sentence, verb, quantities[0], assertions)
        if level is None:
            continue
        metrics = [_own_metric(sentence, q) for q in quantities]
        if len(quantities) > 1 and all(metrics) and len(set(metrics)) == len(metrics):
            yield from (
                replace(level, quantity=q, place=replace(level.place, metrics=(m,)))
                for q, m in zip(quantities, metrics, strict=True)
            )
            continue
        row = quantities[:1]
        for q in quantities[1:]:
            if listed(sentence.text, row[-1], q):
                row.append(q)
        if len(row) == 1 < len(quantities) and (several := _each(sentence, level, quantities)):
            yield from several
            continue
        tasks = level.place.tasks
        several_places = len(tasks) == 1 and (" and " in tasks[0] or RESPECTIVELY.search(sentence.text, row[-1].end))
        if len(row) > 1 and several_places:  # which value belongs to which cannot be told
            inherited = {k: v for k, v in level.place.scope.items() if k not in ("setting", "task_type")}
            level, tasks = replace(level, place=replace(level.place, tasks=(), scope=inherited)), ()
        if len(row) > 1 and len(tasks) == len(row):
            for q, task in zip(row, tasks, strict=True):
                yield replace(level, quantity=q, place=replace(level.place, tasks=(task,)))
        elif len(row) > 1 and len(spoken := level.place.scope.get("languages", "").split(", ")) == len(row):
            for q, language in zip(row, spoken, strict=True):
                scope = {**level.place.scope, "languages": language}
                yield replace(level, quantity=q, place=replace(level.place, scope=scope))
        else:
            yield from (replace(level, quantity=q) for q in row)


def _each(sentence: Sentence, level: Level, quantities: Sequence[Quantity]) -> list[Level]:
    """Read "0.78 for subtask A and 0.86 for subtask B", "80.2 BLEU and 42.0 SARI": each with what stands by it."""
    text = sentence.text
    ends = [q.start for q in quantities[1:]] + [len(text)]
    where = [BY_IT.match(text[q.end : end]) for q, end in zip(quantities, ends, strict=True)]
    if all(where):
        names = [placed_name(sentence, w[1]) for w in where if w]
        if len(set(names)) == len(names):
            shared = {k: v for k, v in level.place.scope.items() if k not in ("task_type", "languages")}
            places = [replace(level.place, tasks=(name,), scope=shared) for name in names]
            own = [_metric(sentence, q, None) or place.metrics for q, place in zip(quantities, places, strict=True)]
            return [
                replace(level, quantity=q, place=replace(place, metrics=metrics))
                for q, place, metrics in zip(quantities, places, own, strict=True)
            ]
    metrics = [_metric(sentence, q, None) for q in quantities]
    if all(metrics) and len(set(metrics)) == len(metrics) and not any(where[:-1]):
        return [
            replace(level, quantity=q, place=replace(level.place, metrics=m))
            for q, m in zip(quantities, metrics, strict=True)
        ]
    return []


def _of_a_verb_behind(sentence: Sentence, q: Quantity, preposition: str) -> bool:
    """Return True if a verb stands between a quantity and the preposition: "by the model achieving 71.7%"."""
    token = sentence.token_at(q.start, q.end)
    above = [] if token is None else [a.lemma for a in sentence.parsed.ancestors(token) if a.pos in ("VERB", "ADP")]
    return bool(above) and above[0] != preposition


def _own_metric(sentence: Sentence, q: Quantity) -> str:
    """Return the measure that a value belongs to by the parse: "0.27 FEVEROUS score", "a recall of 0.43"."""
    token = sentence.token_at(q.start, q.end)
    for _ in range(3):
        if token is None or token.head == token.index:
            return ""
        above = sentence.parsed.head(token)
        if token.dep in ("nummod", "compound", "amod", "quantmod", "nmod") and above.pos in ("NOUN", "PROPN"):
            if _measures(sentence, above):
                return _named(sentence, above)
        elif token.dep == "pobj" and above.lemma == "of":
            noun = sentence.parsed.head(above)
            return _named(sentence, noun) if _measures(sentence, noun) else ""
        elif token.dep != "conj" and not (token.dep == "pobj" and above.lemma == "with"):
            return ""
        token = above
    return ""


def _is_level(sentence: Sentence, q: Quantity) -> bool:
    if q.unit == TIMES or q.worded or q.signed or q.ends or q.printed is None:
        return False
    if not (q.unit in ("%", "points") or q.is_measured or q.printed % 1 or metric_near(sentence, q)):
        return False
    before = sentence.text[max(0, q.start - 48) : q.start].lower()
    if q.qualifier:
        before = before.rstrip().removesuffix(q.qualifier)
    after = sentence.text[q.end : q.end + 40]
    if CUT_OFF.search(before):
        return False
    margin = MARGIN.search(before)
    if BOUND.search(before) or SHORT_OF.match(after) or CHANGED.match(after):
        return False
    if margin and not (margin.group().startswith("by") and _of_a_verb_behind(sentence, q, "by")):
        return False
    return not (q.unit == "%" and (FRACTION.match(after) or PORTION.search(before)))


def _level(sentence: Sentence, verb: Token, q: Quantity, assertions: Sequence[Assertion]) -> Level | None:
    token = sentence.token_at(q.start, q.end)
    if token is None:
        return None
    above = []
    for ancestor in sentence.parsed.ancestors(token):
        if ancestor is verb:
            break
        above.append(ancestor)
    if any(ancestor.lemma in AWAY for ancestor in above):
        return None
    if is_be(verb) or verb.lemma in STATES:
        stated = _stated(sentence, verb, q, token)
        if stated is not None and verb.lemma in ABOVE:
            return replace(stated, quantity=replace(q, qualifier=q.qualifier or "more than"))
        return stated
    measure = next((n for n in above if n.pos in ("NOUN", "PROPN") and _measures(sentence, n)), None)
    if (
        q.measure
        or verb.lemma not in REACHERS | {"lead", "result"}
        or (measure is None and not metric_near(sentence, q))
    ):
        return None
    subject, passive = sentence.subjects(verb)
    pronoun = None
    if passive:
        if subject is None:
            return None
        agent = sentence.agent(verb)
        treatment = sentence.phrase(agent, without=("on", "for", "in")) if agent else source(sentence, verb)
    else:
        treatment, pronoun = treatment_of(sentence, verb)
    above_verb = tuple(sentence.parsed.ancestors(verb))
    others = {
        t.index
        for a in assertions
        if a.anchor is not verb and a.anchor not in above_verb
        for t in sentence.parsed.subtree(a.anchor)
    }
    place = _place(sentence, verb, treatment, others)
    place = replace(place, metrics=_metric(sentence, q, measure) or place.metrics[:1])
    return Level(q, treatment, pronoun, place, hedge(sentence, verb), negated(sentence, verb))


def _place(sentence: Sentence, verb: Token, treatment: Phrase | None, others: set[int]) -> Place:
    ahead = leading(sentence, verb)
    for child in sentence.parsed.children(verb, "conj"):
        if sentence.parsed.children(child, *SUBJECTS):  # "A scored 58 %, and for another task B achieved 49 %"
            others = others | {t.index for t in sentence.parsed.subtree(child)}
    tokens = [t for t in sentence.parsed.subtree(verb) if t.index not in others]
    tokens = [sentence.tokens[i] for i in sorted(ahead - others - {t.index for t in tokens})] + tokens
    if treatment is not None:
        tokens = [t for t in tokens if not treatment.start <= t.start < treatment.end]
    return place_in(sentence, tokens, verb)


def _objects(sentence: Sentence, verb: Token) -> tuple[Token, ...]:
    return sentence.parsed.children(verb, "dobj")


def _stated(sentence: Sentence, verb: Token, q: Quantity, token: Token) -> Level | None:
    """Read "the error rate of A is 5.2%"."""
    if verb.lemma in ABOVE and not any(sentence.is_amount(t) and t.lemma in UNITS for t in _objects(sentence, verb)):
        return None  # "exceeds the 22% accuracy of B"
    subject, passive = sentence.subjects(verb)
    named = q.is_measured or metric_near(sentence, q)
    if subject is None or passive or not (named if subject.lemma == "result" else _measures(sentence, subject)):
        return None
    if verb.lemma != "plateau" and token.dep == "pobj" and not sentence.is_amount(token):
        return None
    of = [
        target
        for child in sentence.parsed.children(subject, "prep")
        if child.lemma == "of"
        for target in sentence.parsed.children(child, "pobj")
    ]
    treatment = sentence.phrase(of[0], without=("on", "for", "in")) if of else None
    whose = next((c for c in sentence.parsed.children(subject, "poss") if c.lemma in POSSESSIVES), None)
    owners = [c for c in sentence.parsed.children(subject, "poss") if c.pos in ("NOUN", "PROPN")]
    if treatment is None and whose is None and owners:
        treatment = sentence.phrase(owners[0])
    if treatment is None and whose is None:
        reached = [c for c in sentence.parsed.children(subject, "acl") if c.lemma in REACHERS and c.tag == "VBN"]
        agents = [agent for c in reached if (agent := sentence.agent(c))]  # "the accuracy obtained by A is"
        treatment = sentence.phrase(agents[0]) if agents else None
    place = _place(sentence, verb, treatment, set())
    if len(place.metrics) != 1:
        place = replace(place, metrics=(_named(sentence, subject),))
    if subject.lemma == "result":
        place = replace(place, metrics=_metric(sentence, q, None) or ((q.measure,) if q.measure else ()))
    return Level(q, treatment, whose, place, hedge(sentence, verb), negated(sentence, verb))


def _metric(sentence: Sentence, q: Quantity, measure: Token | None) -> tuple[str, ...]:
    """Return the metric whose name stands by the value, else the noun that it is a value of."""
    near = [
        (min(abs(m.start - q.end), abs(q.start - m.end)), m.name)
        for m in sentence.mentions
        if m.kind == "metric" and (0 <= m.start - q.end <= 18 or 0 <= q.start - m.end <= 14)
    ]
    if near:
        return (min(near)[1],)
    return (_named(sentence, measure),) if measure is not None else ()


def _named(sentence: Sentence, noun: Token) -> str:
    phrase = sentence.phrase(noun, without=("of", "on", "for", "in", "with", "across", "at", "by"))
    inside = [m.name for m in sentence.named(phrase, "metric")]
    if inside:
        return inside[0]
    text = re.sub(
        r"^(?:(?:the|an?|our|its|their|up to|about|around|\d[\d.,]*\s?%?)\s+)+", "", phrase.text, flags=re.IGNORECASE
    )
    text = re.sub(r"^(?:state[- ]of[- ]the[- ]art|SOTA|new|best|overall|good|high|promising)\s+", "", text)
    return noun.text if re.search(r"\d", text) else text


def _measures(sentence: Sentence, token: Token) -> bool:
    return token.lemma in SHARES or is_measure(sentence, token)
