"""Noun phrases around an event: what was treated, what it was compared with. Text as printed, never completed."""

from __future__ import annotations

import re

from synth.claims.text import CLEAR_VERBS, FINITE, tokens
from synth.claims.words import AUXILIARIES, FINDING_FORMS, METHOD_FORMS, NOUN_OR_VERB, PREPOSITIONS
from synth.lexicon import Lexicon, Mention

MAX_PHRASE = 18  # words; a longer "noun phrase" is a reading error of ours

LEAD = re.compile(
    r"(?:\w{3,}ly,\s+|(?:however|moreover|furthermore|in addition|additionally|finally|first|second|third|secondly|"
    r"thirdly|lastly|"
    r"specifically|in particular|particularly|notably|interestingly|surprisingly|overall|in general|generally|"
    r"importantly|indeed|also|again|hence|thus|therefore|consequently|as a result|for example|for instance|similarly|"
    r"in contrast|by contrast|on the other hand|conversely|in fact|in summary|in conclusion|to summarize"
    r"|more precisely|"
    r"not surprisingly|unsurprisingly|remarkably|crucially|besides|meanwhile|likewise|then|concretely"
    r"|further|empirically|"
    r"experimentally|and|but|while|whereas|although|though|yet|that|still|nevertheless|nonetheless|i\.e\.|"
    r"on average|as expected|in our experiments|in our analysis)\b\s?,?\s*)",
    re.IGNORECASE,
)
LEAD_PHRASE = re.compile(
    r"(?:on|in|for|with|using|when|by|after|under|at|across|compared|evaluating|applying|based|as|trained"
    r"|given|among|of|"
    r"from|through|via|despite|unlike|like|over|to|without|during|within|even|if|because|since|due|adding"
    r"|training|contrasting|contrary|beyond|concerning|regarding|following|similar|consistent|considering|comparing"
    r"|besides|alongside|aside|starting|building|inspired|relative|according|upon|where|throughout|depending)\b",
    re.IGNORECASE,
)
GERUND = re.compile(r"(?:evaluating|applying|using|employing|adopting|utilizing)\s+", re.IGNORECASE)
GERUND_SUBJECT = re.compile(r"(?:evaluating|applying|using|training|adding|employing)\b", re.IGNORECASE)
STOP = (
    r"(?:on|in|for|across|over|with|by|while|when|where|than|compared|which|that|at|to|as|under|even|despite|using|"
    r"achieving|reaching|obtaining|yielding|"
    r"because|since|but|is|are|was|were|be|has|have|including|respectively|both|without|if|whereas|from|after|before|"
    r"among|through|via|throughout|while|so|thus|not|can|could|will|may)\b"
)
BASELINE_END = re.compile(
    rf"[,;:()]|\s+(?:and|or)\s+(?=(?:we|it|they|the|is|are|has|achieves?)\b)|\s+{STOP}|(?<!\bal)\.(?:\s|$)"
)
SOURCE_END = re.compile(
    r"[,;:()]|\s+(?:on|for|across|over|while|when|where|than|compared|which|that|as|even|under|respectively"
    r"|whereas|and\s+(?:we|it|is))"
    r"\b|\.(?:\s|$)"
)
OVER = re.compile(
    r"\b(?:(?:up)?on (?=(?:the |a |an |our |all )?(?:[\w-]+ ){0,3}(?:baselines?|state|previous|prior|existing)\b)|"
    r"(?:over|compared (?:to|with)|in comparison (?:to|with)|relative to|against|with respect to|versus"
    r"|vs\.|than)\s+)",
    re.IGNORECASE,
)
NO_BASELINE = re.compile(
    r"(?:all|both|each|every|several|many|multiple|time|the course|various|different|\d+|one|two|three"
    r"|four|five|six|seven|"
    r"eight|nine|ten)\b",
    re.IGNORECASE,
)
CLOSE = re.compile(r"[,;:()]|\.(?:\s|$)")
ITEM = re.compile(r"(?:,\s*(?:and|or|&)?|\s(?:and|or|&))\s+")
ENUMERATION = re.compile(r"\((?:i{1,3}|iv|v|vi|[1-9]|[a-e])\)\s*")
ELSEWHERE = re.compile(r",|\b(?:when|if|where|while|as|and)\b")
SOURCE = re.compile(
    # "languages that are distant from English" names no cause.
    r"(?<!distant )(?<!different )(?<!far )(?<!away )"
    r"\b(?:from|with|by|through|when using|using|thanks to|due to)\s+(?![+−~≈-]?\d|about |around |up to |an average"
    r"|a (?:[\w-]+ )?(?:margin|factor)|approximately|nearly|almost|more than|over |only )"
)
NAME = r"[A-Z][\w.+*-]*(?: v?\d[\d.]*)?"
NAMES = re.compile(rf"\b{NAME}(?:,\s{NAME}){{0,12}},?\s(?:and|or|nor)\s{NAME}(?=[\s,.]|$)")


