"""The form of a report in the classic style: line by line its kind and its fixed words, without what fills the slots.

What the five known reports have in common, and where they differ: the marks of Markdown's headings (one has them), the
numbers, the rows of the table and the addresses, and a blank line before the last address (four have it).
"""

from __future__ import annotations

import re

HEADINGS = (
    "Abstract",
    "1 Introduction",
    "2 Methodology",
    "3 Results",
    "4 Limitations",
    "5 Extracted Claims",
    "References",
)
DATE = re.compile(r"[A-Z][a-z]+ \d{1,2}, \d{4}")
NUMBER = re.compile(r"\d[\d,]*(\.\d+)?")
ROW = re.compile(r"[^\t]+\t(✓|×|not decided)\t(\d\.\d\d|[<>]\d\.\d\d|n/a)")
# The lines of text under a heading: their fixed words, "…" for what is filled in.
SLOTS = {
    "Abstract": re.compile(r"().+()"),
    "1 Introduction": re.compile(r"(This paper examines: ).+( Research question: ).+"),
}

# Our own description of the form: what `skeleton` gives for each of the known reports.
FORM = [
    "",
    "",
    "title",
    "",
    "author",
    "",
    "date",
    "",
    "heading Abstract",
    "",
    "text",
    "",
    "heading 1 Introduction",
    "",
    "text This paper examines: … Research question: …",
    "",
    "heading 2 Methodology",
    "",
    "text Systematic literature search across multiple databases yielded # papers. Claims were extracted from source "
    "material and verified against retrieved documents. An independent multi-reviewer assessment produced a quality "
    "score of #/#.",
    "",
    "heading 3 Results",
    "",
    "text # papers retrieved. # claims extracted; # independently verified. Quality review score: #/#.",
    "",
    "heading 4 Limitations",
    "",
    "text This report is a machine-generated literature synthesis and does not constitute original research. Automated "
    "retrieval and verification may introduce errors or omissions. Review scores reflect automated assessment, not "
    "human peer review. Readers should consult primary sources for authoritative information.",
    "",
    "heading 5 Extracted Claims",
    "",
    "head Claim, Verified, Confidence",
    "row",
    "",
    "heading References",
    "",
    "address",
]


def marked(text: str) -> bool:
    """Return True if the headings have the marks of Markdown."""
    return "\n## Abstract\n" in text


def skeleton(text: str) -> list[str]:
    """The kind of each line; rows of the table and addresses, blank lines between them included, collapse to one."""
    kinds: list[str] = []
    heading = ""
    for line in text.removesuffix("\n").split("\n"):
        bare = re.sub(r"^#+ ", "", line) if marked(text) else line
        if bare in HEADINGS:
            heading = bare
            kind = f"heading {bare}"
        else:
            kind = _kind(bare, heading, kinds)
        kinds.append(kind)
    return _collapsed(kinds)


def _kind(line: str, heading: str, before: list[str]) -> str:
    if not line:
        return ""
    if not heading:
        return (
            next(kind for kind in ("title", "author", "date") if kind not in before)
            if not DATE.fullmatch(line)
            else "date"
        )
    if heading == "References":
        return "address" if re.fullmatch(r"- (<|&lt;)\S.*(>|&gt;)", line) else f"odd {line}"
    if heading == "5 Extracted Claims":
        if "\t".join(("Claim", "Verified", "Confidence")) == line:
            return "head Claim, Verified, Confidence"
        return "row" if ROW.fullmatch(line) else f"odd {line}"
    return f"text {_fixed(line, heading)}".rstrip()


def _fixed(line: str, heading: str) -> str:
    """The words that every report has there."""
    if heading not in SLOTS:
        return NUMBER.sub("#", line)
    found = SLOTS[heading].fullmatch(line)
    if not found:
        return f"odd {line}"
    return "".join(f"{words}…" for words in found.groups() if words)


def _collapsed(kinds: list[str]) -> list[str]:
    found: list[str] = []
    for kind in kinds:
        if kind == "address" and found[-1] == "" and found[-2] == "address":
            found.pop()
        if kind not in ("row", "address") or found[-1] != kind:
            found.append(kind)
    return found
