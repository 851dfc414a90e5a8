"""Numerals of a text that are quantities: those of names, labels, dates, years and citations are left out. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from synth.quantities.numerals import Numeral, in_digits, in_words
from synth.quantities.units import MEASURE, UNIT
from synth.text.lexicon import Mention

_DIGIT = re.compile(r"\d")
# A reference to a part of the paper, a version, a hyperparameter's letter: "Table 3", "k = 5", "version 2".
_LABEL = re.compile(
    r"(?<![A-Za-z])(?:(?:table|tab|figure|fig|section|sec|equation|eq|chapter|layer|epoch|step|version|row|column|algorithm"
    r"|example|page|phase|stage|task|track|subtask|experiment|group|cohort|arm|trial|round|footnote|line|grade|type|part"
    r"|question|day|week)s?|§|appendix|appendices|no\.|number|rq|k|n|p|top)\.?\s?\(?[=<>≤≥]?\s?$",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?:^|[\s(,/-])[A-Z][A-Za-z]*[A-Z]+\s$")
_BARE = re.compile(r"\s(?!%|percent|points?\b|[kMB]\b)[a-z(=]|[.,;)]?(?:\s|$)")
_HEADING = re.compile(r":(?:\s|$)")
_LISTED = re.compile(r"\s?(?:,|and|or|/|&|,\s?and|,\s?or)\s?")
_FREQUENCY = re.compile(r"\s?(?:times|x)\s(?:daily|weekly|monthly|a\s|per\s|each\s)", re.I)
_LETTER = re.compile(r"[=<>]\s?$")
_ONE_LETTER = re.compile(r"(?<![A-Za-z])(?![rRpPρτκα]\s?=)[A-Za-z]\s?=\s?$")
_MODIFIER = re.compile(r"-(?!points?\b|fold\b|percent|pts?\b)[a-zA-Z]|(?:st|nd|rd|th)\b|[a-zA-Z]")
# "MultiWOZ 2.1", "SQuAD 2.0"
_VERSIONED = frozenset({"dataset", "corpus", "model", "task"})
_VERSION = re.compile(r"\s(?:v\.?\s?)?[0-9]\.[0-9](?!\d|\s?%|\spoints?\b|\s[A-Z0-9]{2,}\b)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR_COUNTED = re.compile(r"\s?(?:%|points?\b|[a-z]{3,}[^u\W]s\b)")
CUT_OFF = re.compile(r"@\s?\[[^\[\]]{1,20}\]")
CITED = re.compile(r"\[\d+(?:\s?[,;–-]\s?\d+)*\]")
YEARS = re.compile(r"\b(?:1[5-9]|20)\d\d\s?(?:[-–/]|to|and|through)\s?(?:(?:1[5-9]|20)?\d\d)\b(?!\s?%)")
_OLD_YEAR = re.compile(r"1[5-8]\d\d")
_IN_YEAR = re.compile(r"\b(?:in|since|until|year|circa|the)\s$", re.I)
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_DAY = r"(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
# Points in time are no quantities: "April 11, 2014", "16 May", "2020-01-03", "9:45 a.m.", "the 1840's".
DATE = re.compile(
    rf"\b(?:{_DAY}\s(?:of\s)?)?{_MONTH}(?:\s{_DAY}(?![\d%]|[.,]\d|\s?%))?(?:,?\s(?:1\d|20)\d\d\b)?"
    r"|\b\d{1,4}\s?(?P<dash>[/.-])\s?\d{1,2}\s?(?P=dash)\s?(?:\d{4}|\d\d)\b(?![.,]?\d)"
    r"|\b(?:[01]?\d|2[0-4])[:.][0-5]\d\s?(?:[ap]\.\s?m\.|[ap]m\b)|\b(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?\b"
    r"|\b1?\d\s?(?:[ap]\.\s?m\.|[ap]m\b)"
    r"|\b(?:1\d|20)?\d0['’]?s\b|\b\d+\s(?:BCE?|CE|AD)\b"
)


def name_spans(text: str, mentions: Sequence[Mention]) -> list[tuple[int, int]]:
    """Return the spans of names with digits in them, and of the versions behind names: "MultiWOZ 2.1"."""
    inside = [(m.start, m.end) for m in mentions if any(c.isdigit() for c in m.text)]
    return inside + [(m.end, v.end()) for m in mentions if m.kind in _VERSIONED and (v := _VERSION.match(text, m.end))]


def countable_numerals(text: str, limit: int) -> list[Numeral]:
    """Return the numerals of a text that may be quantities, at most `limit` in digits."""
    numerals: list[Numeral] = []
    label = 0
    if _DIGIT.search(text):
        for numeral in in_digits(text):
            if len(numerals) >= limit:
                break
            # "cohorts 1 and 2": what is listed after a label is one.
            labelled = numeral.step == 1 and bool(_LISTED.fullmatch(text, label, numeral.start)) and label > 0
            if labelled or _in_name(text, numeral):
                label = numeral.end
            elif not _is_year(text, numeral):
                numerals.append(numeral)
    words = [
        n
        for n in in_words(text)
        if (n.form != "word" or n.value != 1 or _one_counts(text, n)) and not _FREQUENCY.match(text, n.end)
    ]
    return sorted(numerals + words, key=lambda n: (n.start, -n.end))


def _one_counts(text: str, numeral: Numeral) -> bool:
    """Return True if "one" is a number: a pronoun or article far more often than a count."""
    return bool(
        re.match(
            r"\s(?:percentage\s|percent\s|[A-Z][\w-]*\s|accuracy\s)?points?\b|\sper\scent\b|\spercent\b|-fold",
            text[numeral.end : numeral.end + 24],
        )
    )


def _in_name(text: str, numeral: Numeral) -> bool:
    start = numeral.digits
    # Windows, not the whole rest: a long list of numbers must not cost its square.
    before, after = text[max(0, start - 24) : start], text[numeral.end : numeral.end + 24]
    if re.match(r"[.,]\d", after):
        return True
    if before and before[-1] in "-–−" and len(before) > 1 and (before[-2].isalpha() or before[-2] == ")"):
        return True
    if before and before[-1] in "@#/^_v" and not (before[-1] == "/" and before[-2:-1].isdigit()):
        return True
    if _ONE_LETTER.search(before[-6:]) or (_NAMED.search(before[-12:]) and numeral.step == 1 and _BARE.match(after)):
        return True
    if _FREQUENCY.match(after):
        return True
    if numeral.step == 1 and numeral.value < 20 and before[-2:-1].isalpha() and _HEADING.match(after):
        return True  # "Adverse events 2:" is a heading
    if _LABEL.search(before[-16:]) and not UNIT.match(after):
        word = re.search(r"[\w§@]+\.?\s?\(?[=<>≤≥]?\s?$", before[-16:])
        if word and (len(re.sub(r"[\s(]", "", word.group())) > 1 or _LETTER.search(before[-3:])):
            return True
    return bool(_MODIFIER.match(after)) and not UNIT.match(after) and (after[:1] == "-" or not MEASURE.match(after))


def _is_year(text: str, numeral: Numeral) -> bool:
    digits = text[numeral.digits : numeral.end]
    if _OLD_YEAR.fullmatch(digits):
        after = text[numeral.end : numeral.end + 24]
        return bool(_IN_YEAR.search(text[max(0, numeral.start - 8) : numeral.start])) and not (
            _YEAR_COUNTED.match(after) or UNIT.match(after) or MEASURE.match(after)
        )
    if not _YEAR.fullmatch(digits):
        return False
    before = text[max(0, numeral.start - 8) : numeral.start].rstrip()
    return not _YEAR_COUNTED.match(text[numeral.end : numeral.end + 24]) or before.endswith(
        ("in", "since", "of", "from", "until", "by", "year")
    )
