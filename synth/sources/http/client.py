"""Manners on the network: turns, time-outs, sizes, redirects, back-off. Every network source asks through `Web`."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Generic, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from synth import __version__
from synth.core.errors import OutOfBudget, SourceError, UsageError
from synth.sources import SourceSettings
from synth.sources.http.answers import KEPT_HEADERS, Response
from synth.sources.http.cache import Cache, conditions
from synth.sources.http.guard import GuardedAdapter, check_address, place
from synth.sources.http.pace import Pace

log = logging.getLogger(__name__)

T = TypeVar("T")

LATER = "Run the same command again later: what is stored is kept."
OFFLINE = "What is not stored cannot be repeated; `synth search --resume` asks the sources."
CONNECT_SECONDS, SILENCE_SECONDS = 10.0, 30.0
MAX_REDIRECTS = 5
MAX_BACK_OFF = 60.0
_REDIRECTS = (301, 302, 303, 307, 308)
_TRANSIENT = (408, 425, 429, 500, 502, 503, 504)


class RetryableError(Exception):
    """The answer is no good, and the next may be better; `after` is the pause that the server asked for."""

    def __init__(self, what: str, after: float = 0.0) -> None:
        super().__init__(what)
        self.after = after


class RequestFailed(SourceError):
    """A SourceError that knows what was spent: `requests` made, `retries` among them."""

    def __init__(
        self, what: str, do: str, *, retryable: bool, requests: int, retries: int, outcome: str = "failed"
    ) -> None:
        super().__init__(what, do, retryable=retryable)
        self.requests = requests
        self.retries = retries
        self.outcome = outcome


@dataclass(frozen=True)
class Head:
    """Head of an answer; `url` is where it came from after redirects, header names are case-insensitive."""

    status: int
    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class RequestResult(Generic[T]):
    """Result of a request, after `requests` of which `retries` repeated a failed one.

    `cached`: no request was needed, because the search or the cache had the answer.
    """

    value: T
    requests: int
    retries: int
    cached: bool = False


Consume = Callable[[Head, Iterator[bytes]], T]


@dataclass
class _RequestJob(Generic[T]):
    """One question on its way: how to take the answer, its limits, and the requests spent on it so far."""

    consume: Consume[T]
    seconds: float
    max_bytes: int
    requests: int = 0


class Web:
    """One polite client. It takes turns under the host of `bases[0]`; private addresses only if they are a base.

    `secrets` are header fields with keys: they go to the bases alone, are in no address and in no message.
    """

    def __init__(
        self,
        bases: tuple[str, ...],
        interval: float,
        settings: SourceSettings,
        product: str = "",
        *,
        secrets: Mapping[str, str] | None = None,
        host: str = "",
    ) -> None:
        """Set up a host's queue.

        `host` names it where no base is given: a place that some record named, unverified.
        """
        self._settings = settings
        self._secrets = dict(secrets or {})
        self._account = _account(self._secrets)
        self._cache = Cache(settings.cache_hours, self._account)
        self._pace = Pace(host or urlsplit(bases[0]).netloc, interval)
        self._host = host or urlsplit(bases[0]).hostname or ""
        self._trusted = frozenset(place(base) for base in bases)
        self._adapter = GuardedAdapter(self._trusted)
        self._session = _Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, self._adapter)
        # Bodies are counted and checked as they come; a compressed one could grow without bound.
        self._session.headers.update(
            {"User-Agent": user_agent(settings.contact, product), "Accept-Encoding": "identity"}
        )
        self._back_off = wait_random_exponential(multiplier=max(interval, 0.05), max=MAX_BACK_OFF)

    def ask(
        self,
        url: str,
        consume: Consume[T],
        *,
        seconds: float,
        max_bytes: int,
        headers: Callable[[], Mapping[str, str]] = dict,
    ) -> RequestResult[T]:
        """Return the result of `consume` for the answer to GET `url`; `headers` and `consume` run anew for each
        attempt.

        `consume` sees every status but redirects and transient failures; it may raise RetryableError. Raises
        RequestFailed when the answer stays away, is larger than `max_bytes`, or is not to be had.
        """
        if self._settings.offline:
            raise SourceError(f"{self._host} was not asked: this search is repeated offline.", OFFLINE)
        closed = self._pace.closed(self._account)
        if closed > self._settings.patience:
            raise _spent(self._host, closed, "was not asked: its budget is used up")
        job = _RequestJob(consume, seconds, max_bytes)
        attempts = Retrying(
            stop=stop_after_attempt(self._settings.attempts),
            wait=self._pause,
            retry=retry_if_exception_type(RetryableError),
            reraise=True,
        )
        tried = 0

        def attempt() -> T:
            nonlocal tried
            tried += 1
            return self._follow(url, headers(), job)

        try:
            value = attempts(attempt)
        except RetryableError as failure:
            what = f"{urlsplit(url).hostname}: {failure} ({tried} attempt{'s' if tried > 1 else ''})."
            raise RequestFailed(what, LATER, retryable=True, requests=job.requests, retries=tried - 1) from failure
        except SourceError as error:
            raise RequestFailed(
                error.what,
                error.do,
                retryable=error.retryable,
                requests=job.requests,
                retries=max(tried - 1, 0),
                outcome=error.outcome,
            ) from error
        return RequestResult(value, job.requests, tried - 1)

    def answer(self, url: str, read: Callable[[Response], T], *, seconds: float, max_bytes: int) -> RequestResult[T]:
        """Return the result of `read` for the whole answer to GET `url`, which may be a cached one.

        An answer that this search has already is never asked for again; then the cache is looked at, then the
        source. What `read` refuses (by raising RetryableError or SourceError) is not kept.
        """
        previous = self._settings.answers
        cached = self._cache.find(url)
        known = [previous.find(url) if previous else None]
        known += [cached] if cached and self._cache.fresh(cached) else []
        for candidate in filter(None, known):
            with suppress(RetryableError):
                value = read(candidate)
                if previous:
                    previous.keep(candidate)
                return RequestResult(value, 0, 0, cached=True)

        def consume(head: Head, chunks: Iterator[bytes]) -> tuple[T, Response]:
            if head.status == 304 and cached is not None:
                answer = replace(cached, requested_at=_now())
            else:
                headers = {name: head.headers[name] for name in KEPT_HEADERS if head.headers.get(name)}
                answer = Response(url, head.status, b"".join(chunks), headers, _now())
            return read(answer), answer

        result = self.ask(url, consume, seconds=seconds, max_bytes=max_bytes, headers=lambda: conditions(cached))
        value, answer = result.value
        if previous:
            previous.keep(answer)
        self._cache.keep(answer)
        return RequestResult(value, result.requests, result.retries)

    def _pause(self, state: RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        return max(self._back_off(state), failure.after if isinstance(failure, RetryableError) else 0.0)

    def _follow(self, url: str, headers: Mapping[str, str], job: _RequestJob[T]) -> T:
        """Make one attempt: the request, and those that its redirects lead to. Each takes its own turn."""
        for _ in range(MAX_REDIRECTS + 1):
            check_address(url, self._trusted)
            with self._pace.turn():
                job.requests += 1
                answer = self._send(url, headers, job)
            if not isinstance(answer, _Redirect):
                return answer
            url = _joined(url, answer.target)
        raise SourceError(
            f"{urlsplit(url).hostname} redirects more than {MAX_REDIRECTS} times.",
            "Check the base address of the source.",
            retryable=False,
        )

    def _send(self, url: str, headers: Mapping[str, str], job: _RequestJob[T]) -> T | _Redirect:
        late = threading.Event()

        def cut() -> None:
            late.set()
            self._adapter.cut()

        watch = threading.Timer(job.seconds, cut)
        watch.daemon = True
        watch.start()
        try:
            with self._session.get(
                url,
                headers={**headers, **(self._secrets if place(url) in self._trusted else {})},
                stream=True,
                allow_redirects=False,
                timeout=(min(CONNECT_SECONDS, job.seconds), min(SILENCE_SECONDS, job.seconds)),
            ) as response:
                # The request has left by now, so the pause counts from here.
                self._pace.hold(advertised_interval(response.headers))
                if response.status_code in _REDIRECTS and response.headers.get("Location"):
                    return _Redirect(response.headers["Location"])
                log.info("GET %s: %d", url, response.status_code)  # addresses carry no keys
                head = Head(response.status_code, url, response.headers)
                self._check(head, job.max_bytes)
                return job.consume(head, _body(response, late, job))
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError) as error:
            raise (_too_late(job) if late.is_set() else _failure(url, error)) from error
        finally:
            watch.cancel()

    def _check(self, head: Head, max_bytes: int) -> None:
        """Raise for what is no answer: overload, a size over the limit, an encoding that was not asked for."""
        host = urlsplit(head.url).hostname
        if head.status in _TRANSIENT:
            after = retry_after(head.headers.get("Retry-After", ""))
            if head.status == 429:
                after = self._check_budget(head, after)
            if after > self._settings.patience:
                raise SourceError(
                    f"{host} answered {head.status} and asks to wait {after:.0f} s (Retry-After), "
                    f"longer than the {self._settings.patience:g} s that synth waits.",
                    f"Run the same command again in {after / 60:.0f} minutes or later: what is stored is kept.",
                )
            self._pace.hold(after)  # the other processes wait as well
            raise RetryableError(f"answered {head.status}", after)
        length = head.headers.get("Content-Length", "")
        if length.isdecimal() and int(length) > max_bytes:
            raise too_large(head.url, max_bytes)
        if head.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise SourceError(f"{host} compresses its answers unasked.", "Ask another mirror.", retryable=False)

    def _check_budget(self, head: Head, after: float) -> float:
        """Return the seconds to wait. OutOfBudget if they are too many, or if the host says that nothing is left."""
        left, reset = (head.headers.get(f"X-RateLimit-{name}", "").strip() for name in ("Remaining", "Reset"))
        empty = re.fullmatch(r"0*(?:\.0*)?", left) is not None and left != ""
        if empty and reset.isdecimal():
            seconds = float(reset[:12])
            # Seconds from now (OpenAlex) or seconds since 1970 (others).
            after = max(after, seconds - time.time() if seconds > 1e8 else seconds)
        if after > self._settings.patience:
            self._pace.close(after, self._account)
            raise _spent(self._host, after, f"answered 429 and asks to wait {after:.0f} s (Retry-After)")
        if empty and not after:
            raise _spent(self._host, 0.0, "answered 429: its budget is used up")
        return after


class _Session(requests.Session):
    """Leaves redirects to `Web`: requests would read the whole body of each before anyone could object."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


