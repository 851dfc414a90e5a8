"""A server on this machine that answers like arXiv's query API and PDF store, and fails as the test's script says.

    with ArxivServer(entries=[entry(n) for n in range(30)]) as server:
        server.script += [Reply(503), None]     # the first request fails, the second is answered properly
        … ask server.api and server.pdf …
        server.seen                             # what was asked, and when

Run as a program, it serves 120 made-up papers until it is stopped, for trying things by hand.
"""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

PDF = b"%PDF-1.5\n" + bytes(range(256)) * 2000 + b"\n%%EOF\n"

FEED = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" \
xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/synthtest</id>
  <title>arXiv Query: search_query={query}&amp;id_list=&amp;start={start}&amp;max_results={size}</title>
  <updated>2026-04-12T22:09:33Z</updated>
  <link href="https://arxiv.org/api/query?search_query={query}&amp;start={start}" type="application/atom+xml"/>
  <opensearch:itemsPerPage>{size}</opensearch:itemsPerPage>
  <opensearch:totalResults>{total}</opensearch:totalResults>
  <opensearch:startIndex>{start}</opensearch:startIndex>
{entries}
</feed>
"""

ENTRY = """  <entry>
    <id>http://arxiv.org/abs/{identifier}</id>
    <title>{title}</title>
    <updated>2021-03-02T08:18:33Z</updated>
    <link href="https://arxiv.org/abs/{identifier}" rel="alternate" type="text/html"/>
{pdf}    <summary>{summary}</summary>
    <category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/>
    <published>2020-05-26T17:59:46Z</published>
{comment}    <arxiv:primary_category term="cs.CL"/>
    <author>
      <name>Ada Lovelace</name>
    </author>
    <author>
      <name>Émilie du Châtelet</name>
    </author>
  </entry>"""

ERROR = """  <entry>
    <id>https://arxiv.org/api/errors#incorrect_id_format_for_abc</id>
    <title>Error</title>
    <updated>2026-04-12T22:59:06Z</updated>
    <link href="https://arxiv.org/api/errors#incorrect_id_format_for_abc" rel="alternate" type="text/html"/>
    <summary>incorrect id format for abc</summary>
    <author>
      <name>arXiv api core</name>
    </author>
  </entry>"""


def entry(
    number: int, *, summary: str = "  We study\n  transfer.", comment: str = "", pdf: bool = True, **own: str
) -> str:
    """One entry in arXiv's form; `own` may set `identifier` and `title`."""
    identifier = own.get("identifier", f"2005.{number:05}v2")
    link = f'    <link href="https://arxiv.org/pdf/{identifier}" rel="related" type="application/pdf" title="pdf"/>\n'
    return ENTRY.format(
        identifier=identifier,
        title=escape(own.get("title", f"Cross-lingual\n  transfer number {number}")),
        summary=escape(summary),
        comment=f"    <arxiv:comment>{escape(comment)}</arxiv:comment>\n" if comment else "",
        pdf=link if pdf else "",
    )


def feed(entries: list[str], *, total: int, start: int, size: int, query: str = "") -> bytes:
    return FEED.format(
        entries="\n".join(entries), total=total, start=start, size=size, query=escape(query, {'"': "&quot;"})
    ).encode()


def recorded_entries(folder: Path) -> list[str]:
    """The entries of arXiv's own answers, as it wrote them, each once."""
    found: dict[str, str] = {}
    for file in sorted(folder.glob("*.xml")):
        for text in re.findall(r"<entry>.*?</entry>", file.read_text("utf-8"), re.DOTALL):
            identifier = re.search(r"<id>(.*?)</id>", text)
            if identifier and "/api/errors" not in identifier[1]:
                # One source of recordings repeats the namespace in every element; that is fine inside our feed too.
                found.setdefault(identifier[1], text)
    return list(found.values())