# No noun phrase begins or ends so: a piece of the sentence around it was caught.
NO_START = (PREPOSITIONS - {"over", "under", "both"}) | {"and", "or", "but", "not"}
NO_END = frozenset({"even", "and", "or", "but", "that", "which", "also", "not", "to", "of", "the", "a"})


PLURALS = frozenset({"sizes", "prizes", "exercises", "noises", "premises"})


def trimmed(phrase: str) -> str:
    phrase = re.sub(r"\s+neither$", "", phrase.strip(" ,;:—–.\"“”'"))
    first = r"^(?:both|either|neither|that)\s+" if re.search(r"\s(?:and|or|nor)\s", phrase) else r"^(?:neither|that)\s+"
    return re.sub(first, "", phrase, flags=re.IGNORECASE)


def is_phrase(phrase: str) -> bool:
    """Short enough and without a finite verb of its own."""
    words = phrase.split()
    if not words or len(words) > MAX_PHRASE or phrase.count("(") != phrase.count(")"):
        return False
    listed = [t.word for t in tokens(phrase)]
    if listed[0] in NO_START or listed[-1] in NO_END or "also" in listed:
        return False
    if len(listed) > 1 and any(w in ("we", "they", "it", "i") for w in listed):
        return False
    return not any(w in CLEAR_VERBS or (w.endswith(("izes", "ises")) and w not in PLURALS) for w in listed)


def after_finding(text: str) -> str:
    """What follows "we find that", "we show on two data sets that": the finding itself."""
    cut = 0
    listed = tokens(text)
    for i, token in enumerate(listed):
        if token.word not in FINDING_FORMS or token.start < cut:
            continue
        reach = 25 if i + 1 < len(listed) and listed[i + 1].word in PREPOSITIONS else 4
        window = [t.word for t in listed[i + 1 : i + 1 + reach]]
        if "that" in window:
            cut = listed[i + 1 + window.index("that")].end
    found = text[cut:].strip()
    if "and that " in found:
        found = found.rsplit("and that ", 1)[1]
    return found


def without_opening(text: str) -> str:
    """ "However, in addition, X improves" → "X improves"."""
    for _ in range(3):
        text = LEAD.sub("", text, count=1) if LEAD.match(text) else text
    return text


