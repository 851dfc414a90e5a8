"""Text for Markdown: whatever the data holds, it shows as itself and never becomes markup."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

# Inline characters that start markup in CommonMark, GFM or its mathematics. Entities where a backslash would be
# read differently inside table cells, backslashes elsewhere.
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;"}
_SPECIAL = {ord(c): _ENTITIES.get(c, "\\" + c) for c in "\\`*_[]~$&<>|"}
# What starts a heading, list, rule or definition, but only at the beginning of a line.
_OPENING = re.compile(r"^(#|[-+=:](?!\d)|(\d{1,9})([.)])(?=\s|$))")
# GitHub makes links of bare addresses, and takes the backslashes within for part of them.
_BARE_ADDRESS = re.compile(r"(?<![^\W_])(https?|ftp)(?=://)|(?<![^\W_])(www)(?=\.)", re.IGNORECASE)
_BIDI_CONTROLS = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_ISOLATE, _POP = "\u2068", "\u2069"


class Md(str):
    """Text that is Markdown already and must not be escaped again."""

    __slots__ = ()


def plain(text: object) -> str:
    """Return one line of visible text: white space folded, control characters and direction overrides removed."""
    folded = " ".join(str(text).split())
    visible = (c for c in folded if unicodedata.category(c) not in ("Cc", "Cs") and c not in _BIDI_CONTROLS)
    return " ".join("".join(visible).split())


def md(text: object) -> Md:
    """Escape `text` for a Markdown line or table cell.

    Right-to-left text is isolated from what stands around it.
    """
    if isinstance(text, Md):
        return text
    escaped = plain(text).translate(_SPECIAL)
    escaped = _OPENING.sub(lambda m: f"{m[2]}\\{m[3]}" if m[2] else f"\\{m[1]}", escaped)
    escaped = _BARE_ADDRESS.sub(r"\g<0>\\", escaped)
    if any(unicodedata.bidirectional(c) in ("R", "AL") for c in escaped):
        escaped = f"{_ISOLATE}{escaped}{_POP}"
    return Md(escaped)


def web(address: str) -> str:
    """Return `address`, safe for `<…>`, if it is one that a browser may be sent to; else an empty string."""
    folded = plain(address)
    try:
        parts = urlsplit(folded)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    return quote(folded, safe="/:?#[]@!$&'()*+,;=%-._~")


def autolink(address: str) -> Md:
    """Return `<address>`, or nothing if it is no web address."""
    safe = web(address)
    return Md(f"<{safe}>" if safe else "")


def link(text: object, address: str) -> Md:
    """Return `text` linked to a web address or to an anchor of the page; without an address just the text."""
    if re.fullmatch(r"#[a-z0-9-]+", address):
        return Md(f"[{md(text)}]({address})")
    return Md(f"[{md(text)}](<{web(address)}>)" if web(address) else md(text))


def span(text: object) -> Md:
    """Return code inside a line, its fence longer than any run of backticks in it (CommonMark 0.31, 6.1)."""
    body = plain(text).replace("|", "\\|")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", body)), default=0))
    return Md(f"{fence} {body} {fence}" if "`" in body else f"{fence}{body}{fence}")


def code(text: object) -> Md:
    """Return a block of code whose fence is longer than any run of backticks inside it."""
    body = "\n".join(plain(line) for line in str(text).splitlines())
    longest = max((len(run) for run in re.findall("`+", body)), default=0)
    fence = "`" * max(3, longest + 1)
    return Md(f"{fence}sh\n{body}\n{fence}")
