"""Whether the head of a table's row or column is one that a text names. Pure.

A head agrees with a text that has one of its names (a model, a data set, a language, a word in capitals) or all of its
words, and lacks none of the models it names: a row of XLM-R is not one of mBERT. Codes of languages are their names,
"Avg" is an average, "Δ" and "gain" are a change.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from synth.claims.words import CHANGE_NOUNS
from synth.lexicon import Lexicon
from synth.text import STOP_WORDS, stem

WORD = re.compile(r"[^\W_]{2,}|[Δδ]")
YEAR = re.compile(r"(?:19|20)\d\d")
AVERAGE = frozenset({"avg", "average", "averaged", "averages", "mean", "overall"})
CHANGE = frozenset({"Δ", "δ", "delta"} | {stem(w) for w in (*CHANGE_NOUNS, "difference")})
# In what a figure is given says nothing of what it is a figure of.
UNITS = frozenset({"cent", "percent", "points", "point", "millions", "billions", "thousands", "million", "billion"})
SILENT = STOP_WORDS | UNITS
NAMING = frozenset({"dataset", "corpus", "model", "language", "treatment"})  # kinds of names that single something out
ABOUT = frozenset({"dataset", "task"})


@dataclass(frozen=True)
class Term:
    """A word or name of a head with everything that it may be called."""

    printed: str
    called: frozenset[str]
    name: bool
    model: bool = False


class Names:
    """The lexicon's names and codes as heads and claims use them."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    @cached_property
    def languages(self) -> dict[str, str]:
        """Code → language in lower case."""
        codes = self.lexicon.names.get("code", {})
        return {code: language.casefold() for language, listed in codes.items() for code in listed}

    def terms(self, head: str) -> list[Term]:
        """What a head names; of "group: row" the row."""
        head = head.rsplit(": ", 1)[-1]
        mentions = self.lexicon.mentions(head)
        found = [
            Term(
                m.text,
                frozenset({m.name.casefold()} | {stem(m.text)}),
                m.kind in NAMING,
                m.kind == "model",
            )
            for m in mentions
        ]
        covered = [(m.start, m.end) for m in mentions]
        for match in WORD.finditer(head):
            word = match.group()
            if any(a <= match.start() < b for a, b in covered) or word.casefold() in SILENT or YEAR.fullmatch(word):
                continue
            found.append(self._term(word, head, cited=head.startswith(" et al", match.end())))
        return found

    def _term(self, word: str, head: str, *, cited: bool) -> Term:
        if word.casefold() in AVERAGE:
            return Term(word, frozenset({"average"}), False)
        if stem(word) in CHANGE:
            return Term(word, frozenset({"change"}), False)
        code = word.isupper() or word == head.strip()
        if code and (language := self.languages.get(word.casefold())):
            return Term(word, frozenset({language, word.casefold()}), True)
        marked = cited or any(c.isupper() for c in word[1:]) or (word[-1].isdigit() and word[0].isalpha())
        return Term(word, frozenset({stem(word)}), marked)

    def said(self, text: str) -> frozenset[str]:
        """Everything that a claim names, in the forms of `Term.called`."""
        named = {m.name.casefold() for m in self.lexicon.mentions(text)}
        words = WORD.findall(text)
        plain = {stem(w) for w in words if w.casefold() not in STOP_WORDS} | {
            w.casefold() for w in words if w.isupper()
        }
        return frozenset(named | plain | ({"average"} if AVERAGE & {w.casefold() for w in words} else set()))

    def subjects(self, text: str) -> frozenset[str]:
        """The data sets and tasks that a text names."""
        return frozenset(m.name for m in self.lexicon.mentions(text) if m.kind in ABOUT)


@dataclass(frozen=True)
class Agreement:
    """How well a head fits: what it shares with the text, and how many of its words the text lacks."""

    shared: frozenset[str]
    missing: int

    @property
    def score(self) -> int:
        return 2 * len(self.shared) - self.missing


def agreement(head: Sequence[Term], said: frozenset[str]) -> Agreement | None:
    """How a head agrees with what a text says; None if it does not, or says nothing itself."""
    hits = [term for term in head if term.called & said]
    lacks = [term for term in head if not term.called & said]
    if not hits or any(term.model for term in lacks):
        return None
    if not any(term.name for term in hits) and lacks:
        return None
    return Agreement(frozenset(min(term.called & said) for term in hits), len(lacks))


def is_average(head: Sequence[Term]) -> bool:
    """Whether a head says that its figures are averages, and of nothing in particular."""
    return bool(head) and all(term.called == {"average"} for term in head)


def is_change(head: Sequence[Term]) -> bool:
    """Whether a head says that its figures are changes."""
    return any(term.called == {"change"} for term in head)
