"""Screening sets with a known truth, from the ACL Anthology's metadata: what is relevant is told by something that a
screener's model does not see.

Two kinds of topics. `venue`: relevant is what a workshop series printed; the venue is in no text, and papers on the
same subject that were printed elsewhere count as irrelevant, as a person's criteria would have it. `words`: relevant is
what names a subject in title or abstract; those words are then taken out of every text. `student` is no subject at
all (papers of students' workshops): nothing can learn it, and an estimate of recall has to hold there too.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.anthology import AnthologyPaper, read

FIRST_YEAR = 2016
OTHERS = 900  # records of the pool beside those of the topics' venues
MAX_RECORDS = 80  # records of one topic's venues


@dataclass(frozen=True)
class Topic:
    """`pattern` is looked for in the venue, or in title and abstract, where it is then removed."""

    name: str
    kind: str  # venue | words
    pattern: str
    question: str


TOPICS = (
    Topic("abuse", "venue", r"Online Abuse|Abusive Language", "How well is abusive language online detected?"),
    Topic(
        "biomedicine", "venue", r"BioNLP|Biomedical Language|Clinical Natural", "What helps to process clinical text?"
    ),
    Topic("education", "venue", r"Building Educational Applications", "How can learners' writing be graded?"),
    Topic("interpretation", "venue", r"BlackboxNLP", "What do neural language models know about language?"),
    Topic("argument", "venue", r"Argument(?:ation)? Mining", "How can arguments be found in text?"),
    Topic("student", "venue", r"Student Research Workshop", "What do students work on?"),
    Topic("summaries", "words", r"\w*summar\w*", "How can long documents be shortened without changing facts?"),
    Topic("dialogue", "words", r"\w*(?:dialog|convers)\w*", "What makes systems that talk with people better?"),
)


def records(dump: Path) -> list[AnthologyPaper]:
    """Return the pool, the same every time: up to MAX_RECORDS records of each venue topic and OTHERS more,
    from FIRST_YEAR on.
    """
    rows = [row for row in read(dump) if row["year"] >= FIRST_YEAR]
    draw = random.Random(13)
    draw.shuffle(rows)
    pool: dict[str, AnthologyPaper] = {}
    for topic in TOPICS:
        if topic.kind == "venue":
            pool |= {r["id"]: r for r in [r for r in rows if re.search(topic.pattern, r["booktitle"])][:MAX_RECORDS]}
    pool |= {r["id"]: r for r in [r for r in rows if r["id"] not in pool][:OTHERS]}
    return sorted(pool.values(), key=lambda row: row["id"])


def labelled(topic: Topic, rows: Sequence[AnthologyPaper]) -> list[tuple[str, str, bool]]:
    """Return (title, abstract, whether it is relevant) of every record, as the screener's model sees it."""
    if topic.kind == "venue":
        return [(r["title"], r["abstract"], bool(re.search(topic.pattern, r["booktitle"]))) for r in rows]
    word = re.compile(topic.pattern, re.IGNORECASE)
    return [
        (
            " ".join(word.sub(" ", r["title"]).split()),
            " ".join(word.sub(" ", r["abstract"]).split()),
            bool(word.search(f"{r['title']} {r['abstract']}")),
        )
        for r in rows
    ]
