"""Analysis of one claim or passage for the stance rules: terms, names, numbers, conditions and assertions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from synth.claims.analysed import Hedge, analysed
from synth.evidence.passages.parts.assertions import Comparative, Superlative, comparative, superlatives
from synth.evidence.passages.parts.entities import Slots, entities
from synth.evidence.passages.parts.facts import Fact, facts
from synth.evidence.passages.parts.terms import TextTerm, terms
from synth.evidence.passages.parts.vocabulary import COMPARATIVES, CONDITIONS, DOWN, LIGHT, UP
from synth.text.content import content_words, names, negated, stem
from synth.text.lexicon import Lexicon, Mention, load_lexicon

__all__ = ["AnalysedText", "read", "share"]

MAX_CHARACTERS = 5_000

# "We find that X" asserts X; whose "we" it is does not matter for X.
_FRAME = re.compile(
    r"^(?:(?:however|moreover|furthermore|finally|additionally|in addition|overall|specifically|in particular"
    r"|interestingly|surprisingly|notably|also|thus|therefore|first|second|third),?\s+)*"
    r"(?:(?:in|with|through|from|based on) (?:this|our|these) [^,]{1,60},\s+)?"
    r"(?:we|our (?:[a-z-]+ )?(?:results?|experiments?|findings?|analys[ie]s|study|evaluations?|observations?)"
    r"|(?:the |these |experimental |empirical )*(?:results?|experiments?|findings?)"
    r"(?: (?:on|in|of|with) [^,]{1,60}?)?)\s+"
    r"(?:(?:also|further|then|empirically|experimentally|clearly)\s+)*"
    r"(?:find|found|show|shows|showed|observe|observed|demonstrate|demonstrates|demonstrated|report|reported|note"
    r"|see|suggest|suggests|suggested|indicate|indicates|indicated|reveal|reveals|revealed|confirm|confirms"
    r"|confirmed|conclude|concluded|discover|discovered|argue|prove)\s+(?:that\s+)?",
    re.I,
)
_DEICTIC = re.compile(
    r"\b(?:we|our|ours|us|proposed|novel)\b"
    r"|\b(?:this|these|the (?:new|present|resulting)) (?:\w+ )?(?:methods?|models?|approach(?:es)?|systems?|works?"
    r"|papers?|study|frameworks?|techniques?|datasets?|corpus|corpora|resources?|algorithms?|architectures?"
    r"|strateg(?:y|ies)|procedures?|results?|improvements?)\b|^(?:it|they|this|these|its|their)\b"
    r"|\bsuch an?\b|^all (?:data|code|models?|resources)|\bmade (?:\w+ )?available\b|^the (?:former|latter)\b"
    r"|^the (?:models?|methods?|systems?|approach|datasets?|corpus|results?)\b",
    re.I,
)
_HYPOTHETICAL = re.compile(
    r"\?\s*$|\b(?:whether|hypothesi[sz]e|hypothesis|if we|would|aim(?:s|ed|ing)? (?:to|at)|suppose|assume|hopefully"
    r"|tasked with|attempts? to|(?:our|the) (?:goal|aim|objective)s? (?:is|are|was)"
    r"|we (?:ask|hope|investigate|explore|study|examine|determine|analy[sz]e|assess|test))\b",
    re.I,
)
# "predicts whether a paper is accepted" names a task and leaves nothing open.
_JUDGES_WHETHER = re.compile(
    r"\b(?:predict|classif|detect|decid|identif|judg|recogni[sz])\w*\s(?:\w+\s)?whether\b", re.I
)
_CITATION = re.compile(r"\s*\((?:[^()]*\b(?:19|20)\d\d[a-z]?\b[^()]*)\)|\s*\[\d[\d,\s–-]*\]")
_CITED_AUTHOR = re.compile(r"[A-Z][a-z]+|et al|[a-z]\.\s")
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been|being)\s+(?:\w+ly\s+)?$")
_CLAUSE_END = re.compile(
    r"[;:]|,\s+(?=(?:and|but|or|while|whereas|although|though|which|with|thus)\b)|\b(?:but|while|whereas|although)\b"
)


@dataclass(frozen=True, eq=False)
class AnalysedText:
    """Analysis of one text.

    Args:
        words: Content stems, for overlap.
        names: Names as written, in one spelling.
        terms: Terms with their places; `keys` are their keys, `topic` those that say what it is about.
        facts: Its numbers with what each belongs to.
        slots: Typed names of the whole text.
        direction: 1 up, -1 down, 0 where none or both are asserted; `denied` by a negation; `hinge` is the stem of that
            word, `subject` and `object` the content stems before and behind it in its clause.
    """

    text: str
    words: frozenset[str]
    names: frozenset[str]
    conditions: frozenset[str]
    terms: tuple[TextTerm, ...]
    keys: frozenset[str]
    topic: frozenset[str]
    facts: tuple[Fact, ...]
    slots: Slots
    direction: int
    denied: bool
    hinge: str
    subject: frozenset[str]
    object: frozenset[str]
    sides: tuple[frozenset[str], frozenset[str]]
    comparative: Comparative | None
    superlatives: tuple[Superlative, ...]
    negated: bool
    deictic: bool
    hypothetical: bool
    hedged: bool
    mentions: tuple[Mention, ...] = field(default=(), repr=False)


def read(text: str, lexicon: Lexicon | None = None) -> AnalysedText:
    """Read a text once; at most its first 5,000 characters. `lexicon`: the packaged one unless another is given."""
    return _read(text[:MAX_CHARACTERS], lexicon or load_lexicon())


@lru_cache(maxsize=50_000)
def _read(text: str, lexicon: Lexicon) -> AnalysedText:
    core = _CITATION.sub(_without_author, _FRAME.sub("", text.strip(), count=1))
    known = analysed(core, lexicon)
    mentions, words = known.mentions, known.words
    core_terms = terms(core, mentions)
    keys = frozenset(t.key for t in core_terms)
    way, denied, hinge, before, after = _asserted(core)
    named = entities(core, mentions)
    return AnalysedText(
        text=core,
        words=words,
        names=names(_canonical(core, mentions)),
        conditions=words & CONDITIONS,
        terms=core_terms,
        keys=keys,
        topic=frozenset(k for k in keys if k not in LIGHT and k[0] not in "+-"),
        facts=facts(known, core_terms, named),
        slots={kind: frozenset(n for n, _ in placed) for kind, placed in named.items()},
        direction=way,
        denied=denied,
        hinge=hinge,
        subject=frozenset(content_words(before)),
        object=frozenset(content_words(after)),
        sides=(names(before), names(after)) if hinge in COMPARATIVES else (frozenset(), frozenset()),
        comparative=comparative(core, core_terms),
        superlatives=superlatives(core, core_terms),
        negated=known.negated,
        deictic=bool(_DEICTIC.search(core)),
        hypothetical=bool(_HYPOTHETICAL.search(_JUDGES_WHETHER.sub(" ", core))),
        hedged=known.hedge is Hedge.POSSIBLE,
        mentions=mentions,
    )


def _without_author(match: re.Match[str]) -> str:
    """Take a citation out, but keep a bracket that only dates something: "(2000–2002)"."""
    return "" if "[" in match.group() or _CITED_AUTHOR.search(match.group()) else match.group()


def _canonical(core: str, mentions: tuple[Mention, ...]) -> str:
    """Spell models and data sets as in the lexicon, so that two names of one thing are one name."""
    for m in reversed(mentions):
        if m.kind in ("model", "dataset") or (m.kind == "language" and m.text.islower()):
            core = core[: m.start] + m.name + core[m.end :]
    return core


def _asserted(core: str) -> tuple[int, bool, str, str, str]:
    """Return direction, denial, hinge, text before and behind it; direction 0 when the text has none or both."""
    hinges = [
        (match.start(), match.end(), word, 1 if word in UP else -1)
        for match in re.finditer(r"[^\W\d_]+", core)
        if (word := stem(match.group())) in UP or word in DOWN
    ]
    if not hinges or len({way for *_, way in hinges}) > 1:
        return 0, False, "", "", ""
    start, end, word, way = hinges[0]
    begin = max((match.end() for match in _CLAUSE_END.finditer(core, 0, start)), default=0)
    stop = _CLAUSE_END.search(core, end)
    clause = core[begin:start]
    near = " ".join(clause.split()[-5:])
    denied = negated(near) or bool(re.match(r"\s+(?:no|not|neither)\b", core[end:]))
    after = core[end : stop.start() if stop else None]
    if _PASSIVE.search(clause) and re.match(r"\s+by\b", after):  # "A was outperformed by B": B outperforms A
        clause, after = after, clause
    return way, denied, word, clause, after


def share(part: frozenset[str], whole: frozenset[str]) -> float:
    """Return how much of `part` is in `whole`, 0 to 1; 0 when `part` is empty."""
    return len(part & whole) / len(part) if part else 0.0
