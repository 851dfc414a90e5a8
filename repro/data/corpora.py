"""Real multilingual text to pre-train on: languages sampled so that the large ones do not drown the small."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence

from repro.data.library import Located
from repro.data.rows import table_rows
from repro.errors import LabError
from repro.parameters import Number, Table

ENGLISH = "eng"
# Where each set has the language, the key that says which lines are translations of each other, and the text.
KEYED = {
    "bible.tsv.xz": ("verse",),
    "ntrex128.tsv.xz": ("index",),
    "sib200.tsv.xz": ("split", "index_id"),
    "quran.tsv.xz": ("verse",),
    "wikiann_text.tsv.xz": (),
}
Lines = dict[str, list[str]]  # language → lines
Keyed = dict[tuple[str, ...], dict[str, str]]  # key of a line → language → text


class CorpusParameters(Table):
    """Real text to pre-train on.

    Attributes:
        languages: beside English.
        lines, pairs: how many are sampled, of one language and with their translations.
        alpha: exponent of a language's share.
        longest: characters that a line may have.
        vocabulary, alphabet: of the tokenizer (`repro.models.tokenizer.train_tokenizer`).
    """

    languages: Sequence[str]
    lines: int
    pairs: int
    alpha: Number
    longest: int
    vocabulary: int
    alphabet: int


def read(place: Located, languages: Sequence[str], longest: int) -> tuple[Lines, Keyed]:
    """Return lines by language, and those that are translations of each other by key.

    `longest`: the most characters that a line may have.
    """
    lines: Lines = defaultdict(list)
    keyed: Keyed = defaultdict(dict)
    wanted = set(languages)
    for name, columns in KEYED.items():
        for row in table_rows(place.file(name)):
            language, text = row["lang"], row["text"]
            if language not in wanted or len(text) > longest:
                continue
            lines[language].append(text)
            if columns:
                keyed[(name, *(row[c] for c in columns))][language] = text
    missing = sorted(wanted - lines.keys())
    if missing:
        raise LabError(f"the corpus has no text in {', '.join(missing)}", "leave these languages out of the fidelity")
    return dict(lines), dict(keyed)


def shares(sizes: Mapping[str, int], alpha: float) -> dict[str, float]:
    """Return each language's share, in proportion to size ** `alpha` (Conneau & Lample 2019, §3.1; 0.3 for XLM-R)."""
    weights = {language: size**alpha for language, size in sizes.items() if size}
    total = sum(weights.values())
    return {language: weight / total for language, weight in weights.items()}


def monolingual(lines: Lines, count: int, alpha: float, seed: int) -> Lines:
    """Sample about `count` lines in all; a language whose share is larger than what there is of it is repeated."""
    sample: Lines = {}
    for language, share in shares({k: len(v) for k, v in lines.items()}, alpha).items():
        draw = random.Random(f"monolingual {language} {seed}")
        wanted, order = round(share * count), list(lines[language])
        chosen: list[str] = []
        while len(chosen) < wanted:
            draw.shuffle(order)
            chosen += order[: wanted - len(chosen)]
        sample[language] = chosen
    return sample


def parallel(keyed: Keyed, count: int, alpha: float, seed: int) -> list[tuple[str, str, str]]:
    """Sample about `count` triples (language, English, its translation), each pair of texts in random order.

    Translation language modelling reads the two texts as one (Conneau & Lample 2019, §3.3).
    """
    pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for versions in keyed.values():
        if ENGLISH in versions:
            for language, text in versions.items():
                if language != ENGLISH:
                    pairs[language].append((versions[ENGLISH], text))
    triples: list[tuple[str, str, str]] = []
    for language, share in shares({k: len(v) for k, v in pairs.items()}, alpha).items():
        draw = random.Random(f"parallel {language} {seed}")
        wanted, order = round(share * count), list(pairs[language])
        while wanted > 0:
            draw.shuffle(order)
            for english, text in order[:wanted]:
                triples.append((language, *((english, text) if draw.random() < 0.5 else (text, english))))
            wanted -= len(order)
    random.Random(f"parallel {seed}").shuffle(triples)
    return triples


def facts(lines: Lines, keyed: Keyed, tokens: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Describe the sample of each language.

    `text`, the tokens of all that was sampled for it; lines there are; lines aligned with English.
    """
    aligned: dict[str, int] = defaultdict(int)
    for versions in keyed.values():
        if ENGLISH in versions:
            for language in versions:
                aligned[language] += 1
    return {
        language: {"text": tokens[language], "lines": len(own), "aligned": aligned[language]}
        for language, own in lines.items()
    }


def sampled(chosen: Lines, pairs: Sequence[tuple[str, str, str]]) -> Lines:
    """Return all that was sampled for a language: its lines, and both texts of its pairs with English."""
    texts: Lines = {language: list(own) for language, own in chosen.items()}
    for language, first, second in pairs:
        texts[language] += [first, second]
    return texts
