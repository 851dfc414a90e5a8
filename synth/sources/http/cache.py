"""A cache of answers that all processes of the machine share (RFC 9111, a private cache).

An answer is fresh for as long as its `max-age` says, else for the hours of the setting `cache_hours`; after that it
is asked for on condition (`If-None-Match`, `If-Modified-Since`). `no-store` is obeyed. Deleting the folder is safe.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
import zlib
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from synth.core.atomic import atomic_path
from synth.sources.http.answers import Response
from synth.sources.http.pace import cache_folder

MAX_BYTES = 32 * 2**20  # bytes of one file when it is unpacked
OLDEST = 30 * 86400.0  # seconds after which a file is of no use to anyone
_MAX_AGE = re.compile(r"max-age=(\d{1,9})")


class Cache:
    """Answers by address and account (a key may see more than nobody does). `hours` 0 keeps nothing."""

    def __init__(self, hours: float, account: str) -> None:
        self._hours, self._account = hours, account

    def find(self, url: str) -> Response | None:
        """Return the answer that is kept for `url`, fresh or not; None if there is none that can be read."""
        if not self._hours:
            return None
        with suppress(OSError, ValueError, KeyError, TypeError, zlib.error):
            content = self._file(url).read_bytes()
            unpacker = zlib.decompressobj()
            text = unpacker.decompress(content, MAX_BYTES)
            head, _, body = text.partition(b"\n")
            stored = json.loads(head)
            # The digest finds files that were cut short; the address, two that share a name.
            if stored["url"] == url and hashlib.sha256(body).hexdigest() == stored["sha256"]:
                return Response(url, int(stored["status"]), body, dict(stored["headers"]), str(stored["asked"]))
        return None

    def fresh(self, answer: Response, now: float | None = None) -> bool:
        """Return True if `answer` may be used without asking."""
        control = answer.headers.get("Cache-Control", "").lower()
        if "no-cache" in control:
            return False
        stated = _MAX_AGE.search(control)
        seconds = max(float(stated[1]) if stated else 0.0, self._hours * 3600)
        try:
            stored_at = datetime.strptime(answer.requested_at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
        except ValueError:
            return False
        return 0 <= (now or time.time()) - stored_at < seconds

    def keep(self, answer: Response) -> None:
        """Store `answer` unless it forbids that. A disk that is full or read-only is no error: it is a cache."""
        refuses = "no-store" in answer.headers.get("Cache-Control", "").lower()
        if not self._hours or refuses or len(answer.body) > MAX_BYTES // 2 or answer.status != 200:
            return
        head = {
            "url": answer.url,
            "status": answer.status,
            "headers": dict(answer.headers),
            "asked": answer.requested_at,
            "sha256": hashlib.sha256(answer.body).hexdigest(),
        }
        file = self._file(answer.url)
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            with atomic_path(file) as part:
                part.write_bytes(zlib.compress(json.dumps(head).encode() + b"\n" + answer.body))
            _prune(file.parent)

    def _file(self, url: str) -> Path:
        name = hashlib.sha256(f"{self._account}\n{url}".encode("utf-8", "surrogatepass")).hexdigest()
        return cache_folder() / "answers" / name[:2] / f"{name[2:]}.z"


def conditions(answer: Response | None) -> dict[str, str]:
    """Return the header fields that ask for a page only if it is no longer `answer` (RFC 9110 §13.1)."""
    if answer is None:
        return {}
    named = {"If-None-Match": "ETag", "If-Modified-Since": "Last-Modified"}
    return {ask: answer.headers[have] for ask, have in named.items() if answer.headers.get(have)}


def _prune(folder: Path) -> None:
    now = time.time()
    for file in folder.iterdir():
        with suppress(OSError):
            if now - file.stat().st_mtime > OLDEST:
                file.unlink()
