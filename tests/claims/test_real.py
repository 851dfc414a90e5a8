"""On real abstracts, where they are at hand."""

from __future__ import annotations

import json
import lzma
import os
from pathlib import Path

import pytest

from synth.claims import duplicates, find_claims
from tests.claims.helpers import passage

FILE = Path(os.environ.get("SYNTH_DATA", "")) / "acl-anthology" / "acl_anthology_abstracts.jsonl.xz"
pytestmark = pytest.mark.skipif(
    not os.environ.get("SYNTH_DATA") or not FILE.exists(), reason="SYNTH_DATA does not point to the ACL abstracts"
)


def abstracts(wanted: int):
    with lzma.open(FILE, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if "cross-lingual" in record["abstract"]:
                yield record["abstract"]
                wanted -= 1
                if not wanted:
                    return


def sentences(abstract: str) -> list[str]:
    return [s if s.endswith(".") else s + "." for s in abstract.split(". ")]


def test_three_hundred_abstracts():
    found = []
    total = 0
    for abstract in abstracts(300):
        passages = [passage(s, "abstract", n) for n, s in enumerate(sentences(abstract))]
        total += len(passages)
        claims = find_claims(passages)
        assert all(claim.text == claim.passage.text for claim in claims)
        found += claims
    assert 0.2 < len(found) / total < 0.6
    assert {claim.kind.value for claim in found} == {
        "effect",
        "comparison",
        "ranking",
        "correlation",
        "count",
        "method",
    }
    assert sum(len(group) for group in duplicates(found)) == len(found)
