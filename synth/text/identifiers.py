"""DOIs, PMIDs and PMCIDs in every spelling, brought to one normal form. Pure; shared by sources, files and screening.

A DOI names the same work whatever its case (DOI Handbook, §2.4) and however it was carried: as an address, with a
label, percent-encoded, with TeX's or HTML's escapes, or with the punctuation of the sentence that it stood in.
"""

from __future__ import annotations

import html
import re
from urllib.parse import quote, unquote

MAX_CHARACTERS = 2_000  # characters that are looked at

_LABEL = re.compile(
    r"\A(?:(?:https?:)?//)?(?:"
    r"(?:www\.)?(?:dx[.-])?doi[.-]org(?:\.[a-z0-9.-]+)?(?::\d+)?/"  # the resolver, also behind a library's proxy
    r"|(?:urn|info):doi[:/]|doi(?:\s*[:=]|\s+|/)"
    r")\s*",
    re.IGNORECASE,
)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_INSIDE = re.compile(r"(?<![\w.])10\.\d{4,9}(?:\.\d+)*/[^\s\"“”]+")
_ADDRESS = re.compile(r"\A(?:(?:[a-z]+:)?//)?[\w-]+(?:\.[\w-]+)+(?::\d+)?/(?!\S*\s)", re.IGNORECASE)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u202a-\u202e]")
_PERCENT = re.compile(r"%(?:2f|3a|3b|3c|3e|28|29|5b|5d|23|26|2b|20)", re.IGNORECASE)
_TEX = (
    (re.compile(r"\\textless(?:\{\}|\s+|(?![a-zA-Z]))|\$<\$"), "<"),
    (re.compile(r"\\textgreater(?:\{\}|\s+|(?![a-zA-Z]))|\$>\$"), ">"),
    (re.compile(r"\\textunderscore(?:\{\}|\s+|(?![a-zA-Z]))"), "_"),
    (re.compile(r"\\text(?:asciitilde|tildelow)(?:\{\})?|\\~\{\}"), "~"),
    (re.compile(r"\\(?:url|path|doi|nolinkurl|burl)(?=\{)"), ""),
    (re.compile(r"\\([_&%#${}<>;:()/-])"), r"\1"),
    (re.compile(r"[{}$]"), ""),
)
_BETWEEN = re.compile(
    r"[\s,;|]+(?:and\s+)?(?=(?:https?://)?(?:(?:dx\.)?doi\.org/|doi:\s*)?10\.\d{4,9}/)", re.IGNORECASE
)
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<", "»": "«", "’": "‘"}
_ENDS = ".,;:!?'\"`*|\\/"
# What publishers' addresses put behind a DOI; it is no part of it.
_BEHIND = re.compile(
    r"/(?:full(?:[-.]?text)?|abstract|abs|pdf|epdf|pdfdirect|summary|meta|html|references|figures|tables|citedby|info|"
    r"asset|download|suppl_file|related|issuetoc|xml|e?pub)(?:/.*)?\Z|\.pdf\Z|\.(?:full|short|abstract|long)(?:\.pdf)?\Z",
    re.IGNORECASE,
)
_SERVER_VERSION = re.compile(r"(10\.1101/[\d.]+)v\d+(?:\..*)?\Z")
_PMID = re.compile(
    r"(?:(?:https?://)?(?:pubmed\.ncbi\.nlm\.nih\.gov/|(?:www\.)?ncbi\.nlm\.nih\.gov/pubmed/)|(?:info:)?pmid\b)?"
    r"[:/\s]*0*([1-9]\d{0,8})/?(?:\s*\[pmid\])?",
    re.IGNORECASE,
)
_PMCID = re.compile(
    r"(?:\S*ncbi\.nlm\.nih\.gov/(?:pmc/)?articles/|(?:info:)?pmcid\b[:/\s]*)?"
    r"PMC[:\s]*0*([1-9]\d{0,8})(?:\.\d+)?/?(?:\s*\[pmc\])?",
    re.IGNORECASE,
)


