"""Manners on the network: turns, time-outs, sizes, redirects, back-off. Every network source asks through `Web`."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
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
from synth.errors import SourceError, UsageError
from synth.sources import SourceSettings
from synth.sources.guard import GuardedAdapter, check_address, place
from synth.sources.pace import Pace

T = TypeVar("T")

LATER = "Run the same command again later: what is stored is kept."
CONNECT_SECONDS, SILENCE_SECONDS = 10.0, 30.0
MOST_REDIRECTS = 5
LONGEST_BACK_OFF = 60.0
_REDIRECTS = (301, 302, 303, 307, 308)
_TRANSIENT = (408, 425, 429, 500, 502, 503, 504)


class Again(Exception):
    """The answer is no good, and the next may be better; `after` is the pause that the server asked for."""

    def __init__(self, what: str, after: float = 0.0) -> None:
        super().__init__(what)
        self.after = after


class RequestFailed(SourceError):
    """A SourceError that knows what was spent: `requests` made, `retries` among them."""

    def __init__(self, what: str, do: str, *, retryable: bool, requests: int, retries: int) -> None:
        super().__init__(what, do, retryable=retryable)
        self.requests = requests
        self.retries = retries


@dataclass(frozen=True)
class Head:
    """How an answer begins; `url` is where it came from after redirects, header names are case-insensitive."""

    status: int
    url: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Asked(Generic[T]):
    """What came of asking, after `requests` of which `retries` repeated a failed one."""

    value: T
    requests: int
    retries: int


Consume = Callable[[Head, Iterator[bytes]], T]


@dataclass
class _Job(Generic[T]):
    """One question on its way: how to take the answer, its limits, and the requests spent on it so far."""

    consume: Consume[T]
    seconds: float
    max_bytes: int
    requests: int = 0


class Web:
    """One polite client. It takes turns under the host of `bases[0]`; private addresses only if they are a base."""

    def __init__(self, bases: tuple[str, ...], interval: float, settings: SourceSettings, product: str = "") -> None:
        self._settings = settings
        self._pace = Pace(urlsplit(bases[0]).netloc, interval)
        self._trusted = frozenset(place(base) for base in bases)
        self._adapter = GuardedAdapter(self._trusted)
        self._session = _Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, self._adapter)
        # Bodies are counted and checked as they come; a compressed one could grow without bound.
        self._session.headers.update(
            {"User-Agent": user_agent(settings.contact, product), "Accept-Encoding": "identity"}
        )
        self._back_off = wait_random_exponential(multiplier=max(interval, 0.05), max=LONGEST_BACK_OFF)

    def ask(
        self,
        url: str,
        consume: Consume[T],
        *,
        seconds: float,
        max_bytes: int,
        headers: Callable[[], Mapping[str, str]] = dict,
    ) -> Asked[T]:
        """What `consume` makes of the answer to GET `url`; `headers` and `consume` run anew for each attempt.

        `consume` sees every status but redirects and transient failures; it may raise Again. Raises
        RequestFailed when the answer stays away, is larger than `max_bytes`, or is not to be had.
        """
        job = _Job(consume, seconds, max_bytes)
        attempts = Retrying(
            stop=stop_after_attempt(self._settings.attempts),
            wait=self._pause,
            retry=retry_if_exception_type(Again),
            reraise=True,
        )
        tried = 0

        def attempt() -> T:
            nonlocal tried
            tried += 1
            return self._follow(url, headers(), job)

        try:
            value = attempts(attempt)
        except Again as failure:
            what = f"{urlsplit(url).hostname}: {failure} ({tried} attempt{'s' if tried > 1 else ''})."
            raise RequestFailed(what, LATER, retryable=True, requests=job.requests, retries=tried - 1) from failure
        except SourceError as error:
            raise RequestFailed(
                error.what,
                error.do,
                retryable=error.retryable,
                requests=job.requests,
                retries=max(tried - 1, 0),
            ) from error
        return Asked(value, job.requests, tried - 1)

    def _pause(self, state: RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        return max(self._back_off(state), failure.after if isinstance(failure, Again) else 0.0)

    def _follow(self, url: str, headers: Mapping[str, str], job: _Job[T]) -> T:
        """One attempt: the request, and those that its redirects lead to. Each takes its own turn."""
        for _ in range(MOST_REDIRECTS + 1):
            check_address(url, self._trusted)
            with self._pace.turn():
                job.requests += 1
                answer = self._send(url, headers, job)
            if not isinstance(answer, _Redirect):
                return answer
            url = _joined(url, answer.target)
        raise SourceError(
            f"{urlsplit(url).hostname} redirects more than {MOST_REDIRECTS} times.",
            "Check the base address of the source.",
            retryable=False,
        )

    def _send(self, url: str, headers: Mapping[str, str], job: _Job[T]) -> T | _Redirect:
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
                headers=dict(headers),
                stream=True,
                allow_redirects=False,
                timeout=(min(CONNECT_SECONDS, job.seconds), min(SILENCE_SECONDS, job.seconds)),
            ) as response:
                self._pace.hold()  # the request has left by now, so the pause counts from here
                if response.status_code in _REDIRECTS and response.headers.get("Location"):
                    return _Redirect(response.headers["Location"])
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
            if after > self._settings.patience:
                raise SourceError(
                    f"{host} answered {head.status} and asks to wait {after:.0f} s (Retry-After), "
                    f"longer than the {self._settings.patience:g} s that synth waits.",
                    f"Run the same command again in {after / 60:.0f} minutes or later: what is stored is kept.",
                )
            self._pace.hold(after)  # the other processes wait as well
            raise Again(f"answered {head.status}", after)
        length = head.headers.get("Content-Length", "")
        if length.isdecimal() and int(length) > max_bytes:
            raise too_large(head.url, max_bytes)
        if head.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise SourceError(f"{host} compresses its answers unasked.", "Ask another mirror.", retryable=False)


class _Session(requests.Session):
    """Leaves redirects to `Web`: requests would read the whole body of each before anyone could object."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


