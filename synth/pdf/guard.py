"""The parent's side: child processes that open PDFs, each under limits, replaced when they die."""

from __future__ import annotations

import base64
import contextlib
import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

from synth.core.errors import UnreadablePdf
from synth.core.types import Crop, Document
from synth.pdf.messages import Answer, CropAnswer, CropRequest, ReadRequest, Request, TextRequest, VerifyRequest

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Span = tuple[int, int, int]
Quote = tuple[Sequence[Span], str]  # where it stands, and its characters
Outcome = Answer | UnreadablePdf

log = logging.getLogger(__name__)

_SKIP = "Look at the file; if it should be readable, get it again or export it anew, then repeat the command."


@dataclass(frozen=True)
class Limits:
    """Limits of what one PDF may cost: sizes in bytes, times in seconds.

    `memory` bounds the child's address space.
    """

    file_bytes: int = 100_000_000
    pages: int = 500
    memory: int = 1_500_000_000
    cpu_seconds: int = 60
    wall_seconds: float = 90.0


@dataclass(frozen=True)
class Quotes:
    """Quotes that were taken from one file, and the checksum that it had."""

    path: Path
    sha256: str
    items: Sequence[Quote]


class _Child:
    """One child process. It serves one request at a time: a JSON line in, a JSON line out."""

    def __init__(self, limits: Limits) -> None:
        package_root = str(Path(__file__).resolve().parents[2])
        # -P keeps the working directory, which may be full of strangers' files, off the import path.
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "synth.pdf.child", json.dumps(asdict(limits)), str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": package_root, "OMP_NUM_THREADS": "1"},
        )
        self.limits = limits
        self.index = -1
        self.deadline = 0.0
        self._answer = bytearray()

    def alive(self) -> bool:
        return self.process.poll() is None

    def pipe(self) -> IO[bytes]:
        assert self.process.stdout is not None  # asked for with PIPE
        return self.process.stdout

    def send(self, index: int, request: Request) -> None:
        self.index = index
        self.deadline = time.monotonic() + self.limits.wall_seconds
        self._answer.clear()
        assert self.process.stdin is not None  # asked for with PIPE
        with contextlib.suppress(BrokenPipeError):  # it died before it could listen; its output will say so
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()

    def receive(self) -> Outcome | None:
        """Read what is there. None: the answer is not complete yet."""
        chunk = os.read(self.pipe().fileno(), 1 << 20)
        self._answer += chunk
        if not chunk:
            return _death(self.process.wait())
        if not chunk.endswith(b"\n"):
            return None
        answer: Answer = json.loads(self._answer)
        if "error" in answer:
            return UnreadablePdf(**answer["error"])
        return answer

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):  # an unsent request is left in its buffer
                    pipe.close()


def _death(code: int) -> UnreadablePdf:
    if code == -signal.SIGXCPU:
        return _timeout()
    if code < 0:
        how = f"was ended by {signal.Signals(-code).name}"
    else:
        how = f"ended with code {code}"
    return UnreadablePdf("crashed", f"The PDF reader {how} while it read this file.", _SKIP)


def _timeout() -> UnreadablePdf:
    return UnreadablePdf("timeout", "Reading took longer than the time limit.", _SKIP)


def _serve(requests: Sequence[Request], jobs: int, limits: Limits) -> Iterator[tuple[int, Outcome]]:
    """Yield the answers to `requests` from up to `jobs` children, as they come, each with the index of its request."""
    waiting = deque(enumerate(requests))
    idle: list[_Child] = []
    with selectors.DefaultSelector() as busy:
        try:
            while waiting or busy.get_map():
                while waiting and len(busy.get_map()) < jobs:
                    child = idle.pop() if idle else _Child(limits)
                    if not child.alive():
                        child.kill()
                        child = _Child(limits)
                    child.send(*waiting.popleft())
                    busy.register(child.pipe(), selectors.EVENT_READ, child)
                yield from _collect(busy, idle)
        finally:
            for child in [*idle, *(key.data for key in busy.get_map().values())]:
                child.kill()


def _collect(busy: selectors.BaseSelector, idle: list[_Child]) -> Iterator[tuple[int, Outcome]]:
    """Wait until a child answers or is due, and takes back those that are done."""
    children = [key.data for key in busy.get_map().values()]
    patience = max(0.0, min(child.deadline for child in children) - time.monotonic())
    ready = {key.data for key, _ in busy.select(patience)}
    for child in children:
        outcome = child.receive() if child in ready else None
        if outcome is None and time.monotonic() >= child.deadline:
            child.kill()
            outcome = _timeout()
            log.info("a child that reads PDFs was ended: its time was up")
        if outcome is None:
            continue
        busy.unregister(child.pipe())
        # One that ran out of memory would have less for the next file.
        spent = isinstance(outcome, UnreadablePdf) and outcome.reason == "memory"
        if child.alive() and not spent:
            idle.append(child)
        else:
            log.info("a child that reads PDFs is replaced: %s", outcome if spent else "it ended")
            child.kill()
        yield child.index, outcome


