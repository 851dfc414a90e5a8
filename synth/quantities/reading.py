"""Reader of quantities in English scientific prose. Pure.

Digits that are part of a name ("BERT-12", "Table 3", "CoNLL-2003", a year, a citation "[12]") are no quantities; a
confidence interval or a standard deviation belongs to the number before it. All patterns are free of nested
repetition, so that reading is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from synth.quantities.context import (
    APPROXIMATE,
    CHANGE_AFTER,
    CHANGE_BEFORE,
    DENIED_BEHIND,
    LASTING,
    QUALIFIER,
    WITHIN,
    WORD,
    comparator_of,
    counted,
    direction_of,
    is_margin,
    kind_of,
    way_of,
)
from synth.quantities.exclusions import CITED, CUT_OFF, DATE, YEARS, countable_numerals, name_spans
from synth.quantities.joining import as_interval, joined_pair, share_units
from synth.quantities.metrics import RATIOS
from synth.quantities.numerals import DIGITS, Numeral, in_digits, parse_number
from synth.quantities.quantity import PERCENT, POINTS, TIMES, Comparator, Kind, Quantity
from synth.quantities.units import DURATIONS, MEASURE, MEASURES, UNIT
from synth.text.lexicon import Mention

MAX_QUANTITIES = 200

_MIDDLE_DOT = re.compile(r"(?<=\d)·(?=\d)(?!10(?:\D|$))")  # 55·8 in journals of medicine
# Hyphens, dashes, signs of minus and raised dots of other blocks: as those that are known, one for one.
_LOOKALIKES = str.maketrans("\u2010\u2011\ufe63\uff0d\u2012\u2796\u2219\u22c5\u2027", "----–−···")
_CONFIDENCE = re.compile(
    r"[(\[,;]?\s?\b9\d(?:\.\d)?\s?%?\s?[-–]?\s?(?:CI|C\.I\.|confidence intervals?|credible intervals?|CrI)\b"
    rf"[\s:=,\[(]*(?:(?P<low>[-−–]?(?:{DIGITS}))\s?%?\s?(?:[-–−,;]|\bto\b)\s?(?P<high>[-−–]?(?:{DIGITS})))?"
    r"[^()\[\].;]{0,24}",
    re.IGNORECASE,
)
_SPREAD = re.compile(rf"\s?(?:\(\s?)?(?:±|\+/-|\\pm|[(,]?\s?(?:SD|s\.d\.|SE|SEM|std\.?)\s?[=:]?)\s?({DIGITS})\s?%?\)?")
_ASYMMETRIC = re.compile(r"(?<=[\d%])\s?\(\s?\+\s?\d[\d.]*\s?%?\s?,\s?[-−–]\s?\d[\d.]*\s?%?\s?\)")
# A test statistic with its degrees of freedom: "t(38) = 2.1", "χ²(1, N = 120) = 5.3", "F2,38 = 4.2".
_TEST = re.compile(
    r"(?<![^\W_])(?:[FtχHzQUW][²2]?\s?(?:\([^()]{1,30}\)|\d[\d,.\s]*)|[tzχ][²2]?)\s?[=<>]\s?[-−–]?\d*\.?\d+"
)
# Numbers in brackets around the one before them: "1.4 [1.1, 1.8]"; in round ones behind a ratio: "OR 1.4 (1.1–1.8)".
_ENCLOSED = re.compile(
    rf"(?:(?<=[\d%])|(?<=\bpoints)|(?<=\bpoint))\s?(?P<open>[\[(])\s?(?P<low>[-−–]?(?:{DIGITS}))\s?%?\s?(?:[-–−,;]|\bto\b)\s?(?P<high>[-−–]?(?:{DIGITS}))"
    r"\s?%?\s?[\])]"
)
_P_VALUE = re.compile(
    r"(?<![\w-])[pP](?:[\s-]?values?)?(?:\s(?:of|is|was))?\s?(?P<sign>[<>=≤≥])\s?"
    r"(?P<value>0?[.·]\d+|\d(?:\.\d+)?\s?[×x·]\s?10(?:\^?[-−–]\d+|⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|\d(?:\.\d+)?[eE][-−]\d+|1\.0+|10(?:\^?[-−–]\d+|⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+))"
)
_COEFFICIENT = re.compile(
    r"(?:(?<!\w)(?:r|ρ|τ|κ|rho|tau|kappa|R2|R²|α|alpha)|\bcoefficients?|\bcorrelations?|\bkappa)\s?"
    r"(?:\([^()]{1,20}\)\s?)?(?:=|of|is|at|was)?\s?$",
    re.IGNORECASE,
)
_FACTOR_OF = re.compile(r"\bfactors?(?: of)?\s(?:about\s|nearly\s|almost\s|up to\s|more than\s)?$", re.IGNORECASE)
_FACTOR = re.compile(r"\b(?:an?\s)?factors?(?: of)?\s$", re.IGNORECASE)
_RELATIVE = re.compile(r"\b(?:relative(?:ly)?|relative to)\b", re.I)
_ABSOLUTE = re.compile(r"\babsolute(?:ly)?\b", re.I)
_METRIC_POINTS = re.compile(r"\s(?:[A-Z][\w-]*|absolute|accuracy)[\s-](?P<unit>points?|pts?)\b")
_PARAMETERS = re.compile(r"\s(?:trainable\s|model\s|total\s)?param(?:eter)?s?\b", re.I)


def read(text: str, mentions: Sequence[Mention] = (), limit: int = MAX_QUANTITIES) -> tuple[Quantity, ...]:
    """Read every quantity of `text`, in order.

    A unit printed once after a list ("8.2, 7.5, and 7.0 points") goes to all members.

    Args:
        text: One or a few sentences.
        mentions: Names that the lexicon finds in `text`: digits inside them are none, metrics give `metric`.
        limit: Largest number of numerals looked at.
    """
    if not text.isascii():
        text = _MIDDLE_DOT.sub(".", text.translate(_LOOKALIKES))
    intervals = [(m, _ends_of(m)) for m in _CONFIDENCE.finditer(text)] if "9" in text else []
    intervals += [(m, ends) for m in _ENCLOSED.finditer(text) if (ends := _around(text, m))]
    masked = _masked(text, [m.span() for m, _ in intervals])
    inside = name_spans(text, mentions)
    numerals = [n for n in countable_numerals(masked, limit) if not any(s <= n.digits < e for s, e in inside)]
    metrics = [m for m in mentions if m.kind == "metric"]
    named = frozenset(m.start for m in metrics)
    quantities: list[Quantity] = []
    for numeral in numerals:
        if quantities and numeral.start < quantities[-1].end:
            continue
        quantity = _quantity(masked, numeral, named)
        if quantities and (joined := joined_pair(masked, quantities[-1], quantity)) is not None:
            quantities[-1] = joined
            quantities = as_interval(masked, quantities)
        else:
            quantities.append(quantity)
    quantities = share_units(masked, quantities)
    quantities += [_p_value(m) for m in _P_VALUE.finditer(text)]
    quantities.sort(key=lambda q: q.start)
    quantities = _with_intervals(quantities, intervals)
    return tuple(_with_metrics(text, quantities, metrics))


def _masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Blank out measures of certainty, citations, and p-values, which are read apart."""
    for pattern in (CUT_OFF, CITED, _P_VALUE, DATE, YEARS, _ASYMMETRIC, _TEST):
        text = pattern.sub(lambda match: " " * len(match.group()), text)
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _ends_of(match: re.Match[str]) -> tuple[float, float] | None:
    if not match["low"]:
        return None
    low, high = (
        parse_number(end.lstrip("-−–")) * (-1 if end[0] in "-−–" else 1) for end in (match["low"], match["high"])
    )
    return (low, high) if low <= high else None


