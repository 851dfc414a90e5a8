"""One question to an OpenAI-compatible endpoint: POST {base}/chat/completions, with limits on time and size.

Form of request and answer: https://platform.openai.com/docs/api-reference/chat, as other servers speak it too.
The key is read from SYNTH_REVIEWER_KEY when it is needed; it goes into one header and nowhere else.
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from synth import __version__
from synth.core.errors import UsageError
from synth.core.types import JsonValue

if TYPE_CHECKING:
    import requests

KEY = "SYNTH_REVIEWER_KEY"
MAX_BYTES = 2**20  # bytes of an answer: the JSON asked for has a few thousand
ATTEMPTS = 3
TRANSIENT = (408, 429, 500, 502, 503, 504)
# What not every server and model takes: left out when a server refuses the request.
OPTIONAL: Mapping[str, JsonValue] = {"temperature": 0, "response_format": {"type": "json_object"}}


Posted = tuple[int, bytes, float]


class Failed(Exception):
    """No answer that can be used; the message says why and holds no key."""


@dataclass(frozen=True)
class Endpoint:
    """Address and model to ask.

    Times in seconds: `silence` between two pieces, `total` over all attempts.
    """

    base: str
    model: str
    silence: float = 60.0
    total: float = 300.0
    pause: float = 2.0  # before the second attempt; doubled before the third
    patience: float = 20.0  # the longest pause that a server may ask for

    @property
    def host(self) -> str:
        return urlsplit(self.base).netloc

    @property
    def key(self) -> str:
        return os.environ.get(KEY, "").strip()


def endpoint(base: str, model: str) -> Endpoint:
    """Return the endpoint named by settings or flags.

    UsageError for what is no address, has a password in it, would send the key unencrypted to another machine, or
    names no model.
    """
    name = "SYNTH_REVIEWER_URL (or `reviewer_url`, `--reviewer-url`)"
    target = Endpoint(base.strip().rstrip("/"), model.strip())
    try:
        parts = urlsplit(target.base)
        parts.port  # noqa: B018 (a port that is no number raises)
    except ValueError:
        raise UsageError(f"{name} is no address.", "Name a base such as http://localhost:8000/v1.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise UsageError(f"{name} is no address.", "Name a base such as http://localhost:8000/v1.")
    if parts.username is not None or parts.password is not None:
        raise UsageError(f"{name} has a password in it.", f"Take it out and set {KEY} in the environment.")
    if not target.model:
        raise UsageError("A reviewer is named, but no model.", "Set SYNTH_REVIEWER_MODEL or use `--reviewer-model`.")
    if target.key and not re.fullmatch(r"[\x21-\x7e]{1,500}", target.key):
        raise UsageError(f"{KEY} is no key.", "A key is one word without blanks or line breaks.")
    if target.key and parts.scheme == "http" and not _is_local(parts.hostname):
        raise UsageError(f"{KEY} would travel to {target.host} unencrypted.", "Use https, or unset the key.")
    return target


def _is_local(host: str) -> bool:
    """Return True if `host` is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def complete(endpoint: Endpoint, messages: list[dict[str, str]]) -> str:
    """Return the model's answer to `messages`.

    Raises Failed with the reason; tries again what may be better later.
    """
    end = time.monotonic() + endpoint.total
    more: Mapping[str, JsonValue] = OPTIONAL
    for attempt in range(ATTEMPTS):
        last = attempt == ATTEMPTS - 1
        content: dict[str, object] = {"model": endpoint.model, "messages": messages, **more}
        status, body, after = _in_time(partial(_post, endpoint, content, end), endpoint, end)
        if status == 200:
            return _content(body)
        if status in (400, 422) and more and not last:
            more = {}
            continue
        if status in TRANSIENT and not last:
            wait = max(after, endpoint.pause * 2**attempt)
            if wait <= endpoint.patience and time.monotonic() + wait < end:
                time.sleep(wait)
                continue
        raise Failed(_refused(status))
    raise Failed("no answer")  # pragma: no cover (the last attempt returns or raises)


