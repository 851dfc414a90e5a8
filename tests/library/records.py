"""Dumps for the tests: lines in the two formats, with words that make each paper findable."""

from __future__ import annotations

import json
import random

SUBJECTS = "retrieval parsing translation tagging summarisation dialogue morphology coreference".split()
METHODS = "transfer pre-training distillation adapters prompting ensembling alignment clustering".split()
FILLERS = "we show that results on several languages improve over strong earlier work in this setting".split()


def acl_entry(number: int, **changes: object) -> dict:
    draw = random.Random(number)
    subject, method = draw.choice(SUBJECTS), draw.choice(METHODS)
    words = draw.choices(FILLERS, k=20)
    return {
        "id": f"2020.acl-main.{number}",
        "title": f"{method.capitalize()} for {subject}, study {number}",
        "abstract": f"We study {method} for {subject} in corpus{number}. " + " ".join(words) + ".",
        "authors": [f"Ada Author{number}", "Bo Ümlaut"],
        "year": 2020,
        "booktitle": "Proceedings of the Meeting",
        "doi": f"10.18653/v1/2020.acl-main.{number}",
    } | changes


# The fields of arXiv's own bulk metadata, with a made-up paper in them.
ARXIV = {
    "id": "2005.13013",
    "submitter": "Ada Author",
    "authors": "Ada Author, Bo Author and Cy Author III",
    "title": "A paper with a title\n  over two lines",
    "comments": "12 pages,\n  2 figures",
    "journal-ref": "J. Examples 51 (8), 2021",
    "doi": "10.1002/EXAMPLE.2984 10.1002/example.other",
    "report-no": None,
    "categories": "cs.CL cs.LG",
    "license": "http://creativecommons.org/licenses/by/4.0/",
    "abstract": "  Sentences are retrieved across\nlanguages.\n",
    "versions": [
        {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
        {"version": "v2", "created": "Tue, 24 Jul 2020 20:10:27 GMT"},
    ],
    "update_date": "2020-11-26",
    "authors_parsed": [["Author", "Ada", ""], ["Author", "Bo", ""], ["Author", "Cy", "III"]],
}


def write(path, entries):
    """JSON lines at `path`; an entry that is text is written as it is."""
    lines = (entry if isinstance(entry, str) else json.dumps(entry) for entry in entries)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
