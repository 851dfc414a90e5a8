"""Reading numbers, names, content words and negation out of an English sentence. Pure; no stage's own knowledge."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

_STOP = """
a about above after again all also an and any are as at be been being between both but by can could did do does
doing during each for from further furthermore had has have having he hence her here however i if in into is it
its itself let may might more moreover most much must of on once one only or other our ours over own same she
should so some such than that the their them themselves then there therefore these they this those through thus
to too under until up upon us using used use very was we were what when where whereas which while who whom why
will with within would you your via per et al etc e.g i.e eg ie e g
"""
STOP_WORDS = frozenset(_STOP.split())

# Units and scales belong to a number, not to what a sentence is about.
_UNITS = "point points percent percentage thousand million billion times"
_WITHOUT_CONTENT = STOP_WORDS | frozenset(_UNITS.split())

# Prefixes that are written with a hyphen, a space or neither: "cross-lingual" is "crosslingual".
_JOINED = re.compile(r"\b(cross|multi|mono|bi|pre|post|fine|zero|few|non|sub|re|semi|un|inter)-(?=[a-z])", re.I)
_HYPHENED_NAME = re.compile(r"\b(\w*[A-Z]\w*)-(?=[A-Z0-9])")
_WORD = re.compile(r"[^\W_]+(?:['’][a-z]+)?")
_SUFFIX = re.compile(r"-(?:scores?|based|like|style|only|macro|micro|measure|trained|tuned|specific)$")
_NAME = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*(?:['’]\d\d\b)?")
_YEAR = re.compile(r"(?:19|20)\d\d")

NEGATION = re.compile(
    r"\b(?:not|no|never|neither|nor|none|cannot|without|hardly|barely|unable|fails?|failed|failing|little"
    r"|lacks?|absence)\b|n['’]t\b",
    re.I,
)
# "not only … but also" and "no less than" assert what they seem to deny.
_SHAM_NEGATION = re.compile(r"\bnot (?:only|just|merely)\b|\bno (?:less|fewer) than\b|\bnot to mention\b", re.I)

# Where a data set of citing sentences has taken the citation out: "[<|cit|>,7]", "(<|multi_cit|>)".
_CITATION_MARK = re.compile(r"[\[(]?\s*(?:<\|(?:multi_|other_)?cit\|>)[,\d–\s;-]*[\])]?")


def without_citation_marks(sentence: str) -> str:
    """`sentence` with single blanks and without the marks that stand in the place of citations."""
    return re.sub(r"\s+([.,;])", r"\1", re.sub(r"\s+", " ", _CITATION_MARK.sub("", sentence))).strip()


def stem(word: str) -> str:
    """A word without its inflection, roughly: enough to match "improves" with "improved", not a true stem."""
    word = word.casefold().replace("’", "'").removesuffix("'s")
    for ending, rest in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word.removesuffix(ending) + rest
            break
    else:
        return word.removesuffix("e") if len(word) > 4 else word
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
        return word[:-1]
    return word.removesuffix("e") if len(word) > 4 else word


def content_words(text: str) -> tuple[str, ...]:
    """Stems of the words that carry meaning, in order, without stop words, negation and bare numbers."""
    words = _WORD.findall(_HYPHENED_NAME.sub(r"\1", _JOINED.sub(r"\1", text)))
    return tuple(
        stem(word)
        for word in words
        if word.casefold() not in _WITHOUT_CONTENT and not word[0].isdigit() and not NEGATION.fullmatch(word)
    )


def names(text: str) -> frozenset[str]:
    """Words written like names (XLM-R, SQuAD, Tatoeba, German), folded to one spelling: "XLM-R" is "xlmr". A
    year is one too: the shared task of 2017 is not that of 2018.

    The first word of a sentence counts only when something besides its first letter marks it as a name.
    """
    text = re.sub(r"\b(?:[Mm]ultilingual[- ]|[Mm]-)(?=BERT\b)", "m", text).replace("XLM-RoBERTa", "XLM-R")
    found = set()
    for match in _NAME.finditer(text):
        word = match.group()
        first = not text[: match.start()].strip(" \"'“‘([") or bool(re.search(r"[.!?:]\s+$", text[: match.start()]))
        inner = word[1:]
        marked = any(c.isupper() for c in inner) or (any(c.isdigit() for c in word) and any(c.isalpha() for c in word))
        if _YEAR.fullmatch(word):
            found.add(word)
        elif (marked or (word[0].isupper() and not first and len(word) > 1)) and not _is_ordinary(word):
            word = _SUFFIX.sub("", word)
            found.add(re.sub(r"[-.'’]", "", word).casefold())
    return frozenset(found)


def _is_ordinary(word: str) -> bool:
    """Words whose capital or digit says nothing: references to parts of a paper, ordinals, "15-way" and the like."""
    return bool(
        re.fullmatch(r"(?i)(?:table|tab|figure|fig|section|sec|appendix|equation|eq|we|our|the|this)s?", word)
        or re.fullmatch(r"(?i)\d+(?:st|nd|rd|th|k|m|b|x|gb|tb)?(?:-[a-z]+)*", word)
    )


def negated(text: str) -> bool:
    """Whether `text` denies something."""
    return bool(NEGATION.search(_SHAM_NEGATION.sub(" ", text)))


# ---------------------------------------------------------------------------------------------- numbers


@dataclass(frozen=True)
class Quantity:
    """A number as a sentence prints it.

    `unit` is "%", "points", "times", "count" (a whole number of `nouns`) or "" (a bare score). `step` is the size of
    the last printed digit, so that 1.1 million has a step of 100,000. `change`: the number is a difference
    ("by 2.1", "+2.1", "a gain of 2.1"), not a level. `bound` is ">", "<", "~" or "".
    """

    value: float
    unit: str
    step: float
    change: bool
    bound: str
    nouns: frozenset[str]
    start: int
    end: int

    def same_value(self, other: Quantity) -> bool:
        """Equal as far as the coarser of the two is printed."""
        return abs(self.value - other.value) <= max(self.step, other.step) / 2 * (1 + 1e-9)


_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "b": 1e9, "billion": 1e9}
_SPELT = {
    w: n
    for n, w in enumerate(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], start=2
    )
}
_NUMBER = re.compile(
    r"(?<![\w.,/^_–−-])(?P<sign>[+\-−–±~≈]\s?)?"
    r"(?:(?P<digits>\d{1,3}(?:[,\u00a0\u2009\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"|(?P<spelt>(?i:" + "|".join(_SPELT) + r"))\b)"
    r"(?:(?P<scale>[kKMB](?![\w-]|\.\d)|[\s-](?:thousand|million|billion)\b))?"
    r"(?P<unit>\s?%(?:\s(?:absolute|relative|accuracy)?\s?points?)?|\s(?:percent|per cent)\b(?!age)"
    r"|[\s-](?:(?:absolute|percentage|relative|[A-Z][A-Za-z0-9]*|accuracy)\s){0,2}(?:points?|pts?|pp)\b"
    r"|\s?[x×](?!\w)|[\s-]?(?:times|folds?)\b)?"
    r"(?![\w^/]|[.,]\d|\s?[−–-]\s?\d)"
)
# Ranges ("20–25%", "22 to 33%") are no single quantity.
RANGE = re.compile(
    r"\d\s?%?\s?[−–-]\s?\d+(?:\.\d+)?\s?(?:%|points?|pp)|\d%?\s+to\s+\d|\bbetween\s+\d[\d.,]*%?\s+and\s+\d", re.I
)
_NOT_A_QUANTITY = re.compile(
    r"(?:\b(?:tables?|tab|figures?|figs?|sections?|sec|eqs?|equations?|appendix|chapter|footnote|steps?|phases?|page"
    r"|algorithm|line|layers?|version|week|day|subtask|track|grade|type|part|question|rq|and table)\.?\s?\(?"
    r"|[§#=]\s?|\bp\s?[<>=≤]\s?|\d\s?[-–±]\s?|[:/]\s?)$",
    re.I,
)
_BRACKETED = re.compile(r"\[[\d,;\s–-]+\]")
_CHANGE_BEFORE = re.compile(
    r"(?:\b(?:improv(?:e[sd]?|ing)|gain(?:s|ed|ing)?|(?:de|in)creas(?:e[sd]?|ing)|drop(?:s|ped|ping)?|los(?:es?|t|ing))"
    r"|\bby(?: (?:an?|the))?(?: (?:average|mean|total|further|additional|relative|absolute|margin))*(?: of)?"
    r"|\b(?:improvements?|gains?|increases?|boosts?|drops?|decreases?|reductions?|differences?|margins?|declines?"
    r"|degradations?|loss(?:es)?)(?: in [^,.;]{1,30}?)? of|\+)"
    r"(?: (?:up to|over|about|around|nearly|almost|at least|more than|roughly|approximately|~))?\s?$",
    re.I,
)
_CHANGE_AFTER = re.compile(
    r"^\s?(?:absolute |relative |average |overall )?"
    r"(?:[A-Za-z0-9]+ )?(?:improvements?|gains?|increases?|boosts?|drops?|decreases?|reductions?"
    r"|(?:better|worse|higher|lower|more|less|fewer|above|below|over|faster|slower|smaller|larger)\b)",
    re.I,
)
_LISTED = re.compile(r"\s*(?:,|,?\s*and|,?\s*or|/)\s*")
_AND = re.compile(r"[^.;:\d]{0,60}(?:,|\band|/|\bor)\s*")  # "15.7% on Swahili and 11.4%"
_BOUNDS = (
    (">", re.compile(r"(?:more than|over|at least|above|greater than|exceeding|>|≥|upwards? of)\s?$", re.I)),
    (
        "<",
        re.compile(r"(?:less than|fewer than|up to|at most|under|below|<|≤|as (?:many|much|high) as)\s?$", re.I),
    ),
    (
        "~",
        re.compile(r"(?:about|around|approximately|roughly|nearly|almost|close to|some|circa|~|≈)\s?$", re.I),
    ),
)


def quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers of `text` that measure or count something, in order.

    Left out: years, references to tables and sections, citation numbers, p-values, numbers inside names and
    versions, and the ends of ranges.
    """
    masked = _BRACKETED.sub(lambda match: " " * len(match.group()), text[:20_000])
    found = [q for match in _NUMBER.finditer(masked) if (q := _quantity(masked, match)) is not None]
    for i in range(len(found) - 2, -1, -1):  # "8.2, 7.5 and 7.0 points": all three are points
        if _LISTED.fullmatch(masked, found[i].end, found[i + 1].start):
            found[i] = _like_next(found[i], found[i + 1])
    for i in range(1, len(found)):  # "gains of 8.2, 7.5 and 7.0": all three are changes
        joined = found[i - 1].unit == found[i].unit and _AND.fullmatch(masked, found[i - 1].end, found[i].start)
        if found[i - 1].change and joined:
            found[i] = replace(found[i], change=True)
    return tuple(q for q in found if q.unit != "count" or q.nouns)  # a bare whole number counts nothing


