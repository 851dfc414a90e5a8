"""Values of a record as a source sent them, made safe to store and to show. The source is not trusted."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from synth.core.types import JsonObject, JsonValue, Publication, PublicationType
from synth.papers import publication as papers
from synth.text.markup import plain

MAX_TITLE, MAX_ABSTRACT, MAX_NAME, MAX_URL = 1_000, 20_000, 200, 2_000
MAX_VENUE, MAX_NUMBER = 500, 60  # of a venue or publisher; of a volume, issue or pages
MAX_AUTHORS = 1_000

_ABSTRACT_HEAD = re.compile(r"<((?:jats:)?title)>\s*(?:abstract|summary)[\s.:]*</\1>", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")


def text(value: object, longest: int = MAX_TITLE) -> str:
    """Return `value` if it is text, on one line, without control characters and halves of characters; "" for the
    rest.
    """
    if not isinstance(value, str):
        return ""
    value = value[: 4 * longest].encode("utf-8", "replace").decode()
    return " ".join(_CONTROL.sub(" ", value).split())[:longest].strip()


def unmarked(value: object, longest: int = MAX_TITLE, *, tex: bool = True) -> str:
    """Return `value` as `text`, without markup: what titles, abstracts and names of all sources go through.

    `tex`: TeX counts as markup; not where it was resolved already, and a backslash is meant as one.
    """
    return text(plain(value[: 4 * longest], tex=tex), longest) if isinstance(value, str) else ""


def abstract(value: object, *, tex: bool = True) -> str:
    """Return an abstract without markup and without the heading "Abstract" that some carry."""
    bare = _ABSTRACT_HEAD.sub("", value[: 4 * MAX_ABSTRACT]) if isinstance(value, str) else ""
    return unmarked(bare, MAX_ABSTRACT, tex=tex)


def names(values: object) -> tuple[str, ...]:
    """Return the names among `values`, in order."""
    cleaned = (unmarked(value, MAX_NAME) for value in values) if isinstance(values, list | tuple) else ()
    return tuple(name for name in cleaned if name)[:MAX_AUTHORS]


def publication(
    kind: PublicationType = PublicationType.UNKNOWN,
    *,
    venue: object = "",
    volume: object = "",
    issue: object = "",
    pages: object = "",
    publisher: object = "",
    tex: bool = True,
) -> Publication:
    """Return the publication with these parts, as a source sent them: texts, of which volume and issue may be numbers.

    `tex`: as for `unmarked`.
    """

    def number(value: object) -> str:
        plain_number = isinstance(value, int) and not isinstance(value, bool)
        return unmarked(str(value) if plain_number else value, MAX_NUMBER, tex=tex)

    return papers.publication(
        kind,
        venue=unmarked(venue, MAX_VENUE, tex=tex),
        volume=number(volume),
        issue=number(issue),
        pages=number(pages),
        publisher=unmarked(publisher, MAX_VENUE, tex=tex),
    )


def arxiv_publication(value: object) -> Publication:
    """Return what arXiv says of a work's publication: its journal reference in one text, or nothing: a preprint."""
    reference = unmarked(value, MAX_VENUE)
    return Publication(journal_reference=reference) if reference else Publication(PublicationType.PREPRINT)


def year(value: object) -> int | None:
    """Return a year of print, from a number or from text that begins with one ("2020-12-01"); None for
    anything else.
    """
    match = _YEAR.match(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else None
    return int(match[0]) if match and (isinstance(value, str) or len(str(value)) == 4) else None


def url(value: object) -> str:
    """Return a web address, or "": no other scheme, nothing that a page would run."""
    if not isinstance(value, str) or len(value) > MAX_URL or not re.fullmatch(r"https?://[^\s<>\"'`\\]+", value):
        return ""
    try:
        return value if urlsplit(value).hostname else ""
    except ValueError:
        return ""


def table(value: object) -> JsonObject:
    """Return `value` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[JsonValue]:
    """Return `value` if it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else []
