"""The list of references: real identifiers only."""

from __future__ import annotations

import re
from pathlib import PurePath

from synth.report.markdown import web
from synth.report.wording import listed, sentence
from synth.store.rows.searches import PaperView

ARXIV = re.compile(r"\d{4}\.\d{4,5}(v\d+)?|[a-z-]+(\.[A-Z]{2})?/\d{7}(v\d+)?")
DOI = re.compile(r"10\.\d{4,9}/\S+")
ACL = re.compile(r"[A-Z]\d{2}-\d{4}|\d{4}\.[a-z0-9-]+-[a-z0-9]+\.\d+|\d{4}\.[a-z0-9-]+\.\d+")
MANY = 8  # authors listed by name


def address(paper: PaperView) -> str:
    """Return where a reader finds the paper: arXiv, else the source's address, else DOI or ACL Anthology; or ""."""
    if ARXIV.fullmatch(paper.arxiv_id):
        return f"http://arxiv.org/abs/{paper.arxiv_id}"
    if web(paper.url):
        return web(paper.url)
    if DOI.fullmatch(paper.doi):
        return web(f"https://doi.org/{paper.doi}")
    if ACL.fullmatch(paper.acl_id):
        return f"https://aclanthology.org/{paper.acl_id}"
    return ""


def is_digest(paper: PaperView) -> bool:
    """Return True if what was read retells the paper and is not the paper itself; a digest says so in its title or
    comment.
    """
    return bool(re.match(r"digest\b", paper.title, re.I) or re.match(r"digest\b", paper.comment, re.I))


def described(paper: PaperView) -> str:
    """Describe a paper: authors, year, title; the file's name where there is no address; what a digest is."""
    names = paper.authors
    who = f"{', '.join(names[:MANY])} et al." if len(names) > MANY else listed(names) or "Authors not known"
    text = f"{who} ({paper.year or 'year not known'}). {sentence(paper.title)}"
    if is_digest(paper):
        whose = "; the address is the original's" if address(paper) else ""
        text += f" Read as a digest, not the original{whose}. {paper.comment}"
    if not address(paper):
        file = PurePath(paper.pdf_path).name
        text += f" No address known{f'; file {file}' if file else ''}."
    if paper.text_state != "read":
        text += " Full text not read."
    return text
