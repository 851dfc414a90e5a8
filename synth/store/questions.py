"""Works that no rule joins or keeps apart for certain, as questions to a person; plain SQL."""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

from synth.store.rows.duplicates import OpenQuestion, QuestionedWork
from synth.store.rows.mapping import view

MIN_TITLE = 16  # letters and digits; "Introduction" is the title of many works
# Identifiers by which works are known: of their records, and what their own PDFs bear.
_IDENTIFIED = """
SELECT CASE WHEN k.kind IN ('arxiv', 'acl') THEN k.kind ELSE 'doi' END AS kind, k.value AS value, r.paper_id AS work
FROM record_key k JOIN paper_record r ON r.id = k.paper_record_id WHERE k.kind != 'title'
UNION SELECT 'doi', lower(doi), id FROM paper WHERE doi != '' AND joined_into IS NULL
UNION SELECT 'arxiv', arxiv_id, id FROM paper WHERE arxiv_id != '' AND joined_into IS NULL
ORDER BY 1, 2, 3
"""
_NAMES = {"doi": "DOI", "arxiv": "arXiv id", "acl": "ACL id"}


def questions(connection: sqlite3.Connection, search: int | None = None) -> list[OpenQuestion]:
    """List what no rule decides: works that share an identifier but neither title nor authors, and works that share
    title and an author but have identifiers that differ. With `search` those of which it has one.
    """
    works = _works(connection)
    keys = _title_keys(connection)
    own = None if search is None else _screened(connection, search)
    apart = _apart(connection)
    groups: dict[tuple[str, str], set[int]] = defaultdict(set)
    for kind, value, work in connection.execute(_IDENTIFIED):
        if work in works:
            groups[kind, value].add(work)
    for number in works:
        if len(keys[number]) >= MIN_TITLE:
            groups["title", keys[number]].add(number)
    listed: list[OpenQuestion] = []
    covered: set[tuple[int, int]] = set()
    for (kind, value), group in groups.items():
        named = [number for number in sorted(group) if kind != "title" or _has_namesake(works, number, group)]
        pairs = {pair for pair in combinations(named, 2) if pair not in apart}
        if pairs <= covered or (own is not None and own.isdisjoint(named)):
            continue
        covered |= pairs
        involved = sorted({work for pair in pairs for work in pair})
        shown = tuple(works[number] for number in involved)
        listed.append(OpenQuestion(kind, value, shown, _question(kind, value, involved)))
    return listed


def _question(kind: str, value: str, works: list[int]) -> str:
    listed = " and ".join([", ".join(map(str, works[:-1])), str(works[-1])])
    if kind == "title":
        return f"Works {listed} have one title and an author in common, but identifiers or years that differ. One work?"
    return f"Works {listed} bear the {_NAMES[kind]} {value}, but their titles and authors differ. One work?"


def _works(connection: sqlite3.Connection) -> dict[int, QuestionedWork]:
    """Return every work that has a record now."""
    rows = connection.execute(
        """SELECT id, title, authors, year, url FROM paper
           WHERE joined_into IS NULL AND id IN (SELECT paper_id FROM paper_record) ORDER BY id"""
    )
    return {row["id"]: view(QuestionedWork, row) for row in rows}


def _title_keys(connection: sqlite3.Connection) -> dict[int, str]:
    return dict(connection.execute("SELECT id, title_key FROM paper").fetchall())


def _has_namesake(works: Mapping[int, QuestionedWork], number: int, group: Iterable[int]) -> bool:
    """Return True if another work of the group has an author of this one, by family name."""
    own = _families(works[number].authors)
    return any(other != number and own & _families(works[other].authors) for other in group)


def _families(authors: Iterable[str]) -> set[str]:
    families = (name.partition(",")[0].split()[-1:] for name in map(str, authors))
    plain = ("".join(unicodedata.normalize("NFKD", word).casefold() for word in words) for words in families)
    return {re.sub(r"[\W\d_]|[\u0300-\u036f]", "", name) for name in plain} - {""}


def _screened(connection: sqlite3.Connection, search: int) -> set[int]:
    return {row[0] for row in connection.execute("SELECT paper_id FROM screening WHERE search_id = ?", (search,))}


def _apart(connection: sqlite3.Connection) -> set[tuple[int, int]]:
    """Return the pairs of works that a person has said are two."""
    place = dict(connection.execute("SELECT id, paper_id FROM paper_record").fetchall())
    pairs = set()
    for moved, others in connection.execute(
        """SELECT records, others FROM duplicate WHERE kind = 'split' AND "by" = 'person' AND undone IS NULL"""
    ):
        ours, theirs = ({place[record] for record in json.loads(text) if record in place} for text in (moved, others))
        pairs |= {(min(a, b), max(a, b)) for a in ours for b in theirs if a != b}
    return pairs