def doi(text: str) -> str | None:
    """Return the DOI that `text` is, in lower case and without address or label.

    None unless the whole text is one.
    """
    bare = _clean(text)
    labelled = bare
    for _ in range(3):  # "https://doi.org/doi:10.1000/x"
        labelled = _LABEL.sub("", labelled, count=1)
    if not (match := _DOI.fullmatch(_PERCENT.sub(lambda m: unquote(m[0]), labelled).strip())):
        return None
    return _normal(match[0], address=labelled != bare and _is_address(bare)) or None


def dois(text: str) -> tuple[str, ...]:
    """Return the DOIs of a field that may hold several, in order, each once: arXiv's authors fill in both those of an
    article and of its erratum or its book, between them a blank, a comma or a semicolon.
    """
    parts = _BETWEEN.split(text[:MAX_CHARACTERS].strip())
    return tuple(dict.fromkeys(filter(None, map(doi, parts))))


def doi_in(text: str) -> str | None:
    """Return the one DOI that stands in `text` (a publisher's address, a note); None for none or several."""
    if whole := doi(text):
        return whole
    bare = _PERCENT.sub(lambda m: unquote(m[0]), _clean(text))
    address = _is_address(bare)
    dois = dict.fromkeys(filter(None, (_normal(match[0], address, inside=True) for match in _INSIDE.finditer(bare))))
    return next(iter(dois)) if len(dois) == 1 else None


def pmid(text: str) -> str | None:
    """Return the PubMed number that the whole of `text` is, without label or address."""
    match = _PMID.fullmatch(text[:MAX_CHARACTERS].strip())
    return match[1] if match else None


def pmcid(text: str) -> str | None:
    """Return the PubMed Central number that the whole of `text` is, as "PMC123"."""
    match = _PMCID.fullmatch(text[:MAX_CHARACTERS].strip())
    return f"PMC{match[1]}" if match else None


def _clean(text: str) -> str:
    """Return `text` without TeX's and HTML's escapes, unseen characters, quotation marks and "[doi]" behind it."""
    text = _UNSEEN.sub("", text[:MAX_CHARACTERS])
    text = re.sub("[\u2010\u2011]", "-", text)
    for _ in range(2):
        text = html.unescape(text)
    if set(text) & set("\\{}$"):
        for pattern, sign in _TEX:
            text = pattern.sub(sign, text)
    text = re.sub(r"\s*\[doi\]\s*\Z", "", text.strip(), flags=re.IGNORECASE)
    if text[:1] + text[-1:] in ("<>", "()", "[]", '""', "''", "“”"):
        text = text[1:-1]
    return text.strip(" \t\r\n\"'“”‘’")


def _is_address(text: str) -> bool:
    return bool(_ADDRESS.match(text)) and not text.startswith("10.")


def _normal(bare: str, address: bool, inside: bool = False) -> str:
    """Return a DOI without what stands behind it: punctuation, the rest of an address. "" if nothing is left."""
    bare = bare.lower()
    if address:
        bare = re.sub(r"[?&](?=[a-z_.-]+=).*", "", bare)
        bare = re.sub(r"(?<!;2-)#.*", "", bare)
    if address and inside:
        bare = _BEHIND.sub("", bare)
        bare = _SERVER_VERSION.sub(r"\1", bare)
    while True:
        last = bare[-1:]
        unpaired = last in _PAIRS and bare.count(last) > bare.count(_PAIRS[last])
        if unpaired or (last and last in _ENDS):
            bare = bare[:-1]
        else:
            return bare if _DOI.fullmatch(bare) else ""


def doi_address(doi: str) -> str:
    """Return the web address of a DOI in normal form, with what an address cannot hold percent-encoded."""
    return f"https://doi.org/{quote(doi, safe='/:;()!*,@$&=+~-._')}"
