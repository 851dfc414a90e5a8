"""Headings, and the canonical names of the sections they open."""

from __future__ import annotations

import re
from dataclasses import dataclass

from synth.pdf.layout import section_names
from synth.pdf.layout.lettering import readable
from synth.pdf.layout.rows import Row

ABSTRACT = "abstract"
INTRODUCTION = "introduction"
RELATED = "related work"
METHOD = "method"
DATA = "data"
EXPERIMENTS = "experiments"
RESULTS = "results"
ANALYSIS = "analysis"
DISCUSSION = "discussion"
CONCLUSION = "conclusion"
LIMITATIONS = "limitations"
ACKNOWLEDGEMENTS = "acknowledgements"
REFERENCES = "references"
APPENDIX = "appendix"
OTHER = "other"

# The first pattern that is found in a heading names it; the order settles "Results and Discussion".
_PATTERNS = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (rf"^(?:{section_names.REFERENCE_LIST})$", REFERENCES),
        (
            r"^(?:extended |structured |author )?abstract$|^summary$|^zusammenfassung$|^r[ée]sum[ée]$|^resumen$",
            ABSTRACT,
        ),
        (r"\bavailab(?:le|ility)\b|\bsupporting information\b", OTHER),
        (r"^(?:materials?|patients|subjects|participants)\b.*\bmethods?$|^methods? and materials?$", METHOD),
        (r"^statistical (?:analys[ie]s|methods)$|^data analys[ie]s$", METHOD),
        (r"\backnowledge?ments?\b", ACKNOWLEDGEMENTS),
        (r"\bappendi(?:x|ces)\b|^supplement", APPENDIX),
        (r"\blimitations?\b", LIMITATIONS),
        (r"\bintroduction\b|^motivation\b|^overview$", INTRODUCTION),
        (r"\b(?:related|prior|previous) (?:work|literature|research)\b|^background\b|\bliterature review\b", RELATED),
        (r"^(?:general )?conclusions?\b|\bconcluding\b|\band conclusions?\b", CONCLUSION),
        (r"\bresults?\b|^findings\b|^(?:main )?evaluation$", RESULTS),
        (r"\bdiscussion\b", DISCUSSION),
        (r"\banalys[ie]s\b|\bablations?\b|^probing\b", ANALYSIS),
        (
            r"\bexperiment(?:s|al)?\b|\bevaluation\b|\btraining details\b|^setup\b|\bimplementation details\b",
            EXPERIMENTS,
        ),
        (r"\bdata(?:sets?)?\b|\bcorp(?:us|ora)\b|\bdata collection\b|\bbenchmarks?\b|^materials?\b", DATA),
        (r"\bmethod(?:s|ology)?\b|\bapproach\b|\bmodels?\b|\barchitecture\b|\bproblem\b|\bpre-?training\b", METHOD),
    )
)
_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()
_NUMBER = re.compile(
    r"^(?:(?:section|appendix|chapter)\s+)?"
    rf"((?:\d{{1,2}}|[A-Z])(?:\.\d{{1,2}}){{0,3}}|[IVX]{{1,4}}|{'|'.join(_WORDS)})[.:)]?\s+(?=\S)",
    re.I,
)
_UNNUMBERED = {ABSTRACT, ACKNOWLEDGEMENTS, REFERENCES, LIMITATIONS, CONCLUSION, INTRODUCTION, APPENDIX}
_FINDINGS = {RESULTS, ANALYSIS, DISCUSSION}


def is_known(title: str) -> bool:
    """Name that stands for a section by itself, such as "Materials and methods"."""
    return bool(section_names.ALONE.fullmatch(" ".join(title.lower().split())))


def is_label(title: str) -> bool:
    """Name of a part of a structured abstract."""
    return bool(section_names.LABEL.fullmatch(" ".join(title.lower().split()).strip(" .:")))


# Labels that an abstract with labels may set without a colon, in bold alone: "Results Rye lowered …".
_BARE_LABEL = re.compile(
    r"((?:Main )?(?:Results|Findings|Conclusions?|Methods|Interpretation|Objectives?|Participants|Interventions?"
    r"|Measurements|Outcomes?|Outcome measures?))\s+(?=[A-Z])"
)
_DASHED = re.compile(r"(Abstract|ABSTRACT)\s?[-–—]\s?(?=[A-Z])")


def label_of(sentence: str, labelled: bool = False) -> tuple[str, int]:
    """Return (label, where the text after it begins) of a sentence that a label opens: "Results: Sleep …"; ("", 0) if
    none.

    `labelled`: a label stands before, so that another one may do without a colon.
    """
    match = re.match(r"([A-Z][A-Za-z /&,]{2,40}?)\s*(?:[:.—]|\s[–-])\s*(?=\S)", sentence)
    match = match or re.match(r"([A-Z][A-Z /&,]{2,40})\s+(?=[A-Z][a-z]|[a-z])", sentence)
    match = _DASHED.match(sentence) or (_BARE_LABEL.match(sentence) if labelled else None) or match
    if match is None or not (is_label(match.group(1)) or match.group(1).lower() == "abstract"):
        return "", 0
    return "" if match.group(1).lower() == "abstract" else match.group(1), match.end()


