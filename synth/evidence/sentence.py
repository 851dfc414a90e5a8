"""One sentence as the stance rules see it: words, names, conditions, numbers and the direction it asserts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from synth.evidence.facts import Fact, Slots, entities, facts
from synth.evidence.vocabulary import COMPARATIVES, CONDITIONS, DOWN, LIGHT, SPLIT_WORDS, UP
from synth.lexicon import Lexicon, Mention, load_lexicon
from synth.numbers import INTERVAL
from synth.text import content_words, names, negated, stem

__all__ = ["COMPARATIVES", "Sentence", "different_condition", "read", "same_order", "share"]

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
    r"|tasked with|in order to|attempts? to|goal|objective"
    r"|we (?:ask|hope|investigate|explore|study|examine|determine|compare|evaluate|analy[sz]e|assess|test))\b",
    re.I,
)
_CITATION = re.compile(r"\s*\((?:[^()]*\b(?:19|20)\d\d[a-z]?\b[^()]*)\)|\s*\[\d[\d,\s–-]*\]")
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been|being)\s+(?:\w+ly\s+)?$")
_CLAUSE_END = re.compile(
    r"[;:]|,\s+(?=(?:and|but|or|while|whereas|although|though|which|with|thus)\b)|\b(?:but|while|whereas|although)\b"
)

# "may improve" states a possibility.
_HEDGED = re.compile(r"\b(?:may|might|could|possibly|perhaps|presumably|conceivably)\b", re.I)
_SUPERLATIVE = re.compile(r"\b(?:best|worst|highest|lowest|largest|smallest|greatest|fastest|slowest|most \w+)\b", re.I)


@dataclass(frozen=True)
class Sentence:
    """`words`: content stems. `direction`: +1, -1 or 0 when none or several are asserted; `denied`: by a negation.

    `subject` and `object` are the content stems of its clause before and behind the word of direction, `hinge` is that
    word's stem.
    """

    text: str
    words: frozenset[str]
    names: frozenset[str]
    conditions: frozenset[str]
    facts: tuple[Fact, ...]  # its numbers
    slots: Slots  # its names by kind, as the lexicon writes them
    topic: frozenset[str]  # content stems without names, units, directions and verbs that say nothing
    direction: int
    denied: bool
    hinge: str
    subject: frozenset[str]
    object: frozenset[str]
    sides: tuple[frozenset[str], frozenset[str]]  # the names in subject and object
    negated: bool
    deictic: bool
    hypothetical: bool
    hedged: bool
    superlative: str  # "best", "largest" …; "" when there is none

    @property
    def ranges(self) -> bool:
        """Whether it prints a range, which is no single quantity."""
        return any(fact.is_range for fact in self.facts)


@lru_cache(maxsize=50_000)
def read(text: str, lexicon: Lexicon | None = None) -> Sentence:
    """`text` parsed once; at most its first 5,000 characters. `lexicon`: the packaged one unless another is given."""
    text = text[:5_000]
    core = _CITATION.sub("", _FRAME.sub("", text.strip(), count=1))
    lexicon = lexicon or load_lexicon()
    mentions = lexicon.mentions(core)
    named = entities(core, mentions)
    found = facts(core, mentions, named)
    words = frozenset(content_words(core))
    superlative = _SUPERLATIVE.search(core)
    way, denied, hinge, before, after = _asserted(core)
    return Sentence(
        text=text,
        words=words,
        names=names(_canonical(core, mentions)),
        conditions=words & CONDITIONS,
        facts=found,
        slots={kind: frozenset(n for n, _ in placed) for kind, placed in named.items() if placed},
        topic=_topic(core, mentions, found),
        direction=way,
        denied=denied,
        hinge=hinge,
        subject=frozenset(content_words(before)),
        object=frozenset(content_words(after)),
        sides=(names(before), names(after)),
        negated=negated(core),
        deictic=bool(_DEICTIC.search(core)),
        hypothetical=bool(_HYPOTHETICAL.search(core)),
        hedged=bool(_HEDGED.search(core)),
        superlative=superlative.group().casefold() if superlative else "",
    )


def _canonical(core: str, mentions: Sequence[Mention]) -> str:
    """`core` with models and data sets spelt as in the lexicon, so that two names of one thing are one name."""
    for m in reversed(mentions):
        if m.kind in ("model", "dataset") or (m.kind == "language" and m.text.islower()):
            core = core[: m.start] + m.name + core[m.end :]
    return core


def _topic(core: str, mentions: Sequence[Mention], found: Sequence[Fact]) -> frozenset[str]:
    letters = list(INTERVAL.sub(lambda match: " " * len(match.group()), core))
    for start, end in [(m.start, m.end) for m in mentions if m.kind != "treatment"] + [(f.start, f.end) for f in found]:
        letters[start:end] = " " * (end - start)
    counted = frozenset[str]().union(*(fact.nouns for fact in found))
    return frozenset(content_words("".join(letters))) - LIGHT - UP - DOWN - SPLIT_WORDS - counted


def _asserted(core: str) -> tuple[int, bool, str, str, str]:
    """Direction, denial, hinge word, text before and behind it; direction 0 when the sentence has none or both."""
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
    """How much of `part` is in `whole`, 0 to 1; 0 when `part` is empty."""
    return len(part & whole) / len(part) if part else 0.0


def same_order(claim: Sentence, passage: Sentence) -> bool:
    """Whether the names that both have come in the same order."""
    shared = list(claim.names & passage.names)
    return _order(claim.text, shared) == _order(passage.text, shared)


def _order(text: str, among: list[str]) -> list[str]:
    folded = re.sub(r"[-.'’]", "", text).casefold()
    return sorted(among, key=lambda name: (folded.find(name), name))


def different_condition(claim: Sentence, passage: Sentence) -> str:
    """What names and conditions the two do not share, in words; "" when they agree."""
    missing = sorted((claim.names - passage.names) | (claim.conditions - passage.conditions))
    extra = sorted((passage.names - claim.names) | (passage.conditions - claim.conditions))
    notes = [f"claim only: {', '.join(missing)}"] if missing else []
    notes += [f"passage only: {', '.join(extra)}"] if extra else []
    return "; ".join(notes)