@dataclass(frozen=True)
class _Scale:
    """Unit of a numeral, with what else is printed up to the end of the quantity."""

    unit: str
    base: str  # canonical unit of measurement
    factor: float  # canonical units in one printed unit
    measure: str  # unit of measurement as printed
    qualifier: str  # "absolute", "relative", "average" … before the unit
    spread: float | None
    end: int
    after: str  # text behind it


def _quantity(text: str, numeral: Numeral, metrics: frozenset[int]) -> Quantity:
    """Read a numeral with its unit and context; `metrics` are the offsets of names of metrics."""
    start, printed, sign = _signed_number(text, numeral)
    before = text[max(0, start - 80) : start]
    scale = _scale(text, numeral, before)
    unit, end, after = scale.unit, scale.end, scale.after
    before = _FACTOR.sub("", before) if unit == TIMES else before  # "by up to a factor of 2.3"
    comparator, reach, denied = comparator_of(before, after, numeral)
    coefficient = not unit and not scale.base and abs(printed) <= 1 and bool(_COEFFICIENT.search(before[-40:]))
    parameters = bool(_PARAMETERS.match(after))
    countless = unit in (POINTS, TIMES, PERCENT) or scale.base or coefficient or end + 1 in metrics
    nouns, head = (("parameter",), "parameter") if parameters else ((), "") if countless else counted(after)
    trimmed = before[:reach].rstrip() + " "
    counts = bool(nouns) and not unit and not scale.base and numeral.step >= 1
    change = (
        not coefficient
        and not (counts and not any(map(way_of, WORD.findall(re.split(r"[,;:.]", trimmed)[-1])[-5:])))
        and _is_change(text, start, before, trimmed, scale, comparator, sign)
    )
    near = before[-40:] + text[start : end + 24]
    relative = unit == PERCENT and (scale.qualifier == "relative" or bool(_RELATIVE.search(near)))
    absolute = scale.qualifier == "absolute" or bool(_ABSOLUTE.search(near))
    if unit == PERCENT and absolute and change:
        unit = POINTS
    whole = numeral.step >= 1 and not scale.base
    kind = kind_of(unit or scale.base, change, relative, coefficient, whole and bool(nouns), parameters)
    if change and kind is Kind.COUNT:
        kind = Kind.CHANGE
    directed = kind in (Kind.CHANGE, Kind.RELATIVE_CHANGE, Kind.FACTOR)
    value = printed * scale.factor
    size = abs(value) if kind in (Kind.CHANGE, Kind.RELATIVE_CHANGE) else value
    return Quantity(
        size,
        size,
        numeral.step * scale.factor,
        unit or scale.base,
        kind,
        comparator,
        "",
        start,
        end,
        text[start:end].strip(),
        sign=direction_of(text, start + (reach or 0), end, printed if sign else None) if directed else 0,
        nouns=frozenset(nouns),
        head=head,
        spread=None if scale.spread is None else scale.spread * scale.factor,
        denied=(not coefficient and denied) or (unit == PERCENT and not change and bool(DENIED_BEHIND.match(after))),
        printed=printed,
        signed=bool(sign),
        worded=numeral.form != "digits",
        absolute=absolute,
        qualifier=_qualifier(before, numeral),
        measure=scale.measure,
    )


