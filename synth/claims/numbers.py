"""Numbers and quantities in English scientific prose.

A number is read as it is printed: thousands separators (`1,104,934`, `1.104.934`, `1 104 934` with no-break or at
least two plain spaces), decimal comma before a per cent sign or a unit, number words up to ninety-nine, `k`, `M`,
`million`. Digits that are part of a name ("BERT-12", "Table 3", "CoNLL-2003", a year in brackets) are no quantities.
All patterns are free of nested repetition, so that reading is linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from synth.claims.words import APPROXIMATE, split

SPACES = "\u00a0\u202f\u2009"
DIGITS = (
    rf"\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d{{1,3}}(?:[{SPACES}]\d{{3}})+|\d{{1,3}}(?: \d{{3}}){{2,}}"
    r"|\d{1,3}(?:\.\d{3}){2,}|\d+,\d{1,2}(?=\s?(?:%|points?\b|percent\b))|\d+\.\d+|\d+|\.\d+"
)
NUMBER = re.compile(
    rf"(?<![\w.,])(?P<sign>[+\-−–±]|[~≈∼]\s?)?(?P<digits>{DIGITS})(?P<scale>\s?(?:million|billion"
    rf"|thousand)\b|[kKMB]\b)?"
)
SMALL = split(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
TENS = {w: 10 * n for n, w in enumerate(split("twenty thirty forty fifty sixty seventy eighty ninety"), start=2)}
SCALES = {"k": 1e3, "K": 1e3, "thousand": 1e3, "M": 1e6, "million": 1e6, "B": 1e9, "billion": 1e9}
TENFOLD = rf"(?:{'|'.join(TENS)})(?:-(?:{'|'.join(SMALL[1:10])}))?"
WORDED = re.compile(
    rf"\b(?:{TENFOLD}|{'|'.join(sorted(SMALL[1:], key=len, reverse=True))})\b"
    r"(?P<scale>\s(?:hundred|thousand|million|billion))?",
    re.IGNORECASE,
)
UNIT = re.compile(
    r"\+?\s?(?:-?\s?(?:(?:absolute|relative|average|avg\.?)\s)?(?:"
    r"(?P<points>percentage[\s-]points?|percent[\s-]points?|%[\s-]?points?|points?\b|pts?\b|pp\b|p\.p\.)"
    r"|(?P<percent>%|percent\b|per\scent\b)"
    r"|(?P<times>times\b|×|[xX]\b|-?fold\b)))"
)
CHANGE_WORD = re.compile(r"\b(absolute|relative)(?:ly)?\b", re.IGNORECASE)
LABEL = re.compile(
    r"(?<![A-Za-z])(?:tables?|figures?|figs?\.?|sections?|sec\.|§|equations?|eqs?\.?|appendix|appendices"
    r"|chapter|layers?|epochs?|steps?|version|"
    r"steps?|rows?|columns?|algorithm|example|page|phase|stage|task|track|subtask|experiment|no\.|k|n|p"
    r"|top)\s?[=<>≤≥]?\s?$",
    re.IGNORECASE,
)
MODIFIER = re.compile(r"-(?!points?\b|point\b|fold\b|percent)[a-zA-Z]|(?:st|nd|rd|th)\b|[a-zA-Z]")
SPREAD = re.compile(rf"\s?(?:±|\+/-|\\pm)\s?({DIGITS})")


@dataclass(frozen=True)
class Quantity:
    """One number with its unit. `value` is None for a range, whose ends are `low` and `high`.

    With `changed`, "from `low` to `high`" was said and `value` is the difference, rounded to the printed decimals.
    `unit` is "points", "%", "times", "" (none printed). `approximate` is the printed word ("up to"), else "".
    """

    value: float | None
    unit: str
    start: int
    end: int
    text: str
    approximate: str = ""
    spread: str = ""
    low: float | None = None
    high: float | None = None
    changed: bool = False
    relative: str = ""  # "absolute" | "relative" where said
    signed: bool = False
    worded: bool = False


def parse_number(digits: str, scale: str = "") -> float:
    """The value of one printed number ("1,104,934", "5,4" before a unit, ".5"); `scale` as in "5.4" "M"."""
    text = digits
    for space in (*SPACES, " "):
        text = text.replace(space, "")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        text = text.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", text):
        text = text.replace(".", "")
    elif "," in text:
        text = text.replace(",", ".")
    return round(float(text) * SCALES.get(scale.strip(), 1), 9)


def parse_word(words: str) -> float:
    """The value of a number word: "nine", "twenty-five", "two hundred"."""
    head, _, scale = words.lower().partition(" ")
    total = 0
    for part in head.split("-"):
        total += TENS[part] if part in TENS else SMALL.index(part)
    return float(total * {"": 1, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}[scale.strip()])


def _in_name(text: str, match: re.Match[str]) -> bool:
    start = match.start("digits")
    # Windows, not the whole rest: a long list of numbers must not cost its square.
    before, after = text[max(0, start - 24) : start], text[match.end() : match.end() + 24]
    if re.match(r"[.,]\d", after):
        return True
    if before and before[-1] in "-–−" and len(before) > 1 and before[-2].isalpha():
        return True
    if before and before[-1] in "@#/^_=v":
        return True
    if LABEL.search(before[-16:]) and not re.match(r"\s?(?:%|points?\b|percent|times\b)", after):
        word = re.search(r"[\w§@]+\.?\s?[=<>≤≥]?\s?$", before[-16:])
        if word and (len(word.group().strip()) > 1 or re.search(r"[=<>]", before[-3:])):
            return True
    return bool(MODIFIER.match(after)) and not UNIT.match(after)


def _is_year(text: str, match: re.Match[str]) -> bool:
    digits = match.group("digits")
    if not re.fullmatch(r"(?:19|20)\d\d", digits) or match.group("scale"):
        return False
    return not re.match(r"\s?(?:%|points?\b|[a-z]{3,}[^u\W]s\b)", text[match.end() : match.end() + 24]) or text[
        max(0, match.start() - 8) : match.start()
    ].rstrip().endswith(("in", "since", "of", "from", "until"))


def _approximate(before: str, sign: str) -> str:
    if sign and sign in "~≈∼":
        return sign
    tail = before.rstrip().lower()
    for word in APPROXIMATE:
        if tail.endswith(word) and (not word[0].isalpha() or not tail[: -len(word)][-1:].isalpha()):
            return word
    return ""


def _unit(text: str, end: int) -> tuple[str, int]:
    match = UNIT.match(text, end)
    if not match:
        return "", end
    kind = "points" if match["points"] else "%" if match["percent"] else "times"
    return kind, match.end()


def _digit_quantities(text: str) -> list[Quantity]:
    found = []
    for match in NUMBER.finditer(text):
        if _in_name(text, match) or _is_year(text, match):
            continue
        sign = (match["sign"] or "").strip()
        glued = sign in ("-", "–", "−") and text[match.start() - 1 : match.start()].isdigit()
        value = parse_number(match["digits"], match["scale"] or "")
        if sign in ("-", "−", "–") and not glued:
            value = -value
        end = match.end()
        spread = ""
        if spread_match := SPREAD.match(text, end):
            spread, end = spread_match[1], spread_match.end()
        unit, end = _unit(text, end)
        change = CHANGE_WORD.search(text[max(0, match.start() - 12) : end + 12])
        start = match.start("digits") if glued else match.start()
        approximate = _approximate(text[max(0, start - 24) : start], sign)
        found.append(
            Quantity(
                value,
                unit,
                start,
                end,
                text[start:end].strip(),
                approximate=approximate,
                spread=spread,
                relative=change[1].lower() if change else "",
                signed=sign in ("+", "-", "−") and not glued,
            )
        )
    return found


def _word_quantities(text: str) -> list[Quantity]:
    found = []
    for match in WORDED.finditer(text):
        if text[max(0, match.start() - 1) : match.start()] == "-" or re.match(
            r"-(?!fold|point)[a-zA-Z]", text[match.end() : match.end() + 6]
        ):
            continue
        unit, end = _unit(text, match.end())
        if match.group().lower() == "one" and not unit:
            continue  # a pronoun or article far more often than a count
        found.append(
            Quantity(
                parse_word(match.group()),
                unit,
                match.start(),
                end,
                text[match.start() : end],
                approximate=_approximate(text[max(0, match.start() - 24) : match.start()], ""),
                worded=True,
            )
        )
    return found


FROM = re.compile(r"\bfrom\s+(?:an?\s+|about\s+|around\s+)?$", re.IGNORECASE)
BETWEEN = re.compile(r"\bbetween\s+$", re.IGNORECASE)


def _decimals(quantity: Quantity) -> int:
    match = re.search(r"\.(\d+)", quantity.text)
    return len(match[1]) if match else 0


def _joined(text: str, first: Quantity, second: Quantity) -> Quantity | None:
    """`first` and `second` as one quantity if they are a range or a change from one to the other."""
    gap = text[first.end : second.start]
    before = text[max(0, first.start - 24) : first.start]
    if first.value is None or second.value is None or (first.unit and second.unit and first.unit != second.unit):
        return None
    is_from = FROM.search(before) and re.fullmatch(
        r"(?:\s[A-Za-z0-9-]{1,12}){0,2}\s?to\s(?:an?\s|about\s|around\s)?", gap
    )
    is_range = (
        bool(re.fullmatch(r"\s?(?:-|–)\s?", gap))
        or (gap.strip() == "to" and not is_from)
        or (gap.strip() == "and" and bool(BETWEEN.search(before)))
    )
    if not is_from and not is_range:
        return None
    unit = second.unit or first.unit
    span = replace(
        second,
        start=first.start,
        text=text[first.start : second.end],
        unit=unit,
        low=first.value,
        high=second.value,
        value=None,
        approximate=first.approximate or second.approximate,
    )
    if is_from:
        places = max(_decimals(first), _decimals(second))
        return replace(span, value=round(second.value - first.value, places), changed=True)
    return span


def quantities(text: str) -> tuple[Quantity, ...]:
    """Every quantity of `text` in order; a unit printed once after a list ("8.2, 7.5, and 7.0 points") goes to all."""
    found = sorted(_digit_quantities(text) + _word_quantities(text), key=lambda q: q.start)
    merged: list[Quantity] = []
    for quantity in found:
        if merged and quantity.start < merged[-1].end:
            continue
        if merged and merged[-1].low is None and (joined := _joined(text, merged[-1], quantity)):
            merged[-1] = joined
        else:
            merged.append(quantity)
    for at in range(len(merged) - 2, -1, -1):
        here, after = merged[at], merged[at + 1]
        if not here.unit and after.unit and listed(text, here, after):
            merged[at] = replace(here, unit=after.unit)
    return tuple(merged)


LIST_GAP = re.compile(r"\s?(?:,|and|or|/|&|,\s?and|,\s?or)\s?(?:by )?")


def listed(text: str, first: Quantity, second: Quantity) -> bool:
    """Whether two neighbouring quantities are members of one list."""
    return bool(LIST_GAP.fullmatch(text[first.end : second.start]))
