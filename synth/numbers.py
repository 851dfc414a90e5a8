"""Numbers and quantities in English scientific prose: the one parser that claims and evidence share. Pure.

A number is read as it is printed: thousands separators (`1,104,934`, `1.104.934`, `1'104'934`, `1 104 934` with
no-break or at least two plain spaces), decimal comma before a per cent sign or a unit, number words up to ninety-nine,
`k`, `M`, `million`, "twice", "doubles", "halved", "by a factor of 3". Digits that are part of a name ("BERT-12",
"Table 3", "CoNLL-2003", a year in brackets, a citation "[12]") and the ends of a confidence interval are no quantities.
All patterns are free of nested repetition, so that reading is linear in the length of the text.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

SPACES = "\u00a0\u202f\u2009"
# Units of measurement behind a number: spelling → (dimension, how many of the dimension's base unit one is).
MEASURES: dict[str, tuple[str, float]] = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), ("second", 1e-3)),
    **dict.fromkeys(("s", "sec", "second", "seconds"), ("second", 1.0)),
    **dict.fromkeys(("min", "minute", "minutes"), ("second", 60.0)),
    **dict.fromkeys(("h", "hour", "hours"), ("second", 3600.0)),
    **dict.fromkeys(("day", "days"), ("second", 86400.0)),
    **dict.fromkeys(("week", "weeks"), ("second", 604800.0)),
    # Months and years have no fixed number of days.
    **dict.fromkeys(("month", "months"), ("month", 1.0)),
    **dict.fromkeys(("year", "years"), ("month", 12.0)),
    **dict.fromkeys(("kB", "KB", "kilobytes"), ("byte", 1e3)),
    **dict.fromkeys(("MB", "megabyte", "megabytes"), ("byte", 1e6)),
    **dict.fromkeys(("GB", "gigabyte", "gigabytes"), ("byte", 1e9)),
    **dict.fromkeys(("TB", "terabyte", "terabytes"), ("byte", 1e12)),
    **dict.fromkeys(("µg", "μg", "mcg"), ("gram", 1e-6)),
    **dict.fromkeys(("mg", "milligram", "milligrams"), ("gram", 1e-3)),
    **dict.fromkeys(("g", "gram", "grams"), ("gram", 1.0)),
    **dict.fromkeys(("kg", "kilogram", "kilograms"), ("gram", 1e3)),
    **dict.fromkeys(("ml", "mL"), ("litre", 1e-3)),
    **dict.fromkeys(("l", "L", "litre", "litres", "liter", "liters"), ("litre", 1.0)),
    **dict.fromkeys(("mm",), ("metre", 1e-3)),
    **dict.fromkeys(("cm",), ("metre", 1e-2)),
    **dict.fromkeys(("km",), ("metre", 1e3)),
    "mmHg": ("mmHg", 1.0),
    "°C": ("°C", 1.0),
    **dict.fromkeys(("W", "watt", "watts"), ("watt", 1.0)),
    "kWh": ("kWh", 1.0),
    "Hz": ("hertz", 1.0),
    "kHz": ("hertz", 1e3),
    "GHz": ("hertz", 1e9),
}
_MEASURED = "|".join(re.escape(m) for m in sorted(MEASURES, key=len, reverse=True))
# "66MB" is a quantity, "5g" and "12h" are more often parts of names.
MEASURE = re.compile(rf"(?:[\s-](?:{_MEASURED})|(?:{'|'.join(m for m in MEASURES if 2 <= len(m) <= 4)}))(?![\w°])")
DIGITS = (
    rf"\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d{{1,2}}(?:,\d\d)+,\d{{3}}|\d{{1,3}}(?:['’]\d{{3}})+"
    rf"|\d{{1,3}}(?:[{SPACES}]\d{{3}})+|\d{{1,3}}(?: \d{{3}}){{2,}}"
    rf"|\d{{1,3}}(?:\.\d{{3}}){{2,}}|\d+,\d{{1,2}}(?=\s?(?:%|points?\b|percent\b|±|\s(?:{_MEASURED})\b))"
    r"|\d+\.\d+|\d+|\.\d+"
)
NUMBER = re.compile(
    rf"(?<![\w.,])(?P<sign>[+\-−–±]|[~≈∼]\s?)?(?P<digits>{DIGITS})(?P<scale>\s?(?:million|billion"
    rf"|thousand)\b|[kKMB]\b)?"
)
SMALL = tuple(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen".split()
)
TENS = {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)}
SCALES = {"k": 1e3, "K": 1e3, "thousand": 1e3, "M": 1e6, "million": 1e6, "B": 1e9, "billion": 1e9}
TENFOLD = rf"(?:{'|'.join(TENS)})(?:-(?:{'|'.join(SMALL[1:10])}))?"
WORDED = re.compile(
    rf"\b(?:{TENFOLD}|{'|'.join(sorted(SMALL[1:], key=len, reverse=True))})\b"
    r"(?P<scale>\s(?:hundred|thousand|million|billion))?",
    re.IGNORECASE,
)
# One word that says how many times.
FACTORS = {
    **dict.fromkeys(("twice", "doubles", "doubled", "doubling"), 2.0),
    **dict.fromkeys(("thrice", "triples", "tripled", "tripling"), 3.0),
    **dict.fromkeys(("quadruples", "quadrupled", "quadrupling"), 4.0),
    **dict.fromkeys(("halves", "halved", "halving"), 0.5),
}
FACTOR = re.compile(rf"\b(?:{'|'.join(FACTORS)})\b", re.IGNORECASE)
FACTOR_OF = re.compile(r"\bfactors? of\s(?:about\s|nearly\s|almost\s|up to\s)?$", re.IGNORECASE)
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
SPREAD = re.compile(rf"\s?(?:\(\s?)?(?:±|\+/-|\\pm|\(\s?(?:SD|s\.d\.|SE|std\.?)\s?[=:]?)\s?({DIGITS})\)?")
# What stands there says how sure a number is and is no number of its own.
INTERVAL = re.compile(
    r"[(\[,;]?\s?\b\d\d(?:\.\d)?\s?%[\s-](?:CI|confidence interval|credible interval)s?\b[^()\[\]]{0,60}", re.IGNORECASE
)
CITED = re.compile(r"\[\d+(?:\s?[,;–-]\s?\d+)*\]")

APPROXIMATE = (
    *("on average", "an average of", "as much as", "as many as", "more than", "less than", "fewer than", "up to"),
    *("at least", "at most", "close to", "approximately", "roughly", "around", "about", "nearly", "almost", "over"),
    *("under", "circa", "some", "only", "~", "≈", "∼", ">", "<", "≥", "≤"),
)
# What a word before a number leaves open.
BOUNDS = {
    **dict.fromkeys(("more than", "over", ">"), ">"),
    **dict.fromkeys(("at least", "≥"), "≥"),
    **dict.fromkeys(("less than", "fewer than", "under", "<"), "<"),
    **dict.fromkeys(("at most", "≤"), "≤"),
    **dict.fromkeys(("up to", "as much as", "as many as"), "max"),  # the largest of several
    **dict.fromkeys(("approximately", "roughly", "around", "about", "nearly", "almost", "close to", "circa"), "~"),
    **dict.fromkeys(("some", "~", "≈", "∼"), "~"),
}


@dataclass(frozen=True)
class Quantity:
    """One number with its unit. `value` is None for a range, whose ends are `low` and `high`.

    With `changed`, "from `low` to `high`" was said and `value` is the difference, rounded to the printed decimals.
    `unit` is "points", "%", "times", "" (none printed). `approximate` is the printed word ("up to"), else "".
    `measure` is a unit of measurement behind the number as printed ("ms", "MB"); it is not part of `text`. `step` is
    the size of the last printed digit: 1.1 million has a step of 100,000.
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
    measure: str = ""
    step: float = 1.0

    @property
    def bound(self) -> str:
        """What the printed word leaves open: ">", "≥", "<", "≤", "max" (the largest of several), "~" or ""."""
        return BOUNDS.get(self.approximate, "")

    def same_value(self, other: Quantity) -> bool:
        """Equal as far as the coarser of the two is printed; False where one is a range."""
        if self.value is None or other.value is None:
            return False
        return same(self.value, other.value, max(self.step, other.step))


