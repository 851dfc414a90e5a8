"""JSON APIs: the object that one answered, or the error that its status, its form or its own words amount to."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from synth.core.errors import SourceError
from synth.core.types import JsonObject, JsonValue, Record
from synth.sources import openaccess
from synth.sources.fields import MAX_AUTHORS, table, text, unmarked
from synth.sources.http.answers import Response
from synth.sources.http.client import LATER, RetryableError

MAX_HITS = 10**12  # that a source may say it has; the database holds no number of more than 63 bits
MAX_REASON = 300  # characters of a source's own words that are shown
NAMED = 5  # records that one warning names
# OpenAlex has answered 403 to queries that it cannot read.
_ABOUT_QUERY = re.compile(r"\binvalid (?:query|filter|parameter|select|sort)|\bquery parameters?\b", re.IGNORECASE)


def read(answer: Response, key: str) -> JsonObject:
    """Return the JSON object in `answer`. Raises RetryableError for one that came damaged, SourceError for a refusal.

    `key` names the setting with the key, for those who have none or a wrong one.
    """
    host = urlsplit(answer.url).hostname or answer.url
    if answer.status != 200:
        raise _refusal(answer, host, key)
    if _is_page(answer):
        raise SourceError(
            f"{host} answered with a web page instead of JSON; a proxy or a login page may be in between.",
            f"Open https://{host} in a browser. {LATER}",
        )
    try:
        content = json.loads(answer.body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise RetryableError("sent an answer that is no valid JSON") from error
    if not isinstance(content, dict):
        raise RetryableError("sent JSON of another form than documented")
    return content


def count(value: object) -> int:
    """Return a number of hits. Raises RetryableError if `value` is none, or more than any source has."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_HITS:
        raise RetryableError("sent a page without its number of results")
    return value


def check_page(
    entries: Sequence[JsonValue], identifiers: Sequence[str], total: int, start: int, before: Sequence[str]
) -> None:
    """Raise RetryableError unless `entries` may be the hits from `start` on, after a page with the ids `before`."""
    if not entries and total > start:
        raise RetryableError(f"says that it has {total} hits but sent none from number {start} on")
    if identifiers and any(identifiers) and list(identifiers) == list(before):
        raise RetryableError(f"sent the page before once more instead of the hits from {start} on")


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _is_page(answer: Response) -> bool:
    start = answer.body[:512].lstrip().lower()
    return start.startswith((b"<!doctype html", b"<html"))


def _refusal(answer: Response, host: str, key: str) -> SourceError:
    stated = reason(answer)
    words = f": {stated}" if stated else ""
    if answer.status == 401:
        return SourceError(f"{host} answered 401{words}.", f"Check the key in {key}.", retryable=False)
    if answer.status == 403 and not _ABOUT_QUERY.search(stated):
        return SourceError(
            f"{host} answered 403{words}.", f"Check the key in {key}, and whether the host has blocked this address."
        )
    if answer.status in (400, 403, 404, 414, 422):
        return SourceError(f"{host} refused the query ({answer.status}){words}.", "Change the query.", retryable=False)
    return SourceError(f"{host} answered {answer.status}{words}.", LATER, retryable=answer.status >= 500)


def reason(answer: Response) -> str:
    """Return what a refusal says in the source's own words, whatever form it uses; "" for a web page."""
    if _is_page(answer):
        return ""
    try:
        content = json.loads(answer.body)
    except (ValueError, RecursionError):
        return unmarked(answer.body[:1000].decode("utf-8", "replace"), MAX_REASON).rstrip(".")
    words = []
    for name in ("error", "message"):
        value = table(content).get(name)
        for item in value if isinstance(value, list) else [value]:  # Crossref lists what is wrong
            words.append(text(table(item).get("message") or item, MAX_REASON))
    return ": ".join(dict.fromkeys(filter(None, words)))[:MAX_REASON].rstrip(".")


def records(
    entries: Sequence[JsonValue],
    as_record: Callable[[JsonObject], Record | None],
    source: str,
    no_paper: Callable[[JsonObject], str] | None = None,
    most_authors: int = MAX_AUTHORS,
) -> tuple[tuple[Record, ...], tuple[str, ...]]:
    """Return the records of a page's entries; what has no name or no title is passed over with a warning.

    `no_paper` says what an entry is that is no paper ("peer review"), "" for one that may be. A record with
    `most_authors` authors, where lists are cut, is warned of: it may have more.
    """
    others = Counter(kind for entry in entries if no_paper and (kind := no_paper(table(entry))))
    converted = [as_record(table(entry)) for entry in entries if not (no_paper and no_paper(table(entry)))]
    missing = sum(record is None for record in converted)
    usable = tuple(record for record in converted if record is not None)
    warnings = []
    if missing:
        entries_are = "entry is" if missing == 1 else "entries are"
        warnings.append(f"{missing} {entries_are} without an identifier or a title at {source}; passed over.")
    if others:
        entries_are = "entry is no paper" if others.total() == 1 else "entries are no papers"
        kinds = ", ".join(f"{kind}: {n}" for kind, n in sorted(others.items()))
        warnings.append(f"{others.total()} {entries_are} at {source} ({kinds}); left out.")
    if cut := [record.source_id for record in usable if len(record.authors) >= most_authors]:
        them = f"{', '.join(cut[:NAMED])}{f' and {len(cut) - NAMED} more' if len(cut) > NAMED else ''}"
        warnings.append(f"Of a work at {source} the first {most_authors:,} authors are read; {them} may have more.")
    return usable, tuple(warnings)


def identifiers(addresses: Sequence[str]) -> tuple[str, str]:
    """Return (arXiv id, Anthology id) that the addresses and DOIs of a work name; "" for what none of them does."""
    arxiv = next((match[0] for text in addresses if (match := openaccess.arxiv_of(text))), "")
    return arxiv, next(filter(None, map(openaccess.acl_of, addresses)), "")
