"""Records for measuring at scale, resampled from real ones.

    python -m benchmarks.generated DUMP COUNT OUT

DUMP: JSON lines of the ACL Anthology (plain, .gz or .xz). Each generated record takes title, authors, year and the
first k sentences of one real record, drawn with replacement, and the sentences after the k-th of another (k drawn
evenly from 1 to the first one's length). So every word keeps the share of records that it has in the real ones, which
are all of one field: a harder case than as many real records, of which fewer share a word. Seed 7; ids gen-0, gen-1, …
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.anthology import AnthologyPaper, read

SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def generated(records: list[AnthologyPaper], count: int, seed: int = 7) -> Iterator[AnthologyPaper]:
    sentences = [SENTENCE_END.split(record["abstract"]) for record in records]
    draw = random.Random(seed)
    for number in range(count):
        first, second = draw.randrange(len(records)), draw.randrange(len(records))
        cut = draw.randint(1, len(sentences[first]))
        abstract = " ".join(sentences[first][:cut] + sentences[second][cut:])
        yield {**records[first], "id": f"gen-{number}", "abstract": abstract, "doi": ""}


def main() -> None:
    records = read(Path(sys.argv[1]))
    with Path(sys.argv[3]).open("w", encoding="utf-8") as out:
        for record in generated(records, int(sys.argv[2])):
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
