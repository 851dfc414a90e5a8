"""Nouns of the qualities that adjectives and adverbs name: "accurate", "accurately" → "accuracy"."""

from __future__ import annotations

# Formed by no rule.
NOUNS = {
    "accurate": "accuracy",
    "similar": "similarity",
    "simple": "simplicity",
    "complex": "complexity",
    "diverse": "diversity",
    "difficult": "difficulty",
    "easy": "ease",
    "early": "earliness",
    "fast": "speed",
    "quick": "speed",
    "slow": "speed",
    "stable": "stability",
    "precise": "precision",
    "general": "generality",
    "novel": "novelty",
    "formal": "formality",
    "frequent": "frequency",
    "close": "closeness",
    "often": "frequency",
    "complete": "completeness",
    "concise": "conciseness",
    "coherent": "coherence",
    "confident": "confidence",
    "relevant": "relevance",
    "significant": "significance",
    "important": "importance",
    "different": "difference",
    "dependent": "dependence",
    "abundant": "abundance",
}
# (ending, of the adjective; what stands in its place), the first that fits.
ENDINGS = (
    ("able", "ability"),
    ("ible", "ibility"),
    ("ent", "ency"),
    ("ant", "ancy"),
    ("ate", "acy"),
    ("ive", "iveness"),
    ("ous", "ousness"),
    ("ful", "fulness"),
    ("ust", "ustness"),
)


def quality(word: str) -> str:
    """Return the noun of an adjective or an adverb in -ly; the word itself where no rule is sure."""
    lower = word.lower()
    stem = lower.removesuffix("ly") if len(lower) > 5 else lower
    forms = (lower, stem, *((f"{stem}le", f"{stem[:-1]}y") if stem != lower else ()))
    for form in forms:
        if form in NOUNS:
            return NOUNS[form]
    for form in forms:
        for ending, noun in ENDINGS:
            if form.endswith(ending) and len(form) > len(ending) + 2:
                return form.removesuffix(ending) + noun
    return word
