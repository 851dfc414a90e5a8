"""Claims of the digests that the laboratory tests: the sentences stand there and are read as these predictions."""

from __future__ import annotations

import pytest

from synth.claims import load_lexicon, predictions
from synth.sources.digests.read import digests

MULTI = "Multi-task training on all nine intermediate tasks"
CLAIMS = [
    ("phang2020", "Nearly every intermediate task improves sentence retrieval by a wide margin.",
     [("Nearly every intermediate task", "", "sentence retrieval", "", "increase", None)]),
    ("phang2020", "English intermediate-task training outperforms continued multilingual MLM.",
     [("English intermediate-task training", "continued multilingual MLM", "", "", "greater", None)]),
    ("phang2020", "English intermediate-task training also outperforms machine-translated intermediate-task data.",
     [("English intermediate-task training", "machine-translated intermediate-task data", "", "", "greater", None)]),
    ("goyal2021", "Increasing model size improves cross-lingual transfer.",
     [("Increasing model size", "", "", "cross-lingual transfer", "increase", None)]),
    ("phang2020", f"{MULTI} therefore outperforms every single intermediate task, although its advantage over the "
     "best of them is small.", [(MULTI, "every single intermediate task", "", "", "greater", None)]),
    ("pires2019", "Typological distance between source and target thus reduces zero-shot accuracy.",
     [("Typological distance between source and target", "", "", "accuracy", "decrease", None)]),
    ("lauscher2020", "Transfer performance also correlates positively with the size of the target-language corpus in "
     "pretraining, so an analysis of distance has to take the amount of text into account.",
     [("Transfer performance", "", "", "the size of the target-language corpus in pretraining", "positive", None)]),
    *(("phang2020", f"{said} contains {count} training examples.",
       [(said, "", name, "training examples", "count", float(count.replace(",", "")))])
      for said, name, count in (
          ("ANLI+", "ANLI+", "1,104,934"), ("MNLI", "MNLI", "392,702"),
          ("The SQuAD v2.0 data set", "SQuAD v2.0", "130,319"), ("CommonsenseQA", "CommonsenseQA", "9,741"))),
]  # fmt: skip


@pytest.mark.parametrize(("key", "sentence", "wanted"), CLAIMS, ids=[claim[1][:40] for claim in CLAIMS])
def test_a_digest_states_it_and_it_is_read_so(key, sentence, wanted):
    assert sentence in next(digest.text for digest in digests() if digest.key == key)
    found = predictions(sentence, load_lexicon())
    assert [(p.treatment, p.baseline, p.task, p.metric, p.direction, p.value) for p in found] == wanted
