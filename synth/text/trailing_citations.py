"""Citations behind the full stop of the sentence that they belong to.

"… by 4.1 points.[9] We …", "… milk. [10, 12–14]", "… rate.(12)", "… rate.¹⁻³", "… naps. (Okello et al., 2020) We …":
journals that set marks behind the stop leave a sentence whose last characters are none of its words.
"""

from __future__ import annotations

import re

_DASH = "[-‐‑‒–—⁻]"
_NUMBERS = rf"\d{{1,3}}[a-z]?(?:\s?(?:[,;]|{_DASH})\s?\d{{1,3}}[a-z]?)*"
_KEY = r"[A-Z][A-Za-z]{0,7}\+?\d{2}[a-z]?"
_BRACKET_LIST = rf"\[(?:{_NUMBERS}(?:,\s?pp?\.\s?\d+(?:{_DASH}\d+)?)?|{_KEY}(?:[,;]\s?{_KEY})*)\]"
_BRACKETS = rf"{_BRACKET_LIST}(?:(?:\s?(?:[,;]|{_DASH}))?\s?{_BRACKET_LIST})*"
_RAISED = rf"[⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:\s?(?:,|{_DASH})\s?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)*"
_FIGURES = rf"\d{{1,3}}(?:\s?(?:,|{_DASH})\s?\d{{1,3}})*"  # raised in print, glued to the stop in the text
_GLUED = re.compile(
    rf"(?:{_BRACKETS}|{_RAISED}|(?<=[a-z”%\d\])][.!?])\({_NUMBERS}\)|(?<=[a-z)\]”%][.!?]){_FIGURES}(?=\s+[A-Z])"
    rf"|(?:(?<=[a-z]{{3}}[.!?])|(?<=[)\]”%][.!?])){_FIGURES}(?=\s*$))(?=\s|$)"
)
_APART = re.compile(rf"\s{_BRACKETS}(?=\s|$)")
_BRACKET = re.compile(r"\s?(?:\(([^()]{5,400})\)|\[([^\[\]]{5,400})\])(?=\s|$)")
_BEGINS = re.compile(r"\s+(?:[a-z]+[A-Z]|[^\Wa-z])|\s*$")
_YEAR = r"(?:1[89]|20)\d\d[a-z]?"
_YEARS = re.compile(rf",?\s\(?{_YEAR}(?:,\s?(?:{_YEAR}|[a-z]\b))*\)?(?:[,:]\s?(?:pp?\.\s?)?[\w.\s–-]{{1,20}})?$")
_LEAD = re.compile(r"^(?:see(?: also)?|e\.g\.|cf\.|for a review,? see),?\s", re.I)
_OTHERS = re.compile(r",?\s(?:et al\.?|and (?:colleagues|others))$")
_SEPARATOR = re.compile(r",?\s(?:and|&)\s|,\s")
_NAME = re.compile(r"(?:(?:[a-z]{2,3}|[A-Z]\.)\s){0,3}[A-ZÀ-Þ][\w'’.-]*(?:\s[A-ZÀ-Þ][\w'’.-]*){0,3}")
STOP = re.compile(r"[.!?…]+[\"'”’)\]»]*")
_REACH = 420  # characters from the end of a text within which its last full stop is looked for


def citation_end(text: str, stop: int) -> int:
    """Return the end of the citations that follow a full stop ending at `stop`; `stop` itself if none do."""
    glued = _GLUED.match(text, stop)
    if glued:
        return glued.end()
    for end in (_end(_APART, text, stop), _authors_end(text, stop)):
        if end > stop and _BEGINS.match(text, end):
            return end
    return stop


def trailing_citation(text: str) -> str:
    """Return the citations behind the last full stop of a text; "" if there are none."""
    text = text.rstrip()
    for match in STOP.finditer(text, max(0, len(text) - _REACH)):
        if match.end() < len(text) and citation_end(text, match.end()) == len(text):
            return text[match.end() :]
    return ""


def without_trailing_citation(text: str) -> str:
    """Return the text up to its last full stop if only citations stand behind it, else the whole text."""
    cited = trailing_citation(text)
    return text.rstrip().removesuffix(cited) if cited else text


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start


def _authors_end(text: str, stop: int) -> int:
    """Return where a bracket with names and years ends that opens at `stop` or one blank behind it."""
    match = _BRACKET.match(text, stop)
    named = match is not None and all(map(_is_source, (match[1] or match[2]).split(";")))
    return match.end() if match and named else stop


def _is_source(item: str) -> bool:
    """Return True for names followed by years: "see Okello and Berg, 2020", "Testova et al. (2019, 2021)"."""
    item = _LEAD.sub("", item.strip())
    years = _YEARS.search(item)
    if years is None:
        return False
    names = _OTHERS.sub("", item[: years.start()])
    return all(_NAME.fullmatch(name) for name in _SEPARATOR.split(names))
