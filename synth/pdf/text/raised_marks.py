"""Raised figures: exponents, which belong to the text, told apart from marks of notes and citations, which do not.

Size and baseline say what is raised; what it stands behind says what it is. An exponent stands behind a ten, a small
whole number, a variable of one letter or a unit; everything else that consists of figures is a mark. Exponents are
shown as superscript characters ("10⁶", "R²", "s⁻¹"), since a figure that only lost its place changes the number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from synth.pdf.layout.rows import Row
from synth.pdf.records import Line, TextRun

_DASHES = "\\-\u2010\u2011\u2012\u2013\u2014\u2212"  # within a class of a pattern
_SHAPES = str.maketrans("0123456789+-\u2010\u2011\u2012\u2013\u2014\u2212()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁻⁻⁻⁻⁽⁾ⁿ")
_FIGURES = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_LOWERED = str.maketrans("0123456789+-\u2212", "₀₁₂₃₄₅₆₇₈₉₊₋₋")
SUPERSCRIPTS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_SUPERSCRIPT = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]")
_SIGNS = re.compile(r"^[,;\s∗*⁎†‡§¶‖♠♣♦♥⋆#\d]*[∗*⁎†‡§¶‖♠♣♦♥⋆#][,;\s∗*⁎†‡§¶‖♠♣♦♥⋆#\d]*$")
_ONE = re.compile(rf"^[{_DASHES}+]?\d{{1,3}}$")
_LIST = re.compile(rf"^[\[(]?\d{{1,3}}[a-z]?(?:\s?[,;{_DASHES}]\s?\d{{1,3}}[a-z]?)*[,;]?[\])]?$")
_CHARGE = re.compile(rf"^\d?[+{_DASHES}]$|^[+{_DASHES}]\d?$")
_ORDINAL = re.compile(r"^(?:st|nd|rd|th|er|e|TM|SM|R|C|®|©|™|′|″|’|'|◦|°|\*)$")
_TEN = re.compile(r"(?:^|[^\d.,])10$")
_DIGIT = re.compile(r"(?:^|[\s(=×x*·⋅+/<>≤≥~∼≈])\d$")
_WHOLE = re.compile(r"(?P<operator>[=×x*·⋅+/(]\s?)?(?<![\w.,])\d{2,3}$")
_OPERATOR = re.compile(r"\s?[=×*·⋅+/<>≤≥]")
_VARIABLE = re.compile(r"(?<![^\W\d_])(?<!['’])([^\W\d_])$")
_UNIT = re.compile(
    r"(?<![^\W\d_])(?:[kcmdnµμ]?m|ft|yd|mi|in|px|deg|arcsec|pixels?|[kmµμ]?(?:g|s|mol|l|L|Pa|Hz|eV|V|W|J|K|N)|min|h|hr|yr|day|M)$"
)
_LENGTH = re.compile(r"(?<![^\W\d_])(?:[kcmdnµμ]m|ft|yd|mi|px|pixels?|arcsec|deg|s)$")
_MEASURED = re.compile(r"(?:\d|per|/|square|of)\s*$")
_ELEMENT = re.compile(r"(?:[A-Z][a-z]?)(?![a-z])")
_FORMULA = re.compile(r"\([^()]*[+×*/=·−-][^()]*\)$")
_NAMED = re.compile(
    r"(?:vitamin|hepatitis|type|group|grade|class|appendix|table|figure|panel|plan|phase|arm|stage|part)s?\s$", re.I
)


def is_raised(line: Line, run: TextRun, row: Row) -> bool:
    """Return True if a run stands above the baseline of its row in smaller type, as its own line or within one."""
    if run.raised:
        return True
    return run.size < 0.85 * row.size and line.base < row.base - 0.1 * row.size and len(line.text) <= 24


def is_lowered(line: Line, run: TextRun, row: Row) -> bool:
    """Return True if a run stands below the baseline of its row in smaller type."""
    if run.lowered:
        return True
    return run.size < 0.85 * row.size and line.base > row.base + 0.05 * row.size and len(line.text) <= 24


def shown(row: Row, before: str = "") -> dict[tuple[int, int], str]:
    """Say what stands in the text for each raised or lowered character of a row.

    Args:
        row: a row of text.
        before: the end of the text that the row goes on from.

    Returns:
        (index of the part, index in its text) → what is shown there; "" for a mark that is left out. Characters that
        are shown as they are have no entry.
    """
    if not any(_may_be_marked(part, row) for part in row.parts):
        return {}
    flat = _flat(row)
    text = before + "".join(char for _, char, _ in flat)
    shapes: dict[tuple[int, int], str] = {}
    aside, ended = 0, -1  # marks left out and indexes before do not stand between a word and what follows
    for start, end, kind in _stretches(flat):
        first, last = start + len(before), end + len(before)
        inner = text[first:last].translate(_FIGURES)
        aside = aside if start == ended else 0
        head = text[: first - aside] if aside else text[:first]
        if kind < 0:
            lower = first and (text[first - 1].isdigit() or text[first - 1] in SUPERSCRIPTS)
            shape = inner.translate(_LOWERED) if lower and re.fullmatch(r"[\d+−-]+", inner) else None
        else:
            shape = _raised_print(inner.strip(), head, text[last:])
        aside = last - first + aside if shape == "" or (kind < 0 and shape is None) else 0
        ended = end
        if shape is None:
            continue
        shown_at = [index for index in range(start, end) if flat[index][1].strip() or shape == ""]
        for place, index in enumerate(shown_at):
            shapes[flat[index][0]] = shape[place : place + 1] if place + 1 < len(shown_at) else shape[place:]
    return shapes


def left(row: Row) -> str:
    """Return the text of a row without its marks."""
    shapes = shown(row)
    if not shapes:
        return row.text
    parts = (
        "".join(shapes.get((index, at), char) for at, char in enumerate(part.text)).strip()
        for index, part in enumerate(row.parts)
    )
    return " ".join(part for part in parts if part)


def _may_be_marked(part: Line, row: Row) -> bool:
    return (
        any(run.raised or run.lowered or run.size < 0.85 * row.size for run in part.runs)
        or _SUPERSCRIPT.search(part.text) is not None
    )


def _flat(row: Row) -> list[tuple[tuple[int, int], str, int]]:
    """Return (place, character, 1 if raised, -1 if lowered, 0 else) of a row; a blank where parts stand apart."""
    flat: list[tuple[tuple[int, int], str, int]] = []
    for index, part in enumerate(row.parts):
        if index and part.x0 - row.parts[index - 1].x1 > 0.12 * part.size:
            flat.append(((-1, -1), " ", 0))
        level = [0] * len(part.text)
        for run in part.runs:
            if is_raised(part, run, row):
                level[run.start : run.end] = [1] * (run.end - run.start)
            elif is_lowered(part, run, row):
                level[run.start : run.end] = [-1] * (run.end - run.start)
        for at, char in enumerate(part.text):
            flat.append(((index, at), char, 1 if char in SUPERSCRIPTS else level[at]))
    return flat


def _stretches(flat: Sequence[tuple[tuple[int, int], str, int]]) -> list[tuple[int, int, int]]:
    """Return (start, end, level) of what is raised or lowered together, with blanks, commas and dashes between
    figures.
    """
    stretches: list[list[int]] = []
    for index, (_, char, level) in enumerate(flat):
        if not level or not char.strip():
            continue
        if stretches and stretches[-1][2] == level:
            between = "".join(item for _, item, _ in flat[stretches[-1][1] : index])
            if not between.strip() and len(between) < 3:
                stretches[-1][1] = index + 1
                continue
            # "¹,²" and "⁷–⁹" in superscript characters have no raised comma or dash
            if char in SUPERSCRIPTS and re.fullmatch(rf"\s?[,{_DASHES}]\s?", between):
                stretches[-1][1] = index + 1
                continue
        stretches.append([index, index + 1, level])
    return [(start, end, level) for start, end, level in stretches]


def _raised_print(inner: str, head: str, tail: str) -> str | None:
    """Return the print of a raised stretch: superscript characters, "" for a mark, None for the stretch as it is."""
    close = head.rstrip()
    apart = head != close
    last = close[-1:]
    if _SIGNS.match(inner):
        marked = not apart and (last.isalnum() or last in ".,;:!?)]”’\"'%") and bool(last)
        return "" if marked and not (inner in "*∗" and _VARIABLE.search(close)) else None
    if not any(char.isdigit() for char in inner):
        return _without_figures(inner, close, apart, tail)
    if _isotope(inner, head, tail):
        return inner.translate(_SHAPES)
    if _is_exponent(inner, close, apart, tail):
        return inner.translate(_SHAPES)
    if _LIST.match(inner):
        if inner[0] in "[(":
            return None  # a citation in brackets keeps them
        if last.isalnum() or (last and last in ".,;:!?)]}”’\"'»%°…"):
            return ""
    if last.isdigit() and not apart:
        return "^" + inner
    return None


def _without_figures(inner: str, close: str, apart: bool, tail: str) -> str | None:
    last = close[-1:]
    if apart or _ORDINAL.match(inner):
        return {"◦": "°", "o": "°"}.get(inner)
    if inner in ("o", "◦") and last.isdigit():
        return "°"
    if _CHARGE.match(inner) and (last.isalnum() or last in "₀₁₂₃₄₅₆₇₈₉)]"):
        return inner.translate(_SHAPES)
    variable = _VARIABLE.search(close) is not None
    if re.fullmatch(rf"[{_DASHES}+]?\s?[A-Za-z](?:[{_DASHES}+]\d)?", inner) and (last.isdigit() or variable):
        return "ⁿ" if inner == "n" else f"^{inner}"
    if re.fullmatch(r"[a-h](?:\s?,\s?[a-h])*", inner) and (last.isalpha() or last in ".,;:)]%"):
        return ""  # the letter of a note
    return None


def _isotope(inner: str, head: str, tail: str) -> bool:
    """Return True for "¹³C", "⁶⁸Ga": figures before the sign of an element."""
    opens = not head or head[-1] in " ([-–/" or head.endswith("[")
    match = _ELEMENT.match(tail)
    return opens and inner.isdigit() and match is not None and not tail[match.end() : match.end() + 1].isalpha()


def _is_exponent(inner: str, close: str, apart: bool, tail: str) -> bool:
    last = close[-1:]
    if _TEN.search(close) and (_ONE.match(inner) or re.fullmatch(rf"\d{{1,2}}\s?[{_DASHES}]\s?\d{{1,2}}", inner)):
        return bool(_ONE.match(inner)) or re.search(r"[×x*·⋅]\s?10$", close) is not None
    if apart or not last:
        return False
    if _CHARGE.match(inner) and inner[-1] not in "0123456789" and (last.isalnum() or last in ")]"):
        return True
    if not _ONE.match(inner):
        return False
    if not inner[0].isalnum() and inner[0] != "+":
        word = re.search(r"[^\W\d_]+$", close)
        return last.isdigit() or (word is not None and len(word.group()) <= 4)
    if last.isdigit():
        whole = _WHOLE.search(close)
        computed = whole is not None and (whole["operator"] is not None or _OPERATOR.match(tail) is not None)
        return len(inner) <= 2 and (_DIGIT.search(close) is not None or computed)
    if last == ")":
        formula = _FORMULA.search(close)
        return formula is not None and not re.search(r"[^\W\d_]{3,}", formula.group())
    if len(inner) > 1:
        return False
    if _LENGTH.search(close) or _UNIT.search(close):
        unit = (_LENGTH.search(close) or _UNIT.search(close)).group()  # type: ignore[union-attr]
        before = close[: -len(unit)]
        # "5 m²", "g/cm³", "kg m⁻²"; "the s.²" is a mark
        if inner in "234" and (_MEASURED.search(before) or (len(unit) > 1 and unit not in ("in", "min", "deg"))):
            return True
    variable = _VARIABLE.search(close)
    return variable is not None and not _NAMED.search(close[:-1])
