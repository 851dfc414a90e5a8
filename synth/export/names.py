"""A name as it is spoken, in the parts that reference formats ask for.

What a person's family name is cannot be known from the spoken name in every culture. The rule is BibTeX's own
(Patashnik, "BibTeXing", 1988, §4): the family name begins with the first part in lower case, else it is the last
word. A group has no parts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
# Words that stand in names of groups and in nobody's own.
GROUP = re.compile(
    r"\b(?:team|group|consortium|collaboration|committee|council|university|institute|institution|society|association|"
    r"foundation|organi[sz]ation|project|ministry|department|center|centre|laboratory|laboratories|inc|ltd|llc|gmbh|"
    r"research|network|initiative|alliance|workshop|working|community|agency|office|board|union|company)\b|[&/\d]",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Name:
    """A person in parts, or a group (or a single name) in `literal`."""

    given: str = ""
    particle: str = ""
    family: str = ""
    suffix: str = ""
    literal: str = ""


def parsed(spoken: str) -> Name:
    """Return the parts of one name: "Ludwig van Beethoven", "Sammy Davis, Jr.", "The NYU Group", "Plato"."""
    words = spoken.split()
    suffix = ""
    if len(words) > 2 and words[-1].casefold() in SUFFIXES:
        suffix = words.pop()
        words[-1] = words[-1].removesuffix(",")
    text = " ".join(words)
    if len(words) < 2 or "," in text or GROUP.search(text) or _joined(words):
        return Name(literal=" ".join(spoken.split()))
    start = next((n for n, word in enumerate(words[1:-1], 1) if _lower(word)), len(words) - 1)
    family = next((n for n in range(start, len(words)) if not _lower(words[n])), len(words) - 1)
    return Name(" ".join(words[:start]), " ".join(words[start:family]), " ".join(words[family:]), suffix)


def _lower(word: str) -> bool:
    letter = next((c for c in word if c.isalpha()), "")
    return letter.islower()


def _joined(words: list[str]) -> bool:
    """Return True for two names or a description: "Research and Development", "The Authors"."""
    return words[0].casefold() == "the" or any(word.casefold() in ("and", "for", "others") for word in words)
