"""Gathering over much, and over odd papers: with vectors made of words, so that nothing has to be loaded."""

import re
import time
import zlib

import numpy as np
import pytest

from synth.core.types import Stance
from synth.evidence.candidates import EvidenceClaim, PassageCandidate, SearchContext
from synth.evidence.gather import gather
from synth.evidence.relation import Relation
from synth.evidence.witnesses import ComparedPaper, compare

SYSTEMS = "XLM-R mBERT mT5 RoBERTa ELMo GloVe LASER LaBSE".split()
TASKS = "XNLI MLQA SQuAD PAWS-X Tatoeba BUCC NER".split()


class BagOfWords:
    """Hashed word counts of length one."""

    def encode(self, texts, progress=None):
        found = np.zeros((len(texts), 256), dtype=np.float32)
        for row, text in zip(found, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                row[zlib.crc32(word.encode()) % 256] += 1
            row /= max(1e-9, float(np.linalg.norm(row)))
        return found


def sentence(number):
    a, b = SYSTEMS[number % 8], SYSTEMS[(number * 3 + 1) % 8]
    return f"In setting {number} {a} outperforms {b} by {1 + number % 37}.{number % 10} points on {TASKS[number % 7]}."


@pytest.fixture(scope="module")
def passages():
    return [PassageCandidate(n, n % 40, sentence(n), section="results", order=n, page=1) for n in range(1, 3001)]


def test_three_thousand_claims_come_one_by_one(passages):
    claims = [EvidenceClaim(n, sentence(n), sources=frozenset({n}), papers=frozenset({n % 40})) for n in range(1, 3001)]
    begin = time.perf_counter()
    found = gather(claims, passages, BagOfWords())
    first = [number for number, _ in (next(found) for _ in range(40))]
    assert first == list(range(1, 41))
    assert (time.perf_counter() - begin) / 40 < 1.5  # seconds a claim, on a busy machine


def test_a_paper_without_tables_and_one_that_cites_itself():
    own = PassageCandidate(2, 1, "As Lee et al. (2020) show, XLM-R outperforms mBERT on XNLI.", section="results")
    claim = EvidenceClaim(1, "XLM-R outperforms mBERT on XNLI.", papers=frozenset({1}))
    rows = dict(gather([claim], [own], BagOfWords(), search=SearchContext(tables={})))[1]
    assert not [row for row in rows if row.relation in (Relation.SAME_PAPER, Relation.REPORTED)]


def test_the_same_paper_under_two_names_is_no_second_witness():
    texts = tuple(sentence(n) for n in range(1, 40))
    witnesses = compare(
        [ComparedPaper(1, "A", ("Ann Lee",), "", texts), ComparedPaper(2, "B", ("Bo Chen",), "", texts)]
    )
    claim = EvidenceClaim(1, texts[3], sources=frozenset({3}), papers=frozenset({1}))
    passages = [PassageCandidate(n, 1 + n // 100, t, section="results", order=n) for n, t in enumerate(texts)]
    passages += [PassageCandidate(100 + n, 2, t, section="results", order=n) for n, t in enumerate(texts)]
    rows = dict(gather([claim], passages, BagOfWords(), search=SearchContext(witnesses=witnesses)))[1]
    others = [row for row in rows if row.paper == 2]
    assert {row.relation for row in others} <= {Relation.RESTATEMENT}


@pytest.mark.parametrize("text", ["", " ", "?", "a" * 20_000, "5.1 7.2 9.3", "\ufffd\x00 \u202e"])
def test_odd_claims_decide_nothing(text, passages):
    rows = dict(gather([EvidenceClaim(1, text, papers=frozenset({99}))], passages[:50], BagOfWords()))[1]
    assert not [row for row in rows if row.stance is not Stance.NOT_ENOUGH_INFO]