def same(a: float, b: float, step: float) -> bool:
    """Whether two values print the same to a last digit of size `step`."""
    # A half may be rounded either way, and decimal fractions are not exact.
    return abs(a - b) <= step / 2 + 1e-9 * max(abs(a), abs(b), step)


def telling_digits(value: float) -> int:
    """Significant digits of `value` when printed shortest: 7 → 1, 8.2 → 2, 1104934 → 7. Few digits agree by chance."""
    if value == 0 or not math.isfinite(value):
        return 1
    return len(f"{abs(value):.10g}".replace(".", "").strip("0")) or 1


def parse_number(digits: str, scale: str = "") -> float:
    """The value of one printed number ("1,104,934", "5,4" before a unit, ".5"); `scale` as in "5.4" "M"."""
    text = digits
    for space in (*SPACES, " ", "'", "’"):
        text = text.replace(space, "")
    if re.fullmatch(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?", text):
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
    return bool(MODIFIER.match(after)) and not UNIT.match(after) and not MEASURE.match(after)


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


def _measure(text: str, end: int) -> str:
    match = MEASURE.match(text, end)
    return match.group().strip(" \t\n-") if match else ""


def _step(digits: str, scale: str) -> float:
    """Size of the last printed digit. A round number of thousands is taken as printed: 1,000 has a step of 1."""
    value = parse_number(digits)
    decimals = len(digits) - max(digits.rfind("."), digits.rfind(",")) - 1 if value % 1 or "." in digits else 0
    if value % 1 == 0 and re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", digits):
        decimals = 0
    return float(SCALES.get(scale.strip(), 1) * 10.0 ** -min(decimals, 12))


def _unit(text: str, end: int) -> tuple[str, int]:
    match = UNIT.match(text, end)
    if not match:
        return "", end
    kind = "points" if match["points"] else "%" if match["percent"] else "times"
    return kind, match.end()


def _digit_quantities(text: str, most: int) -> list[Quantity]:
    found: list[Quantity] = []
    for match in NUMBER.finditer(text):
        if len(found) >= most:
            break
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
        if not spread and (spread_match := SPREAD.match(text, end)):  # "84.5% ± 0.3"
            spread, end = spread_match[1], spread_match.end()
        if not unit and FACTOR_OF.search(text[max(0, match.start() - 32) : match.start()]):
            unit = "times"
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
                measure=_measure(text, end) if not unit else "",
                step=_step(match["digits"], match["scale"] or ""),
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
        if not unit and FACTOR_OF.search(text[max(0, match.start() - 32) : match.start()]):
            unit = "times"
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
                measure=_measure(text, end) if not unit else "",
            )
        )
    return found


