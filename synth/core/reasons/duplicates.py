"""Rules by which records are one work. The values are what is stored and what people read."""

from __future__ import annotations

from enum import StrEnum


class JoinRule(StrEnum):
    """What put a record with a work, or kept it apart."""

    ARXIV = "arXiv id"
    ACL = "ACL id"
    DOI = "DOI"
    PREPRINT = "preprint's DOI"
    TITLE = "title, authors and year"
    HEAD = "title without its subtitle, authors and year"
    SAME_FILE = "same file"
    PERSON = "a person's word"
    # Counted by PRISMA, stored nowhere.
    SAME_RECORD = "the same record, found again"
    NOT_RECORDED = "rule not recorded"


STORED = tuple(rule for rule in JoinRule if rule not in (JoinRule.SAME_RECORD, JoinRule.NOT_RECORDED))
