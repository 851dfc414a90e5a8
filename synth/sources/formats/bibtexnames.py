"""The author fields of BibTeX and biblatex: names by their rules, and the lists that people write against them."""

from __future__ import annotations

import re

from synth.sources.formats.bibtexvalues import around, bare, strange
from synth.sources.formats.reference import Reference
from synth.text.markup import decode

_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_HANGING_AND = re.compile(r"\s+and\s*\Z|\A\s*and\s+", re.IGNORECASE)
_AMPERSAND = re.compile(r"\s*,?\s+\\?&\s+")
_COMMA = re.compile(r",")
_ET_AL = re.compile(r",?\s+et\.?\s+al\.?\s*\Z", re.IGNORECASE)
_NAME_PART = re.compile(r'\s*"?(?:family|given|prefix|suffix)(?:-i)?\s*=')
_OPTION = re.compile(r"\s+(?:useprefix|juniorcomma|nametemplates)\s*=\s*\w+\s*\Z")
_INITIALS_FIRST = re.compile(r"(?:[^\W\d_]\.[\s-]?)+\s*\w{2}")
_INITIALS_LAST = re.compile(r"\w{2}\s+[A-Z]{1,3}\Z")
_SUFFIX = re.compile(r"(?:[JS]r\.?|I{2,3}|IV)\Z")


def authors(text: str, reference: Reference) -> list[str]:
    """Return the names of an author field as they are spoken; what is amiss in it is noted in `reference`."""
    names: list[str] = []
    for person in _people(_HANGING_AND.sub("", text.strip()[:200_000])):
        for name in _listed(person, reference):
            spoken, unknown = _name(name)
            names += [spoken] if spoken else []
            for command in unknown:
                reference.problem(strange("author", command))
    return names


def _people(authors: str) -> list[str]:
    """Return the names between the "and"s that are in no braces (Patashnik, "BibTeXing", 1988, §4)."""
    return _split(authors, _AND)


def _split(text: str, at: re.Pattern[str]) -> list[str]:
    """Return the parts of `text` between what stands in no braces."""
    parts, start = [], 0
    for match in at.finditer(text):
        if _outside(text[start : match.start()]):
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]


def _outside(text: str) -> bool:
    return text.count("{") == text.count("}")


def _listed(name: str, reference: Reference) -> list[str]:
    """Return one name, or the names of a list that is parted by "&", semicolons or commas, which BibTeX does not
    know.
    """
    if _NAME_PART.match(name):
        return [name]
    people = _split(name, _AMPERSAND)
    whole = all(re.search(r"[\s,]", person.strip().strip(",")) for person in people)  # no "Smith & Sons"
    if len(people) > 1 and whole:
        reference.problem("authors are parted by & instead of `and`")
        return [person for part in people for person in _parted_by_commas(part, reference)]
    if "{" in name:
        return [name]
    if ";" in name:
        reference.problem("authors are parted by semicolons instead of `and`")
        return [person for person in name.split(";") if person.strip()]
    return _parted_by_commas(name, reference)


def _parted_by_commas(name: str, reference: Reference) -> list[str]:
    parts = [part for part in (part.strip() for part in _ET_AL.sub("", name).split(",")) if part]
    whole = all(len(part.split()) > 1 for part in parts)
    # "J. Doe, R. Roe", "Doe J, Roe R": no family name begins with an initial or ends in some.
    several = len(parts) == 2 and (all(map(_INITIALS_FIRST.match, parts)) or all(map(_INITIALS_LAST.search, parts)))
    if len(parts) > 3 or (len(parts) == 3 and whole) or several:
        reference.problem("authors are parted by commas instead of `and`")
        if whole:
            return parts
        if len(parts) % 2 == 0:  # "Last, First, Last, First"
            return [f"{last}, {first}" for last, first in zip(parts[::2], parts[1::2], strict=True)]
    return [name]


def _name(name: str) -> tuple[str, list[str]]:
    """Read "Last, First" and "von Last, Jr, First" as they are spoken; "others" stands for nobody.

    A name that is in braces as a whole is a group's: its commas part nothing.
    """
    if _NAME_PART.match(name):
        return _extended_name(name)
    name = _ET_AL.sub("", name).strip().rstrip(",")
    if around(name):
        group, unknown = decode(bare(name))
        return "" if _is_nobody(group) else group, unknown
    parts, unknown, start, depth = [], [], 0, 0
    for at, sign in enumerate(f"{name},"):
        depth += (sign == "{") - (sign == "}")
        if sign == "," and (depth <= 0 or at == len(name)):
            part, strange = decode(name[start:at])
            parts.append(" ".join(part.split()))
            unknown += strange
            start = at + 1
    if len(parts) == 3 and _SUFFIX.match(parts[2]):
        parts = [parts[0], parts[2], parts[1]]  # "Last, First, Jr", which BibTeX would not understand
    spoken = " ".join(filter(None, [*parts[-1:], *parts[:-1]])) if len(parts) > 1 else parts[0]
    return "" if _is_nobody(spoken) else spoken, unknown


def _is_nobody(name: str) -> bool:
    return name.casefold().rstrip(".") in ("others", "et al")


def _extended_name(name: str) -> tuple[str, list[str]]:
    """Read "family=Hoven, given=Jeroen, prefix=van den" as it is spoken (biblatex's extended names,
    manual of Biber).
    """
    parts: dict[str, str] = {}
    unknown: list[str] = []
    for part in _split(name, _COMMA):
        key, _, content = part.strip().strip('"').partition("=")
        plain, strange = decode(bare(_OPTION.sub("", content)))
        parts[key.strip().lower()] = " ".join(plain.split())
        unknown += strange
    return " ".join(filter(None, (parts.get(key, "") for key in ("given", "prefix", "family", "suffix")))), unknown
