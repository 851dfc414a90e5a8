"""BibTeX, written by bibtexparser; in UTF-8, with TeX's own characters escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence

from synth.export.names import Name
from synth.export.work import CitedWork

FILE = "references.bib"
# A brace counts for BibTeX even behind a backslash, so it gets a name.
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}
_VENUES = {"article": "journal", "inproceedings": "booktitle", "incollection": "booktitle"}
_RANGE = re.compile(r"(?<=\w)-(?=\w)")
_LIGATURE = re.compile(r"(?<=-)(?=-)|(?<=')(?=')|(?<=`)(?=`)|(?<=[?!])(?=`)")
_STYLES = {"i": "textit", "em": "textit", "b": "textbf", "sub": "textsubscript", "sup": "textsuperscript"}
_STYLED = re.compile(r"<(i|em|b|sub|sup)>([^<>]*)</\1>", re.IGNORECASE)
# A formula: between dollars that belong together, with something in it that only TeX writes.
_FORMULA = re.compile(r"(?<![\\$])\$(?=[^$]*[\\^_])(?! )([^$]{1,200})(?<![ \\])\$(?!\$)")


def write(works: Sequence[CitedWork]) -> str:
    """Return the entries, in the order of `works`."""
    from bibtexparser import Library, write_string
    from bibtexparser.model import Entry, Field

    entries = [Entry(work.kind, work.key, [Field(name, value) for name, value in _fields(work)]) for work in works]
    # The values bring their braces along: what the library would do to them is done here.
    return str(write_string(Library(entries), unparse_stack=[])).strip() + "\n" if entries else ""


def _fields(work: CitedWork) -> list[tuple[str, str]]:
    arxiv = bool(work.arxiv_id)
    fields = {
        "title": _title(work.title),
        "author": " and ".join(_name(name) for name in work.authors),
        _VENUES.get(work.kind, "howpublished"): escaped(work.venue),
        "volume": escaped(work.volume),
        "number": escaped(work.issue),
        "pages": _RANGE.sub("--", escaped(work.pages)),
        "school" if work.kind.endswith("thesis") else "publisher": escaped(work.publisher),
        "year": str(work.year or ""),
        "doi": _plain(work.doi),
        "eprint": work.arxiv_id,
        "archiveprefix": "arXiv" if arxiv else "",
        "aclid": work.acl_id,
        "url": _plain(work.url),
        "note": escaped(work.note),
    }
    return [(name, f"{{{value}}}") for name, value in fields.items() if value]


def escaped(text: str) -> str:
    """Return `text` as TeX sets it: nothing of it is a command, and two hyphens or quotation marks stay two."""
    return _LIGATURE.sub("{}", "".join(_SPECIAL.get(c, c) for c in text))


def _plain(address: str) -> str:
    """Return an address or DOI: set verbatim by styles, so only what would end or unbalance the field is escaped."""
    return address.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D")


def _title(title: str) -> str:
    """Return a title with formulas as they are, <i> and the like as commands, capitals within words protected."""
    parts = []
    end = 0
    for match in _FORMULA.finditer(title):
        if not _balanced(match[1]):
            continue
        parts += [_words(title[end : match.start()]), f"{{{match[0]}}}"]
        end = match.end()
    return "".join([*parts, _words(title[end:])])


def _balanced(text: str) -> bool:
    depth = 0
    for c in text:
        depth += (c == "{") - (c == "}")
        if depth < 0:
            return False
    return depth == 0


def _words(text: str) -> str:
    parts = []
    end = 0
    for match in _STYLED.finditer(text):
        parts += [_protected(text[end : match.start()]), f"\\{_STYLES[match[1].lower()]}{{{_protected(match[2])}}}"]
        end = match.end()
    return "".join([*parts, _protected(text[end:])])


def _protected(text: str) -> str:
    return "".join(f"{{{escaped(word)}}}" if _cased(word) else escaped(word) for word in re.split(r"(\s+)", text))


def _cased(word: str) -> bool:
    """Return True if a style must not lower it: BERT, mBERT and XLM-R, but not Zero-Shot."""
    parts = [part for part in re.split(r"[\W_]+", word) if part]
    single = len(parts) > 1 and any(len(part) == 1 and part.isupper() for part in parts)
    return single or any(c.isupper() for part in parts for c in part[1:])


def _name(name: Name) -> str:
    """Return a name in BibTeX's order: "van der Goot, Rob"; a group in braces, so that no comma or "and" parts it."""
    if name.literal:
        plain = escaped(name.literal)
        return f"{{{plain}}}" if re.search(r"[\s,]", name.literal) else plain
    family = f"{name.particle} {name.family}".strip()
    return ", ".join(escaped(part) for part in (family, name.suffix, name.given) if part)
