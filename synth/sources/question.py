"""From a question to the words worth searching for, and their synonyms. Pure; knows no source's syntax."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from synth.core.errors import UsageError
from synth.text.content import STOP_WORDS, composed
from synth.text.lexicon import Lexicon, load_lexicon

MAX_TERMS = 8
MAX_SYNONYMS = 3  # for each term; a list without end would outweigh the other terms
MIN_SYNONYM = 4  # letters; "QA" or "HR" means something else in another field
ENOUGH_TERMS = 3  # phrases and names; with so many, a single plain word would only add noise
MAX_PHRASE = 6  # words of a phrase that the user put in quotation marks

_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
# What a text pasted from a page has and a keyboard has not: hyphens of print, raised apostrophes, ligatures.
_PRINTED = {0x2010: "-", 0x2011: "-", 0x2019: "'", 0x02BC: "'", 0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi"}
_PRINTED |= {0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_QUOTED = re.compile(r'["“”„«»]([^"“”„«»]{1,200})["“”„«»]')
# What a question asks with, or says is done to things, beside stop words: it names no subject.
_ASKING = """
    accuracy across affect affected affecting affects against along although among andnot another applied
    applies apply applying assess beat beats because before below benchmark benchmarks best better change
    changes combine combined combining compare compared comparing comparison contribute correlate correlated
    correlates degradation degrade degree depend depends determine differ differences different done due effect
    effective effectively effects either enable ensure evaluate evaluating every examine exist exists explain
    extent few find finding first following gain gained gains generally get give given gives good help helps
    high higher impact impacts important improve improved improvement improvements improves improving increase
    increased increases increasing influence influences investigate kind kinds large larger lead leads less
    level levels low lower make makes many me measure mitigate mitigates modulate modulates my near need
    negative new no nor not often onto others out outperform outperforms paper papers particular perform
    performance performs play please positive possible predict produce provide question rather recent reduce
    reduced reduces related relation relationship relative report research result results role scale scaling
    several shall show shows significant significantly similar since size small smaller still studies study
    target tell together toward towards two useful uses various versus vs way ways well whether whose without
    work works yet
"""
_NO_TERMS = STOP_WORDS - {"e", "g"} | frozenset(_ASKING.split())  # "vitamin E" is a subject


def terms(question: str, most: int = MAX_TERMS) -> list[str]:
    """Return at most `most` words or two-word phrases that carry the question, in its order.

    Runs of content words are cut into pairs from the right, where English has the head of a compound
    ("cross-lingual", "sentence retrieval"), names written like XTREME-R stand alone, and what the user puts in
    quotation marks stays whole. Plain single words count only where there are few terms that say more. Only
    words with Latin letters count: a question without any gives an empty list.
    """
    question = composed(question).translate(_PRINTED)
    question = question.lower() if question.isascii() and question.isupper() else question
    quoted = [phrase for words in _QUOTED.findall(question) if (phrase := _phrase(words))]
    candidates = quoted + list(_candidates(_QUOTED.sub(" . ", question)))
    counts = Counter(term.casefold() for term in candidates)
    first: dict[str, tuple[int, str]] = {}
    for position, term in enumerate(candidates):
        first.setdefault(term.casefold(), (position, term))
    weighty = [entry for entry in first.values() if entry[0] < len(quoted) or _weight(entry[1])]
    best = sorted(
        weighty if len(weighty) >= ENOUGH_TERMS else first.values(),
        key=lambda entry: (entry[0] >= len(quoted), -counts[entry[1].casefold()], -_weight(entry[1]), entry[0]),
    )
    return [term for _, term in sorted(best[:most])]


def concepts(question: str, lexicon: Lexicon | None = None) -> list[tuple[str, ...]]:
    """Return the terms of `question`, each with its synonyms behind it, in the order of `terms`.

    A synonym is another spelling of the lexicon's name that a whole term is ("STILTs" of "intermediate-task
    training"). Spellings that differ by case, hyphens or spaces are one: search engines do not tell them apart.
    """
    known = lexicon or load_lexicon()
    wanted = terms(question)
    used = {_folded(term) for term in wanted}
    groups = []
    for term in wanted:
        others: list[str] = []
        for synonym in _synonyms(term, known):
            if _folded(synonym) not in used and len(others) < MAX_SYNONYMS:
                used.add(_folded(synonym))
                others.append(synonym)
        groups.append((term, *others))
    return groups


def one_line(query: str, longest: int, source: str) -> str:
    """Return `query` without white space around it.

    UsageError if it is empty, too long, or has control characters.
    """
    query = composed(query).strip()
    if not query:
        raise UsageError(f"The query for {source} is empty.", "Say what to search for.")
    if len(query) > longest:
        raise UsageError(f"The query has {len(query):,} characters; {source} takes {longest:,}.", "Shorten it.")
    if any(not c.isprintable() for c in query):
        raise UsageError("The query contains a control character or a line break.", "Write it on one line.")
    return query


def _synonyms(term: str, lexicon: Lexicon) -> Iterator[str]:
    for mention in lexicon.mentions(term):
        if _folded(mention.text) == _folded(term):
            for spelling in (mention.name, *lexicon.names.get(mention.kind, {}).get(mention.name, ())):
                if len(_folded(spelling)) >= MIN_SYNONYM and _phrase(spelling):
                    yield _phrase(spelling)


def _folded(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _candidates(text: str) -> Iterator[str]:
    run: list[str] = []
    end = 0
    for match in _WORD.finditer(text):
        word = match[0]
        if text[end : match.start()].strip():  # punctuation ends a run
            yield from _pairs(run)
            run = []
        end = match.end()
        if word.casefold() in _NO_TERMS or not _latin(word) or _named(word):
            yield from [*_pairs(run), *([word] if _named(word) else [])]
            run = []
        else:
            run.append(word)
    yield from _pairs(run)


def _pairs(run: list[str]) -> list[str]:
    odd = len(run) % 2
    return run[:odd] + [f"{run[i]} {run[i + 1]}" for i in range(odd, len(run), 2)]


def _phrase(text: str) -> str:
    words = [word for word in _WORD.findall(text) if _latin(word) or word.isdecimal()][:MAX_PHRASE]
    return " ".join(words) if any(map(_latin, words)) else ""


def _weight(term: str) -> int:
    """Rank a term by how much it narrows a search: phrases and compounds, then names and acronyms, then plain words."""
    if " " in term or "-" in term:
        return 2
    return int(_named(term))


def _named(word: str) -> bool:
    """Return True for a word written like an acronym or the name of a system: XTREME-R, BERT, GPT-3, fastText."""
    plain = word.casefold() in _NO_TERMS or not _latin(word)  # "AND", "HOW" in a question in capitals
    return not plain and (any(c.isupper() for c in word[1:]) or any(c.isdecimal() for c in word))


def _latin(word: str) -> bool:
    return len(word) > 1 and any(c.isalpha() and unicodedata.name(c, "").startswith("LATIN") for c in word)
