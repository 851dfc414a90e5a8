"""BibTeX and BibLaTeX: entries by bibtexparser, values, inheritance and names by BibTeX's rules, TeX by `text.markup`.

The parser knows no limits, so the file has one: it works through a few hundred kB a second, whatever is in them.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from synth.core.types import PublicationType, Record
from synth.sources import fields
from synth.sources.formats.bibtexnames import authors
from synth.sources.formats.bibtexvalues import MONTHS, BibtexValue, bare, strange, value
from synth.sources.formats.reference import Reference, record
from synth.text.markup import decode

if TYPE_CHECKING:
    from bibtexparser.library import Library
    from bibtexparser.model import Entry, String

MAX_BYTES = 10 * 2**20  # bytes

_LOST_ENTRY = re.compile(
    r"^[ \t]*@?[ \t]*(article|book|booklet|conference|inbook|incollection|inproceedings|manual|mastersthesis|misc|"
    r"online|phdthesis|proceedings|report|techreport|thesis|unpublished)\s*[{(]\s*([^\s,{}]+)\s*,",
    re.IGNORECASE | re.MULTILINE,
)
_KINDS = ("book", "phdthesis", "mastersthesis", "misc", "unpublished")
_KEPT_APART = frozenset({"control", "ieeetranbstctl", "xdata", "set", "settings"})  # entries that are no works
_INHERITED = (
    *("year", "date", "eprinttype", "archiveprefix", "booktitle"),
    *("journal", "journaltitle", "volume", "number", "issue", "publisher"),
)
_TYPES = {
    "article": PublicationType.ARTICLE,
    **dict.fromkeys(("inproceedings", "conference"), PublicationType.INPROCEEDINGS),
    **dict.fromkeys(("incollection", "inbook", "inreference"), PublicationType.INCOLLECTION),
    **dict.fromkeys(("book", "mvbook", "proceedings"), PublicationType.BOOK),
}
_PARTS = (PublicationType.INPROCEEDINGS, PublicationType.INCOLLECTION)  # what stands in a book
_MAX_ANCESTORS = 20
_INHERITED_BY_PARTS = ("author", "title")  # of a book, by its @inbook
_VERBATIM = (
    (re.compile(r"\\(?:url|path|nolinkurl|burl|doi)\s*(?=\{)"), ""),
    (re.compile(r"\\href\s*\{([^{}]*)\}\s*\{[^{}]*\}"), r"\1"),
    (
        re.compile(r"\{\\textasciitilde\s*\}|\\textasciitilde(?:\s*\{\})?|\\~\{\}|\{\\~\{?\}?\}|\\string~|\$\\sim\$"),
        "~",
    ),
    (re.compile(r"\{?\\textunderscore(?:\s*\{\}|\})?"), "_"),
    (re.compile(r"\{\\([_&%#$~])\}|\\([_&%#$~])"), lambda found: found[1] or found[2]),
    (re.compile(r"\\-|\\\\|\s+"), " "),
)


def read(text: str) -> tuple[list[Record], list[str]]:
    """Return the records of a BibTeX file and what was not understood. Never raises for what is in the file."""
    import bibtexparser

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # it logs every damaged entry, we warn of them
    try:
        library = bibtexparser.parse_string(_unix(text), parse_stack=[])
    except Exception as error:  # the parser promises no kind: ValueError, RecursionError, its own
        return [], [f"the file cannot be parsed ({type(error).__name__})"]
    warnings: list[str] = []
    blocks, strings = _blocks(library, warnings)
    macros = _macros(strings, warnings)
    by_key: dict[str, tuple[str, dict[str, str]]] = {}
    read_ones = [(entry, _values(entry, macros, reference), reference) for entry, reference in _numbered(blocks)]
    for entry, values, _ in read_ones:
        by_key.setdefault(str(entry.key).lower(), (str(entry.entry_type).lower(), values))
    records = []
    for entry, values, reference in read_ones:
        kind = str(entry.entry_type).lower()
        if kind in _KEPT_APART:
            continue
        _inherit(kind, values, by_key, reference)
        _convert(entry, kind, values, reference)
        if item := record(reference):
            records.append(item)
        warnings += reference.problems
    return records, warnings


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _blocks(library: Library, warnings: list[str]) -> tuple[list[Entry], list[String]]:
    """Return (entries, strings) in the order of the file, with those that stand twice; the rest is warned of."""
    entries, strings = list(library.entries), list(library.strings)
    for block in library.failed_blocks:
        line = (block.start_line or 0) + 1
        inner = getattr(block, "ignore_error_block", None)
        kind = type(inner).__name__
        if kind == "Entry":
            entries.append(inner)  # two entries under one key are two entries
            twice = getattr(block, "duplicate_keys", None)
            if twice:
                warnings.append(
                    f"line {line}: {', '.join(sorted(twice))} stands twice in an entry; the first one counts"
                )
        elif kind == "String":
            strings.append(inner)
        else:
            raw = str(getattr(block, "raw", "") or "")
            key = re.match(r"@\s*\w+\s*[{(]\s*([^\s,{}]{1,60})\s*,", raw)
            warnings.append(f"line {line}: an entry that is no BibTeX{f' ({key[1]})' if key else ''}; passed over")
    for block in library.comments:
        if type(block).__name__ == "ImplicitComment":
            for lost in _LOST_ENTRY.finditer(str(block.comment)):
                line = (block.start_line or 0) + str(block.comment).count("\n", 0, lost.start(1)) + 1
                warnings.append(f"line {line}: an entry without its @ ({lost[2][:60]}); passed over")
    return sorted(entries, key=lambda block: block.start_line or 0), sorted(
        strings, key=lambda block: block.start_line or 0
    )


def _numbered(entries: Iterable[Entry]) -> Iterable[tuple[Entry, Reference]]:
    for number, entry in enumerate(entries, 1):
        key = fields.text(str(entry.key), 60)
        yield (
            entry,
            Reference(f"entry {number} (line {(entry.start_line or 0) + 1}{f', {key}' if key else ''})", plain=True),
        )


def _macros(strings: Iterable[String], warnings: list[str]) -> dict[str, str]:
    """Return the macros of a file by name in lower case; months are known from the start."""
    macros = dict(MONTHS)
    for string in strings:
        expanded = value(str(string.value), macros)
        macros[str(string.key).lower()] = expanded.text
        for name in expanded.unknown:
            warnings.append(f"line {(string.start_line or 0) + 1}: the macro {name[:40]!r} is not defined")
        if expanded.damaged:
            warnings.append(f"line {(string.start_line or 0) + 1}: @string {expanded.damaged}")
    return macros


def _values(entry: Entry, macros: dict[str, str], reference: Reference) -> dict[str, str]:
    """Return the fields of an entry by name in lower case; what is damaged in them is noted."""
    values: dict[str, str] = {}
    for field in entry.fields:
        name = str(field.key).strip().lower()
        content: BibtexValue | None = value(str(field.value), macros)
        while content is not None:
            values.setdefault(name, content.text)
            for macro in content.unknown:
                reference.problem(f"the macro {macro[:40]!r} in {name} is not defined")
            if content.damaged:
                reference.problem(f"{name}: {content.damaged}")
            following = content.following[0] if content.following else None
            if following:
                reference.problem(f"a comma is missing between {name} and {following[0]}")
                name = following[0].lower()
            content = following[1] if following else None
    return values


def _inherit(
    kind: str,
    values: dict[str, str],
    by_key: dict[str, tuple[str, dict[str, str]]],
    reference: Reference | None,
    heirs: frozenset[int] = frozenset(),
) -> None:
    """Fill what an entry lacks from the ones that it refers to (crossref; xdata for all fields), and they from theirs.

    Args:
        kind: The entry's type.
        values: Its fields, filled in place.
        by_key: Type and fields of each entry of the file, by key in lower case.
        reference: Is told of entries that are not in the file.
        heirs: The entries that wait for this one, which it cannot inherit from.
    """
    for name in ("crossref", "xref", "xdata"):
        for key in filter(None, (part.strip().lower() for part in values.get(name, "").split(","))):
            if key not in by_key:
                if reference is not None:
                    reference.problem(f"{name} {key[:40]!r} is not in the file")
                continue
            parent_kind, parent = by_key[key]
            if id(parent) in heirs or parent is values or len(heirs) > _MAX_ANCESTORS:
                continue
            _inherit(parent_kind, parent, by_key, None, heirs | {id(values)})
            wanted: Iterable[str] = _INHERITED if name != "xdata" else parent
            for inherited in (*wanted, *(_INHERITED_BY_PARTS if kind == "inbook" and name == "crossref" else ())):
                if not values.get(inherited, "").strip() and parent.get(inherited):
                    values[inherited] = parent[inherited]
            if name == "crossref" and _TYPES.get(kind) in _PARTS and not values.get("booktitle", "").strip():
                values["booktitle"] = parent.get("title", "")


def _convert(entry: Entry, kind: str, values: dict[str, str], reference: Reference) -> None:
    def text(name: str) -> str:
        plain, unknown = decode(bare(values.get(name, ""))[: 4 * fields.MAX_ABSTRACT])
        for command in unknown:
            reference.problem(strange(name, command))
        return plain

    reference.name = fields.text(str(entry.key), fields.MAX_NAME)
    title, subtitle = text("title"), text("subtitle")
    reference.title = f"{title}: {subtitle}" if title and subtitle else title
    reference.authors = authors(values.get("author", ""), reference)
    reference.year = text("year") or text("date")
    reference.abstract = text("abstract") or text("annotation") * ("abstract" in values.get("annotation", "").lower())
    verbatim = {name: _verbatim(value) for name, value in values.items() if name in _ADDRESSES}
    eprint, archive = (
        verbatim.get("eprint", ""),
        f"{values.get('archiveprefix', '')}{values.get('eprinttype', '')}".lower(),
    )
    reference.dois = [verbatim[name] for name in ("doi", "digitalobjectidentifier") if verbatim.get(name)]
    places = (
        "url",
        "ee",
        "bdsk-url-1",
        "bdsk-url-2",
        "link",
        "eprint",
        "howpublished",
        "file-url",
        "pdf",
        "biburl-",
        "adsurl",
    )
    reference.addresses = [*(verbatim.get(name, "") for name in places), _anthology(values)]
    reference.arxiv = [
        *([eprint] if not archive or "arxiv" in archive else []),
        verbatim.get("arxivid", ""),
        verbatim.get("arxiv", ""),
    ]
    venues = (
        "journal",
        "journaltitle",
        "volume",
        "number",
        "booktitle",
        "publisher",
        "howpublished",
        "series",
        "institution",
        "school",
        "pages",
    )
    reference.venues = [_verbatim(values.get(name, "")) for name in venues]
    reference.notes = [
        _verbatim(values.get(name, "")) for name in ("note", "annote", "comment", "addendum", "pubstate")
    ]
    reference.pmids = [_verbatim(values[name]) for name in ("pmid", "pmcid", "pmc") if values.get(name)]
    reference.pmids += [eprint] * ("pubmed" in archive)
    reference.types = [text(name) for name in ("type", "document_type", "documenttype", "pubstate")]
    reference.comment = f"@{kind}" if kind in _KINDS else ""
    reference.kind = _TYPES.get(kind, PublicationType.UNKNOWN)
    journal = text("journal") or text("journaltitle")
    reference.venue = text("booktitle") or journal if reference.kind in _PARTS else journal
    reference.volume, reference.issue, reference.pages = text("volume"), text("number") or text("issue"), text("pages")
    reference.publisher = text("publisher") or text("school") or text("institution")


_ADDRESSES = frozenset(
    "url doi ee eprint link howpublished pdf adsurl arxivid arxiv bdsk-url-1 bdsk-url-2 "
    "digitalobjectidentifier file-url".split()
)


def _verbatim(text: str) -> str:
    """Return an address or DOI as it is, without what TeX needs to print it."""
    plain = bare(text)
    for pattern, sign in _VERBATIM:
        plain = pattern.sub(sign, plain)
    return re.sub(r"(?<!\\)[{}]", "", plain) if "\\" not in plain else plain


def _anthology(values: dict[str, str]) -> str:
    """Return the address of an Anthology id in a field of its own, as we write it where nothing else carries it."""
    return f"https://aclanthology.org/{values['aclid']}" if values.get("aclid") else ""