def subject(before: str) -> tuple[str, str]:
    """(noun phrase, introductory phrase) of the text in front of a verb; each empty if it cannot be told."""
    text = re.split(r"[:.!?]\s+(?=[A-Z])|: ", after_finding(before.strip()))[-1]  # a caption is several sentences
    text = without_opening(text)
    lead = ""
    if GERUND_SUBJECT.match(text) and text.endswith(","):
        text = text.split(", ", 1)[0]  # "Applying X to Y, the two tasks that …, yields": an insertion, no introduction
    elif LEAD_PHRASE.match(text) and "," in text:
        lead, text = _lead(text)
    if re.search(r",\s+which$", text):
        return "", lead  # of the whole clause as often as of its last noun
    text = re.sub(r"\s+(?:that|which)\s+we\s+[a-z]+$", "", text)  # "the corpus that we collected"
    if text.endswith(",") and (insertion := re.match(r"(.{3,80}?)\s+(?:that|which|who)\s", text)):
        text = insertion[1]  # "a model that has been trained on X, achieves"
    relative = re.search(r"^(.*?)\s+(?:that|which|who)\s*$", text)
    if relative:
        text = _last_phrase(relative[1])
    appositive = re.match(
        r"(.*?),\s+(?:the|an?|which|who|where|i\.e\.|our|when|if|even|as|although|including|with|such)\s", text
    )
    if appositive and appositive[1]:
        text = appositive[1]
    text = trimmed(re.sub(r"\s*\([^()]{0,200}\)\s*$", "", text))
    return (text if is_phrase(text) else ""), lead


def head_subject(before: str) -> str:
    """The subject in front of the first verb: "XLM-R performs well on Swahili, improving …" → "XLM-R"."""
    text = after_finding(before.strip())
    text = LEAD.sub("", text, count=1) if LEAD.match(text) else text
    for token in tokens(text):
        if token.word in FINITE and token.word not in NOUN_OR_VERB | {"trained", "based", "proposed", "fine-tuned"}:
            return subject(text[: token.start])[0]
    return ""


def _lead(text: str) -> tuple[str, str]:
    """Cut "On XNLI, our model" at the comma that ends the introduction: the last one that a short subject follows."""
    parts = text.split(", ")
    for at in range(1, len(parts)):
        rest = ", ".join(parts[at:])
        if re.match(r"(?:and|or)\s", rest) or (at + 1 < len(parts) and re.match(r"(?:and|or)\s", parts[at + 1])):
            continue
        return ", ".join(parts[:at]), LEAD.sub("", rest, count=1) if LEAD.match(rest) else rest
    return "", text


def _last_phrase(text: str) -> str:
    """The noun phrase that a relative clause hangs on: what follows the last verb of the authors ("we propose …")."""
    cut = 0
    listed = tokens(text)
    for i, token in enumerate(listed):
        own = {"we", "i", "paper", "work", "study"} & {t.word for t in listed[max(0, i - 3) : i]}
        clear = token.word in CLEAR_VERBS and token.word not in AUXILIARIES
        if clear or token.word in ("shows", "show") or (own and token.word in METHOD_FORMS):
            cut = token.end
    return text[cut:].strip()


def is_list(pieces: list[str], lexicon: Lexicon) -> bool:
    return all(bool(lexicon.mentions(p)) or re.match(r"(?:[A-Z]|(?:the|an?|our)\s)", p) for p in pieces)


