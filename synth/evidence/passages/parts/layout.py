"""Layout of a passage: sentences, clauses between numbers, and tables written as text. Pure.

A table in a passage comes in many shapes: cells parted by "|", rows of "label: a, b, c" under a head, "key: value"
pairs, or "label 4805 (76.6%)". Whatever the shape, each number gets the label of its row and the head of its column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?<!\bal\.)(?<!\bvs\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!Fig\.)(?<![A-Z]\.)\s+(?=[A-Z0-9(“\"])|\n+"
)
_LINE_END = re.compile(r";\s+|\.\s+(?=\S)|\n+")
_CELL = re.compile(r"\s*\|\s*")
_NUMERIC = re.compile(r"^[\s(~≈<>≤≥±+−–-]*\d[\d.,]*\s?(?:%|[kKMB]\b|±|\(|$|/|pts?|[\s–-]+\d)")
_HAS_NUMBER = re.compile(r"(?<![\w.])[-+−]?\d+(?:[.,]\d+)*")
# Where one number's words end and the next one's begin, strongest first.
_BOUNDARIES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"[;|\n]|\.\s",
        r"\b(?=while\b|whereas\b|but\b|although\b|compared\b|versus\b|vs\b|against\b|than\b|outperform"
        r"|up from\b|down from\b)",
        r",\s(?:and\s|with\s|or\s)?",
        r"\b(?=and\b|or\b)|\s/\s",
        r"\)\s?",
    )
)


@dataclass(frozen=True)
class TextCell:
    """A span of a table's text that carries numbers, with the texts of its row's label and its column's head."""

    start: int
    end: int
    row: str
    column: str


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of each sentence."""
    bounds, at = [], 0
    for match in _SENTENCE_END.finditer(text):
        bounds.append((at, match.start()))
        at = match.end()
    bounds.append((at, len(text)))
    return [(s, e) for s, e in bounds if text[s:e].strip()]


def split_gap(gap: str) -> int:
    """Return where in the text between two numbers the second one's words begin."""
    depth = 0
    for at, sign in enumerate(gap):
        depth += (sign == "(") - (sign == ")")
        if depth < 0:  # the bracket that the first number stands in ends here
            return at + 1
    if gap.endswith("(") and ")" not in gap:
        return len(gap) - 1
    for pattern in _BOUNDARIES:
        matches = list(pattern.finditer(gap))
        if matches:
            return matches[0].start() if pattern is not _BOUNDARIES[4] else matches[0].end()
    # No boundary: the first word is what is counted, the rest belongs to the number behind it.
    first = re.match(r"\s*\S+\s", gap)
    return first.end() if first else 0


def lead_start(lead: str) -> int:
    """Return where, in the text before the first number, that number's own words begin."""
    for pattern in _BOUNDARIES[:3]:
        matches = list(pattern.finditer(lead))
        if matches:
            return matches[-1].end()
    return 0


def is_table(text: str) -> bool:
    """Return True if a passage looks like a table written as text."""
    if text.count("|") >= 2:
        return True
    if text.count(":") + text.count(" = ") < 2:
        return False
    rows = re.findall(r"[^.;:=]*[\w+)%-][\w+)%]\s?(?::|\s=)\s*[-+−]?\d", re.sub(r"\([^()]*\)", "", text))
    return len(rows) >= 2


def cells(text: str) -> list[TextCell]:
    """Return the cells of a table written as text; empty where the text is none."""
    if not is_table(text):
        return []
    lines = _lines(text)
    parsed: list[TextCell] = []
    heads: list[str] = []
    above = ""  # what a line said before its colon: "Op ×: NALU 26%; NMU 94%"
    for start, end in lines:
        line = text[start:end]
        numbers = _HAS_NUMBER.findall(line)
        if "|" not in line and numbers and above and not re.search(r"[:=]", line):
            parsed.append(TextCell(start, end, f"{above} ; {re.split(r'[-+−(]?[0-9]', line)[0].strip()}", ""))
            continue
        nested = re.match(r"([^:=|]{1,40}):\s(?=[^\s\d])", line)
        above = nested[1] if nested and numbers and len(numbers) < 4 and "," not in line.split("(")[0] else ""
        if "|" in line:
            found_here, heads = _piped(text, start, end, heads)
            parsed += found_here
        elif re.search(r"[:=]", line) and numbers:
            parsed += _labelled(text, start, end, heads)
        else:
            heads = _items(line) or heads
    return parsed