@dataclass(frozen=True)
class Heading:
    """A heading: its number ("3.1", "A", or empty), its words, its depth (1: a section)."""

    number: str
    title: str
    level: int


def canonical(title: str) -> str:
    """Return the canonical name for a heading's words, or "other"."""
    plain = " ".join(re.sub(r"[^\w& -]+|[\d_]+", "", title.lower()).split())
    return next((name for pattern, name in _PATTERNS if pattern.search(plain)), OTHER)


def parse(text: str) -> Heading | None:
    """Return a heading's number and words; None for text that can be no heading (too long, ends like a sentence)."""
    text = " ".join(text.split())
    match = _NUMBER.match(text)
    number = match.group(1).upper() if match else ""
    if number.lower() in _WORDS:
        number = str(_WORDS.index(number.lower()) + 1)
    title = text[match.end() :] if match else text
    words = title.split()
    if not words or len(words) > 14 or not re.search(r"[^\W\d_]{2}", title):
        return None
    if title[-1] in ".,;" or not (title[0].isupper() or title[0].isdigit()):
        return None
    return Heading(number, title.rstrip(":"), number.count(".") + 1)


def _size(row: Row, capitals: bool) -> float:
    """Return the size of a row's type; that of the large letters where it is in small capitals."""
    if not capitals:
        return row.size
    return max(run.size for part in row.parts for run in part.runs if not run.raised)


def find(row: Row, body_size: float, body_font: str, apart: bool, alone: bool = False) -> Heading | None:
    """Return the heading that a row is, if it is one.

    It must differ from the body in weight, size or face, or be a known name alone.

    Args:
        row: The row.
        body_size: The size of the running text.
        body_font: Its face.
        apart: The row starts after a gap, or at the top of its column.
        alone: It is a short line between the end of a sentence and a beginning.
    """
    text = readable(row)
    heading = parse(text[:1].upper() + text[1:] if section_names.ALONE.fullmatch(text.lower()) else text)
    if heading is None:
        return None
    spaced = text.replace(" ", "") == row.text.replace(" ", "") and text.count(" ") + 3 < row.text.strip().count(" ")
    if spaced and (apart or alone):
        return heading
    size = _size(row, heading.title.isupper())
    larger = size > body_size + 0.4
    bold = all(part.bold for part in row.parts)
    capitals = heading.title.isupper() and len(heading.title) > 4
    known = canonical(heading.title) in _UNNUMBERED and len(heading.title.split()) <= 3
    if size < body_size - 0.6 and not (known and bold):
        return None
    if alone and (section_names.ALONE.fullmatch(heading.title.lower()) or (bold and len(heading.title.split()) <= 9)):
        return heading
    if (larger or bold) and (apart or heading.number or known):
        return heading
    faced = row.main.font != body_font and (not row.main.italic or "." in heading.number)
    if apart and heading.number and (capitals or faced) and size >= body_size - 0.2:
        return heading
    if apart and (known or capitals) and (heading.number or len(heading.title.split()) <= 3):
        return heading if capitals or faced or (known and row.text.strip().istitle()) else None
    return None


class Outline:
    """Follows the headings of a paper and says in which canonical section one is."""

    def __init__(self) -> None:
        self.section = OTHER
        self._top = OTHER
        self._appendix = False
        self._numbered = 0  # sections with a figure
        self._text = False  # the introduction, or a numbered section, has begun

    def enter(self, heading: Heading) -> str:
        """Open a section. A subsection whose own name says nothing stays in its parent's section."""
        name = canonical(heading.title)
        lettered = heading.number[:1].isalpha() and len(heading.number.split(".")[0]) == 1
        if name == ABSTRACT and self._text:  # a summary at the end, or of a section
            name = CONCLUSION if heading.level == 1 else OTHER
        self._numbered += heading.number.isdigit()
        self._text |= name == INTRODUCTION or heading.number.isdigit()
        after = self.section in (REFERENCES, APPENDIX, ACKNOWLEDGEMENTS) or self._numbered >= 3
        if name == APPENDIX or (lettered and after):
            self._appendix = True
        if self._appendix and name not in (REFERENCES, ACKNOWLEDGEMENTS):
            self.section = self._top = APPENDIX
        elif heading.level > 1:
            # Under "Results", a subsection on "Larger Models" reports results on them.
            named = name != OTHER and not (name in (METHOD, DATA) and self._top in _FINDINGS)
            self.section = name if named else self._top
        else:
            self.section = self._top = name
        return self.section