def noun_phrases(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The noun phrase at the head of `text`; several if it is an evident list of names or is enumerated (i), (ii)."""
    markers = list(ENUMERATION.finditer(text))
    # One marker alone: the sentence was cut, or the second stands behind what ends the search.
    if markers and markers[0].start() < 80:
        ends = [m.start() for m in markers[1:]] + [len(text)]
        items = [re.sub(r"[\s,;]+(?:and|or)?\s*$", "", text[m.end() : e]) for m, e in zip(markers, ends, strict=True)]
        return tuple(p for p in (trimmed(i) for i in items) if is_phrase(p))
    # "than transferring from other languages": a gerund keeps its own prepositions.
    gerund = re.match(r"(?!existing|competing|remaining|leading|underlying|preceding|strong)[a-z]{3,}ing\s", text)
    end = (SOURCE_END if gerund else BASELINE_END).search(text, 1)
    if end and end.group().strip() == "that":  # "methods that use more data": the clause tells which methods
        end = CLOSE.search(text, 1)
    head = text[: end.start()] if end else text
    pieces = [p for p in ITEM.split(head) if p]
    rest = text[len(head) :]
    # "XLM, mBERT and XLM-R on XNLI": the comma ended the head; the list goes on as long as names follow.
    while head and (
        match := re.match(rf"(?:,\s*(?:and|or)?|\s(?:and|or))\s+((?:the |our )?{NAME}(?:\s[a-z-]+)?)", rest)
    ):
        if re.search(r"\b(?:we|which|while|and)\b", match[1]):
            break
        pieces.append(match[1].strip())
        rest = rest[match.end() :]
    if len(pieces) > 1 and is_list(pieces, lexicon):
        return tuple(dict.fromkeys(p for p in (trimmed(p) for p in pieces) if is_phrase(p)))
    whole = trimmed(head)
    empty = re.match(r"(?:it|them|this|that|those|these|before)$|(?:and|or)\b", whole)
    return (whole,) if is_phrase(whole) and not empty else ()


def distributed(phrase: str, lexicon: Lexicon) -> tuple[str, ...]:
    """ "training on A, B and C" → "training on A", "training on B", "training on C"; a single phrase stays whole."""
    match = NAMES.search(phrase)
    if not match:
        return (phrase,)
    items = [i for i in re.split(r",?\s(?:and|or|nor)\s|,\s", match.group()) if i]
    known = [lexicon.mentions(i) for i in items]
    kinds = {m[0].kind for m in known if m}
    if not kinds & {"dataset", "model", "task", "treatment"}:
        return (phrase,)
    return tuple(phrase[: match.start()] + item + phrase[match.end() :] for item in items)


def baseline(after: str, lexicon: Lexicon, *, direct: bool) -> tuple[tuple[str, ...], tuple[int, int]]:
    """What the event was compared with and its span in `after`. `direct`: the verb's own object is the baseline."""
    if direct:
        found = noun_phrases(after.lstrip(), lexicon)
        start = len(after) - len(after.lstrip())
    else:
        match = next((m for m in OVER.finditer(after) if not NO_BASELINE.match(after, m.end())), None)
        if match is None:
            return (), (0, 0)
        start = match.end()
        found = noun_phrases(after[start:], lexicon)
    mentions = lexicon.mentions(" ".join(found))
    if not direct and mentions and all(m.kind in ("dataset", "language") for m in mentions):
        return (), (0, 0)  # "over XNLI": where, not what against
    end = max((after.find(p, start) + len(p) for p in found), default=start)
    return found, (start, max(start, end))


def source(region: str, skip: tuple[int, int]) -> tuple[str, tuple[int, int]]:
    """ "improvements from X", "benefits with X": the phrase that names what brought the change."""
    for match in SOURCE.finditer(region):
        if ELSEWHERE.search(region[: match.start()]):
            break
        if skip[0] <= match.start() < skip[1]:
            continue
        end = SOURCE_END.search(region, match.end())
        phrase = (
            trimmed(region[match.end() : end.start() if end else len(region)])
            .removesuffix(" alone")
            .removesuffix(" only")
        )
        if is_phrase(phrase):
            return phrase, (match.start(), end.start() if end else len(region))
    return "", (0, 0)


def gerund_object(phrase: str) -> tuple[str, str]:
    """ "applying X to Y" → ("X", "Y"); other phrases come back whole with no object."""
    match = GERUND.match(phrase)
    if not match:
        return phrase, ""
    inner = phrase[match.end() :]
    applied = re.match(r"(.*?)\s+(?:to|on|for)\s+((?!each\b|every\b).*)$", inner)
    if phrase.lower().startswith(("applying", "evaluating")) and applied:
        return trimmed(applied[1]), applied[2]
    return trimmed(inner), ""


def within(mention: Mention, span: tuple[int, int]) -> bool:
    return span[0] <= mention.start < span[1]
