"""Rewritings of a sentence of a paper: made weaker, turned into its contrary, or said of something else.

Rules over words, so every result is a sentence that the rule can vouch for only roughly; what comes of it is measured
(docs/stance.md). All functions take the random generator that chooses where there is a choice, and give None where
a sentence offers nothing to change.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from synth.text.lexicon import Lexicon

Rewrite = Callable[[str, random.Random], str | None]

_FRAME = re.compile(
    r"^(?:[A-Z][a-z]+(?:ly)?, |In (?:this|our) (?:paper|work|study|article), )?"
    r"(?:we|our (?:\w+ )?(?:results?|experiments?|findings?|analys[ie]s|study|evaluations?)|(?:the |these "
    r"|experimental |empirical |extensive )*(?:results?|experiments?|findings?)(?: on [^,]{1,50})?) "
    r"(?:also |further |then |empirically )?(?:find|found|show|shows|showed|observe|observed|demonstrate|demonstrates"
    r"|demonstrated|report|indicate|indicates|indicated|reveal|reveals|revealed|confirm|confirms|conclude|argue) that ",
    re.IGNORECASE,
)
_OPENING = re.compile(r"^(?:[A-Z][a-z]+ly|However|Moreover|Furthermore|In addition|Besides|Thus|Hence|Therefore), ")
_BRACKET = re.compile(r" \([^()]*\)")
_CLAUSE = re.compile(
    r", (?:which|while|whereas|although|though|thus|leading|resulting|suggesting|indicating|making) .*$"
)
_PLACE = re.compile(r" (?:on|across|for|in|over|using|under|compared (?:to|with)|when|by using) [^,;]{3,80}$")
_AMOUNT = re.compile(
    r" by (?:up to |about |around |more than |over |at least |an average of |a margin of )?[+-]?\d[\d.,]*\s?"
    r"(?:%|percent|(?:absolute |percentage |BLEU |F1 )*points?|BLEU|F1)?(?: on average)?(?=[\s,.;])"
)
_SUBORDINATE = re.compile(r"^(?:while|although|though|when|if|in|by|to|since|because|for|with|given|as|unlike)\b", re.I)
_FRAGILE = re.compile(r"\b(?:not|no|only|never|all|every|most|best|worst|first|without|fails?|neither)\b|n't\b", re.I)

_OPPOSITES = (
    ("improves", "degrades"),
    ("improve", "degrade"),
    ("improved", "degraded"),
    ("improving", "degrading"),
    ("improvement", "degradation"),
    ("improvements", "degradations"),
    ("increases", "decreases"),
    ("increase", "decrease"),
    ("increased", "decreased"),
    ("increasing", "decreasing"),
    ("higher", "lower"),
    ("better", "worse"),
    ("more", "less"),
    ("larger", "smaller"),
    ("faster", "slower"),
    ("stronger", "weaker"),
    ("easier", "harder"),
    ("outperforms", "underperforms"),
    ("outperform", "underperform"),
    ("outperformed", "underperformed"),
    ("effective", "ineffective"),
    ("beneficial", "harmful"),
    ("helps", "hurts"),
    ("help", "hurt"),
    ("positive", "negative"),
    ("similar", "different"),
    ("superior", "inferior"),
    ("sufficient", "insufficient"),
    ("possible", "impossible"),
    ("gains", "losses"),
    ("best", "worst"),
    ("highest", "lowest"),
    ("reduces", "increases"),
    ("reduce", "increase"),
    ("reducing", "increasing"),
    ("benefits", "suffers"),
    ("with", "without"),
    ("succeeds", "fails"),
    ("high", "low"),
    ("strong", "weak"),
    ("significantly", "hardly"),
    ("always", "never"),
)
_OTHER_WAY = dict(_OPPOSITES) | {b: a for a, b in _OPPOSITES if b not in ("increase", "increases")}
_TURN = re.compile(r"\b(?:" + "|".join(sorted(_OTHER_WAY, key=len, reverse=True)) + r")\b")
_AUXILIARY = re.compile(r"\b(is|are|was|were|can|could|will|would|should|has been|have been)\b(?! not\b)")
_DENIED = re.compile(r"\b(is|are|was|were|can|could|will|would|should|does|do|did) ?not ")
_VERBS = (
    "improve achieve outperform provide require show lead perform allow enable contain depend reduce yield "
    "capture generalize encode suffer affect correlate exceed"
).split()
_VERB = re.compile(r"\b(" + "|".join(f"{verb}s?" for verb in _VERBS) + r")\b")
_NUMBER = re.compile(r"(?<![\w.,-])((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?![\w,.-]*\d)(?=[\s%.,;)]|$)")
_COMPARED = re.compile(
    r"^(?P<one>[^,;]{3,80}?) (?P<verb>outperforms?|outperformed|surpass(?:es)?|exceeds?"
    r"|(?:is|are|was|were|performs?) (?:\w+ )?(?:better|worse|more \w+|higher|lower|larger|smaller|faster|slower) than)"
    r" (?P<other>[^,;]{3,60}?)(?P<rest>(?: (?:on|in|for|by|across|over|with|when) .*)?[.])$"
)


def statement(sentence: str, draw: random.Random) -> str | None:
    """Reduce a sentence to its statement: "We show that x." → "X."; "However, x." → "X."."""
    for pattern in (_FRAME, _OPENING):
        rest = pattern.sub("", sentence)
        if rest != sentence and len(rest.split()) > 4:
            return _begun(rest)
    return None


def weaker(sentence: str, draw: random.Random) -> str | None:
    """Leave out a bracket, an amount, a clause or the last circumstance: less than the sentence says."""
    options = [_BRACKET.sub("", sentence), _AMOUNT.sub("", sentence)]
    if not _SUBORDINATE.match(sentence):
        options.append(_CLAUSE.sub("", sentence))
        if not _FRAGILE.search(sentence):
            options.append(_PLACE.sub("", sentence))
    options = [_ended(o) for o in options if o != sentence and len(o.split()) > 5]
    return draw.choice(options) if options else None


def opposite(sentence: str, draw: random.Random) -> str | None:
    """Turn one word of direction or quality round."""
    found = list(_TURN.finditer(sentence))
    # "with" is everywhere and turning it seldom contradicts; it is taken where there is nothing else.
    told = [match for match in found if match.group() not in ("with", "without")] or found
    if not told or len(told) > 2:
        return None
    match = told[0]
    return sentence[: match.start()] + _OTHER_WAY[match.group()] + sentence[match.end() :]


def negation(sentence: str, draw: random.Random) -> str | None:
    """Put a "not" in, or take one out."""
    denied = _DENIED.search(sentence)
    if denied:
        helper = "" if denied.group(1) in ("does", "do", "did") else f"{denied.group(1)} "
        return sentence[: denied.start()] + helper + sentence[denied.end() :]
    match = _AUXILIARY.search(sentence)
    if match:
        first, _, rest = match.group().partition(" ")
        return sentence[: match.start()] + f"{first} not{' ' + rest if rest else ''}" + sentence[match.end() :]
    match = _VERB.search(sentence)
    if match:
        word = match.group()
        verb = word.removesuffix("s") if word not in _VERBS else word
        helper = "do not" if word == verb else "does not"
        return sentence[: match.start()] + f"{helper} {verb}" + sentence[match.end() :]
    return None


def other_number(sentence: str, draw: random.Random) -> str | None:
    """Exchange one of its numbers, printed alike, for another one."""
    found = [match for match in _NUMBER.finditer(sentence) if not re.fullmatch(r"(?:19|20)\d\d", match.group())]
    if not found:
        return None
    match = draw.choice(found)
    printed = match.group().replace(",", "")
    places = len(printed.partition(".")[2])
    step = max(float(printed) * draw.choice((0.08, 0.2, 0.5, 1.0)), 10.0**-places)
    value = float(printed) + step * draw.choice((-0.9, 1.0))
    text = f"{value:,.{places}f}" if "," in match.group() else f"{value:.{places}f}"
    return None if text == match.group() else sentence[: match.start()] + text + sentence[match.end() :]


def exchanged(sentence: str, draw: random.Random) -> str | None:
    """Exchange both sides: "A outperforms B." → "B outperforms A."."""
    match = _COMPARED.match(sentence)
    if not match:
        return None
    one = match["one"][0].lower() + match["one"][1:] if match["one"][:2].istitle() else match["one"]
    return _begun(f"{match['other']} {match['verb']} {one}{match['rest']}")


def possibility(sentence: str, draw: random.Random) -> str | None:
    """Turn a statement into a possibility: "improves" → "may improve", "is" → "may be"."""
    match = re.search(r"\b(is|are)\b(?! not)", sentence) or _VERB.search(sentence)
    if not match:
        return None
    word = match.group()
    verb = "be" if word in ("is", "are") else word if word in _VERBS else word.removesuffix("s")
    return sentence[: match.start()] + f"may {verb}" + sentence[match.end() :]


def of_another(lexicon: Lexicon) -> Rewrite:
    """State it of another data set, language, task, model or metric."""
    kinds = ("dataset", "language", "task", "model", "metric")
    listed = {kind: sorted(lexicon.names.get(kind, ())) for kind in kinds}

    def rewrite(sentence: str, draw: random.Random) -> str | None:
        mentions = [m for m in lexicon.mentions(sentence) if m.kind in kinds]
        if not mentions:
            return None
        m = draw.choice(mentions)
        others = [name for name in listed[m.kind] if name != m.name]
        return sentence[: m.start] + draw.choice(others) + sentence[m.end :] if others else None

    return rewrite


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ended(text: str) -> str:
    text = text.rstrip(" ,;")
    return text if text.endswith((".", "!", "?")) else text + "."
