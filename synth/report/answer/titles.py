"""A title from a research question, by a few rules of English; where none is sure, the question itself.

A question that asks what one thing does to another becomes "Effect of X on Y"; one that names what it asks for
("What is the role of …") becomes that name. What is longer than a title should be loses its articles first, then the
fewest phrases at the end of X or Y. A phrase that would turn the sense ("without …") is never dropped.
"""

from __future__ import annotations

import re
from itertools import product

MAX_WORDS = 16  # words of a derived title
QUESTION = 500  # characters of a question that is looked at; a longer one is a text

# Verbs between a cause and what it acts on. Those of the second line are nouns as well: "price limits", "the impact".
VERBS = (
    "affect|influence|impact|modulate|moderate|mediate|mitigate|reduce|lower|decrease|degrade|increase|improve|raise|"
    "enhance|shape|determine|alter|alleviate|strengthen|weaken|cause|hurt|harm|boost|change|limit|help|drive|accelerate|"
    "slow|prevent|hinder|facilitate|lead to|result in|contribute to"
)
# Of these, the ones that are nothing but verbs: a second one in Y means that Y was not understood.
ONLY_VERBS = (
    "affect|modulate|mediate|mitigate|reduce|degrade|improve|enhance|determine|alter|alleviate|strengthen|weaken|"
    "prevent|hinder|facilitate|outperform|become|are|is|was|were|does|do"
)
VERB = rf"(?:(?:help (?:to )?)?(?:{VERBS})(?: (?:and|or) (?:{VERBS}))?)"
ASKED = r"(?:does|do|did|can|could|will|would|may|might)"
OPENING = rf"(?:(?:how|how well|how much|how strongly|to what extent|to what degree|by how much) )?{ASKED}"
ADVERB = r"(?:(?:\w+ly|also|still|always|ever|really|actually) )?"
NAMED = (
    "effects?|impacts?|influences?|roles?|relation|relations|relationships?|association|associations|correlations?|"
    "links?|connection|costs?|prevalence|contribution|importance|limits|limitations|benefits|advantages|consequences|"
    "causes|determinants|drivers|trade-?offs?|differences?|state of the art|accuracy|performance|robustness|potential"
)
QUALITIES = {
    "accurate": "Accuracy", "effective": "Effectiveness", "efficient": "Efficiency", "reliable": "Reliability",
    "robust": "Robustness", "safe": "Safety", "common": "Prevalence", "prevalent": "Prevalence",
    "multilingual": "Multilinguality", "transferable": "Transferability", "fair": "Fairness", "stable": "Stability",
}  # fmt: skip
IS = r"(?:(?:how|how much|how strongly|to what extent) )?(?:is|are)"
WHAT = r"(?:what is|what are|is there|are there) (?:an? |the |any )?"
EFFECT = "Effect of {x} on {y}"
CHANGES = "improve|increase|decrease|degrade|decline|change|vary|grow|scale|drop"
BETTER = (
    "better|worse|faster|slower|easier|cheaper|stronger|weaker|"
    "(?:more|less) (?:accurate|effective|efficient|reliable|robust)"
)
# (pattern over the question without its mark, title). X and Y may be shortened, `rest` may not.
RULES = (
    (rf"{OPENING} (?P<x>.+?) {ADVERB}correlate (?:with|to) (?P<y>.+)", "Correlation of {x} with {y}"),
    (rf"{IS} (?P<x>.+?) {ADVERB}correlated with (?P<y>.+)", "Correlation of {x} with {y}"),
    (rf"{IS} (?P<x>.+?) {ADVERB}(?:associated with|linked to|related to) (?P<y>.+)", "Association of {x} with {y}"),
    (rf"{IS} (?P<y>.+?) {ADVERB}(?:affected|influenced|shaped|determined|limited|caused) by (?P<x>.+)", EFFECT),
    (rf"{OPENING} (?P<y>.+?) {ADVERB}(?:benefit|profit|suffer) from (?P<x>.+)", EFFECT),
    (rf"{OPENING} (?P<y>.+?) {ADVERB}(?:{CHANGES}) with (?P<x>.+)", EFFECT),
    (rf"{OPENING} (?P<x>.+?) {ADVERB}depend on (?P<y>.+)", "Dependence of {x} on {y}"),
    (rf"{OPENING} (?P<x>.+?) {ADVERB}predict (?P<y>.+)", "Prediction of {y} from {x}"),
    (
        rf"{OPENING} (?P<x>(?!.*\b(?:{VERBS}) (?:[\w-]+ ){{0,3}}transfer).+?) {ADVERB}transfer to (?P<y>.+)",
        "Transfer of {x} to {y}",
    ),
    (rf"{OPENING} (?P<x>.+?) {ADVERB}generalize to (?P<y>.+)", "Generalization of {x} to {y}"),
    (rf"{OPENING} (?P<x>.+?) {ADVERB}generalise to (?P<y>.+)", "Generalisation of {x} to {y}"),
    (rf"{OPENING} (?P<x>.+?) {ADVERB}(?:outperform|surpass|beat) (?P<y>.+)", "Comparison of {x} with {y}"),
    (rf"{OPENING} (?P<x>.+?) compare (?:to|with|against) (?P<y>.+)", "Comparison of {x} with {y}"),
    (r"how (?:does|do) (?P<x>.+? and .+?) (?:compare|differ)(?P<rest>| (?:on|in|for) .+)", "Comparison of {x}{rest}"),
    (r"how (?:does|do) (?P<x>.+? and .+?) interact(?P<rest>| (?:on|in|during) .+)", "Interaction of {x}{rest}"),
    (rf"(?:is|are) (?P<x>.+?) (?:{BETTER}) than (?P<y>.+)", "Comparison of {x} with {y}"),
    (rf"{OPENING} (?P<x>.+?) {ADVERB}{VERB} (?P<y>.+)", EFFECT),
    (rf"{WHAT}(?P<noun>(?:\w+ )?(?:effects?|impacts?|influence)) of (?P<x>.+?) on (?P<y>.+)", "{noun} of {x} on {y}"),
    (rf"{WHAT}(?P<noun>(?:\w+ )?(?:{NAMED}) (?:of|between|in|for)) (?P<y>.+)", "{noun} {y}"),
    (r"what role (?:does|do) (?P<x>.+?) play (?P<rest>in .+)", "Role of {x} {rest}"),
    (
        r"what (?:factors|variables) (?P<noun>affect|influence|determine|predict|drive) (?P<y>.+)",
        "Factors That {noun} {y}",
    ),
    (rf"how (?P<quality>{'|'.join(QUALITIES)}) (?:is|are) (?P<y>.+)", "{quality} of {y}"),
)
SMALL = "a|an|the|and|or|but|nor|of|on|in|for|with|to|from|by|at|as|into|over|per|than|via|vs|when|between|within"
PRONOUNS = "we|you|one|i|it|they|he|she|this|these|those|there|us|them|people|someone|anyone"
# X that ends so is cut inside a clause ("a model that can | reduce …", "the | increase in …") or is no thing.
UNFINISHED = (
    rf"that|which|who|whom|can|could|may|might|will|would|should|must|to|not|{PRONOUNS}|a|an|the|of|in|on|for|with|by|"
    "at|from|and|or|as|no|any|more|less|its|their|our"
)
# Y that begins so belongs to another sentence than "X does something to Y".
OUTSIDE = rf"with|when|if|while|as|in|on|for|at|by|from|over|than|and|or|but|to|{PRONOUNS}|{ONLY_VERBS}|"
OUTSIDE += "influence|impact|harm|cause|drive|help"
# What a title may not hold: a comparison, a second clause, a negation.
ODD = (
    r"\b(?:more|less|fewer|greater) (?:than|or)\b|\bas (?:much|well|good) as\b|"
    r"\b(?:not|never|whether|faster|slower|easier)\b|n't\b|[;:]"
)
TURNING = r"\b(?:without|except|unless|not|instead|rather|no|but|despite|only)\b"
# Where a phrase begins that may be dropped from the end; what begins with one of CLAUSES is dropped whole.
PHRASES = (
    "in|on|for|with|within|across|between|under|during|among|over|via|by|through|at|after|before|against|including|"
    "such as"
)
CLAUSES = (
    "when|while|where|if|because|using|combining|based|gained|obtained|trained|fine-tuned|applied|compared|that|which"
)
HANGING = (
    r"\b(?:trained|tuned|based|compared|applied|used|gained|evaluated|tested|measured|due|according|relative|and|or|the|"
    r"a|an)$"
)
# What is left may not end so, nor inside a pair or a clause.
TORN = rf"{HANGING}|\b(?:between|both)\b(?!.*\band\b)|\s(?:{CLAUSES})\s"


