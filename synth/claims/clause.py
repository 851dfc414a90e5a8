"""The words of one clause and the questions that rules ask of them: is this a verb, is it denied, is it conditional.

No part-of-speech tagger: a word that may be noun or verb is decided by its neighbours, and in doubt it is not a verb.
"""

from __future__ import annotations

from dataclasses import dataclass

from synth.claims.text import Token
from synth.claims.words import (
    AUXILIARIES,
    BE,
    DETERMINERS,
    LIGHT_FORMS,
    MODALS,
    NEGATIONS,
    NOUN_OR_VERB,
    PREPOSITIONS,
    RESULTS,
    bag,
)
from synth.types import ClaimKind

CONDITIONS = bag("whether if how why when unless because since what where until assuming suppose once")
# After these an infinitive states a fact: "was found to improve", "tends to hurt".
RAISERS = bag(
    "found shown able seem seems tend tends help helps proves proved continues continue appears fails fail failed"
)
ADVERBS = bag("also still often then even further always thus thereby therefore hence generally")
OF_THE_GROUP = NEGATIONS - {"without", "neither", "nor", "no", "little"}
# These determiners also open clauses or stand alone as subjects.
SUBJECT_WORDS = bag("that this these those each all both")


@dataclass(frozen=True)
class Event:
    """One assertion. `start`:`end` covers the verb group up to the trigger; `lemma` is the verb's."""

    kind: ClaimKind
    direction: str
    start: int
    end: int
    lemma: str
    negated: bool = False
    passive: bool = False
    tail: bool = False  # a participle that shares the subject before it: ", improving by 8.7 points"
    level: bool = False  # a stated value, not a change: "achieves 90.1% accuracy"
    direct: bool = False  # the verb's object is the baseline: "outperforms B"


class Words:
    """The tokens of one clause."""

    def __init__(self, listed: tuple[Token, ...]) -> None:
        self.listed = listed
        self.words = [t.word for t in listed]

    def at(self, i: int) -> str:
        return self.words[i] if 0 <= i < len(self.words) else ""

    def back(self, i: int) -> str:
        """The nearest word before `i` that is no adverb."""
        i -= 1
        while self.at(i).endswith("ly") or self.at(i) in ADVERBS:
            i -= 1
        return self.at(i)

    def is_verb(self, i: int, tag: str) -> bool:
        """Whether the word at `i`, a form of kind `tag`, is a verb that asserts something here."""
        before = self.back(i)
        if before == "to":
            to = next((j for j in range(i - 1, -1, -1) if self.words[j] == "to"), 0)
            return self.back(to) in RAISERS
        if tag == "ing":
            joined = before == "and" and "," in (self.at(i - 2), self.at(i - 3))
            return joined or before in (",", "thereby", "thus") or before in BE
        if before in PREPOSITIONS or (before in DETERMINERS and before not in SUBJECT_WORDS):
            return False
        achieved = before in LIGHT_FORMS and before not in AUXILIARIES and before not in NOUN_OR_VERB
        if tag == "past":  # after "and" or "or" as often an adjective: "comparable or improved"
            return not achieved and before not in ("and", "or") and self._past_acts(i)
        if self.words[i] in NOUN_OR_VERB and (achieved or self._as_noun(i, before, tag)):
            return False
        return tag != "base" or self._agrees(i, before)

    def _past_acts(self, i: int) -> bool:
        """ "improved the model" acts, "character enhanced representations" does not; a passive is no question."""
        after, before = self.at(i + 1), self.back(i)
        if before in AUXILIARIES or not after or not after[0].isalpha():
            return True
        return (
            before in ("we", "they", "it", "i", "that", "which")
            or after in DETERMINERS
            or after in PREPOSITIONS
            or after in RESULTS
            or after in ("and", "that", "significantly", "substantially", "better", "worse")
            or after.endswith("ly")
            or self.words[i].endswith("performed")
        )

    def _as_noun(self, i: int, before: str, tag: str) -> bool:
        after = self.at(i + 1)
        if after in AUXILIARIES or after in ("of", ",", ".", ")"):
            return True
        closes = (
            before == "," and tag == "third" and (after in DETERMINERS or after[:1].isdigit())
        )  # the end of an insertion
        return bool(before) and not before[0].isalnum() and not closes

    def _agrees(self, i: int, before: str) -> bool:
        """A base form needs a plural subject, a pronoun or a modal in front."""
        if before in MODALS or before in ("we", "they", "that", "which", "it", "i"):
            return True
        if before == "and" and "we" in self.words[:i]:  # "we obtain … and outperform …"
            return "to" not in self.words[max(0, i - 15) : i] and self.words[i] not in NOUN_OR_VERB
        plural = before.endswith("s") and before not in AUXILIARIES
        return plural or (
            self.words[i] not in NOUN_OR_VERB and before not in AUXILIARIES and before not in ("and", "or")
        )

    def group_start(self, i: int, floor: int) -> int:
        """First word of the verb group that ends at `i`: auxiliaries, negations and adverbs before the verb."""
        j = i
        while j - 1 >= floor:
            word = self.words[j - 1]
            adverb = word.endswith("ly") and len(word) > 3 and word not in ("only", "family", "reply")
            if not (
                word in AUXILIARIES
                or word in OF_THE_GROUP
                or adverb
                or word in ADVERBS
                or word in RAISERS
                or word == "to"
            ):
                break
            j -= 1
        return j

    def is_passive(self, first: int, i: int, tag: str) -> bool:
        return tag == "past" and any(word in BE for word in self.words[first:i])

    def is_tail(self, i: int, tag: str) -> bool:
        return tag == "ing" and self.back(i) not in BE

    def negated(self, start: int, end: int) -> bool:
        run = self.words[max(0, start) : end]
        if "only" in run and "not" in run and run.index("only") == run.index("not") + 1:
            return False
        return any(w in NEGATIONS or w.endswith("n't") for w in run)

    def conditional(self, i: int) -> bool:
        """Whether the word stands under "whether", "if", "when" … without a comma between."""
        for j in range(i - 1, max(-1, i - 40), -1):
            word = self.words[j]
            if word == ",":
                return False
            if word in CONDITIONS or (word == "as" and self.at(j + 1) in ("it", "they", "we", "this", "these")):
                return True
        return False

    def verb_before(self, j: int, floor: int, tables: tuple[dict[str, tuple[str, str]], ...], reach: int) -> int | None:
        """Index of the nearest verb of one of the tables in front of `j`."""
        for i in range(j - 1, max(floor, j - reach) - 1, -1):
            for table in tables:
                form = table.get(self.words[i])
                if form and self.is_verb(i, form[1]):
                    return i
        return None

    def event(
        self,
        kind: ClaimKind,
        direction: str,
        verb: int,
        last: int,
        form: tuple[str, str],
        *,
        floor: int,
        level: bool = False,
        direct: bool = False,
    ) -> Event:
        """The event of the verb at `verb` (lemma and tag in `form`) whose trigger ends at `last`."""
        lemma, tag = form
        first = self.group_start(verb, floor)
        return Event(
            kind,
            direction,
            self.listed[first].start,
            self.listed[last].end,
            lemma,
            negated=self.negated(first, last + 1) or self.at(first - 1) in ("nor", "neither"),
            passive=self.is_passive(first, verb, tag),
            tail=self.is_tail(verb, tag),
            level=level,
            direct=direct,
        )
