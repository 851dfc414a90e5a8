"""Values of BibTeX fields: braces, quotation marks, numbers and macros, joined by `#`. Pure; nothing raises.

bibtexparser's ResolveStringReferencesMiddleware knows macros that stand alone, no `#`; so values are read here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_CHARACTERS = 200_000  # characters of a value; macros that name each other grow without bound
MONTHS = {name: str(number) for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}

_MACRO = re.compile(r"[^\s\"#%'(),={}]+")
_NEXT_FIELD = re.compile(r"\s*([a-zA-Z][\w:.+/-]{0,60})\s*=(?!=)\s*")


@dataclass
class BibtexValue:
    """A value that was read; `rest`: fields that follow in it because a comma is missing; `unknown` macros."""

    text: str = ""
    following: list[tuple[str, BibtexValue]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    damaged: str = ""


def value(raw: str, macros: dict[str, str], depth: int = 0) -> BibtexValue:
    """Read `raw`, the text between `=` and the comma or brace that ends a field."""
    result, at, parts, size = BibtexValue(), 0, [], 0
    while True:
        piece, at = _piece(raw, at, macros, result)
        size += len(piece)
        parts.append(piece if size <= MAX_CHARACTERS else "")
        at = _blank(raw, at)
        if raw[at : at + 1] != "#":
            break
        at = _blank(raw, at + 1)
    result.text = "".join(parts)
    if size > MAX_CHARACTERS:
        result.damaged = f"cut after {MAX_CHARACTERS:,} characters"
    remainder = raw[at:].strip()
    if remainder and (following := _NEXT_FIELD.match(remainder)) and depth < 20:
        result.following.append((following[1], value(remainder[following.end() :], macros, depth + 1)))
    elif remainder:
        result.damaged = f"{remainder[:40]!r} behind the value"
        if not remainder.startswith(("{", '"')):
            result.text = f"{result.text} {remainder}".strip()
    return result


def _piece(raw: str, at: int, macros: dict[str, str], result: BibtexValue) -> tuple[str, int]:
    """Read one operand of `#` from `at` on; return it and where it ends."""
    at = _blank(raw, at)
    sign = raw[at : at + 1]
    if sign in ("{", '"'):
        end = _end(raw, at, "}" if sign == "{" else '"')
        return raw[at + 1 : end], end + 1
    macro = _MACRO.match(raw, at)
    if macro is None:
        return "", at
    name = macro[0]
    if name.isdigit():
        return name, macro.end()
    known = macros.get(name.lower())
    if known is None:
        result.unknown.append(name)
    return name if known is None else known, macro.end()


def _blank(raw: str, at: int) -> int:
    while at < len(raw) and raw[at].isspace():
        at += 1
    return at


def _end(raw: str, start: int, mark: str) -> int:
    """Return the index where the brace or quotation mark at `start` is closed; the end of `raw` if it is not."""
    depth = 0
    for at in range(start + 1, len(raw)):
        sign = raw[at]
        if sign == mark and depth == 0 and not (mark == '"' and raw[at - 1] == "\\"):
            return at
        if sign in "{}" and raw[at - 1] != "\\":
            depth += 1 if sign == "{" else -1
            if depth < 0:
                depth = 0
    return len(raw)


def bare(text: str) -> str:
    """Return a field without the pairs of braces around the whole of it."""
    inner = text.strip()
    pairs = around(inner)
    return inner[pairs : len(inner) - pairs].strip()


def around(text: str) -> int:
    """Count the pairs of braces that enclose the whole of `text`."""
    inner = text.strip("{}")
    start = len(text) - len(text.lstrip("{"))
    end = len(text) - len(text.rstrip("}"))
    depth = lowest = 0
    for c in inner:
        depth += (c == "{") - (c == "}")
        lowest = min(lowest, depth)
    return max(0, min(start + lowest, end, start)) if inner else min(start, end)


def strange(name: str, command: str) -> str:
    """Return the warning of a TeX command in the field `name` that `decode` gives back as unknown."""
    if command == "\\thanks" or command.startswith("\\cite"):
        return f"{command[:40]} in {name} is left out"
    return f"TeX in {name} that is not understood: {command[:40]}; what it sets is left as it is"