def _lines(text: str) -> list[tuple[int, int]]:
    lines, at = [], 0
    for match in _LINE_END.finditer(text):
        # "Fig. 2", "vs. mBERT", "M. tuberculosis" end no line.
        if match.group().startswith(".") and re.search(
            r"(?:(?:^|\s)[A-Z]|\bvs|\bFig|\bal|\bapprox|\bNo|\bavg|\bAvg)$",
            text[max(0, match.start() - 8) : match.start()],
        ):
            continue
        lines.append((at, match.start()))
        at = match.end()
    lines.append((at, len(text)))
    return lines


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    parts, at = [], start
    for match in _CELL.finditer(text, start, end):
        parts.append((at, match.start()))
        at = match.end()
    parts.append((at, end))
    return parts


def _piped(text: str, start: int, end: int, heads: Sequence[str]) -> tuple[list[TextCell], list[str]]:
    """Read "label | a | b" under heads; a line without numbers is the head of what follows."""
    parts = _parts(text, start, end)
    texts = [text[s:e].strip() for s, e in parts]
    numeric = [bool(_NUMERIC.match(t)) for t in texts]
    if not any(numeric):
        keyed = [bool(re.search(r"[:=]\s*[-+−(]?\d", t)) for t in texts]
        if not any(keyed):
            return [], texts
        # "Table 2 | XLM-R | XNLI: 80.9 | MLQA: 71.6"
        row = " ; ".join(t for t, key in zip(texts, keyed, strict=True) if not key)
        return [
            TextCell(s, e, row, re.split(r"[:=]", t)[0])
            for (s, e), t, key in zip(parts, texts, keyed, strict=True)
            if key
        ], list(heads)
    # A column of labels may hold numbers: "70% | 42 | 42" under "Rule | original | reproduction".
    first = 1 if len(heads) == len(texts) > 2 else numeric.index(True)
    row = " ; ".join(texts[:first])
    columns = list(heads)
    # A head without a title for the column of labels is shorter.
    offset = len(texts) - len(columns) if columns and len(columns) < len(texts) else 0
    cells = []
    for at in range(max(first, numeric.index(True)), len(texts)):
        column = columns[at - offset] if 0 <= at - offset < len(columns) else ""
        if _HAS_NUMBER.search(texts[at]):
            cells.append(TextCell(*parts[at], row, column))
        else:
            row = f"{row} ; {texts[at]}"
    return cells, columns


def _labelled(text: str, start: int, end: int, heads: Sequence[str]) -> list[TextCell]:
    """Read "label: a, b, c", "label = x: a, b", "key: value, key: value" and "label: one 4805 (76.6%), two 23952"."""
    line = text[start:end]
    pairs = list(re.finditer(r"([^:=,;()]{1,60}?)\s?[:=]\s?(?=[^\s])", line))
    last = pairs[-1] if pairs else None
    if last is None:
        return []
    keys = [m for m in pairs if re.match(r"[-+−(~<>]*\d", line[m.end() :])]
    if len(keys) > 1 or (keys and len(pairs) > 1 and keys[0] is not pairs[0] and "," in line[: keys[0].start() + 1]):
        labels = " ; ".join(line[m.end() : _next(line, pairs, m)].strip(" ,") for m in pairs if m not in keys)
        return [TextCell(start + m.start(), start + _next(line, pairs, m), labels, m[1].strip(" ,.")) for m in keys]
    row = line[: last.end()].rstrip(" :=")
    body = start + last.end()
    parts = _commas(text, body, end)
    cells = []
    for at, (s, e) in enumerate(parts):
        if not _HAS_NUMBER.search(text, s, e):
            continue
        own = re.split(r"[-+−(]?\d", text[s:e])[0].strip()
        column = own or (
            heads[at] if len(heads) == len(parts) else heads[at + 1] if len(heads) == len(parts) + 1 else ""
        )
        cells.append(TextCell(s, e, row, column))
    return cells


def _next(line: str, pairs: Sequence[re.Match[str]], match: re.Match[str]) -> int:
    return min((m.start() for m in pairs if m.start() > match.start()), default=len(line))


def _commas(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Split at commas that are outside brackets and between no digits."""
    cells, at, depth = [], start, 0
    for i in range(start, end):
        depth += (text[i] in "([") - (text[i] in ")]")
        if text[i] == "," and depth <= 0 and not (text[i + 1 : i + 2].isdigit() and text[i - 1].isdigit()):
            cells.append((at, i))
            at = i + 1
    cells.append((at, end))
    return cells


def _items(line: str) -> list[str]:
    """Return the heads that a line without numbers lists: "Eval: EN, DE, ES" or "(P, R, F)"."""
    bracket = re.search(r"\(([^()]*,[^()]*)\)", line)
    listed = bracket[1] if bracket else line.rsplit(":", 1)[-1]
    items = [item.strip(" .") for item in listed.split(",")]
    if len(items) < 2:
        return []
    prefix = re.search(r"\b(\S+)$", line[: bracket.start()].rstrip()) if bracket else None
    return [f"{prefix[1]} {item}" if prefix else item for item in items]