def _like_next(left: Quantity, right: Quantity) -> Quantity:
    """A list member with the unit that is printed once, at the end of the list."""
    if left.unit == "" or (left.unit == "count" and not left.nouns):
        return replace(left, unit=right.unit, nouns=right.nouns)
    return left


def _quantity(text: str, match: re.Match[str]) -> Quantity | None:
    before, after = text[max(0, match.start() - 60) : match.start()], text[match.end() : match.end() + 80]
    if _NOT_A_QUANTITY.search(before) or (match["sign"] or "").startswith("±"):
        return None
    spelt, digits = match["spelt"], match["digits"]
    value = float(_SPELT[spelt.casefold()]) if spelt else float(re.sub(r"[^\d.]", "", digits))
    decimals = len(digits.partition(".")[2]) if digits else 0
    scale = _SCALES[match["scale"].strip(" -").casefold()] if match["scale"] else 1.0
    nouns = _counted(after) if decimals == 0 or match["scale"] else frozenset()
    unit = _unit(match["unit"] or "", whole=decimals == 0 or scale > 1)
    sign = (match["sign"] or "").strip()
    if unit in ("", "count") and not match["scale"] and _is_label(text, match, value, decimals, after):
        return None
    bound = next((mark for mark, pattern in _BOUNDS if pattern.search(before + sign)), "")
    change = bool(_CHANGE_BEFORE.search(before + sign)) or bool(_CHANGE_AFTER.search(after))
    step = scale * 10.0**-decimals
    return Quantity(value * scale, unit, step, change, bound, nouns, match.start(), match.end())


