"""Roles of phrases behind prepositions: where something was tried, how it was measured, under which condition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from synth.claims.syntax.baselines import list_item, listed_names
from synth.claims.syntax.grammar import Phrase, Sentence
from synth.claims.syntax.roles import is_measure
from synth.claims.words import CHANGE_NOUNS, COMPARE_VERBS, LIGHT, OWN_HEADS, PERFORM, SETTINGS, TESTED, bag
from synth.text.parsing import Token

COLLECTED = bag("dataset datasets benchmark corpus corpora set testset collection suite data treebank subset track")
# What a system does: "for zero-shot extraction".
ACTIVITY = re.compile(r"(?:tion|sis|[a-z]{3}ing|parsing|tagging|retrieval|answering|recognition)$")
NO_PLACE = bag(
    "basis hand average top par side way contrast addition comparison practice particular general term fact order "
    "reason purpose example instance conclusion section paper work experiment relation combination conjunction "
    "pretraining finetuning learning understanding attention respect line step effect impact influence "
    "testing training information inference reduction future evaluation optimization basis number level quality "
    "leaderboard metric measure model "
    "method approach baseline system architecture"
)
TRIALS = bag("experiment evaluation test study")
TRYING = bag("evaluate experiment conduct test perform validate run assess")
MADE_OF = bag("train pretrain finetune base build rely focus depend work learn rest build fit supervise impose put")
NUMBERED = bag("subtask task track domain")
NUMBER = re.compile(r"\s(?:[A-Z\d]|\d\d)\b(?!\.\d)")
TRAINED = re.compile(r"(?:pre-?|re-?|post-?)?train|fine-?tun", re.IGNORECASE)
BARE = re.compile(r"languages?|benchmark|dataset|task|corpus|data|domain|set|test", re.IGNORECASE)
WHERE = bag("to on in for across over under at by")
# "On automatic and human evaluation", "by subjective judgments": how it is measured.
JUDGED = bag("evaluation judgment judgement assessment rating metric measure")
JUDGES = bag("automatic human manual subjective objective automated")
SPLITS = bag("set split data datum dataset testset")
POINTING = bag("this that these such those")
WHERE_ENDS = ("against", "on", "in", "for", "with", "by", "than", "at", "over", "across", "from")
MAX_WORDS = 14
MAX_LISTED = 6  # words of a member of a list behind a colon
COLON = re.compile(r"\s?:\s([^:;.()]+?)\s?[.;]?$")


class PhraseRole(Enum):
    """Role of a phrase behind a preposition."""

    TRIED = auto()
    METRIC = auto()
    LANGUAGES = auto()
    CONDITION = auto()


@dataclass(frozen=True)
class Tried:
    """A phrase that says where something holds; `kind`: an activity ("zero-shot extraction"), no collection."""

    role: PhraseRole
    items: tuple[str, ...]
    text: str
    whole: str  # with its preposition
    start: int
    end: int
    kind: bool


def placing_phrases(sentence: Sentence, tokens: Sequence[Token], changed: Phrase | None) -> list[Tried]:
    """Return the phrases that say on what, in which languages and under which condition, in sentence order."""
    indices = {t.index for t in tokens}
    phrases: list[Tried] = []
    for token in tokens:
        above = sentence.parsed.head(token)
        if token.lemma == "on" and (above.lemma in MADE_OF or TRAINED.match(above.text)):
            continue  # "pretrained on a large corpus"
        tried_by = sentence.parsed.head(above).lemma if above.lemma in OWN_HEADS else above.lemma
        tried_with = (token.lemma == "with" and tried_by in TRYING) or (token.lemma == "of" and above.lemma in TRIALS)
        if (token.lemma not in WHERE and not tried_with) or token.dep not in ("prep", "mark", "advmod", "conj"):
            continue
        targets = sentence.parsed.children(token, "pobj")
        if token.lemma == "of" or (token.lemma in ("in", "at") and above.lemma in {*COMPARE_VERBS, *PERFORM}):
            targets += sentence.parsed.children(token, "pcomp")
        for target in _of_task(sentence, _of_split(sentence, targets)):
            if target.index not in indices or (changed is not None and changed.start <= target.start < changed.end):
                continue
            role = _role(sentence, token, target)
            if role is None:
                continue
            giving = [c for c in sentence.parsed.children(target, "acl") if c.lemma in LIGHT and c.tag == "VBG"]
            giving += [
                c
                for c in sentence.parsed.children(target, "prep")
                if any(sentence.is_amount(t) for t in sentence.parsed.children(c, "pobj"))
            ]
            giving += [
                c
                for c in sentence.parsed.children(target, "conj")
                if is_measure(sentence, c) or c.lemma in CHANGE_NOUNS
            ]
            phrase = sentence.phrase(target, without=WHERE_ENDS, apart=giving)
            if target.lemma in NUMBERED and (number := NUMBER.match(sentence.text, phrase.end)):
                phrase = replace(phrase, end=number.end(), text=phrase.text + number[0])
            if role is PhraseRole.LANGUAGES:
                phrase = sentence.phrase(target, without=set(WHERE_ENDS) - {"with"})
            text = re.sub(r"^(?:the|a|an|our)\s+", "", phrase.text)
            text = text.removeprefix("both ") if " and " not in text and giving else text
            if len(text.split()) > MAX_WORDS:
                text = re.split(r",?\s(?:that|which|where)\s", text)[0]
            whole = sentence.text[token.start : phrase.end].strip(" ,.;")
            if role is PhraseRole.CONDITION and (tail := _of_case(sentence, target)):
                whole = sentence.text[token.start : tail.end].strip(" ,.;")
            text = re.split(r"\sand\s(?=our\b|we\b|the proposed\b)", text)[0]
            if text.startswith("both ") and " and " not in text and not text.endswith("s"):
                continue  # of two the parser found one
            if not 0 < len(text.split()) <= MAX_WORDS or BARE.fullmatch(text):
                continue
            items = listed_metrics(sentence, target) if role is PhraseRole.METRIC else _items(sentence, target, text)
            kind = target.lemma.lower() not in COLLECTED and not target.masked
            joint = token.dep == "conj" and above.lemma == token.lemma
            if joint and phrases and phrases[-1].role is role is PhraseRole.TRIED:  # "on A and on B"
                phrases[-1] = replace(phrases[-1], items=phrases[-1].items + items, end=phrase.end)
                continue
            phrases.append(Tried(role, items, text, whole, phrase.start, phrase.end, kind))
    return phrases


def _of_split(sentence: Sentence, targets: Sequence[Token]) -> tuple[Token, ...]:
    """Return the data set of which a split is named: of "the test data of WNUT" the latter."""
    tokens: list[Token] = []
    for target in targets:
        inner = [
            t
            for c in sentence.parsed.children(target, "prep")
            if c.lemma in ("of", "from") and target.lemma in SPLITS
            for t in sentence.parsed.children(c, "pobj")
        ]
        split = sentence.named(sentence.phrase(target, without=("of", "from")), "split")
        tokens += inner[:1] if split and inner else [target]
    return tuple(tokens)


def _of_task(sentence: Sentence, targets: Sequence[Token]) -> tuple[Token, ...]:
    """Return the task itself: of "the task of scoring essays" the latter."""
    tokens: list[Token] = []
    for target in targets:
        links = (
            [c for c in sentence.parsed.children(target, "prep") if c.lemma == "of"] if target.lemma == "task" else []
        )
        tokens += [t for c in links for t in sentence.parsed.children(c, "pobj", "pcomp")][:1] or [target]
    return tuple(tokens)


def _of_case(sentence: Sentence, target: Token) -> Phrase | None:
    """Return what stands behind "in the case of", "in the presence of"."""
    for child in sentence.parsed.children(target, "prep"):
        if child.lemma == "of":
            for inner in sentence.parsed.children(child, "pobj"):
                return sentence.phrase(inner, without=WHERE_ENDS)
    return None


def _items(sentence: Sentence, target: Token, text: str) -> tuple[str, ...]:
    """Return the members of a list of names, each without its article; any other phrase is a single item."""
    text = re.sub(r"^(?:data ?sets?|corpora|corpus|benchmarks?)\s+(?=[A-Z])", "", text)
    if target.masked and (names := listed_names(target)):
        return tuple(name.text for name in names)
    if target.lemma in TESTED and (named_ := _namely(sentence, target) or _behind_colon(sentence, target)):
        return named_
    items = sentence.items(target)
    named = all(i.masked or i.text[:1].isupper() for i in items)
    text = text.removeprefix("both ") if len(items) == 1 else text
    if len(items) < 2 or not named or any(i.dep == "conj" and i.lemma in TESTED for i in items):
        return (text,)
    return tuple(re.sub(r"^(?:both\s+)?(?:the|a|an)?\s*", "", list_item(sentence, i).text) for i in items)


def _namely(sentence: Sentence, target: Token) -> tuple[str, ...]:
    """Return the names behind "five data sets, namely A, B and C"; none unless all of them are names."""
    for child in sentence.parsed.children(target, "appos"):
        items = sentence.items(child)
        if all(i.masked or i.tag == "NNP" for i in items):
            listed_ = [n for i in items for n in (listed_names(i) if i.masked else ()) or (list_item(sentence, i),)]
            return tuple(n.text for n in listed_)
    return ()


def _behind_colon(sentence: Sentence, target: Token) -> tuple[str, ...]:
    """Return the members of "two tasks: A and B", which the parser takes for another sentence."""
    match = COLON.match(sentence.text, target.end) if target.tag == "NNS" else None
    items = tuple(i.strip() for i in re.split(r",\s(?:and\s)?|\sand\s", match[1])) if match else ()
    return items if len(items) > 1 and all(0 < len(i.split()) <= MAX_LISTED for i in items) else ()


def _role(sentence: Sentence, preposition: Token, target: Token) -> PhraseRole | None:
    """Return the role of a phrase behind a preposition; None where it does not say where something holds."""
    word = target.lemma.lower()
    if sentence.is_amount(target) or target.pos in ("PRON", "NUM", "ADJ"):
        return None
    if preposition.lemma == "to" and "language" not in word:
        return None
    if preposition.lemma == "by" and word not in JUDGED:
        return None
    if preposition.lemma == "of":
        return PhraseRole.TRIED if target.pos == "VERB" or ACTIVITY.search(word) else None
    if word in JUDGED and any(c.lemma in JUDGES for c in sentence.parsed.subtree(target)):
        return PhraseRole.METRIC
    pointing = any(c.lemma in POINTING for c in sentence.parsed.children(target, "det", "amod"))
    if word in ("language", "languages"):
        return None if pointing or preposition.lemma == "in" else PhraseRole.LANGUAGES
    phrase = sentence.phrase(target)
    if target.masked:
        tried = preposition.lemma in ("on", "for", "in") and not sentence.named(phrase, "metric", "model", "language")
        return (
            PhraseRole.TRIED if tried and (preposition.lemma in ("on", "for") or len(phrase.text.split()) > 1) else None
        )
    if pointing:
        return None
    if target.dep == "pcomp" and target.tag == "VBG":
        return PhraseRole.TRIED  # "outperforms B in blocking attacks"
    if word in SETTINGS and preposition.lemma in ("in", "under", "at", "for", "across", "on"):
        return PhraseRole.CONDITION
    if all(sentence.named(list_item(sentence, i), "language") for i in sentence.items(target)) and target.tag == "NNP":
        return None  # "on English, Chinese and German"
    if preposition.lemma == "across" and target.tag == "NNS" and not is_measure(sentence, target):
        return PhraseRole.TRIED
    if word in SPLITS and (named := sentence.named(phrase, "split")):
        alone = sentence.phrase(target, without=WHERE_ENDS).text.replace(named[0].text, "")
        return PhraseRole.TRIED if re.search(r"[A-Z]", alone) else None
    if word in TESTED and preposition.lemma in ("on", "in", "for", "across", "over", "with"):
        return PhraseRole.TRIED
    if preposition.lemma == "with":
        return None
    listed_ = {i.lemma.lower() for i in sentence.items(target)}
    if listed_ & {"metric", "measure"} and preposition.lemma in ("on", "in", "by", "across", "under"):
        return PhraseRole.METRIC
    if is_measure(sentence, target) and len(sentence.items(target)) > 1 and preposition.lemma in ("on", "in"):
        return PhraseRole.METRIC  # "on both translation quality and retrieval accuracy"
    if is_measure(sentence, target) or word in NO_PLACE or sentence.named(phrase, "metric"):
        return None
    if preposition.lemma == "on":
        return PhraseRole.TRIED if target.pos in ("NOUN", "PROPN") else None
    if preposition.lemma in ("for", "in", "across") and ACTIVITY.search(word) and word not in CHANGE_NOUNS:
        return PhraseRole.TRIED
    return None


def measured_noun(sentence: Sentence, token: Token) -> tuple[Token, ...]:
    """Return the noun of what is measured with all below it: behind "in terms of", "with respect to", "measured by"."""
    parsed = sentence.parsed
    before = sentence.tokens[token.index - 1].lemma if token.index else ""
    links: tuple[Token, ...] = ()
    if token.lemma == "term" and before == "in":
        links = tuple(c for c in parsed.children(token, "prep") if c.lemma == "of")
    elif token.lemma in ("respect", "regard") and before in ("with", "in"):
        links = tuple(c for c in parsed.children(token, "prep") if c.lemma == "to")
    elif token.lemma == "measure" and token.tag == "VBN":
        links = tuple(c for c in parsed.children(token, "agent", "prep") if c.lemma in ("by", "in", "with", "use"))
    for link in links:
        for target in parsed.children(link, "pobj"):
            if token.lemma in ("respect", "regard") and not is_measure(sentence, target):
                return ()
            return (target, *(t for t in parsed.subtree(target) if t is not target))
    return ()


def listed_metrics(sentence: Sentence, target: Token) -> tuple[str, ...]:
    """Return the names of the members of a list of metrics: those of the lexicon, else as printed."""
    items = sentence.items(target)
    if target.masked and (names := listed_names(target)):
        texts = [n.text for n in names]
    elif len(items) > 1 and all(i.pos in ("NOUN", "PROPN") for i in items):
        texts = [list_item(sentence, i, whole=i is not items[-1]).text for i in items]
    else:
        texts = [sentence.phrase(target, without=WHERE_ENDS).text]
    texts = [re.sub(r"^(?:both|the|an?)\s+(?:the\s+)?", "", t) for t in texts]
    return tuple(t for t in texts if 0 < len(t.split()) <= MAX_WORDS)