def _signed_number(text: str, numeral: Numeral) -> tuple[int, float, str]:
    """Return where a number begins, its value, and its sign; a dash that joins it to a word or number is none."""
    before = text[max(0, numeral.start - 1) : numeral.start]
    glued = numeral.sign in ("-", "–", "−") and (before.isalnum() or before in ("%", ")", "-", "–", "—"))
    if glued:
        return numeral.digits, numeral.value, ""
    value = -numeral.value if numeral.sign in ("-", "−", "–") else numeral.value
    return numeral.start, value, numeral.sign if numeral.sign in ("+", "-", "−") else ""


def _scale(text: str, numeral: Numeral, before: str) -> _Scale:
    """Read unit and spread behind a numeral; `before` is the text that leads up to it."""
    spread, end = _spread(text, numeral.end)
    unit, end, qualifier = _unit(text, end, numeral)
    if spread is not None and not unit and text[numeral.end : end].endswith("%"):  # "84.5 ± 0.3%"
        unit = PERCENT
    if spread is None and unit:  # "84.5% ± 0.3"
        spread, end = _spread(text, end)
    after = text[end : end + 80]
    if not unit and (points := _METRIC_POINTS.match(after)) and numeral.form == "digits":  # "2.2 BLEU points"
        unit, after = POINTS, after[points.end() :]
    if not unit and _FACTOR_OF.search(before[-40:]):
        unit = TIMES
    measure = MEASURE.match(text, end) if not unit else None
    if measure is None:
        return _Scale(unit, "", 1.0, "", qualifier, spread, end, after)
    spelling = measure["apart"] or measure["glued"]
    base, factor = MEASURES[spelling]
    end = measure.end()
    if spread is None:
        spread, end = _spread(text, end)
    return _Scale(unit, base, factor, spelling, qualifier, spread, end, text[end : end + 80])


def _is_change(
    text: str, start: int, before: str, trimmed: str, scale: _Scale, comparator: Comparator, sign: str
) -> bool:
    """Return True if the words around a number say that it is a difference.

    Args:
        text: The sentence.
        start: Where the number begins in it.
        before: The text that leads up to the number.
        trimmed: The same without the words of the comparator.
        scale: Unit of the number.
        comparator: Comparator of the number.
        sign: Its printed sign, "" where it has none.
    """
    if scale.base in DURATIONS and LASTING.search(before):
        return False
    if CHANGE_BEFORE.search(trimmed) or CHANGE_AFTER.match(scale.after) or (sign and (scale.unit or sign == "+")):
        return True
    if scale.unit != POINTS:
        return False
    within = comparator is Comparator.LESS and WITHIN.search(before) is not None
    return within or is_margin(text, start, scale.end, trimmed)


def _qualifier(before: str, numeral: Numeral) -> str:
    match = QUALIFIER.search(before[-48:])
    if match:
        return match["word"].lower()
    return numeral.sign if numeral.sign in APPROXIMATE else ""


def _spread(text: str, end: int) -> tuple[float | None, int]:
    match = _SPREAD.match(text, end)
    return (parse_number(match[1]), match.end()) if match else (None, end)


