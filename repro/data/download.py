"""One file over https: whole and with the right checksum, or not at all; a cut download goes on later."""

from __future__ import annotations

import hashlib
import ipaddress
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_random_exponential

from repro.data.catalogue import MAX_BYTES
from repro.data.compressed import check_whole
from repro.errors import LabError

Session = requests.Session
CONNECT_SECONDS, SILENCE_SECONDS = 10.0, 60.0
MAX_REDIRECTS = 5
ATTEMPTS = 6  # in a row that bring nothing new; one that brought a piece of the file starts the count anew
BACK_OFF, MAX_BACK_OFF = 1.0, 60.0  # seconds
MAX_PAUSE = 600.0  # seconds that a server may ask for before we give up instead
CHUNK = 2**16  # bytes; what has come of an unfinished one is lost when a connection breaks
TRANSIENT = (408, 425, 429, 500, 502, 503, 504)
LATER = "run the same command again later: what has come is kept"


class RetryableDownloadError(Exception):
    """Failure of one attempt; the next may succeed.

    `after`: the pause in seconds that the server asked for. `do`: what to do if all of them fail.
    """

    def __init__(self, what: str, after: float = 0.0, do: str = LATER) -> None:
        super().__init__(what)
        self.after, self.do = after, do


def fetch(
    session: requests.Session,
    url: str,
    target: Path,
    *,
    sha256: str = "",
    size: int = 0,
    limit: int = MAX_BYTES,
    moved: Callable[[float], None] = lambda done: None,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """Put the file at `url` at `target`, whole or not at all; its sha256.

    `size` bytes are expected, or at most `limit` where it is 0. What comes lies in `<name>.part` until it is whole and
    has the checksum `sha256` (nothing is compared with ""); a later call goes on where an earlier one stopped. Raises
    LabError for an address that is not https, a file that is not there, a web page in place of data, a file that is
    too large or another than stated, and a server that fails ATTEMPTS times in a row.
    """
    job = _Job(session, url, target, sha256, size, size or limit, moved)
    retrying = Retrying(
        retry=retry_if_exception_type(RetryableDownloadError),
        stop=lambda state: job.fruitless >= ATTEMPTS,
        wait=_pause,
        sleep=sleep,
        reraise=True,
    )
    try:
        return retrying(job.attempt)
    except RetryableDownloadError as failure:
        raise LabError(f"{urlsplit(url).hostname} {failure}, {ATTEMPTS} times in a row", failure.do) from failure


def _pause(state: RetryCallState) -> float:
    """Back off exponentially with jitter, or for longer where the server asked for it."""
    failure = state.outcome.exception() if state.outcome else None
    requested = failure.after if isinstance(failure, RetryableDownloadError) else 0.0
    return max(requested, wait_random_exponential(multiplier=BACK_OFF, max=MAX_BACK_OFF)(state))


class _Job:
    """One file on its way: NAME.part grows by what each attempt brings, then becomes NAME."""

    def __init__(
        self,
        session: requests.Session,
        url: str,
        target: Path,
        sha256: str,
        size: int,
        limit: int,
        moved: Callable[[float], None],
    ) -> None:
        self.session, self.url, self.target = session, url, target
        self.sha256, self.size, self.limit, self.moved = sha256, size, limit, moved
        self.part = target.with_name(f"{target.name}.part")
        self.tag = target.with_name(f"{target.name}.part.etag")  # which version of the file the part belongs to
        self.fruitless = 0
        self.farthest = 0  # bytes that have come at most: what was thrown away and comes again is nothing new

    def attempt(self) -> str:
        before = self._have()
        try:
            return self._attempt(before)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            self._count(before)
            raise RetryableDownloadError(f"broke off ({type(error).__name__})") from error
        except RetryableDownloadError:
            self._count(before)
            raise

    def _count(self, before: int) -> None:
        self.farthest = max(self.farthest, before)
        self.fruitless = 0 if self._have() > self.farthest else self.fruitless + 1
        self.farthest = max(self.farthest, self._have())

    def _have(self) -> int:
        return self.part.stat().st_size if self.part.is_file() else 0

    def _attempt(self, have: int) -> str:
        if not (self.size and have == self.size):
            have = self._ask(have)
        return self._finish(resumed=have > 0)

    def _ask(self, have: int) -> int:
        """Send one request and return the byte at which what it brought begins."""
        headers = {"Accept-Encoding": "identity", "User-Agent": "synth"}  # encoded bytes cannot be continued
        tag = self.tag.read_text(encoding="ascii", errors="ignore") if self.tag.is_file() else ""
        if have and (tag or self.sha256):
            headers |= {"Range": f"bytes={have}-"} | ({"If-Range": tag} if tag else {})
        with self._open(headers) as answer:
            start = self._start(answer, have)
            self._check_kind(answer, start)
            if start == 0:
                self._note(answer.headers.get("ETag", ""))
            self._write(answer, start)
        return start

    def _open(self, headers: dict[str, str]) -> requests.Response:
        """Return the answer after at most MAX_REDIRECTS redirects, each to an address that is allowed."""
        url = self.url
        for _ in range(MAX_REDIRECTS + 1):
            _check_address(url)
            answer = self.session.get(
                url, headers=headers, stream=True, allow_redirects=False, timeout=(CONNECT_SECONDS, SILENCE_SECONDS)
            )
            if answer.status_code not in (301, 302, 303, 307, 308) or "Location" not in answer.headers:
                return answer
            url = urljoin(url, answer.headers["Location"])
            answer.close()
        raise LabError(f"{self.url} leads in circles", "tell the project: the address has to be mended")

    def _start(self, answer: requests.Response, have: int) -> int:
        """Return the byte at which this answer begins. Raises for one that carries no file."""
        status = answer.status_code
        if status == 200:
            return 0
        if status == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
            return have
        if status in (206, 416):  # another piece than asked for, or none: from the start then
            self._drop()
            raise RetryableDownloadError("does not continue the file where it stopped")
        if status in TRANSIENT:
            after = _asked_pause(answer.headers.get("Retry-After", ""))
            if after > MAX_PAUSE:
                raise LabError(f"{_host(answer)} asks to wait for {after / 60:.0f} minutes", LATER)
            raise RetryableDownloadError(f"answered {status}", after)
        raise LabError(
            f"{_host(answer)} does not give {self.target.name} (answer {status})",
            "the address may have changed: see the data set's homepage, and tell the project",
        )

    def _check_kind(self, answer: requests.Response, start: int) -> None:
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            raise LabError(
                f"{_host(answer)} sent a web page in place of {self.target.name}",
                f"open {self.url} in a browser: it may ask for something",
            )
        length = answer.headers.get("Content-Length", "")
        if length.isdecimal() and start + int(length) > self.limit:
            raise self._too_large()

    def _write(self, answer: requests.Response, start: int) -> None:
        with self.part.open("ab" if start else "wb") as file:
            done = start
            for chunk in answer.iter_content(CHUNK):
                done += len(chunk)
                if done > self.limit:
                    self._drop()
                    raise self._too_large()
                file.write(chunk)
                self.moved(done)
            file.flush()
            os.fsync(file.fileno())
        total = answer.headers.get("Content-Range", "").rpartition("/")[2]
        if done < (self.size or (int(total) if total.isdecimal() else 0)):
            raise RetryableDownloadError("sent less of the file than there is")

    def _finish(self, resumed: bool) -> str:
        with self.part.open("rb") as file:
            checksum = hashlib.file_digest(file, "sha256").hexdigest()
        if self.sha256 and checksum != self.sha256:
            self._drop()
            if resumed:  # the part may have been another version's: once more, from the start
                raise RetryableDownloadError("sent pieces that do not fit together")
            raise LabError(
                f"what came for {self.target.name} is another file: sha256 {checksum[:12]}…, not {self.sha256[:12]}…",
                "it was thrown away; the publisher may have changed it: see the data set's homepage",
            )
        if not self.sha256:
            self._check_whole()
        os.replace(self.part, self.target)
        self.tag.unlink(missing_ok=True)
        return checksum

    def _check_whole(self) -> None:
        """Check by its end that an archive came whole, where neither size nor checksum is known."""
        try:
            check_whole(self.part, self.target.name)
        except LabError as error:
            self._drop()
            raise RetryableDownloadError(
                f"sent {error.what}", do="it was not kept; run the same command again later"
            ) from error

    def _note(self, tag: str) -> None:
        """Keep a strong ETag, the only one that If-Range may carry safely (RFC 9110 §13.1.5)."""
        if tag and not tag.startswith("W/") and tag.isascii() and tag.isprintable():
            self.tag.write_text(tag, encoding="ascii")
        else:
            self.tag.unlink(missing_ok=True)

    def _drop(self) -> None:
        self.part.unlink(missing_ok=True)
        self.tag.unlink(missing_ok=True)

    def _too_large(self) -> LabError:
        return LabError(
            f"what came for {self.target.name} is larger than the {self.limit:,} bytes that were expected",
            "it was not kept; the publisher may have changed it: see the data set's homepage",
        )


def _check_address(url: str) -> None:
    """Raise LabError for an address that is not https; http is for tests on this machine itself."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
        return
    raise LabError(f"{url} is no https address", "tell the project: files are fetched over https only")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _host(answer: Any) -> str:
    return urlsplit(answer.url).hostname or answer.url


def _asked_pause(header: str) -> float:
    """Return Retry-After in seconds: a number or a date (RFC 9110 §10.2.3); 0 for anything else."""
    if header.isdecimal():
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return 0.0
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - datetime.now(UTC)).total_seconds())
