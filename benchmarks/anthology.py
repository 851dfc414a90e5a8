"""Papers of the ACL Anthology as a dump of its metadata has them: JSON lines, plain, .gz or .xz."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

from synth.library.dump import Dump

DUMP = Path("acl-anthology") / "acl_anthology_abstracts.jsonl.xz"  # under SYNTH_DATA


class AnthologyPaper(TypedDict):
    id: str
    title: str
    abstract: str
    authors: list[str]
    year: int
    booktitle: str
    doi: str


def read(file: Path) -> list[AnthologyPaper]:
    """Return the papers of a dump, whole in memory."""
    with Dump(file) as dump:
        return [json.loads(line.text or b"null") for line in dump.lines()]