def _ask(request: Request, limits: Limits) -> Answer:
    [(_, outcome)] = _serve([request], 1, limits)
    if isinstance(outcome, UnreadablePdf):
        raise outcome
    return outcome


def read_pdfs(
    paths: Iterable[Path | str], jobs: int = 2, limits: Limits | None = None
) -> Iterator[tuple[Path, Document | UnreadablePdf]]:
    """Read PDFs in up to `jobs` child processes; gives each path, in the order given, with what came of it."""
    files = [Path(path) for path in paths]
    requests = [ReadRequest(do="read", path=str(path.absolute())) for path in files]
    done: dict[int, Outcome] = {}
    next_index = 0
    for index, outcome in _serve(requests, max(1, jobs), limits or Limits()):
        done[index] = outcome
        while next_index in done:
            result = done.pop(next_index)
            yield files[next_index], result if isinstance(result, UnreadablePdf) else _document(result)
            next_index += 1


def read_pdf(path: Path | str, limits: Limits | None = None) -> Document:
    """Read one PDF in a child process of its own.

    Raises UnreadablePdf; its `reason` is one of: missing, too-large, empty, not-a-pdf, truncated, damaged,
    encrypted, too-many-pages, image-only, garbled, timeout, memory, crashed.
    """
    [(_, outcome)] = read_pdfs([path], 1, limits)
    if isinstance(outcome, UnreadablePdf):
        raise outcome
    return outcome


def page_text(path: Path | str, page: int, limits: Limits | None = None) -> str:
    """Return the canonical text of a page (1-based), into which the offsets of passages point.

    It is the text as MuPDF gives it, in the PDF's own order, a newline between lines: it depends on the file alone
    and not on the layout analysis, so that quotes stay valid when that gets better. Raises UnreadablePdf;
    IndexError for a page that the file does not have.
    """
    answer = _ask(TextRequest(do="text", path=str(Path(path).absolute()), page=page), limits or Limits())
    if answer["text"] is None:
        raise IndexError(f"page {page} of {path}")
    return str(answer["text"])


def verify_quotes(path: Path | str, sha256: str, items: Sequence[Quote], limits: Limits | None = None) -> list[bool]:
    """Return for each (spans, quote) whether the file, unchanged by its sha256, gives exactly these characters there.

    A file that is gone, changed or unreadable verifies nothing: all False.
    """
    [(_, outcome)] = verify_files([Quotes(Path(path), sha256, items)], 1, limits)
    return [False] * len(items) if isinstance(outcome, UnreadablePdf) else outcome


def verify_files(
    files: Sequence[Quotes], jobs: int = 2, limits: Limits | None = None
) -> Iterator[tuple[int, list[bool] | UnreadablePdf]]:
    """Run `verify_quotes` for many files in up to `jobs` child processes.

    Yields (index of the file, answers), as they come.

    A file that verifies nothing gives the UnreadablePdf that says why; its `reason` is `changed` for a PDF that is no
    longer the one with that sha256, else one of those of `read_pdf`.
    """
    requests = [
        VerifyRequest(
            do="verify",
            path=str(file.path.absolute()),
            sha256=file.sha256,
            items=[([list(span) for span in spans], quote) for spans, quote in file.items],
        )
        for file in files
    ]
    for index, outcome in _serve(requests, max(1, jobs), limits or Limits()):
        yield index, outcome if isinstance(outcome, UnreadablePdf) else [bool(ok) for ok in outcome["verified"]]


def crop_quotes(
    files: Sequence[Quotes], jobs: int = 2, limits: Limits | None = None
) -> Iterator[tuple[int, list[list[Crop]] | UnreadablePdf]]:
    """Yield the pictures of where quotes stand: (index of the file, the crops of each quote), as they come.

    A quote that runs on into another column or page has several crops; one that has no place on a page has none. A
    file that cannot be read, or is not the one with that sha256, gives the UnreadablePdf that says why.
    """
    requests = [
        CropRequest(
            do="crop",
            path=str(file.path.absolute()),
            sha256=file.sha256,
            items=[[list(span) for span in spans] for spans, _ in file.items],
        )
        for file in files
    ]
    for index, outcome in _serve(requests, max(1, jobs), limits or Limits()):
        if isinstance(outcome, UnreadablePdf):
            yield index, outcome
        else:
            yield index, [[_crop(crop) for crop in crops] for crops in outcome["crops"]]


def _crop(answer: CropAnswer) -> Crop:
    png = base64.b64decode(answer["png"])
    return Crop(answer["page"], png, answer["width"], answer["height"], answer["whole"])


def verify_quote(
    path: Path | str, sha256: str, spans: Sequence[Span], quote: str, limits: Limits | None = None
) -> bool:
    """Run `verify_quotes` for a single quote."""
    return verify_quotes(path, sha256, [(spans, quote)], limits)[0]


def _document(answer: Answer) -> Document:
    return _documents().validate_python(answer["document"])


@cache
def _documents() -> TypeAdapter[Document]:
    from pydantic import TypeAdapter  # here: a child, which imports this module for its limits, has no use for it

    return TypeAdapter(Document)
