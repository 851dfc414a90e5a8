"""A server on this machine that gives files, in pieces if asked, and fails as the test's script says.

with FileServer({"/a.txt": b"..."}) as server:
    server.script += [Reply(503), Reply(cut=100), None]   # None: the proper answer
    … ask server.url("/a.txt") …
    server.seen                                           # what was asked: path and headers
"""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ENDLESS = -1


@dataclass(frozen=True)
class Reply:
    """`status` 0: the proper answer, of which the connection breaks after `cut` bytes of the body if that is set."""

    status: int = 0
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None


class FileServer:
    def __init__(self, files: dict[str, bytes], ranges: bool = True, tags: bool = True) -> None:
        self.files, self.ranges, self.tags = dict(files), ranges, tags
        self.script: deque[Reply | None] = deque()
        self.seen: list[tuple[str, dict[str, str]]] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                owner._answer(self)

            def log_message(self, *_: Any) -> None: ...

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True

    def __enter__(self) -> FileServer:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._http.server_port}{path}"

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.seen.append((handler.path, {k.lower(): v for k, v in handler.headers.items()}))
        reply = (self.script.popleft() if self.script else None) or Reply()
        if reply.status:
            self._send(
                handler, reply.status, {"Content-Length": str(len(reply.body)), **reply.headers}, reply.body, None
            )
            return
        content = self.files.get(handler.path)
        if content is None:
            self._send(handler, 404, {"Content-Length": "0"}, b"", None)
            return
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        headers = {"Content-Type": "application/octet-stream", **({"ETag": tag} if self.tags else {})}
        status, start = 200, 0
        wanted = handler.headers.get("Range", "")
        if wanted and self.ranges and handler.headers.get("If-Range", tag) == tag:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            if start >= len(content):
                self._send(handler, 416, {"Content-Length": "0"}, b"", None)
                return
            status = 206
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        headers["Content-Length"] = str(len(content) - start)
        self._send(handler, status, headers | reply.headers, content[start:], reply.cut)

    def _send(
        self, handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes, cut: int | None
    ) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            if value:  # an empty one is left out
                handler.send_header(name, value)
        handler.end_headers()
        try:
            if cut == ENDLESS:
                while True:
                    handler.wfile.write(body)
            handler.wfile.write(body if cut is None else body[:cut])
            handler.wfile.flush()
        except OSError:
            pass  # the client has gone away
        if cut is not None or not headers.get("Content-Length"):
            handler.close_connection = True
            handler.connection.close()
