"""What a reference manager says of a work, as a record: shared by the formats."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from synth.sources import fields, identity, openaccess
from synth.types import Record


def described(
    *,
    name: str,
    title: str,
    authors: Sequence[str],
    year: Any,
    abstract: str,
    doi: str,
    addresses: Sequence[str],
    comment: str = "",
) -> Record | None:
    """The record of one reference; None without a title. `addresses` may hold web addresses and arXiv ids.

    Its identifier is made of what it says, since the keys of reference managers change with the file.
    """
    title = fields.unmarked(title)
    if not title:
        return None
    number = identity.doi(fields.text(doi)) or ""
    cleaned = [fields.text(one, fields.LONGEST_URL) for one in addresses]
    arxiv = next((found for one in cleaned if (found := identity.arxiv_id(one) or openaccess.arxiv_of(one))), None)
    arxiv = arxiv or openaccess.arxiv_of(number)
    acl = next(filter(None, map(openaccess.acl_of, [number, *cleaned])), "")
    page = next(filter(None, map(fields.url, cleaned)), "")
    people = fields.names(list(authors))
    told = "\n".join([title, *people, str(fields.year(year)), number, *(arxiv or ()), acl])
    return Record(
        source="references",
        source_id=hashlib.sha256(told.encode()).hexdigest()[:24],
        title=title,
        authors=people,
        year=fields.year(year),
        abstract=fields.abstract(abstract),
        url=page or _address(number, arxiv[0] if arxiv else "", acl),
        arxiv_id=arxiv[0] if arxiv else "",
        version=arxiv[1] if arxiv else "",
        doi=number,
        acl_id=acl,
        pdf_url=page if page.lower().partition("?")[0].endswith(".pdf") else "",
        comment=comment or name,
    )


def _address(doi: str, arxiv: str, acl: str) -> str:
    """Where the work is by its identifiers; "" without any."""
    if doi:
        return f"https://doi.org/{doi}"
    if arxiv:
        return f"https://arxiv.org/abs/{arxiv}"
    return f"https://aclanthology.org/{acl}" if acl else ""
