"""Patients of assertions: what changes or is measured, with its metrics, its task and its system."""

from __future__ import annotations

import re
from dataclasses import replace

from synth.claims.syntax.grammar import Phrase, Sentence
from synth.claims.syntax.phrases import ACTIVITY, WHERE_ENDS
from synth.claims.syntax.places import placed, placed_name
from synth.claims.syntax.roles import AROUND, Assertion, of_phrase
from synth.claims.words import GENERIC as WITHOUT_OF
from synth.claims.words import bag
from synth.core.types import ClaimKind
from synth.text.lexicon import names_of
from synth.text.parsing import Token

COMPARED = re.compile(r"\s(?:over|than|compared|relative)\s")
GENERIC = frozenset({"performance", "results", "result", "quality", "score", "scores", "performances"})
OF_SYSTEMS = bag("accuracy robustness precision recall speed f1 efficiency")
SYSTEMS = bag(
    "model system parser classifier encoder decoder network architecture tagger summarizer translator transformer "
    "retriever baseline embedding representation"
)
NO_ACTIVITY = bag("caption question option relation representation section thing string sibling basis")
PLAIN_WORDS = bag(
    "overall average mean final best high low good new competitive strong test well state-of-the-art such"
)
NO_TASK = bag("training testing validation evaluation execution") | NO_ACTIVITY
WHOLE_SYSTEMS = SYSTEMS - {"embedding", "representation", "network", "baseline"}


def patient_of(sentence: Sentence, phrase: Phrase | None) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, str]]:
    """Return (tasks, metrics, scope) of what changes: names of the lexicon where it has them, else as printed."""
    if phrase is None:
        return (), (), {}
    listed_ = sentence.items(phrase.head)
    if len(listed_) > 1 and all(_member(sentence, t, phrase) for t in listed_):
        alone = [_alone(sentence, t) for t in listed_]
        if alone[0].start < phrase.start < alone[0].end:  # of "better performance and speed" the performance
            alone[0] = replace(alone[0], start=phrase.start, text=sentence.text[phrase.start : alone[0].end])
        read_ = [_changed(sentence, p) for p in alone]
        tasks = tuple(dict.fromkeys(k for ks, _, _ in read_ for k in ks))
        metrics = tuple(dict.fromkeys(m for _, ms, _ in read_ for m in ms))
        return tasks, metrics, {k: v for _, _, s in read_ for k, v in s.items()}
    return _changed(sentence, phrase)


def _alone(sentence: Sentence, item: Token) -> Phrase:
    """Return a member of a list without the others, and without where and against what."""
    return sentence.phrase(item, without=AROUND, apart=sentence.parsed.children(item, "conj", "cc"))


def _member(sentence: Sentence, token: Token, phrase: Phrase) -> bool:
    """Return True for a noun of a list of what changes: "fluency, coherence and the diversity of answers"."""
    return token.pos in ("NOUN", "PROPN") and phrase.start <= token.start < phrase.end and not sentence.is_amount(token)


def _changed(sentence: Sentence, phrase: Phrase) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, str]]:
    inside = [m for m in sentence.mentions if phrase.start <= m.start < phrase.end]
    metrics = names_of(inside, "metric")
    tasks = names_of(inside, "dataset") or (names_of(inside, "task") if metrics else ())
    scope = placed(sentence.text, inside).scope
    if metrics:
        if not tasks and (activity := _task_of_metric(sentence, phrase)):
            tasks = (activity,)  # "zero-shot transfer accuracy"
        of = of_phrase(sentence, phrase.head) if not tasks else None
        if of is not None and ACTIVITY.search(of.head.lemma) and of.head.lemma not in NO_ACTIVITY:
            tasks = (placed_name(sentence, of.text),)  # "the recall of normalization"
        return tasks, metrics, scope
    if phrase.head.lemma == "language" and not metrics and len(phrase.text.split()) <= 8:
        return (
            (),
            (),
            {"languages": scope.get("languages") or phrase.text, **scope},
        )  # "improves low-resource languages"
    named = [m for m in inside if m.kind in ("dataset", "task")]
    if named and len(phrase.text) <= sum(len(m.text) for m in named) + 12:
        return names_of(named, "dataset", "task"), (), scope
    phrase = replace(phrase, text=COMPARED.split(phrase.text)[0])
    text = re.sub(r"^(?:not only\s+)?(?:the\s+|an?\s+|our\s+|its\s+|their\s+|all\s+|both\s+)?", "", phrase.text)
    if phrase.head.lemma in WHOLE_SYSTEMS and len(text.split()) <= 10:
        return names_of(inside, "dataset"), (), {"model": text, **scope}  # "improves a text-only model"
    if phrase.start == 0 and text[1:].islower():
        text = text[0].lower() + text[1:]
    if re.fullmatch(r"(?:overall |new |best )*(?:results?|scores)", text):
        text = ""
    text = re.sub(r"^(?:by far best|overall|model|the|final)\s+(?=(?:performance|quality|results?)$)", "", text)
    return names_of(inside, "dataset"), (text,) if 0 < len(text.split()) <= 14 else (), scope


def of_system(sentence: Sentence, assertion: Assertion) -> str:
    """Return whose "performance" or "quality" changes, where that is a system: "the performance of language models"."""
    if (
        assertion.kind is not ClaimKind.EFFECT
        or assertion.patient is None
        or assertion.patient.head.lemma not in GENERIC | OF_SYSTEMS
    ):
        return ""
    for noun in sentence.items(assertion.patient.head)[::-1]:
        for child in sentence.parsed.children(noun, "prep"):
            for target in sentence.parsed.children(child, "pobj") if child.lemma == "of" else ():
                phrase = sentence.phrase(target, without=WHERE_ENDS)
                last = next(t for t in reversed(sentence.tokens) if t.start < phrase.end)
                if last.pos not in ("NOUN", "PROPN"):
                    continue  # the parser lost the noun of it
                if target.lemma in SYSTEMS or (target.masked and not sentence.named(sentence.phrase(target), "task")):
                    return sentence.phrase(target, without=WHERE_ENDS).text
    return ""


def _task_of_metric(sentence: Sentence, phrase: Phrase) -> str:
    """Return the activity before the name of a metric: of "passage retrieval accuracy" passage retrieval."""
    first = next((m for m in sentence.mentions if phrase.start <= m.start < phrase.end and m.kind == "metric"), None)
    tokens = [t for t in sentence.tokens if first is not None and phrase.start <= t.start and t.end <= first.start]
    while tokens and (tokens[0].pos in ("DET", "PRON", "ADV", "PUNCT") or tokens[0].lemma in PLAIN_WORDS):
        tokens = tokens[1:]
    if len(tokens) < 2 or tokens[-1].lemma in NO_TASK or tokens[-1].pos not in ("NOUN", "PROPN"):
        return ""
    if not ACTIVITY.search(tokens[-1].lemma) and tokens[-1].lemma not in ("transfer", "search"):
        return ""
    return placed_name(sentence, sentence.text[tokens[0].start : tokens[-1].end])


def left_out(sentence: Sentence, assertion: Assertion) -> Phrase | None:
    """Return the phrase that `patient_phrase` left out: of "the quality of captions", "the recall of normalization"."""
    if (
        assertion.patient is None
        or assertion.patient.head.lemma not in WITHOUT_OF
        or len(sentence.items(assertion.patient.head)) > 1
    ):
        return None
    phrase = of_phrase(sentence, assertion.patient.head)
    if (
        phrase is None
        or phrase.start < assertion.patient.end
        or sentence.is_amount(phrase.head)
        or phrase.head.pos == "PRON"
    ):
        return None
    return phrase