def _refused(status: int) -> str:
    """Return an error that names only the status, since servers may repeat the key in their words."""
    known = {
        401: f"the key is missing or refused (set {KEY})",
        403: f"the key has no right to this model (set {KEY})",
        404: "no such address or model",
        429: "too many requests or no budget left",
    }
    why = known.get(status) or ("the server failed" if status >= 500 else "the request was refused")
    return f"answered {status}: {why}"


def _in_time(post: Callable[[], Posted], endpoint: Endpoint, end: float) -> Posted:
    """Run `post` in a thread of its own: a server that sends its header bit by bit meets no time-out."""
    replies: list[Posted] = []
    raised: list[BaseException] = []

    def work() -> None:
        try:
            replies.append(post())
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(max(0.0, end - time.monotonic()))
    if raised:
        raise raised[0]
    if not replies:
        raise Failed(f"the answer was not finished within {endpoint.total:g} s")
    return replies[0]


def _post(endpoint: Endpoint, content: Mapping[str, object], end: float) -> Posted:
    """Return (status, body, seconds that Retry-After asks for) of one request; bodies of failures are not read."""
    import requests
    import urllib3

    left = end - time.monotonic()
    if left <= 0:
        raise Failed(f"no answer within {endpoint.total:g} s")
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Accept-Encoding": "identity",  # what is packed could grow without bound
        "User-Agent": f"synth/{__version__}",
    }
    try:
        with requests.post(
            f"{endpoint.base}/chat/completions",
            data=json.dumps(content).encode(),
            headers=headers,
            auth=_Bearer(endpoint.key),  # named, so that nothing is taken from ~/.netrc
            timeout=(min(10.0, left), min(endpoint.silence, left)),
            allow_redirects=False,  # the report and the key go where the user said and nowhere else
            stream=True,
        ) as response:
            if 300 <= response.status_code < 400:
                raise Failed(f"answered {response.status_code}: it wants to redirect, which is not followed")
            if response.status_code != 200:
                return response.status_code, b"", _seconds(response.headers.get("Retry-After", ""))
            return 200, _body(response, endpoint, end), 0.0
    except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError) as error:
        # The library's own words hold the address and sometimes headers.
        text = f"{type(error).__name__} {error}"
        if re.search(r"timed? ?out", text, re.I):
            raise Failed(f"no answer within {min(endpoint.silence, left):g} s") from None
        raise Failed(f"no connection ({type(error).__name__})") from None


def _body(response: requests.Response, endpoint: Endpoint, end: float) -> bytes:
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Failed("the answer is compressed unasked")
    chunks, size = [], 0
    while chunk := response.raw.read1(2**16, decode_content=False):
        size += len(chunk)
        if size > MAX_BYTES:
            raise Failed(f"the answer is larger than {MAX_BYTES / 2**20:.0f} MB")
        if time.monotonic() > end:
            raise Failed(f"the answer was not finished within {endpoint.total:g} s")
        chunks.append(chunk)
    return b"".join(chunks)


def _seconds(text: str) -> float:
    return float(text[:6]) if text.strip().isdecimal() and text.isascii() else 0.0


def _content(body: bytes) -> str:
    """Return the message of the first choice. Raises Failed where the answer has another form or was cut short."""
    try:
        choice = json.loads(body)["choices"][0]
        content, ended = choice["message"]["content"], choice.get("finish_reason")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise Failed("the answer has not the form of a chat completion") from None
    if not isinstance(content, str) or not content.strip():
        raise Failed("the answer has no text")
    if ended == "length":
        raise Failed("the answer was cut short by the server's limit of tokens")
    return content


class _Bearer:
    """The key as the header that OpenAI-compatible servers read; none without a key."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._key:
            request.headers["Authorization"] = f"Bearer {self._key}"
        return request

    def __repr__(self) -> str:
        return "_Bearer(…)"