def _unit(printed: str, *, whole: bool) -> str:
    printed = printed.strip(" -").casefold()
    if not printed:
        return "count" if whole else ""
    if printed.endswith(("point", "points", "pt", "pts", "pp")):
        return "points"
    if printed.startswith(("%", "per")):
        return "%"
    return "times"


def _is_label(text: str, match: re.Match[str], value: float, decimals: int, after: str) -> bool:
    """Whether a number without a unit is a year, a version or part of a name."""
    year = decimals == 0 and 1950 <= value <= 2099 and "," not in match.group()
    previous = re.search(r"([^\W_]+)\s$", text[max(0, match.start() - 30) : match.start()])
    follows_name = previous is not None and sum(c.isupper() for c in previous[1]) >= 2
    return year or (follows_name and value < 10 and not match["spelt"]) or after.startswith(("'", "’", "th "))


def _counted(after: str) -> frozenset[str]:
    """Stems of the words right behind a number that say what is counted: "9 target tasks" → target, task."""
    run = re.match(r"(?:[\s-]?[^\W\d_]+(?:-[^\W\d_]+)*){1,5}", after)
    nouns: list[str] = []
    for word in _WORD.findall(_JOINED.sub(r"\1", run.group())) if run else []:
        if word.casefold() in STOP_WORDS or len(nouns) == 4:
            if word.casefold() == "of" and not nouns:
                continue
            break
        nouns.append(stem(word))
    return frozenset(nouns)


def telling_digits(value: float) -> int:
    """Significant digits of `value` when printed shortest: 7 → 1, 8.2 → 2, 1104934 → 7. Few digits agree by chance."""
    if value == 0 or not math.isfinite(value):
        return 1
    return len(f"{abs(value):.10g}".replace(".", "").strip("0")) or 1
