"""PDFs over the network: in pieces if need be, checked, and put in place whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from filelock import Timeout

from synth.core.atomic import atomic_path
from synth.core.errors import SourceError, SynthError
from synth.sources.http.client import LATER, Head, RequestResult, RetryableError, Web, too_large
from synth.sources.http.pace import shared_lock

MAGIC_WITHIN = 1024  # readers accept a header that begins within so many bytes (PDF 1.7, Annex H, note 13)
MAX_WAIT = 1800.0  # seconds for another process that downloads the same file


@dataclass(frozen=True)
class PdfOrigin:
    """Origin of a PDF, stored beside it as NAME.pdf.json: where it came from, and its checksum once it is whole."""

    url: str
    validator: str = ""  # ETag or Last-Modified of the version that the part belongs to
    sha256: str = ""


def download(web: Web, url: str, target: Path, *, seconds: float, max_bytes: int) -> RequestResult[Path]:
    """Return `target` with the PDF at `url`: the one at hand if it has its recorded checksum, else fetched.

    A download that was cut goes on where it stopped, if the server still has the same version. Raises
    SourceError: not retryable if the file is not to be had (403, 404, too large), retryable otherwise.
    """
    fetch = _Fetch(url, target, max_bytes)
    lock = shared_lock(f"download-{hashlib.sha256(os.fsencode(target.resolve())).hexdigest()[:32]}")
    try:
        with lock.acquire(timeout=MAX_WAIT):
            target.parent.mkdir(parents=True, exist_ok=True)
            if fetch.finish():
                return RequestResult(target, 0, 0)
            return web.ask(url, fetch.consume, seconds=seconds, max_bytes=max_bytes, headers=fetch.headers)
    except Timeout:
        raise SourceError(f"Another synth process has been downloading {target.name} for long.", LATER) from None
    except OSError as error:
        raise SynthError(f"{target} cannot be written: {error}.", "Free some space, or check the folder.") from error


class _Fetch:
    """One PDF on its way: NAME.pdf.part grows by what each attempt brings, then becomes NAME.pdf."""

    def __init__(self, url: str, target: Path, max_bytes: int) -> None:
        self._url, self._target, self._max_bytes = url, target, max_bytes
        self._part = target.with_name(target.name + ".part")
        self._notes = target.with_name(target.name + ".json")

    def headers(self) -> Mapping[str, str]:
        """Ask for the rest, on condition that the file is still the one that the part belongs to."""
        validator, have = self.origin().validator, self._have()
        return {"Range": f"bytes={have}-", "If-Range": validator} if validator and have else {}

    def consume(self, head: Head, chunks: Iterator[bytes]) -> Path:
        start = self._start(head)
        if start == 0:
            self._note(PdfOrigin(self._url, _validator(head)))
        with self._part.open("ab" if start else "wb") as file:
            for chunk in chunks:
                file.write(chunk)
                if file.tell() > self._max_bytes:
                    self._part.unlink()
                    raise too_large(self._url, self._max_bytes)
            file.flush()
            os.fsync(file.fileno())
        total = head.headers.get("Content-Range", "").rpartition("/")[2]
        if start and total.isdecimal() and self._have() != int(total):
            raise RetryableError("sent less of the PDF than it has")
        with self._part.open("rb") as file:
            if b"%PDF-" not in file.read(MAGIC_WITHIN):
                self._part.unlink()
                raise _no_pdf(head)
        self._note(replace(self.origin(), sha256=_checksum(self._part)))
        self.finish()
        return self._target

    def finish(self) -> bool:
        """Put a complete part in place. True if the target is there and is what was downloaded."""
        sha256 = self.origin().sha256
        for file in (self._target, self._part):
            if sha256 and file.is_file() and _checksum(file) == sha256:
                os.replace(file, self._target)
                return True
        return False

    def origin(self) -> PdfOrigin:
        try:
            return PdfOrigin(**json.loads(self._notes.read_text("utf-8")))
        except (OSError, ValueError, TypeError):  # none, or not ours
            return PdfOrigin(self._url)

    def _start(self, head: Head) -> int:
        """Return the byte at which this answer begins. Raises for an answer that carries no PDF."""
        if head.headers.get("Content-Type", "").startswith("text/html") and head.status in (200, 206):
            raise _no_pdf(head)
        if head.status == 200:
            return 0
        if head.status == 206 and head.headers.get("Content-Range", "").startswith(f"bytes {self._have()}-"):
            return self._have()
        if head.status in (206, 416):  # another piece than asked for, or none: from the start then
            self._part.unlink(missing_ok=True)
            raise RetryableError("does not continue the PDF where it stopped")
        gone = head.status in (401, 403, 404, 410, 451)
        raise SourceError(
            f"{urlsplit(head.url).hostname} has no PDF for us at {head.url} (answer {head.status}).",
            "The paper goes on with its abstract." if gone else LATER,
            retryable=not gone,
        )

    def _have(self) -> int:
        return self._part.stat().st_size if self._part.is_file() else 0

    def _note(self, origin: PdfOrigin) -> None:
        with atomic_path(self._notes) as part:
            part.write_text(json.dumps(asdict(origin)), "utf-8")


def _validator(head: Head) -> str:
    """Return the value for If-Range: a strong ETag, else the date (RFC 9110 §13.1.5); empty if there is neither."""
    tag = head.headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else head.headers.get("Last-Modified", "")


def _no_pdf(head: Head) -> SourceError:
    kind = head.headers.get("Content-Type", "") or "something else"
    return SourceError(f"{head.url} is no PDF but {kind}.", "Open the address in a browser: it may ask for something.")


def _checksum(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
