"""Links between findings of the field and the laboratory's contrasts, against what a reader says they speak to.

    SYNTH_DATA=… python -m benchmarks.linking [tune|test|mentioned|wide|fresh|last]

`tune` and `test`: halves of 200 abstracts of the ACL Anthology whose title names the field, with three and one PDF;
`mentioned`: 120 whose abstract alone does; `wide`: 500 more of these, not labelled: their links are there to be read.
`fresh` and `last`: the 185 titled after the field that none of these has, in two parts, their links there to be read.
The labels are in linking.toml; a link of a finding that is not labelled counts as wrong.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.anthology import DUMP, AnthologyPaper, read
from repro.experiments import experiments
from synth.claims import find_claims
from synth.core.types import ClaimDraft, Passage, PassageKind
from synth.models.encoder import Encoder
from synth.pdf import Limits, read_pdf
from synth.pdf.text.sentences import split
from synth.verify.linking.candidates import fits, phrases

SEED = 20261130
FRESH = 20261201  # seed of the parts "fresh" (the first 90) and "last"
FIELD = re.compile(
    r"mBERT|M-BERT|XLM|LaBSE|LASER|intermediate[- ]task|bitext|multilingual (?:\w+[- ]){0,2}(?:BERT|encoder"
    r"|representation|sentence|language model|pre-?train|transformer|model|embedding)|cross-?lingual (?:\w+[- ]){0,2}"
    r"(?:transfer|retrieval|representation|alignment|language model|pre-?train|sentence|generali[sz]ation)|zero-shot "
    r"cross-?lingual|cross-?lingual zero-shot|language[- ](?:agnostic|neutral)|(?:sentence|translation) retrieval"
    r"|multilinguality|languages? transfer",
    re.IGNORECASE,
)
PDFS = {
    "tune": ("papers/1906.01502.pdf", "papers/2020.findings-emnlp.45.pdf", "latex/tlunified-ner/paper.pdf"),
    "test": ("papers/1911.02116.pdf", "latex/calamancy/paper.pdf"),
}
REPRODUCED = "2020.aacl-main.56"  # experiments were written from it: always for tuning


def abstracts(data: Path, part: str) -> list[AnthologyPaper]:
    """Draw the abstracts of a part, always the same."""
    rows = read(data / DUMP)
    recent = [row for row in rows if int(row["year"] or 0) >= 2018 and len(row["abstract"]) > 300]
    if part in ("fresh", "last"):
        used = {row["id"] for other in ("tune", "test", "mentioned", "wide") for row in abstracts(data, other)}
        rest = sorted(
            (r for r in recent if FIELD.search(r["title"]) and r["id"] not in used), key=lambda row: row["id"]
        )
        random.Random(FRESH).shuffle(rest)
        return rest[:90] if part == "fresh" else rest[90:]
    named = bool(part in ("tune", "test"))
    pool = [
        row for row in recent if bool(FIELD.search(row["title"])) is named and (named or FIELD.search(row["abstract"]))
    ]
    pool.sort(key=lambda row: row["id"])
    rng = random.Random(SEED)
    first = rng.sample(pool, 60 if named else 120)
    taken = {row["id"] for row in first}
    second = rng.sample([row for row in pool if row["id"] not in taken], 140 if named else 500)
    if not named:
        return first if part == "mentioned" else second
    halves = [(row, at % 2 == 0) for drawn in (first, second) for at, row in enumerate(drawn)]
    return [row for row, tuning in halves if (tuning or row["id"] == REPRODUCED) == (part == "tune")]


def findings(data: Path, part: str) -> Iterator[tuple[str, ClaimDraft]]:
    """Yield the findings of a part with the paper that each is from."""
    for row in abstracts(data, part):
        text = row["abstract"]
        passages = [
            Passage(PassageKind.SENTENCE, text[a:b], text[a:b], 1, ((1, a, b),), "abstract", at)
            for at, (a, b) in enumerate(split(text))
        ]
        yield from ((row["id"], c) for c in find_claims(passages, title=row["title"]) if c.kind != "method")
    for name in PDFS.get(part, ()):
        document = read_pdf(data / name, Limits())
        claims = find_claims(document.passages, title=document.title)
        yield from ((Path(name).name, claim) for claim in claims if claim.kind != "method")


def main() -> None:
    part = sys.argv[1] if len(sys.argv) > 1 else "test"
    labels = {
        row["sentence"]: row
        for row in tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["label"]
    }
    rows = list(findings(Path(os.environ["SYNTH_DATA"]), part))
    known = list(experiments().values())
    wordings = {slot for _, c in rows for p in c.predictions for slot in (p.treatment, p.baseline, p.metric)}
    wordings |= {p.scope.get("languages", "") for _, c in rows for p in c.predictions} | {c.text for _, c in rows}
    texts = sorted({*wordings, *(text for e in known for c in e.contrasts for text in phrases(c))} - {""})
    vectors = dict(zip(texts, Encoder().encode(texts), strict=True))

    def near(text: str, other: str) -> float:
        return float(vectors[text] @ vectors[other]) if text in vectors and other in vectors else 0.0

    counts: Counter[str] = Counter()
    for paper, claim in rows:
        label = labels.get(hashlib.sha256(claim.text.encode()).hexdigest()[:12], {})
        links = {f"{f.experiment}/{f.contrast}": f for p in claim.predictions for f in fits(p, known, claim.text, near)}
        counts["findings"] += 1
        counts["labelled right"] += bool(label.get("right"))
        counts["labelled arguable at most"] += bool(label) and not label.get("right")
        counts["linked"] += bool(links)
        for name, fit in links.items():
            kind = next((kind for kind in ("right", "arguable") if name in label.get(kind, ())), "wrong")
            counts[f"links {kind}"] += 1
            print(f"{kind} {fit.strength:.2f} {paper} {name}: {claim.text[:160]}")
    print(", ".join(f"{name} {count}" for name, count in counts.items()))


if __name__ == "__main__":
    main()