@dataclass(frozen=True)
class _Redirect:
    target: str


def _body(response: requests.Response, late: threading.Event, job: _Job[T]) -> Iterator[bytes]:
    seen = 0
    while chunk := response.raw.read1(2**16, decode_content=False):
        seen += len(chunk)
        if seen > job.max_bytes:
            raise too_large(response.url, job.max_bytes)
        yield chunk
    if late.is_set():  # a connection that was cut can look like an answer that ended
        raise _too_late(job)


def user_agent(contact: str, product: str = "") -> str:
    """Who is asking. `contact` (or SYNTH_CONTACT) lets an operator write before they block."""
    contact = contact or os.environ.get("SYNTH_CONTACT", "")
    if not re.fullmatch(r"[\x21-\x7e]{0,200}", contact):
        raise UsageError(f"The contact {contact!r} is no address.", "Give a mail address or a web address.")
    return " ".join(part for part in (f"synth/{__version__}", f"({contact})" if contact else "", product) if part)


def retry_after(text: str, now: datetime | None = None) -> float:
    """Seconds that a Retry-After header asks for (RFC 9110 §10.2.3: seconds or a date); 0 if it says nothing."""
    text = text.strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        then = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - (now or datetime.now(UTC))).total_seconds())


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError:
        return target  # no address either, as will be found when it is looked at


def _too_late(job: _Job[T]) -> Again:
    return Again(f"did not finish its answer within {job.seconds:g} s")


def too_large(url: str, max_bytes: int) -> SourceError:
    return SourceError(
        f"{urlsplit(url).hostname} sends more than {max_bytes / 2**20:.3g} MB in one answer.",
        "Raise the limit if such a size is right.",
        retryable=False,
    )


def _failure(url: str, error: Exception) -> Exception:
    """What a failed request is for us: worth another attempt, or not."""
    text = " ".join(str(error).split())
    if isinstance(error, requests.exceptions.SSLError):
        return SourceError(
            f"{urlsplit(url).hostname}: no trusted encrypted connection ({text[-160:]}).",
            "Check the clock and the network; a company certificate is named with REQUESTS_CA_BUNDLE.",
        )
    if isinstance(error, ValueError):  # requests' and urllib3's errors about addresses are ValueErrors
        return SourceError(f"{url[:200]!r} cannot be asked.", "Check the base address.", retryable=False)
    if "NameResolution" in text:
        return Again("the name could not be resolved; is there a network?")
    if "timed out" in text:
        return Again("no answer in time")
    if "refused" in text:
        return Again("refused the connection")
    return Again(f"the connection broke ({type(error).__name__})")