@dataclass(frozen=True)
class _Redirect:
    target: str


def _body(response: requests.Response, late: threading.Event, job: _RequestJob[T]) -> Iterator[bytes]:
    received = 0
    while chunk := response.raw.read1(2**16, decode_content=False):
        received += len(chunk)
        if received > job.max_bytes:
            raise too_large(response.url, job.max_bytes)
        yield chunk
    if late.is_set():  # a connection that was cut can look like an answer that ended
        raise _too_late(job)


def user_agent(contact: str, product: str = "") -> str:
    """Build the User-Agent. `contact` (or SYNTH_CONTACT) lets an operator write before they block."""
    contact = contact or os.environ.get("SYNTH_CONTACT", "")
    if not re.fullmatch(r"[\x21-\x7e]{0,200}", contact):
        raise UsageError(f"The contact {contact!r} is no address.", "Give a mail address or a web address.")
    if "@" in contact and ":" not in contact:
        contact = f"mailto:{contact}"  # the form by which Crossref knows its polite pool
    return " ".join(part for part in (f"synth/{__version__}", f"({contact})" if contact else "", product) if part)


def retry_after(text: str, now: datetime | None = None) -> float:
    """Return the seconds that a Retry-After header asks for (RFC 9110 §10.2.3: seconds or a date); 0 if it says
    nothing.
    """
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - (now or datetime.now(UTC))).total_seconds())


