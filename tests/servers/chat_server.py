"""A server on this machine that answers like an OpenAI-compatible endpoint, and fails as the test's script says.

with ChatServer() as server:
    server.script += [Reply(429, headers={"Retry-After": "0"}), None]   # None: a proper answer
    … ask server.base …
    server.seen                                                        # what was asked: path, headers, content
"""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from synth.report.review.model.questions import QUESTIONS


@dataclass
class Reply:
    """An answer out of the order; `pause` seconds between pieces of `drip` bytes, the header included if `head`."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    drip: int = 0
    head: bool = False


def completion(content: str, finish: str = "stop") -> bytes:
    """A chat completion as the reference of the API shows it."""
    return json.dumps(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1767323045,
            "model": "made-up",
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": content},
                    "finish_reason": finish,
                    "logprobs": None,
                }
            ],
            "usage": {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18},
        }
    ).encode()


def honest(report: str) -> list[dict[str, Any]]:
    """Checks as a careful model gives them: each with a line of the report as its quote."""
    lines = [line for line in report.splitlines() if len(line) > 60 and not line.startswith(("|", "#", ">"))]
    return [
        {"name": name, "points": most - 1, "quote": lines[number][:120], "why": "It says so."}
        for number, (name, most, _) in enumerate(QUESTIONS)
    ]


class ChatServer:
    """`judge` makes the checks from the report that was sent."""

    def __init__(self, judge: Callable[[str], Any] = honest) -> None:
        self.judge = judge
        self.script: deque[Reply | None] = deque()
        self.seen: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                asked = json.loads(body)
                outer.seen.append({"path": self.path, "headers": dict(self.headers), "content": asked})
                reply = outer.script.popleft() if outer.script else None
                if reply is None:
                    report = json.loads(asked["messages"][-1]["content"])["report"]
                    said = json.dumps({"checks": outer.judge(report)})
                    reply = Reply(200, completion(said), {"Content-Type": "application/json"})
                outer.send(self, reply)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @staticmethod
    def send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        try:
            if reply.head:
                for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 10_000:
                    handler.wfile.write(bytes([byte]))
                    time.sleep(reply.pause)
                return
            handler.send_response(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                handler.send_header(name, value)
            handler.end_headers()
            step = reply.drip or len(reply.body) or 1
            for start in range(0, len(reply.body), step):
                handler.wfile.write(reply.body[start : start + step])
                handler.wfile.flush()
                time.sleep(reply.pause)
        except OSError:
            pass  # the client had enough
