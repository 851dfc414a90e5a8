"""Trends stated in sentences: what drives them, and where the figures go as that grows. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from synth.evidence.tables.rules.cues import Sense

_UP = r"increas\w+|grow(?:s|n|ing)?|grew|ris(?:es?|ing)|rose|climbs?|widen\w*|scales?|goes up"
_DOWN = (
    r"decreas\w+|drop(?:s|ped)?|declin\w+|fall(?:s|ing)?|fell|shrinks?|shrank|narrow\w*|"
    r"diminish\w*|lower(?:s|ed)?|goes down"
)
_BETTER = r"improv\w+|gets? better|benefits?"
_WORSE = r"degrad\w+|worsens?|deteriorat\w+|suffers?|gets? worse"
_CHANGES = rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<better>{_BETTER})|(?P<worse>{_WORSE}))"
_MORE = r"more|larger|bigger|longer|higher|deeper|wider|increas\w+|growing|additional|greater"
_LESS = r"fewer|less|smaller|shorter|lower|decreas\w+|shallower"
WITH = re.compile(
    rf"\b{_CHANGES}\b(?:\s\w+ly)?(?:\s(?:on|in|for)\s[\w\s-]{{2,30}}?)?\s(?:together\s)?(?:with|as we use|"
    rf"when using|from)\s"
    rf"(?:the\s|an?\s)?(?P<driver>[^,;.:]{{3,80}})",
    re.IGNORECASE,
)
AS = re.compile(
    r"\b(?:as|when)\s(?P<driver>[^,;.:]{3,70}?)\s(?:(?:is|are)\s)?(?P<verb>increase[sd]?|grows?|rises?|"
    r"gets? (?:larger|longer|higher)|"
    r"becomes? (?:larger|longer|higher)|decreases?|drops?|shrinks?)\b",
    re.IGNORECASE,
)
AS_WE = re.compile(
    r"\b(?:as|when) we (?P<verb>increase|enlarge|raise|grow|reduce|decrease|lower)\s(?P<driver>[^,;.:]{3,70})", re.I
)
THE_THE = re.compile(
    rf"\bthe\s(?:(?P<more>{_MORE})|(?P<less>{_LESS}))\s(?P<driver>[^,;.:]{{2,70}}),\sthe\s"
    r"(?:(?P<up>higher|larger|greater|more|bigger)|(?P<down>lower|smaller|less|fewer)|(?P<better>better)|(?P<worse>worse))\b",
    re.IGNORECASE,
)
FRONTED = re.compile(
    rf"^With\s(?:(?P<more>{_MORE})|(?P<less>{_LESS}))\s(?P<driver>[^,;.:]{{3,70}}),[^;.:]*?\b{_CHANGES}\b",
    re.IGNORECASE,
)
RAISING = re.compile(
    rf"\b(?:(?P<more>increasing|enlarging|raising|adding more|using more|scaling(?: up)?)|"
    rf"(?P<less>reducing|decreasing|lowering))\s"
    rf"(?:the\s)?(?P<driver>[^,;.:]{{3,70}}?)\s(?:\w+ly\s)?(?:leads? to\s(?:\w+ly\s)?(?:an?\s)?)?{_CHANGES}\b",
    re.IGNORECASE,
)
LARGER = re.compile(
    r"\b(?:(?P<more>larger|bigger|deeper|longer|wider|more)|(?P<less>smaller|shorter|shallower|fewer))\s(?P<driver>[\w-]+(?:\s[\w-]+)?)\s"
    r"(?:\w+ly\s)?(?:perform|are|is|do|does|achieve|obtain|yield|give|reach|lead to|result in|get)\w{0,2}\s(?:\w+ly\s)?"
    r"(?:(?P<up>higher|larger)|(?P<down>lower|smaller)|(?P<better>better)|(?P<worse>worse))\b",
    re.IGNORECASE,
)
CORRELATES = re.compile(
    r"\bcorrelat(?:es?|ed|ion)\b(?:\s(?:is\s)?(?:strongly|well|highly|clearly))*(?P<sign>\s(?:positively|negatively|inversely))?\s"
    r"(?:with|between)\s(?:the\s)?(?P<driver>[^,;.:]{3,70})",
    re.IGNORECASE,
)
INVERSE = re.compile(r"\b(?:negative(?:ly)?|inverse(?:ly)?|anti)\b", re.IGNORECASE)
MOVES = re.compile(
    rf"\b(?:{_UP}|{_DOWN}|{_BETTER}|{_WORSE}|{_MORE}|{_LESS}|\w+ly|scaling|perform\w*|correlat\w+|trend\w*|model\w*)\b",
    re.IGNORECASE,
)
QUALITY = re.compile(r"\b(?:performance|quality|results?|effectiveness)\b", re.IGNORECASE)
GAP = re.compile(r"\b(?:gap|difference|margin|advantage|distance between)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Trend:
    """A stated trend. `driver`: span that names what is varied; `sense`: direction of the figures as it grows."""

    driver: tuple[int, int]
    sense: Sense
    start: int


def trend(text: str) -> Trend | None:
    """Return the first trend of a sentence."""
    for pattern in (THE_THE, FRONTED, AS_WE, AS, RAISING, LARGER, WITH, CORRELATES):
        for match in pattern.finditer(text):
            if first := _trend(text, pattern, match):
                return first
    return None


def _trend(text: str, pattern: re.Pattern[str], match: re.Match[str]) -> Trend | None:
    groups = match.groupdict()
    driver = match.span("driver")
    if pattern is CORRELATES:
        before = text[max(0, match.start() - 20) : match.end("driver")]
        return Trend(driver, Sense.LOWER if INVERSE.search(before) else Sense.HIGHER, match.start())
    turned = bool(groups.get("less"))
    if pattern in (AS, AS_WE):
        turned = bool(re.match(r"decreas|drop|shrink|reduc|lower", match["verb"], re.IGNORECASE))
        remainder = f"{text[: match.start()]}{' ' * (match.end() - match.start())}{text[match.end() :]}"
        change = re.search(rf"\b{_CHANGES}\b", remainder, re.IGNORECASE)
        if change is None:
            return None
        groups = change.groupdict()
    if pattern is WITH:
        head = re.match(rf"(?:(?P<more>{_MORE})|(?P<less>{_LESS}))?\b", text[driver[0] :], re.IGNORECASE)
        turned = bool(head and head["less"])
        if not (head and (head["more"] or head["less"])) and not _is_measure(text[slice(*driver)]):
            return None
    sense = next((Sense[name] for name, key in _SENSES if groups.get(key)), None)
    if sense is None:
        return None
    if sense in (Sense.HIGHER, Sense.LOWER) and QUALITY.search(text) and not GAP.search(text):
        sense = Sense.BETTER if sense is Sense.HIGHER else Sense.WORSE
    return Trend(driver, _OPPOSITE[sense] if turned else sense, match.start())


_SENSES = (("HIGHER", "up"), ("LOWER", "down"), ("BETTER", "better"), ("WORSE", "worse"))
_OPPOSITE = {Sense.HIGHER: Sense.LOWER, Sense.LOWER: Sense.HIGHER, Sense.BETTER: Sense.WORSE, Sense.WORSE: Sense.BETTER}


def _is_measure(driver: str) -> bool:
    """Return True for "with distance", "with model size": something that has an order."""
    return bool(
        re.search(
            r"\b(?:size|number|amount|length|distance|depth|scale|capacity|similarity|frequency|age|rate)s?\b",
            driver,
            re.I,
        )
    )