@dataclass
class Reply:
    """An answer out of the order. `pause` seconds before it; `drip` bytes at a time with `pause` between; `cut`
    closes the connection after so many bytes of the body; `head_drip` sends even the header bit by bit. A header
    set to "" is left out. With `proper` the content is that of the proper answer and only the manner is scripted."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    drip: int = 0
    cut: int | None = None
    head_drip: bool = False
    proper: bool = False


@dataclass(frozen=True)
class Seen:
    at: float
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    port: int  # of the client: the same for requests over one connection


class ArxivServer:
    """Serves `entries` and `pdfs` (by name, as "2005.13013v2"); `wrap` may put encryption around its socket."""

    def __init__(
        self,
        entries: list[str] | None = None,
        pdfs: dict[str, bytes] | None = None,
        scheme: str = "http",
        wrap: Callable[[Any], Any] | None = None,
    ) -> None:
        self.entries = entries if entries is not None else [entry(n) for n in range(30)]
        self.pdfs = pdfs if pdfs is not None else {}
        self.etag, self.ranges = '"one"', True
        self.script: deque[Reply | None] = deque()
        self.seen: list[Seen] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"owner": self}))
        self._http.daemon_threads = True
        self._http.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients that hang up are the point
        self._http.socket = wrap(self._http.socket) if wrap else self._http.socket
        self._scheme = scheme
        self._thread = threading.Thread(target=lambda: self._http.serve_forever(poll_interval=0.01), daemon=True)

    @property
    def root(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._http.server_port}"

    @property
    def api(self) -> str:
        return f"{self.root}/api/query"

    @property
    def pdf(self) -> str:
        return f"{self.root}/pdf"

    def proper(self, path: str, query: dict[str, str], asked: Any) -> tuple[int, dict[str, str], bytes]:
        """(status, header, body) for a request with the header `asked`."""
        if path == "/api/query":
            start, size = int(query.get("start", 0)), int(query.get("max_results", 10))
            body = feed(
                self.entries[start : start + size],
                total=len(self.entries),
                start=start,
                size=size,
                query=query.get("search_query", ""),
            )
            return 200, {"Content-Type": "application/atom+xml; charset=utf-8"}, body
        content = self.pdfs.get(path.removeprefix("/pdf/"))
        if content is None:
            return 404, {"Content-Type": "text/html"}, b"<html>No such paper</html>"
        headers = {"Content-Type": "application/pdf", "Accept-Ranges": "bytes"}
        headers |= {"ETag": self.etag} if self.etag else {}
        wanted = re.fullmatch(r"bytes=(\d+)-", asked.get("Range", ""))
        if not (wanted and self.ranges and asked.get("If-Range", self.etag) == self.etag):
            return 200, headers, content
        first = int(wanted[1])
        if first >= len(content):
            return 416, headers | {"Content-Range": f"bytes */{len(content)}"}, b""
        return 206, headers | {"Content-Range": f"bytes {first}-{len(content) - 1}/{len(content)}"}, content[first:]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    owner: ArxivServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        reply = self.owner.script.popleft() if self.owner.script else None
        seen = Seen(time.time(), parts.path, query, dict(self.headers.items()), self.client_address[1])
        self.owner.seen.append(seen)
        if reply is None or reply.proper:
            status, headers, body = self.owner.proper(parts.path, query, self.headers)
            reply = reply or Reply()
            reply = Reply(status, body, headers | reply.headers, reply.pause, reply.drip, reply.cut, reply.head_drip)
        try:
            self._send(reply)
        except OSError:
            self.close_connection = True

    def _send(self, reply: Reply) -> None:
        if not reply.drip and not reply.head_drip:
            time.sleep(reply.pause)
        headers = {"Content-Type": "application/atom+xml", "Content-Length": str(len(reply.body))} | reply.headers
        lines = [f"HTTP/1.1 {reply.status} Answer", *(f"{name}: {value}" for name, value in headers.items() if value)]
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        self._write(head, 1 if reply.head_drip else 0, reply.pause)
        body = reply.body if reply.cut is None else reply.body[: reply.cut]
        self._write(body, reply.drip, reply.pause)
        if reply.cut is not None or not headers["Content-Length"]:
            self.close_connection = True

    def _write(self, content: bytes, piece: int, pause: float) -> None:
        for first in range(0, len(content), piece or len(content) or 1):
            self.wfile.write(content[first : first + piece] if piece else content)
            self.wfile.flush()
            if piece:
                time.sleep(pause)

    def log_message(self, *_: object) -> None:
        """Tests speak for themselves."""


if __name__ == "__main__":
    with ArxivServer([entry(n) for n in range(120)], {f"2005.{n:05}v2": PDF for n in range(120)}) as served:
        print(f"SYNTH_ARXIV_API={served.api} SYNTH_ARXIV_PDF={served.pdf}", flush=True)
        threading.Event().wait()
