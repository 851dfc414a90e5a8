"""A screening set with a known truth as a file of references, for driving `synth screen` by hand or by a script.

    python -m benchmarks.screenset TOPIC RECORDS OUT.json TRUTH.txt

Writes RECORDS records of the pool of benchmarks/topics.py as CSL-JSON, 15 % of them relevant, and the titles of
the relevant ones, a line each. `synth search "<the topic's question>" --import OUT.json` makes a search of it.
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path

from benchmarks.anthology import DUMP
from benchmarks.topics import TOPICS, labelled, records


def main(name: str, count: int, out: Path, truth: Path) -> None:
    topic = next(topic for topic in TOPICS if topic.name == name)
    rows = records(Path(os.environ["SYNTH_DATA"]) / DUMP)
    draw = random.Random(7)
    marked = list(zip(labelled(topic, rows), rows, strict=True))
    draw.shuffle(marked)
    wanted = round(0.15 * count)
    chosen = [item for item in marked if item[0][2]][:wanted] + [item for item in marked if not item[0][2]][
        : count - wanted
    ]
    draw.shuffle(chosen)
    items = [
        {
            "id": row["id"],
            "type": "paper-conference",
            "title": title,
            "abstract": abstract,
            "author": [{"literal": author} for author in row["authors"]],
            "issued": {"date-parts": [[row["year"]]]},
        }
        for (title, abstract, _), row in chosen
    ]
    out.write_text(json.dumps(items, ensure_ascii=False), encoding="utf-8")
    truth.write_text("".join(f"{title}\n" for (title, _, relevant), _ in chosen if relevant), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))
