"""One sentence as the stance rules see it: words, names, conditions, numbers and the direction it asserts."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from synth.text import RANGE, Quantity, content_words, names, negated, quantities, stem

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

_LISTS = tomllib.loads(files("synth.evidence").joinpath("words.toml").read_text(encoding="utf-8"))
CONDITIONS, UP, DOWN, COMPARATIVES = (
    frozenset(stem(word) for word in _LISTS[name].split()) for name in ("conditions", "up", "down", "comparatives")
)


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
    quantities: tuple[Quantity, ...]
    ranges: bool  # prints a range, which is no single quantity
    direction: int
    denied: bool
    hinge: str
    subject: frozenset[str]
    object: frozenset[str]
    sides: tuple[frozenset[str], frozenset[str]]  # the names in subject and object
    negated: bool
    deictic: bool
    hypothetical: bool


@lru_cache(maxsize=50_000)
def read(text: str) -> Sentence:
    """`text` parsed once; at most its first 5,000 characters."""
    text = text[:5_000]
    core = _CITATION.sub("", _FRAME.sub("", text.strip(), count=1))
    words = frozenset(content_words(core))
    way, denied, hinge, before, after = _asserted(core)
    return Sentence(
        text=text,
        words=words,
        names=names(core),
        conditions=words & CONDITIONS,
        quantities=quantities(core),
        ranges=bool(RANGE.search(core)),
        direction=way,
        denied=denied,
        hinge=hinge,
        subject=frozenset(content_words(before)),
        object=frozenset(content_words(after)),
        sides=(names(before), names(after)),
        negated=negated(core),
        deictic=bool(_DEICTIC.search(core)),
        hypothetical=bool(_HYPOTHETICAL.search(core)),
    )


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
