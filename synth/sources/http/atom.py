"""Facts that a page of an Atom feed states of itself, read before its entries are used. The feed is not trusted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lxml import etree

from synth.core.errors import SourceError
from synth.sources.http.client import LATER, RetryableError

_NAMES = {"atom": "http://www.w3.org/2005/Atom", "opensearch": "http://a9.com/-/spec/opensearch/1.1/"}
_PUBLISHED, _UPDATED = "atom:published", "atom:updated"
NO_DATE = "0001-01-01T00:00:00Z"  # stands in a feed where a date is missing or none: no paper is of that year
_COUNT = re.compile(r"[0-9]{1,12}")  # the database holds no number of more than 63 bits


@dataclass(frozen=True)
class Feed:
    """Facts that a page of hits states of itself.

    Attributes:
        total: hits of the query.
        start: number of the page's first hit.
        ids: of its entries; "" for one that has none and cannot be used.
        undated: ids of the entries without a date of publication that is one.
        body: the page with `NO_DATE` for every date that is none, so that one bad date does not cost the page.
    """

    total: int
    start: int
    ids: tuple[str, ...]
    undated: tuple[str, ...]
    body: bytes = field(repr=False)


def check(body: bytes, status: int, host: str) -> Feed:
    """Return the feed in `body`. Raises RetryableError if broken, SourceError for an error entry or no feed."""
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
        raise RetryableError("sent a feed without its number of results")
    undated = tuple(i for i, entry in zip(ids, entries, strict=True) if i and not _is_date(_text(entry, _PUBLISHED)))
    for entry in entries:
        _mend_dates(entry)
    return Feed(int(total), int(start), ids, undated, etree.tostring(root))


def check_place(feed: Feed, start: int, before: Feed | None) -> None:
    """Raise RetryableError unless `feed` is the page that begins at `start` and comes after the page `before`."""
    if feed.start != start:
        raise RetryableError(f"sent the hits from {feed.start} on instead of those from {start} on")
    if not feed.ids and feed.total > start:
        raise RetryableError(f"says that it has {feed.total} hits but sent none from number {start} on")
    if before is not None and feed.ids and feed.ids == before.ids:
        raise RetryableError(f"sent the page before once more instead of the hits from {start} on")


def _root(body: bytes, status: int, host: str) -> etree._Element:
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
        raise RetryableError("sent a feed that is no valid XML") from error
    if root.tag != f"{{{_NAMES['atom']}}}feed":
        raise _refused(host, status) if status != 200 else _web_page(host)
    if root.getroottree().docinfo.doctype:
        raise _declaration(host)
    return root


def _is_date(text: str) -> bool:
    """Return True if `text` is a time as RFC 3339 writes it, and one that can be counted from Greenwich."""
    try:
        datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError):
        return False
    return True


def _mend_dates(entry: etree._Element) -> None:
    """Put `NO_DATE` where a date of the entry is missing or none."""
    for path in (_PUBLISHED, _UPDATED):
        if not _is_date(_text(entry, path)):
            for old in entry.findall(path, _NAMES):
                entry.remove(old)
            new = etree.SubElement(entry, f"{{{_NAMES['atom']}}}{path.removeprefix('atom:')}")
            new.text = NO_DATE


def _text(element: etree._Element, path: str) -> str:
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
