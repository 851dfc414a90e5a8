"""The open-access PDF of a record: at arXiv, at the ACL Anthology, or where the record itself says that it is.

An address in a record is a stranger's: it is followed over http(s) only, never into a private network, with the size
and the time of any other download.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from synth.core.errors import SourceError
from synth.core.types import Record
from synth.papers import identity
from synth.sources import SourceSettings
from synth.sources.http import mirrors

ACL_INTERVAL, OTHER_INTERVAL = 1.0, 2.0  # seconds between two downloads from one host


def fetch(record: Record, folder: Path, settings: SourceSettings, bases: tuple[str, ...] = ()) -> Path | None:
    """Return the PDF of `record` in `folder`; None if no open one is known.

    SourceError if none of those known can be had.

    `bases` are the addresses of the source itself: a mirror in a private network may serve PDFs as well.
    """
    if record.withdrawn:
        return None
    failures: list[SourceError] = []
    for attempt in (_from_arxiv, _from_acl, _from_address):
        try:
            path = attempt(record, folder, settings, bases)
        except SourceError as failure:
            failures.append(failure)
            continue
        if path is not None:
            return path
    if failures:
        # One that may work later counts for more than one that never will.
        raise next((failure for failure in failures if failure.retryable), failures[0])
    return None


def arxiv_of(address: str) -> tuple[str, str] | None:
    """Return ("2005.13013", "v2") of an address or a DOI at arXiv; None for any other."""
    match = re.search(
        r"arxiv\.org/(?:abs|pdf)/([^?#\s]+?)(?:\.pdf)?/?$|10\.48550/arxiv\.(\S+)$", address, re.IGNORECASE
    )
    return identity.arxiv_id(match[1] or match[2]) if match else None


def acl_of(address: str) -> str:
    """Return the Anthology id in an address or a DOI of the ACL Anthology; "" for any other."""
    match = re.search(r"(?:aclanthology\.org|aclweb\.org/anthology)/([^/?#\s]+?)(?:\.pdf)?/?$", address)
    match = match or re.search(r"10\.(?:18653|3115)/v1/([^?#\s]+)$", address, re.IGNORECASE)
    named = identity.acl_id(match[1][:1].upper() + match[1][1:]) if match else None
    named = named or (identity.acl_id(match[1]) if match else None)
    return named[0] if named else ""


def _from_arxiv(record: Record, folder: Path, settings: SourceSettings, bases: tuple[str, ...]) -> Path | None:
    identifier = identity.arxiv_id(record.arxiv_id)
    if identifier is None:
        return None
    from synth.sources.providers.arxiv import SOURCE  # at the pace that arXiv asks for, whoever named the paper

    # The version that another source has seen need not be there; without one the newest comes.
    plain = replace(
        record, arxiv_id=identifier[0], version=identifier[1], pdf_url=record.pdf_url or "https://arxiv.org/"
    )
    return SOURCE.fetch_pdf(plain, folder, settings)


def _from_acl(record: Record, folder: Path, settings: SourceSettings, bases: tuple[str, ...]) -> Path | None:
    if not identity.acl_id(record.acl_id):
        return None
    base = mirrors.address("SYNTH_ACL_PDF", "https://aclanthology.org")
    interval = mirrors.interval("SYNTH_ACL_INTERVAL", ACL_INTERVAL, (base,), "aclanthology.org")
    return _download(f"{base}/{record.acl_id}.pdf", folder / f"{record.acl_id}.pdf", interval, (base,), settings)


def _from_address(record: Record, folder: Path, settings: SourceSettings, bases: tuple[str, ...]) -> Path | None:
    address = record.pdf_url
    if not address or arxiv_of(address) or acl_of(address):
        return None
    name = hashlib.sha256(address.encode()).hexdigest()[:24]
    return _download(address, folder / f"open-{name}.pdf", OTHER_INTERVAL, bases, settings)


def _download(address: str, target: Path, interval: float, bases: tuple[str, ...], settings: SourceSettings) -> Path:
    from synth.sources.http.client import Web
    from synth.sources.http.download import download

    web = Web(bases, interval, settings, host=urlsplit(address).netloc)
    result = download(web, address, target, seconds=settings.pdf_seconds, max_bytes=settings.max_pdf_bytes)
    return result.value
