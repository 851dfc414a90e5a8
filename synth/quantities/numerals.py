"""Printed numerals: digits in every locale, powers of ten, number words, fractions, factors in one word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from synth.quantities.units import MEASURED, SCALES

SPACES = "\u00a0\u202f\u2009"
SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
FRACTIONS = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
DIGITS = (
    rf"\d{{0,3}}[{FRACTIONS}]|\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d{{1,2}}(?:,\d\d)+,\d{{3}}|\d{{1,3}}(?:['’]\d{{3}})+"
    rf"|\d{{1,3}}(?:[{SPACES}]\d{{3}})+|\d{{1,3}}(?: \d{{3}})+(?!\d|[.,]\d|\s?%)"
    rf"|\d{{1,3}}(?:\.\d{{3}}){{2,}}|\d+,\d{{1,2}}(?=\s?(?:%|points?\b|percent\b|±|\s(?:{MEASURED})\b))"
    r"|\d+\.\d+|\d+|\.\d+"
)
_POWER = r"(?:\^|\*\*)\s?\{?[-−–+]?\d{1,2}\}?|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}"
NUMBER = re.compile(
    rf"(?<![\w.,])(?P<sign>[+\-−–±]|[~≈∼≃<>≤≥]\s?)?(?P<digits>{DIGITS})"
    rf"(?:(?P<exponent>[eE][-−+]?\d{{1,2}}\b)|\s?(?:[×x*·]\s?10\s?)(?P<power>{_POWER})|(?<=(?<![\d.,])10)(?P<bare>{_POWER})"
    r"|(?P<own>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}))?"
    r"(?P<scale>\s?(?:[Mm]illion|[Bb]illion|[Tt]housand|[Tt]rillion|hundred|dozen)\b|\s?(?:[kKMBT]|bn|mn)\b)?"
)

SMALL = tuple(
    (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen"
    ).split()
)
TENS = {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)}
PARTS = {
    **dict.fromkeys(("half", "halves"), 2),
    **dict.fromkeys(("third", "thirds"), 3),
    **dict.fromkeys(("quarter", "quarters", "fourth", "fourths"), 4),
    **dict.fromkeys(("fifth", "fifths"), 5),
    **dict.fromkeys(("sixth", "sixths"), 6),
    **dict.fromkeys(("eighth", "eighths"), 8),
    **dict.fromkeys(("tenth", "tenths"), 10),
}
_TENFOLD = rf"(?:{'|'.join(TENS)})(?:[-\s](?:{'|'.join(SMALL[1:10])}))?"
_CARDINAL = rf"{_TENFOLD}|{'|'.join(sorted(SMALL, key=len, reverse=True))}"
_PLURAL_PARTS = "thirds|quarters|fourths|fifths|sixths|eighths|tenths"
FACTORS = {
    **dict.fromkeys(("twice", "doubles", "doubled", "doubling", "double", "twofold"), 2.0),
    **dict.fromkeys(("thrice", "triples", "tripled", "tripling", "triple", "threefold"), 3.0),
    **dict.fromkeys(("quadruples", "quadrupled", "quadrupling", "quadruple", "fourfold"), 4.0),
    **dict.fromkeys(("fivefold",), 5.0),
    **dict.fromkeys(("tenfold",), 10.0),
    **dict.fromkeys(("halves", "halved", "halving"), 0.5),
}
WORDED = re.compile(
    rf"\b(?:(?P<large>(?:half\s|a\squarter\sof\s)?an?\s(?:hundred|thousand|million|billion)\b)|(?P<part>(?:(?P<times>a|one|two|three|four|five|seven|nine)[-\s])?(?P<unitpart>{_PLURAL_PARTS})\b"
    r"|(?P<single>(?:a|one)[-\s](?:third|quarter|fifth|sixth|eighth|tenth)\b(?=\s(?:of|as|the|fewer|less|more|lower"
    r"|higher|smaller|larger|that|in)\b|[.,;)]|$)))"
    rf"|(?P<mixed>(?:{'|'.join(SMALL[1:11])})\sand\sa\shalf\b)"
    r"|(?P<half>(?:a\s|one\s|one-)?half\b(?!-))"
    rf"|(?P<hundredth>(?:{_CARDINAL})\s(?:in|out\sof)\s(?:a|every|one)\shundred\b)"
    r"|(?P<magnitude>(?:an|one|two|three|four|several)\sorders?\sof\smagnitude\b)"
    r"|(?P<ratio>(?:one|two|three|four|five|six|seven|eight|nine)\s(?:in|out\sof)\s(?:(?:every|the)\s)?"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|twenty)\b)"
    r"|(?P<dozen>(?:a|two|three|half\sa)\sdozen\b)"
    rf"|(?P<factor>{'|'.join(sorted(FACTORS, key=len, reverse=True))})\b"
    rf"|(?P<number>{_CARDINAL})\b(?P<scale>[\s-](?:hundred|thousand|million|billion)\b)?)",
    re.IGNORECASE,
)
# A word that WORDED may begin with: texts without any are not searched.
HINT = re.compile(
    r"(?:half|hundred|thousand|million|billion|hal(?:ve|vin)|third|quart|fourth|fift|sixt|eigh|tent|order|dozen|twi|thri|doubl|tripl|quadru|fold|zero|one"
    r"|two|three|four|five|six|seven|nine|ten|eleven|twelve|thirt|fort|twent|nint)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Numeral:
    """A number as printed. `form` is "digits", "word", "share" (a fraction, in per cent) or "factor".

    `total` is the whole of "one in five"; `approximate` where the words themselves are ("an order of magnitude").
    """

    value: float
    step: float
    start: int
    end: int
    form: str
    sign: str = ""
    digits: int = 0  # where the digits begin
    scaled: bool = False
    approximate: bool = False


_PLAIN = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_POINTED = re.compile(r"\d{1,3}(?:\.\d{3}){2,}")


def parse_number(digits: str, scale: str = "") -> float:
    """Read one printed number ("1,104,934", "5,4" before a unit, ".5"); `scale` as in "5.4" "M"."""
    if digits[-1:] in FRACTIONS and digits:
        return round((float(digits[:-1] or 0) + unicodedata.numeric(digits[-1])) * SCALES.get(scale.strip(), 1), 9)
    if _PLAIN.fullmatch(digits):
        return round(float(digits) * SCALES.get(scale.strip(), 1), 9) if scale else float(digits)
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


def _step(digits: str) -> float:
    """Return the size of the last printed digit."""
    if digits.isdigit() or _POINTED.fullmatch(digits):
        return 1.0
    if digits[-1] in FRACTIONS:
        return 0.01
    value = parse_number(digits)
    separator = max(digits.rfind("."), digits.rfind(",")) if value % 1 or "." in digits else -1
    return float(10.0 ** -min(len(digits) - separator - 1, 12)) if separator >= 0 else 1.0


def in_digits(text: str) -> Iterator[Numeral]:
    """Yield the numerals in digits, names and years not yet left out."""
    for match in NUMBER.finditer(text):
        scale = match["scale"] or ""
        digits = match["digits"]
        factor = SCALES.get(scale.strip() if len(scale.strip()) < 3 else scale.strip().lower(), 1.0)
        power = match["power"] or match["bare"]
        if match["own"]:  # "2⁸"
            factor *= parse_number(digits) ** (int(match["own"].translate(SUPERSCRIPT)) - 1)
        if power or match["exponent"]:
            printed = (power or match["exponent"][1:]).translate(SUPERSCRIPT)
            exponent = int(re.sub(r"[−–]", "-", re.sub(r"[\^*{}\s]", "", printed)))
            factor *= 10.0 ** (exponent - 1 if match["bare"] else exponent)
        value, step = parse_number(digits) * factor, _step(digits) * factor
        yield Numeral(
            round(value, 12),
            step,
            match.start(),
            match.end(),
            "digits",
            (match["sign"] or "").strip(),
            match.start("digits"),
            scaled=bool(scale or power or match["exponent"]),
        )


def in_words(text: str) -> Iterator[Numeral]:
    """Yield the numerals in words: "nine", "two hundred", "a third", "one in five", "twice", "a dozen"."""
    if not HINT.search(text):
        return
    for match in WORDED.finditer(text):
        start, end = match.span()
        if text[max(0, start - 1) : start] == "-":
            continue
        if match["large"]:
            words = match["large"].lower().split()
            value = SCALES[words[-1]] * {"half": 0.5, "a": 1.0, "an": 1.0}.get(words[0], 1.0)
            value = SCALES[words[-1]] * 0.25 if "quarter" in words else value
            yield Numeral(value, value / 5, start, end, "word", digits=start, scaled=True, approximate=True)
        elif match["mixed"]:
            yield Numeral(_cardinal(match["mixed"].split()[0].lower()) + 0.5, 0.5, start, end, "word", digits=start)
        elif match["part"] or match["half"]:
            yield Numeral(*_share(match), start, end, "share", digits=start, approximate=True)
        elif match["magnitude"]:
            count = match["magnitude"].split()[0].lower()
            value = 10.0 ** {"an": 1, "one": 1, "two": 2, "three": 3, "four": 4}.get(count, 2)
            yield Numeral(value, value / 2, start, end, "factor", digits=start, approximate=True)
        elif match["hundredth"]:
            part = _cardinal(re.split(r"\s(?:in|out)\s", match["hundredth"].lower())[0])
            yield Numeral(part, 1.0, start, end, "share", digits=start)
        elif match["ratio"]:
            words = match["ratio"].lower().split()
            part, whole = _cardinal(words[0]), _cardinal(words[-1])
            if part < whole:
                yield Numeral(100 * part / whole, _share_step(whole), start, end, "share", digits=start)
        elif match["dozen"]:
            several = {"a": 12.0, "two": 24.0, "three": 36.0, "half": 6.0}[match["dozen"].split()[0].lower()]
            yield Numeral(several, 1.0, start, end, "word", digits=start)
        elif match["factor"]:
            # "double-blind", "double annotation" say nothing of a factor.
            if re.match(r"-(?!fold)", text[end : end + 1]) or (
                match["factor"].lower() in ("double", "triple")
                and not re.match(r"\s(?:the|that|its|their)\b", text[end:])
            ):
                continue
            yield Numeral(
                FACTORS[match["factor"].lower()],
                0.5 if match["factor"][0] in "hH" else 1.0,
                start,
                end,
                "factor",
                digits=start,
            )
        else:
            if re.match(r"-(?!fold|point)[a-zA-Z]", text[end : end + 6]):
                continue
            scale = (match["scale"] or "").strip(" -").lower()
            factor = SCALES.get(scale, 1.0)
            value = _cardinal(match["number"].lower()) * factor
            yield Numeral(value, factor, start, end, "word", digits=start, scaled=bool(scale))


def _share(match: re.Match[str]) -> tuple[float, float]:
    if match["half"]:
        return 50.0, _share_step(2)
    if match["single"]:
        whole = PARTS[re.split(r"[-\s]", match["single"].lower())[1]]
        return round(100 / whole, 6), _share_step(whole)
    times = (match["times"] or "one").lower()
    part = 1 if times == "a" else _cardinal(times)
    whole = PARTS[match["unitpart"].lower()]
    return round(100 * part / whole, 6), _share_step(whole)


def _share_step(whole: float) -> float:
    """Return how coarse a fraction in words is, in per cent: as far as it lies from the next one, at most 4."""
    return min(100 / (whole * (whole + 1)), 4.0)


def _cardinal(words: str) -> float:
    return float(sum(TENS[p] if p in TENS else SMALL.index(p) for p in re.split(r"[-\s]", words.lower())))