def advertised_interval(headers: Mapping[str, str]) -> float:
    """Return the seconds between requests that a host asks for in X-Rate-Limit-Limit and -Interval (Crossref); 0 if
    it does not.

    A promise of more than a request in ten minutes is taken for a mistake.
    """
    most, window = (headers.get(f"X-Rate-Limit-{name}", "").strip() for name in ("Limit", "Interval"))
    match = re.fullmatch(r"(\d{1,6})s?", window)
    if not (re.fullmatch(r"\d{1,6}", most) and int(most) and match):
        return 0.0
    return min(int(match[1]) / int(most), 600.0)


def _spent(host: str, seconds: float, what: str) -> OutOfBudget:
    when = f"in {_duration(seconds)} or later" if seconds else "when the budget is filled up (most are at midnight UTC)"
    return OutOfBudget(
        f"{host} {what}.",
        f"Complete the search {when}, or with a key that allows more (see `synth doctor`): what is stored is kept.",
    )


def _duration(seconds: float) -> str:
    return f"{seconds / 3600:.0f} hours" if seconds > 2 * 3600 else f"{max(seconds / 60, 1):.0f} minutes"


def _account(secrets: Mapping[str, str]) -> str:
    """Return a name for whoever the keys belong to, from which no key can be had."""
    return hashlib.sha256(repr(sorted(secrets.items())).encode()).hexdigest()[:16] if secrets else "nobody"


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError:
        return target  # no address either, as will be found when it is looked at


def _too_late(job: _RequestJob[T]) -> RetryableError:
    return RetryableError(f"did not finish its answer within {job.seconds:g} s")


def too_large(url: str, max_bytes: int) -> SourceError:
    return SourceError(
        f"{urlsplit(url).hostname} sends more than {max_bytes / 2**20:.3g} MB in one answer.",
        "Raise the limit if such a size is right.",
        retryable=False,
    )


def _failure(url: str, error: Exception) -> Exception:
    """Classify a failed request: worth another attempt, or not."""
    text = " ".join(str(error).split())
    if isinstance(error, requests.exceptions.SSLError):
        return SourceError(
            f"{urlsplit(url).hostname}: no trusted encrypted connection ({text[-160:]}).",
            "Check the clock and the network; a company certificate is named with REQUESTS_CA_BUNDLE.",
        )
    if isinstance(error, ValueError):  # requests' and urllib3's errors about addresses are ValueErrors
        return SourceError(f"{url[:200]!r} cannot be asked.", "Check the base address.", retryable=False)
    if "NameResolution" in text:
        return RetryableError("the name could not be resolved; is there a network?")
    if "timed out" in text:
        return RetryableError("no answer in time")
    if "refused" in text:
        return RetryableError("refused the connection")
    return RetryableError(f"the connection broke ({type(error).__name__})")
