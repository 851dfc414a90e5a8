"""The network sources, each with a server of its own on this machine and next to no pause between requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from synth.sources import HitPage, SourceSettings, source
from tests.servers.arxiv_server import ArxivServer, entry, feed
from tests.servers.json_servers import SERVERS, JsonServer

NAMES = ("arxiv", *SERVERS)
INTERVALS = ("ARXIV", "OPENALEX", "S2", "CROSSREF", "ACL")
QUESTION = "Does cross-lingual transfer help?"


def start(name: str, works: int = 30) -> ArxivServer:
    return SERVERS[name](works) if name in SERVERS else ArxivServer([entry(n) for n in range(works)])


def lead(name: str, server: ArxivServer, setenv: Callable[[str, str], Any]) -> None:
    """Make the source `name` ask `server`."""
    if isinstance(server, JsonServer):
        setenv(server.variable, server.api)
    else:
        setenv("SYNTH_ARXIV_API", server.api)
        setenv("SYNTH_ARXIV_PDF", server.pdf)
    for variable in INTERVALS:
        setenv(f"SYNTH_{variable}_INTERVAL", "0.001")


def ask(name: str, settings: SourceSettings, limit: int = 30, start: int = 0, query: str = "") -> list[HitPage]:
    found = source(name)
    return list(found.pages(query or found.query(QUESTION), limit, start, settings))


def page(server: ArxivServer, first: int, count: int, total: int) -> bytes:
    """Return the page that `server` would send for the hits `first` … `first + count - 1` of `total`, ten asked for."""
    if isinstance(server, JsonServer):
        return json.dumps(server.page(server.works[first : first + count], total, first, 10)).encode()
    return feed(server.entries[first : first + count], total=total, start=first, size=10)


def offset(seen: Any) -> int:
    """The number of the first hit that a request asks for; pages have ten."""
    query = seen.query
    return int(query.get("start") or query.get("offset") or (int(query.get("page", 1)) - 1) * 10)
