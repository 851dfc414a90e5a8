"""Detection of claims among the sentences of a paper: findings of its authors, or what they did.

A finding asserts a change, a comparison, a rank, a correlation, a count or a level of something named, or is
announced ("we find that …"). A method sentence has the authors, their work or a passive as subject of a verb of
procedure. Neither are aims, roadmaps, opinions, future work, results of others, and sentences about a pronoun that
nothing before resolves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from synth.claims.context import resolve
from synth.claims.exclusions import Exclusion, excluded, introduces_own_work
from synth.claims.predictions import Statements, read
from synth.claims.salience import lower_repeated, salience
from synth.claims.sections import part_named, part_of
from synth.claims.syntax.grammar import NOBODY, PRONOUNS, REPORTERS, Sentence, is_be
from synth.claims.syntax.modality import asserted, negated
from synth.claims.syntax.roles import is_measure
from synth.claims.words import CHANGE_NOUNS, FINDING, MEASURES, METHOD, OWN_HEADS, PASSIVE_METHOD, bag
from synth.core.types import ClaimDraft, ClaimKind, Passage, PassageKind
from synth.text.lexicon import Lexicon, load_lexicon
from synth.text.parsing import Parsed, Token, parse
from synth.text.trailing_citations import without_trailing_citation

RESULT_PARTS = frozenset({"abstract", "introduction", "results", "discussion", "conclusion", "caption"})
# Here results stand among descriptions: a sentence counts if the authors announce it or it gives a value.
MIXED_PARTS = frozenset({"body", "method", "data"})
METHOD_PARTS = frozenset({"abstract", "introduction", "method", "data", "results", "conclusion", "body"})
COUNT_PARTS = METHOD_PARTS | {"caption", "discussion"}
OWN_LABELS = frozenset({"method", "results", "conclusion"})  # what an abstract says under these is its authors' own
MAX_CONTEXT = 40  # words of a sentence that is read only for what pronouns stand for
HEIGHTS = bag("high low large small strong weak poor good higher lower")
NOT_DONE = bag("can could may might will would should must want")


def find_claims(
    passages: Sequence[Passage],
    question: str = "",
    lexicon: Lexicon | None = None,
    *,
    title: str = "",
    parser: str = "",
    reports: bool = False,
) -> list[ClaimDraft]:
    """Find the claims of one paper, in reading order.

    Args:
        passages: those of one paper; order and section decide whose work a sentence speaks of.
        question: raises the salience of claims that share words with it.
        lexicon: names that claims may speak of; the packaged one if None.
        title: title of the paper; a sentence that only repeats it is no claim, but where results are told.
        parser: spaCy model (setting `parser`).

        reports: also return the sentences that tell a result of others ("Phang et al. (2020) find that …"), with
            `reported` True; they are no findings of this paper.

    Returns:
        Claims, each with the whole text of its passage but for citations behind its full stop.
    """
    lexicon = lexicon or load_lexicon()
    candidates = _screen(passages, title, parser)
    sentences = [Sentence.of(candidate.parsed, lexicon) if candidate.parsed else None for candidate in candidates]
    names = resolve(sentences, [candidate.passage.section for candidate in candidates])
    drafts = []
    for candidate, sentence, stand_for in zip(candidates, sentences, names, strict=True):
        if sentence is None or (candidate.exclusion and not (reports and candidate.exclusion is Exclusion.OTHERS)):
            continue
        statements = read(sentence, stand_for)
        reported = candidate.exclusion is Exclusion.OTHERS
        kind = statements.kind if reported else kind_of(sentence, statements, candidate.part)
        if kind is None:
            continue
        predicted = () if kind is ClaimKind.METHOD else statements.predictions
        score = salience(sentence.text, kind, candidate.part, predicted, question)
        text = without_trailing_citation(candidate.passage.text)
        drafts.append(ClaimDraft(text, kind, score, predicted, candidate.passage, reported))
    return lower_repeated(drafts)


@dataclass(frozen=True)
class _ScreenedPassage:
    """A passage with what is known of it before its sentence is read."""

    passage: Passage
    part: str
    exclusion: Exclusion | None
    parsed: Parsed | None


def _screen(passages: Sequence[Passage], title: str, parser: str) -> list[_ScreenedPassage]:
    """Sort out what is no claim whatever it asserts, and parse the rest in one batch."""
    candidates: list[_ScreenedPassage] = []
    owned: dict[str, int] = {}  # part → sentences since the authors last spoke of their own work
    for passage in sorted(passages, key=lambda p: p.order):
        part = part_of(passage)
        if passage.kind is PassageKind.CELL or (part == "other" and not _reports(passage)):
            continue
        distance = owned.get(part)
        if introduces_own_work(passage.text) or part_named(passage.label) in OWN_LABELS:
            owned[part] = 0
        elif distance is not None:
            owned[part] = distance + 1
        reason = excluded(passage.text, part, owned.get(part), title)
        if part == "other" and reason is not Exclusion.OTHERS:
            continue
        candidates.append(_ScreenedPassage(passage, part, reason, None))
    parsable = [i for i, candidate in enumerate(candidates) if _worth_parsing(candidate)]
    parsed = parse([without_trailing_citation(candidates[i].passage.text) for i in parsable], parser)
    for i, tree in zip(parsable, parsed, strict=True):
        candidates[i] = replace(candidates[i], parsed=tree)
    return candidates


def _reports(passage: Passage) -> bool:
    return re.search(r"related|previous|prior|background", passage.section, re.IGNORECASE) is not None


def _worth_parsing(candidate: _ScreenedPassage) -> bool:
    """Return False for what can neither be a claim nor name what the next sentences point to."""
    if candidate.exclusion is Exclusion.NOT_WHOLE:
        text = without_trailing_citation(candidate.passage.text)
        return text[:1].isupper() and text.endswith(".") and 3 <= len(text.split()) <= MAX_CONTEXT
    return candidate.exclusion not in (Exclusion.BOILERPLATE, Exclusion.TITLE)


# ------------------------------------------------------------------------------------------------ kinds


def kind_of(sentence: Sentence, statements: Statements, part: str) -> ClaimKind | None:
    """Return the kind of claim that a sentence makes in such a part of a paper; None if it makes none."""
    announced = announces(sentence)
    if statements.predictions and statements.kind is not None and not statements.unresolved:
        if statements.kind is ClaimKind.COUNT and not (statements.predictions[0].treatment or announced):
            return ClaimKind.COUNT if part in COUNT_PARTS and states_method(sentence) else None
        if statements.kind is ClaimKind.COUNT:
            return statements.kind if part in COUNT_PARTS else None
        valued = any(p.value is not None or p.scope.get("to") for p in statements.predictions)
        named = any(p.treatment and (p.baseline or p.metric or p.task) for p in statements.predictions)
        if part in RESULT_PARTS or (part in MIXED_PARTS and (valued or announced)) or (part == "body" and named):
            return statements.kind
    if announced and part in RESULT_PARTS | MIXED_PARTS:
        return ClaimKind.EFFECT
    if part in RESULT_PARTS and (outcome := observed(sentence)):
        return outcome
    return ClaimKind.METHOD if part in METHOD_PARTS and states_method(sentence) else None


def announces(sentence: Sentence) -> bool:
    """Return True if a finding is announced that has a subject of its own: "our results indicate that encoders …"."""
    for verb in sentence.tokens:
        if verb.lemma not in FINDING or verb.pos != "VERB" or not asserted(sentence, verb):
            continue
        subject = sentence.subjects(verb)[0]
        if subject is None or negated(sentence, verb):
            continue
        if any(c.dep == "auxpass" for c in sentence.parsed.children(verb)) and subject.pos in ("NOUN", "PROPN"):
            complements = [c for c in sentence.parsed.children(verb, "xcomp") if asserted(sentence, c)]
            if complements and subject.lemma not in REPORTERS:
                return True  # "the parser is found to parse A more effectively"
        announcing = subject.lemma in ("we", "i", "this", "it", "they", "these") or subject.lemma in REPORTERS
        for clause in sentence.parsed.children(verb, "ccomp"):
            inner = sentence.parsed.children(clause, "nsubj", "nsubjpass", "csubj")
            if not inner or inner[0].lemma in PRONOUNS - {"there"} | {"we"}:
                continue
            modals = any(
                c.lemma in ("could", "would", "should", "will", "must") for c in sentence.parsed.children(clause, "aux")
            )
            if announcing and not modals and verb.lemma not in ("note", "see", "report", "imply"):
                return True
    return False


def observed(sentence: Sentence) -> ClaimKind | None:
    """Return the kind of an outcome without numbers: "the ratios were relatively high", "differences were found"."""
    for verb in sentence.tokens:
        if verb.pos not in ("VERB", "AUX") or not asserted(sentence, verb):
            continue
        children = sentence.parsed.children(verb)
        subject = sentence.subjects(verb)[0]
        if subject is None:
            continue
        if is_be(verb) and is_measure(sentence, subject) and any(_is_height(c) for c in children):
            return ClaimKind.COMPARISON
        if verb.lemma not in FINDING | {"detect", "notice"}:
            continue
        nouns = [subject] if any(c.dep == "auxpass" for c in children) else []
        if subject.lemma == "we":
            nouns = [c for c in children if c.dep == "dobj"]
        for noun in nouns:
            higher = any(c.tag == "JJR" for c in sentence.parsed.children(noun))
            if noun.lemma == "difference" or (noun.lemma in MEASURES and higher):
                return ClaimKind.COMPARISON
            if noun.lemma in CHANGE_NOUNS:
                return ClaimKind.EFFECT
    return None


def _is_height(token: Token) -> bool:
    return token.dep == "acomp" and token.lemma in HEIGHTS


def states_method(sentence: Sentence) -> bool:
    """Return True for what the authors did: "we train …", "our model uses …", "models are trained …"."""
    for verb in sentence.tokens:
        if verb.pos != "VERB" or verb.dep in ("amod", "acl", "relcl", "pcomp", "csubj"):
            continue
        subject = sentence.subjects(verb)[0]
        children = sentence.parsed.children(verb)
        if subject is None or any(c.dep == "aux" and c.lemma in NOT_DONE | {"to"} for c in children):
            continue
        if not asserted(sentence, verb):
            continue
        if any(c.dep == "auxpass" for c in children):
            if verb.lemma in PASSIVE_METHOD and (
                verb.lemma != "obtain"
                or sentence.agent(verb)
                or any(c.lemma in ("by", "from", "with", "using", "through", "via", "use") for c in children)
            ):
                return True
            continue
        if verb.lemma in METHOD and (subject.lemma in ("we", "i") or _own(sentence, subject)):
            return True
    return False


def _own(sentence: Sentence, subject: Token) -> bool:
    return subject.lemma in OWN_HEADS and not is_be(subject) and subject.lemma not in NOBODY - {"we"}


def is_measurable(claim: ClaimDraft) -> bool:
    """Return True if some prediction states a direction or value of something named, so that a run could decide it."""
    return any(
        (p.direction or p.value is not None) and (p.treatment or p.task or p.metric or p.baseline)
        for p in claim.predictions
    )
