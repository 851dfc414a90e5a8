"""Generated languages: word order, scripts and shared words as parameters, and the sentences that follow from them.

Languages differ from English by parameters that are set, not estimated. The method is that of K et al. (2020), Dufter &
Schütze (2020, arXiv:2005.00396), Wang & Eisner (2016) and White & Cotterell (2021).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from repro.errors import LabError
from repro.languages.world import Scene
from repro.parameters import Number, Table

ORDERS = ("SVO", "SOV", "VSO")
SIDES = ("before", "after")
# Letters a word is made of: consonants and vowels of each script.
SCRIPTS = {
    "latin": ("bcdfghjklmnprstvz", "aeiou"),
    "greek": ("βγδζθκλμνπρστφχ", "αεηιουω"),
    "cyrillic": ("бвгджзклмнпрстфхш", "аеиоуы"),
    "georgian": ("ბგდვზთკლმნპრსტფქღშჩც", "აეიოუ"),
    "armenian": ("բգդզթժլխծկհձղճմնշչպջռսվտցփք", "աեէըիոու"),
}
# The roles a word can have in a sentence; the tagging task asks for them.


@dataclass(frozen=True)
class Language:
    """A language's parameters. `shared`: share of word types that are English words (names are always shared)."""

    code: str
    order: str = "SVO"
    adjective: str = "before"
    adposition: str = "before"
    script: str = "latin"
    shared: float = 0.0

    def __post_init__(self) -> None:
        for value, allowed, what in (
            (self.order, ORDERS, "order"),
            (self.adjective, SIDES, "adjective"),
            (self.adposition, SIDES, "adposition"),
            (self.script, tuple(SCRIPTS), "script"),
        ):
            if value not in allowed:
                raise LabError(f"language {self.code}: {what} is {value!r}", f"use one of {', '.join(allowed)}")
        if not 0 <= self.shared <= 1:
            raise LabError(f"language {self.code}: shared is {self.shared}", "use a share between 0 and 1")

    @property
    def features(self) -> tuple[bool, bool, bool, bool]:
        """Word order features: subject before verb, verb before object, adjective first, preposition."""
        order = self.order
        return (
            order.index("S") < order.index("V"),
            order.index("V") < order.index("O"),
            self.adjective == "before",
            self.adposition == "before",
        )


ENGLISH = Language("en", shared=1.0)


class LanguageParameters(Table):
    """A generated language as an experiment states it: as `Language`, and how many `sentences` of text it has."""

    code: str
    order: str = Language.order
    adjective: str = Language.adjective
    adposition: str = Language.adposition
    script: str = Language.script
    shared: Number = Language.shared
    sentences: int | None = None  # as many as the others

    def language(self) -> Language:
        return Language(self.code, self.order, self.adjective, self.adposition, self.script, self.shared)


def distance(a: Language, b: Language) -> float:
    """Return the typological distance in 0..1: the share of word order features in which two languages differ."""
    pairs = list(zip(a.features, b.features, strict=True))
    return sum(x != y for x, y in pairs) / len(pairs)


def tell(scene: Scene, language: Language, words: dict[str, str]) -> list[tuple[str, str]]:
    """Return the scene as (word, role) pairs in the language's order.

    An oblique stands at the end, but before the object where the verb comes last, as in most such languages.
    """

    def phrase(noun: str, role: str, quality: str) -> list[tuple[str, str]]:
        parts = [(words[noun], role)]
        if quality:
            parts.insert(0 if language.adjective == "before" else 1, (words[quality], "quality"))
        return parts

    oblique: list[tuple[str, str]] = []
    if scene.place:
        oblique = [(words[scene.place], "place")]
        oblique.insert(0 if language.adposition == "before" else 1, (words[scene.relation], "relation"))
    parts = {
        "S": phrase(scene.agent, "agent", scene.agent_quality),
        "V": [(words[scene.action], "action")],
        "O": phrase(scene.thing, "thing", scene.thing_quality),
    }
    sequence = [parts[letter] for letter in language.order]
    sequence.insert(1 if language.order == "SOV" else 3, oblique)
    return list(itertools.chain(*sequence))


def sentence(scene: Scene, language: Language, words: dict[str, str]) -> str:
    return " ".join(word for word, _ in tell(scene, language, words))