def _unit(text: str, end: int, numeral: Numeral) -> tuple[str, int, str]:
    if numeral.form == "share":
        return PERCENT, end, ""
    if numeral.form == "factor":
        return TIMES, end, ""
    match = UNIT.match(text, end)
    if not match:
        return "", end, ""
    return POINTS if match["points"] else PERCENT if match["percent"] else TIMES, match.end(), match["how"] or ""


def _around(text: str, match: re.Match[str]) -> tuple[float, float] | None:
    """Return the interval in brackets around the number before it; None if it is no interval."""
    before = re.search(
        rf"(?P<value>[-−–]?(?:{DIGITS}))%?(?:\s(?:percentage\s)?points?)?$",
        text[max(0, match.start() - 40) : match.start()],
    )
    ends = _ends_of(match)
    if before is None or ends is None or "." not in match["low"] + match["high"]:
        return None
    ratio = _RATIO_BEFORE.search(text[max(0, match.start() - 64) : match.start() - len(before.group())])
    if match["open"] == "(" and not ratio:
        return None
    value = parse_number(before["value"].lstrip("-−–")) * (-1 if before["value"][0] in "-−–" else 1)
    return ends if ends[0] <= value <= ends[1] else None


def _p_value(match: re.Match[str]) -> Quantity:
    printed = match["value"].replace("·", ".", 1) if match["value"][:2] in ("0·", "·0") else match["value"]
    printed = re.sub(r"(?<=10)(?=[-−–]\d)", "^", printed)  # the raised figures of "10-5" were flattened
    numeral = next(in_digits(printed), None)
    value = numeral.value if numeral else 0.0
    comparator = {"=": Comparator.EXACT, "<": Comparator.LESS, "≤": Comparator.AT_MOST}.get(
        match["sign"], Comparator.MORE if match["sign"] == ">" else Comparator.AT_LEAST
    )
    step = numeral.step if numeral else 0.0
    start, end = match.span()
    return Quantity(value, value, step, "", Kind.P_VALUE, comparator, "", start, end, match.group(), printed=value)


def _with_intervals(
    quantities: list[Quantity], intervals: Sequence[tuple[re.Match[str], tuple[float, float] | None]]
) -> list[Quantity]:
    for match, ends in intervals:
        owner = max((i for i, q in enumerate(quantities) if q.end <= match.start() + 2), default=None)
        if owner is not None and ends and match.start() - quantities[owner].end < 40:
            quantities[owner] = replace(quantities[owner], interval=ends)
    return quantities


_NEAR_METRIC = 24
_OF_ANOTHER = re.compile(r"[\s-](?:scores?\s|values?\s)?(?:of|=)\s(?:about\s|over\s)?\d")
_RATIO_BEFORE = re.compile(
    r"(?:\b(?:odds|hazard|risk|rate|incidence|prevalence)[\s-]ratios?|\brelative risk|\b(?:aOR|OR|aHR|HR|RR|IRR))"
    r"[\s,:=(]*(?:of|was|is|were)?[\s,:=(]*$"
)


def _with_metrics(text: str, quantities: list[Quantity], metrics: Sequence[Mention]) -> Iterable[Quantity]:
    """Give a quantity the metric that touches it ("76.1 F1", "accuracy of 80.9"); ratios get their kind."""
    # A metric that touches one number is not that of whole numbers elsewhere: "ranks 9 and 3 with an F1 of 0.42".
    touching = {m.start for m in metrics for q in quantities if _holds(text, q, m)}
    for quantity in quantities:
        name = ""
        for mention in metrics:
            if _holds(text, quantity, mention):
                name = mention.name
                if mention.start >= quantity.end:
                    break
        whole = quantity.kind is Kind.LEVEL and quantity.step >= 1 and not quantity.unit
        if not name and len({m.name for m in metrics}) == 1 and not (whole and touching):
            name = metrics[0].name
        if quantity.kind is Kind.P_VALUE:
            yield quantity
            continue
        ratio = name in RATIOS or _RATIO_BEFORE.search(text[max(0, quantity.start - 40) : quantity.start])
        if ratio and quantity.kind in (Kind.LEVEL, Kind.COUNT) and not quantity.unit:
            quantity = replace(quantity, kind=Kind.RATIO, nouns=frozenset(), head="")
        yield replace(quantity, metric=name) if name else quantity


def _holds(text: str, quantity: Quantity, metric: Mention) -> bool:
    """Return True if a metric stands beside a number."""
    behind = 0 <= metric.start - quantity.end <= 18 and _touches(text[quantity.end : metric.start])
    behind = behind and not _OF_ANOTHER.match(text, metric.end)  # "rank 3 with an F1 of 0.58"
    ahead = 0 <= quantity.start - metric.end <= _NEAR_METRIC and _touches(text[metric.end : quantity.start])
    return behind or ahead


def _touches(gap: str) -> bool:
    if gap == ", ":
        return True
    return not re.search(r"[.;|]|\band\b|\d|,", gap)
