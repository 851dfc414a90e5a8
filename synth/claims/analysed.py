"""A sentence as all who read it share it: names, numbers, content words, denial and hedge, each read once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache

from synth.quantities import Quantity, read
from synth.text import content
from synth.text.lexicon import Lexicon, Mention, load_lexicon

MAX_SENTENCES = 20_000  # that are kept, those used last

_POSSIBLE = re.compile(r"\b(?:may|might|could|possibly|perhaps|presumably|conceivably)\b", re.I)
_SUPPOSED = re.compile(r"\b(?:whether|hypothesi[sz]e|would|aims?|expect|suspect|if)\b|\?", re.I)


class Hedge(IntEnum):
    """Degree to which the words of a sentence leave open what it says, without a look at its syntax."""

    NONE = 0
    SUPPOSED = 1  # asked, aimed at, expected or conditional: "whether", "if", "would"
    POSSIBLE = 2  # "may improve"


@dataclass(frozen=True, eq=False)
class AnalysedSentence:
    """A text with what is read from it, on first use and then kept.

    Attributes:
        text: One or a few sentences.
        lexicon: The names to know.
    """

    text: str
    lexicon: Lexicon

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Return the names of the lexicon, in order."""
        return self.lexicon.mentions(self.text)

    @cached_property
    def named(self) -> frozenset[str]:
        """Return the canonical names of `mentions`."""
        return frozenset(mention.name for mention in self.mentions)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Return the quantities; digits inside `mentions` are none, and metrics among them belong to numbers."""
        return read(self.text, self.mentions)

    @cached_property
    def quantities_as_printed(self) -> tuple[Quantity, ...]:
        """Return the quantities as one who knows no names reads them: for comparing the print of two texts."""
        return read(self.text)

    @cached_property
    def content_words(self) -> tuple[str, ...]:
        """Return the stems of the words that carry meaning, in order."""
        return content.content_words(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """Return the distinct `content_words`."""
        return frozenset(self.content_words)

    @cached_property
    def names(self) -> frozenset[str]:
        """Return the words that are written like names, in one spelling, whether the lexicon knows them or not."""
        return content.names(self.text)

    @cached_property
    def negated(self) -> bool:
        """Return True if something is denied."""
        return content.negated(self.text)

    @cached_property
    def hedge(self) -> Hedge:
        """Return the strongest hedge."""
        if _POSSIBLE.search(self.text):
            return Hedge.POSSIBLE
        return Hedge.SUPPOSED if _SUPPOSED.search(self.text) else Hedge.NONE


def analysed(text: str, lexicon: Lexicon | None = None) -> AnalysedSentence:
    """Return the analysis of a text, the same object each time. `lexicon`: the packaged one unless another is given."""
    return _analysed(text, lexicon or load_lexicon())


@lru_cache(maxsize=MAX_SENTENCES)
def _analysed(text: str, lexicon: Lexicon) -> AnalysedSentence:
    return AnalysedSentence(text, lexicon)