def title_of(question: str) -> str:
    """Derive a title from a question: "Does A mitigate B?" → "Effect of A on B", in title case.

    Else the question as it stands.
    """
    text = " ".join(question.split())
    stem = text.rstrip("?？.!。 ")
    if len(stem) > QUESTION or re.search(r"[?？]|\. ", stem):  # a text, or more than one sentence
        return text
    for pattern, form in RULES:
        parts = _reading(pattern, stem)
        title = _shortened(form, parts) if parts else ""
        if title:
            return title_case(title)
    return text


def _reading(pattern: str, stem: str) -> dict[str, str]:
    """Return the first way to read the question by the pattern in which the parts are whole; {} if there is none.

    What looks like the verb may be a noun ("price limits"), so the first part is tried at every length.
    """
    shortest = 1
    while match := re.fullmatch(pattern.replace(".+?", f".{{{shortest},}}?", 1), stem, re.I):
        if _whole(match.groupdict()):
            return match.groupdict()
        first = next(name for name in match.groupdict() if name in ("x", "y"))
        shortest = len(match[first]) + 1
        if ".+?" not in pattern:
            break
    return {}


def _whole(parts: dict[str, str]) -> bool:
    """Return True if X and Y are things, each in one piece."""
    x, y = parts.get("x", "thing"), parts.get("y", "thing")
    if any(re.search(rf"\b(?:{UNFINISHED})$|{HANGING}", part, re.I) for part in (x, y)):
        return False
    if any(re.match(rf"(?:{PRONOUNS})\b", part, re.I) or re.search(ODD, part, re.I) for part in (x, y)):
        return False
    return not re.match(rf"(?:{OUTSIDE}) ", y, re.I) and not re.search(rf"\b(?:{ONLY_VERBS})\b", y, re.I)


