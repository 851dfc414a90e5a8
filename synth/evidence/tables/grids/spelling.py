"""Normalisation of names: case, blanks, hyphens, plural endings. Pure."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

from synth.evidence.tables.grids.grid import CITED

BRACKETS = re.compile(r"\s?[(\[]([^()\[\]]*)[)\]]")
TOKEN = re.compile(r"[^\W_]+(?:\.\d+)?|[Δδ∆κ%]")
WORD = re.compile(r"[^\s/,;:()\[\]|\"“”]*[^\W_][^\s/,;:()\[\]|\"“”]*")


def folded(text: str) -> str:
    """Return a name without case, blanks, hyphens and plural endings."""
    return "".join(token for _, _, token in tokens(text))


@lru_cache(4096)
def tokens(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return (start, end, folded) of every word and number of a text."""
    return tuple((m.start(), m.end(), _fold(m.group())) for m in TOKEN.finditer(text))


def _fold(token: str) -> str:
    word = unicodedata.normalize("NFKC", token)
    lower = word.casefold()
    if len(word) < 4 or not word[1:].islower():
        return lower
    if lower.endswith("ies") and len(lower) > 4:
        return lower[:-3] + "y"
    if lower.endswith(("sses", "xes", "ches", "shes")):
        return lower[:-2]
    if lower.endswith("s") and not lower.endswith(("ss", "us", "is")):
        return lower[:-1]
    return lower


def words(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, folded) of the words between blanks: "XLM-R" is one."""
    spans = []
    for match in WORD.finditer(text):
        word = match.group().strip(".!?'’*†‡§")
        if word:
            plain = _fold(re.sub(r"[^\w%]", "", re.sub(r"['’]s$", "", word)))
            spans.append((match.start(), match.start() + len(word), plain))
    return spans


def bare_name(text: str) -> str:
    """Return a head without brackets, citations, marks and quotation."""
    return CITED.sub("", BRACKETS.sub("", text)).strip(" *†‡§:;,.\"'") or text


@cache
def listed(kind: str) -> frozenset[str]:
    """Return a list of words of `words.toml`."""
    text = files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)[kind].split())


@cache
def broader() -> tuple[tuple[str, frozenset[str]], ...]:
    """Return (broader name of a task, folded names of what it covers) of `words.toml`."""
    text = files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    return tuple((name, frozenset(map(folded, covered))) for name, covered in tomllib.loads(text)["broader"].items())
