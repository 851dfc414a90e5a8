"""One seed's generated setting: the world, its languages, and each language's words."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from repro.languages.grammar import ENGLISH, SCRIPTS, Language, LanguageParameters
from repro.languages.world import Scene, World, concepts, vocabulary
from repro.parameters import Number, Table


class RealmParameters(Table):
    """The `languages` table of an experiment.

    Attributes:
        topics, evenness: of the world (`repro.languages.world.World`).
        sentences: of text in every language.
        heldout: sentences that retrieval is measured on.
        vocabulary: most pieces of the tokenizer.
        aside: held-out sentences keep clear of the words that languages with this share would share.
        own_scenes: every language tells of scenes of its own, not of one stock.
        others: every language but English.
    """

    topics: int
    evenness: Number
    sentences: int
    heldout: int
    vocabulary: int
    aside: Number = 0.0
    own_scenes: bool = False
    others: Sequence[LanguageParameters]


def shared_words(share: float, seed: int) -> set[str]:
    """Return the concepts that languages with this share of English words share.

    A greater share holds a smaller one.
    """
    shared = sorted(concepts(), key=lambda word: random.Random(f"shared {word} {seed}").random())
    return set(shared[: round(share * len(shared))])


def lexicon(language: Language, seed: int) -> dict[str, str]:
    """Return the language's word for every concept and name. Shared words are the same ones in every language."""
    words, everything = vocabulary(), concepts()
    shared = shared_words(language.shared, seed)
    draw = random.Random(f"lexicon {language.code} {seed}")
    consonants, vowels = SCRIPTS[language.script]
    taken = set(everything) | set(words["names"])
    own: dict[str, str] = {name: name for name in words["names"]}
    for concept in everything:
        word = concept
        while concept not in shared and word in taken:
            word = "".join(draw.choice(consonants) + draw.choice(vowels) for _ in range(draw.choice((2, 2, 3))))
        taken.add(word)
        own[concept] = word
    return own


@dataclass(frozen=True)
class Realm:
    """One seed's whole setting: the world, its languages (English first) and their lexicons."""

    world: World
    seed: int
    languages: tuple[Language, ...]
    lexicons: dict[str, dict[str, str]]
    aside: float = 0.0  # share of the words that no held-out sentence has, whatever is shared

    @classmethod
    def of(cls, params: RealmParameters, seed: int) -> Realm:
        """Build it from an experiment's `languages` table: topics, evenness and each language but English."""
        languages = (ENGLISH, *(other.language() for other in params.others))
        world = World(seed, params.topics, params.evenness)
        lexicons = {lang.code: lexicon(lang, seed) for lang in languages}
        return cls(world, seed, languages, lexicons, params.aside)

    def language(self, code: str) -> Language:
        return next(language for language in self.languages if language.code == code)

    def heldout(self, count: int) -> list[Scene]:
        """Return scenes without any word that another language shares with English.

        Otherwise shared words alone, which even an untrained model can match, would find the translation.
        """
        common = {
            concept
            for language in self.languages[1:]
            for concept, word in self.lexicons[language.code].items()
            if word == concept
        }
        common |= shared_words(self.aside, self.seed)
        return self.world.scenes(count, self.seed, "heldout", without_words=common)
