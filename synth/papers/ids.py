"""Identifiers of works: arXiv ids, ids of the ACL Anthology, and DOIs with what their publishers mean by them. Pure.

Versions of a work have identifiers of their own: the version is taken off where a publisher writes it into the DOI
(eLife, F1000Research, preprint servers), and where each version gets another number (SSRN, Zenodo) two numbers do not
contradict each other.
"""

from __future__ import annotations

import re

from synth.core.types import Record
from synth.text.identifiers import doi

Key = tuple[str, str]
DEPOSIT = "deposit"

_ARXIV = re.compile(
    r"(?:arxiv:)?(?P<id>(?:0[7-9]|1[0-4])(?:0[1-9]|1[0-2])\.\d{4}"  # April 2007 to 2014
    r"|(?:1[5-9]|[2-8]\d)(?:0[1-9]|1[0-2])\.\d{5}"  # since 2015
    r"|(?P<archive>[a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2,}(?:-[a-z]+)?)?/(?P<number>\d{2}(?:0[1-9]|1[0-2])\d{3}))"
    r"(?P<version>v[1-9]\d*)?",
    re.IGNORECASE,
)
_ACL = re.compile(
    r"(?P<id>[A-Z]\d{2}-\d{4}"  # until 2019
    r"|(?:19|20)\d{2}\.[a-z][a-z0-9_]*(?:-[a-z0-9_]+)+\.\d+)(?P<version>v[1-9]\d*)?"
)
_PLACEHOLDER = re.compile(
    r"/(?:.*[^a-z])?(?:x{4,}|n{4,}|y{4,}|0{6,}|1122445\.1122456|1234567(?:\.1234567|890)?|insert|your|todo)(?:[^a-z0-9]|$)",
    re.IGNORECASE,
)
# Servers of preprints that give out DOIs; the version is no part of what they name.
_PREPRINT = re.compile(
    r"10\.(?:1101|64898)/(?:\d{6}|\d{4}\.\d{2}\.\d{2}\.\d{6,8})(?:v\d+)?|10\.2139/ssrn\.\d+|10\.21203/rs\.\S+"
    r"|10\.20944/preprints\S+|10\.\d{4,9}/osf\.io/\w+|10\.36227/techrxiv\.\S+|10\.26434/chemrxiv\S+"
    r"|10\.22541/(?:au|essoar)\.\S+|10\.1002/essoar\.\S+|10\.33774/coe-\S+|10\.7287/peerj\.preprints\.\S+"
    r"|10\.31124/advance\.\S+|10\.1590/scielopreprints\.\S+|10\.32388/\w{6}(?:\.\d+)?|10\.2196/preprints\.\d+"
    r"|10\.312(?:19|22|23|24|34|35)/\S+|10\.35542/\S+|10\.3386/w\d+|10\.5194/egusphere-\d{4}-\d+"
    r"|10\.12688/verixiv\.\S+"
)
_PREPRINT_VERSION = re.compile(
    r"(?:[/._-]v\d+|(?<=^10\.1101/\d{6})v\d+|(?<=\.\d{2}\.\d{6})v\d+|(?<=\.\d{2}\.\d{8})v\d+"
    r"|(?<=essoar\.\d{8})\.\d+|(?<=^10\.32388/\w{6})\.\d+)$"
)
# Publishers that give each version of an article a DOI, the article's own with a number behind it: eLife (reviewed
# preprints), F1000Research and the platforms that it runs for funders.
_VERSIONED = re.compile(
    r"(?P<work>10\.7554/elife\.\d{5,6}|10\.(?:12688|3310|35241)/[a-z][a-z0-9]+\.\d+)\.[1-9]\d?"
    r"|(?P<with_v>10\.1099/acmi\.0\.\d{6})\.v\d+"
)
# Archives that give each version of a deposit a number of its own: like those of preprint servers, where a paper is
# often put up twice, their DOIs do not contradict each other.
_DEPOSIT = re.compile(
    r"10\.5281/zenodo\.\d+|10\.6084/m9\.figshare\.\S+|10\.17605/osf\.io/\w+|10\.17632/\S+|10\.7910/dvn/\S+"
)
_DEPOSIT_VERSION = re.compile(r"\.v\d+$")


def arxiv_id(text: str) -> tuple[str, str] | None:
    """Return ("2005.13013", "v2") of "2005.13013v2" or "arXiv:2005.13013v2"; None unless the whole text is an arXiv
    id.

    Ids of until March 2007 are often written with a subject class, which names nothing: papers were numbered by
    archive, so that math.GT/0309136 is math/0309136 (https://info.arxiv.org/help/arxiv_identifier.html).
    """
    match = _ARXIV.fullmatch(text.strip())
    if match is None:
        return None
    name = f"{match['archive']}/{match['number']}" if match["archive"] else match["id"]
    return name.lower(), (match["version"] or "").lower()


def acl_id(text: str) -> tuple[str, str] | None:
    """Return ("P19-1493", "") of "P19-1493"; None unless the whole text is an ACL Anthology id."""
    match = _ACL.fullmatch(text.strip())
    return (match["id"], match["version"] or "") if match else None


def is_placeholder(name: str) -> bool:
    """Return True for a DOI that a publisher's template bears until a real one is given ("10.1145/nnnnnnn.nnnnnnn")."""
    return _PLACEHOLDER.search(name) is not None


def identifiers(record: Record) -> frozenset[Key]:
    """List the identifiers that name the work for certain. A DOI that arXiv or the Anthology gave out is theirs.

    The identifier that the record states itself goes first: published DOIs are sometimes those of a neighbour.
    """
    by_kind: dict[str, str] = {}
    if name := doi(record.doi):
        prefix, _, suffix = name.partition("/")
        if prefix == "10.48550" and (parsed := arxiv_id(suffix.removeprefix("arxiv."))):
            by_kind["arxiv"] = parsed[0]
        elif prefix in ("10.18653", "10.3115") and suffix.startswith("v1/"):
            by_kind["acl"] = suffix.removeprefix("v1/")
        elif _PREPRINT.fullmatch(name):
            by_kind[f"preprint {prefix}"] = _PREPRINT_VERSION.sub("", name)
        elif _DEPOSIT.fullmatch(name):
            by_kind[DEPOSIT] = _DEPOSIT_VERSION.sub("", name)
        else:
            versioned = _VERSIONED.fullmatch(name)
            by_kind["doi"] = (versioned["work"] or versioned["with_v"]) if versioned else name
    if parsed := arxiv_id(record.arxiv_id):
        by_kind["arxiv"] = parsed[0]
    if parsed := acl_id(record.acl_id):
        by_kind["acl"] = parsed[0].lower()
    return frozenset(by_kind.items())


def conflicting(ours: frozenset[Key], theirs: frozenset[Key]) -> bool:
    """Return True for two identifiers of one kind that differ: they name two works, unless each version may have its
    own.
    """
    kinds = {kind for kind, _ in ours} & {kind for kind, _ in theirs} & {"arxiv", "acl", "doi"}
    return any(
        {name for kind, name in ours if kind == wanted}.isdisjoint(name for kind, name in theirs if kind == wanted)
        for wanted in kinds
    )
