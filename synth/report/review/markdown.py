"""Reading a report in Markdown as far as reviewers need it: sections, tables, numbers, quotes. Pure."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from math import isfinite

# The score cannot be checked before it is given: what is said of it is left out.
_SCORE = re.compile(
    r"quality score of [^()]*\([^)]*\)|quality (?:review )?score:? [^.]*?(?:\d+(?:\.\d+)?/10|not scored)", re.I
)
_CODE = re.compile(r"^(`{3,}).*?^\1\s*$|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_TARGET = re.compile(r"(?<!\\)\]\((?:<[^>]*>|[^)]*)\)|<https?://[^>]*>")
# A number that stands by itself: no part of a word, a version, a hash, an identifier or a time.
_NUMBER = re.compile(r"(?<![\w.,:/#^-])[+−-]?\d[\d,]*(?:\.\d+)?%?(?![\w:/]|[.,]\d|-\d)")
_QUOTED = re.compile(r"“([^“”]*)”")


def readable(markdown: str) -> str:
    """Return Markdown as it is seen: entities and escapes resolved, no addresses of links, white space folded."""
    text = _TARGET.sub(lambda m: "]" if m[0].startswith("]") else "", markdown)
    text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", html.unescape(text))
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


def folded(text: str) -> str:
    """Return `text` on one line, without what Markdown shows and a comparison must not depend on."""
    visible = (c for c in text if unicodedata.category(c) not in ("Cc", "Cs", "Cf") or c.isspace())
    return " ".join("".join(visible).split())


def section(markdown: str, heading: str) -> str:
    """Return the text under a heading line such as "## References", up to the next of its level or above; or ""."""
    return _sections(markdown).get(heading, "")


@lru_cache(maxsize=2)
def _sections(markdown: str) -> dict[str, str]:
    """Map each heading line to the text under it; of headings that are there twice the first."""
    heads = [(m[0].rstrip(), len(m[1]), m.start(), m.end()) for m in re.finditer(r"(?m)^(#{1,6}) .*$", markdown)]
    sections: dict[str, str] = {}
    for i, (heading, level, _, begin) in enumerate(heads):
        end = next((start for _, other, start, _ in heads[i + 1 :] if other <= level), len(markdown))
        sections.setdefault(heading, markdown[begin:end])
    return sections


def without(markdown: str, heading: str) -> str:
    """Return the report without the section under `heading`."""
    return markdown.replace(heading + section(markdown, heading), "") if section(markdown, heading) else markdown


def rows(table: str) -> list[list[str]]:
    """Return the cells of the lines of a table, its head and rule included, as a reader sees them."""
    lines = [line.strip() for line in table.splitlines() if line.lstrip().startswith("|")]
    return [[folded(readable(cell)) for cell in re.split(r"(?<!\\)\|", line.strip("|"))] for line in lines]


def addresses(markdown: str) -> list[str]:
    """Return every web address that the text links to."""
    return re.findall(r"<(https?://[^>\s]+)>", markdown)


def quotes(text: str) -> list[str]:
    """Return the texts between “ and ”, of nested ones the innermost."""
    return [folded(quote) for quote in _QUOTED.findall(text)]


def numbers(markdown: str) -> list[str]:
    """Return the numbers that a report states in its own words, as printed: not those in code, in addresses and in
    quotes.
    """
    text = readable(_CODE.sub(" ", markdown))
    text = _QUOTED.sub(" ", _SCORE.sub(" ", text))
    return [number.rstrip(",") for number in _NUMBER.findall(text)]


def texts(value: object) -> Iterator[str]:
    """Yield every text in rows of the database, at any depth, on one line each."""
    if isinstance(value, str):
        yield folded(value)
    elif is_dataclass(value):
        yield from texts([getattr(value, f.name) for f in fields(value)])
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from texts(part)
    elif isinstance(value, Sequence):
        for part in value:
            yield from texts(part)


def unexplained(printed: Sequence[str], known: Iterable[float]) -> list[str]:
    """Return the printed numbers that no known one gives when it is rounded to the digits that are printed."""
    values = sorted({abs(value) for value in known if isfinite(value)})

    @cache
    def rounded(places: int, scale: int) -> set[Decimal]:
        return {Decimal(f"{scale * value:.{places}f}") for value in values if scale == 1 or value <= 1}

    missing = []
    for text in dict.fromkeys(printed):
        digits = text.rstrip("%").lstrip("+-−").replace(",", "")
        places = len(digits.partition(".")[2])
        try:
            wanted = Decimal(digits)
        except InvalidOperation:
            continue
        shares = text.endswith("%") and wanted in rounded(places, 100)
        if not shares and wanted not in rounded(places, 1):
            missing.append(text)
    return missing


def stored_numbers(value: object) -> Iterator[float]:
    """Yield every number in rows of the database, at any depth, those in texts too, since reports print the texts."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | float):
        yield float(value)
    elif isinstance(value, str):
        for number in re.findall(r"\d[\d,]*(?:\.\d+)?", value):
            yield float(number.replace(",", ""))
    elif is_dataclass(value):
        for f in fields(value):
            yield from stored_numbers(getattr(value, f.name))
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from stored_numbers(key)
            yield from stored_numbers(part)
    elif isinstance(value, Sequence):
        yield float(len(value))
        for part in value:
            yield from stored_numbers(part)