def _shortened(form: str, parts: dict[str, str]) -> str:
    """Return the title in at most MAX_WORDS words: as it is, without leading articles, or with the fewest phrases
    dropped, rather from X than from Y. "" where that is not enough.
    """
    whole = form.format(**parts)
    if len(whole.split()) <= MAX_WORDS:
        return whole
    bare = {name: re.sub(r"^(?:the|an?) ", "", part, flags=re.I) for name, part in parts.items()}
    titles = []
    for x, y in product(_shorter(bare.get("x", "")), _shorter(bare.get("y", ""))):
        title = form.format(**(bare | {"x": x, "y": y}))
        if len(title.split()) <= MAX_WORDS:
            cut_x, cut_y = x != bare.get("x", ""), y != bare.get("y", "")
            titles.append((cut_x + cut_y, cut_y, -len(title.split()), title))
    return min(titles)[-1] if titles else ""


def _shorter(part: str) -> list[str]:
    """Return `part`, and what is left of it when it ends before one of the phrases in it."""
    forms = [part]
    for match in re.finditer(rf"\s(?=(?:{PHRASES}|{CLAUSES})\s)", part, re.I):
        before, dropped = part[: match.start()], part[match.start() :]
        torn = before.count("(") != before.count(")") or re.search(TORN, before, re.I)
        if not torn and not re.search(TURNING, dropped, re.I):
            forms.append(before.rstrip(","))
    return forms


def title_case(text: str) -> str:
    """Capitalise the first and last word and all but small words; words that carry capitals keep theirs."""
    words = text.split()
    last = len(words) - 1
    return " ".join(_cased(word, i in (0, last)) for i, word in enumerate(words))


def _cased(word: str, outer: bool) -> str:
    quality = QUALITIES.get(word.lower())
    if outer and quality:
        return quality
    if not outer and re.fullmatch(SMALL, word, re.I):
        return word.lower()
    # Each part of a hyphenated word: "zero-shot" → "Zero-Shot", "XTREME-R" stays.
    return "-".join(part if any(map(str.isupper, part)) else part[:1].upper() + part[1:] for part in word.split("-"))
