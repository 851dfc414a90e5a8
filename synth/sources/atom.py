"""What a page of an Atom feed says about itself, read before its entries are used. The feed is not trusted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from synth.errors import SourceError
from synth.sources.http import LATER, Again

_NAMES = {"atom": "http://www.w3.org/2005/Atom", "opensearch": "http://a9.com/-/spec/opensearch/1.1/"}
_COUNT = re.compile(r"[0-9]{1,12}")  # the database holds no number of more than 63 bits
_NEEDED = ("id", "published", "updated")


@dataclass(frozen=True)
class Feed:
    """`total` hits of the query, `start` of this page, the `ids` of its entries, those `complete` enough to use."""

    total: int
    start: int
    ids: tuple[str, ...]
    complete: tuple[str, ...]


def check(body: bytes, status: int, host: str) -> Feed:
    """The feed in `body`. Raises Again for a broken one, SourceError for an error entry or no feed at all."""
    root = _root(body, status, host)
    entries = root.findall("atom:entry", _NAMES)
    ids = tuple(_text(entry, "atom:id") for entry in entries)
    for identifier, entry in zip(ids, entries, strict=True):
        if "/api/errors" in identifier:
            reason = _text(entry, "atom:summary") or identifier
            raise SourceError(f"{host} refused the query: {reason[:300]}.", "Change the query.", retryable=False)
    if status != 200:
        raise _refused(host, status)
    total, start = (_text(root, f"opensearch:{name}") for name in ("totalResults", "startIndex"))
    if not (_COUNT.fullmatch(total) and _COUNT.fullmatch(start)):
        raise Again("sent a feed without its number of results")
    complete = tuple(i for i, entry in zip(ids, entries, strict=True) if _complete(entry))
    return Feed(int(total), int(start), ids, complete)


def check_place(feed: Feed, start: int, before: Feed | None) -> None:
    """Raise Again unless `feed` is the page that begins at `start` and comes after the page `before`."""
    if feed.start != start:
        raise Again(f"sent the hits from {feed.start} on instead of those from {start} on")
    if not feed.ids and feed.total > start:
        raise Again(f"says that it has {feed.total} hits but sent none from number {start} on")
    if before is not None and feed.ids and feed.ids == before.ids:
        raise Again(f"sent the page before once more instead of the hits from {start} on")


def _root(body: bytes, status: int, host: str) -> Any:
    # Neither entities nor network: a feed needs none, and a hostile one uses them to grow or to read files.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser=parser)
    except etree.XMLSyntaxError as error:
        if status != 200:
            raise _refused(host, status) from error
        start = body[:4096].lower()
        if start.lstrip().startswith((b"<!doctype html", b"<html")):
            raise _web_page(host) from error
        if b"<!doctype" in start:
            raise _declaration(host) from error
        raise Again("sent a feed that is no valid XML") from error
    if root.tag != f"{{{_NAMES['atom']}}}feed":
        raise _refused(host, status) if status != 200 else _web_page(host)
    if root.getroottree().docinfo.doctype:
        raise _declaration(host)
    return root


def _complete(entry: Any) -> bool:
    return all(_text(entry, f"atom:{name}") for name in _NEEDED)


def _text(element: Any, path: str) -> str:
    return " ".join((element.findtext(path, namespaces=_NAMES) or "").split())


def _web_page(host: str) -> SourceError:
    return SourceError(
        f"{host} answered with a web page instead of a feed; a proxy or a login page may be in between.",
        f"Open https://{host} in a browser. {LATER}",
    )


def _declaration(host: str) -> SourceError:
    return SourceError(
        f"{host} sent a feed with a document type declaration, which may be an attack.",
        "Check the base address of the source.",
        retryable=False,
    )


def _refused(host: str, status: int) -> SourceError:
    return SourceError(f"{host} answered {status}.", "Check the query and the base address.", retryable=False)