def _factors(text: str) -> list[Quantity]:
    return [
        Quantity(
            FACTORS[m.group().lower()],
            "times",
            m.start(),
            m.end(),
            m.group(),
            approximate=_approximate(text[max(0, m.start() - 24) : m.start()], ""),
            worded=True,
        )
        for m in FACTOR.finditer(text)
    ]


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
        step=max(first.step, second.step),
    )
    if is_from:
        places = max(_decimals(first), _decimals(second))
        return replace(span, value=round(second.value - first.value, places), changed=True)
    return span


def quantities(text: str, most: int = 10_000) -> tuple[Quantity, ...]:
    """Every quantity of `text` in order; a unit printed once after a list ("8.2, 7.5, and 7.0 points") goes to all.

    Of numbers in digits the first `most`.
    """
    for pattern in (INTERVAL, CITED):
        text = pattern.sub(lambda match: " " * len(match.group()), text)
    found = sorted(_digit_quantities(text, most) + _word_quantities(text) + _factors(text), key=lambda q: q.start)
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
        if not here.unit and not here.measure and (after.unit or after.measure) and listed(text, here, after):
            merged[at] = replace(here, unit=after.unit, measure=after.measure)
    return tuple(merged)


LIST_GAP = re.compile(r"\s?(?:,|and|or|/|&|,\s?and|,\s?or)\s?(?:by )?")


def listed(text: str, first: Quantity, second: Quantity) -> bool:
    """Whether two neighbouring quantities are members of one list."""
    return bool(LIST_GAP.fullmatch(text[first.end : second.start]))
