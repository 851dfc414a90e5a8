"""Ranking of works: title, abstract and full text compete fairly; a cross-encoder has the last word."""

import json

import numpy as np
import pytest

from synth.core.errors import SynthError
from synth.models.reranker import Reranker
from synth.search.ranking import relevance
from synth.search.ranking.relevance import Candidate, by_words, chunks, rank

FILLER = "nothing of interest is written here about the weather of yesterday "


class Vectors:
    """Vectors of two dimensions: "near" stands beside the question, all else across."""

    def encode(self, texts):
        return np.array([[1.0, 0.0] if "near" in text or "?" in text else [0.6, 0.8] for text in texts], np.float32)


def test_a_title_says_more_than_an_abstract_and_the_text_counts():
    candidates = [
        Candidate(1, "On tables", "Nothing."),
        Candidate(2, "On tables", "A zebra."),
        Candidate(3, "A zebra", "Nothing."),
        Candidate(4, "On tables", "Nothing.", FILLER * 30 + "zebra " + FILLER * 30),
    ]
    assert by_words("Which zebra?", candidates)[0] == 3
    assert set(by_words("Which zebra?", candidates)) == {2, 3, 4}


def test_a_long_text_is_not_held_against_a_work():
    """The same passage makes the same place, whatever stands around it."""
    said = "zebra stripes confuse flies " * 40
    long = Candidate(1, "", "", FILLER * 400 + said)
    others = [Candidate(i, "", FILLER + ("zebra " if i == 2 else "")) for i in range(2, 9)]
    assert by_words("zebra stripes", [*others, long])[0] == 1


def test_hostile_questions_rank_nothing_and_fail_nothing():
    candidates = [Candidate(1, "NEAR and far", "a OR b")]
    assert by_words('" NEAR(', candidates) == [1]
    assert by_words("the of \0 ''", candidates) == []


@pytest.mark.parametrize("text", ["", "short", FILLER * 100, "x" * 5000, " ".join(["word"] * 3000)])
def test_passages_lose_nothing(text):
    parts = chunks(text)
    assert "".join(parts).replace(" ", "") == text.replace(" ", "")
    assert all(0 < len(part) <= relevance.CHUNK for part in parts)


def test_both_rankings_are_fused_and_kept():
    works = [Candidate(1, "zebra"), Candidate(2, "near zebra"), Candidate(3, "near"), Candidate(4, "nothing")]
    found = rank("a zebra?", works, Vectors())
    assert found[0].id == 2
    assert {row.id for row in found} == {1, 2, 3, 4}
    rows = {row.id: row for row in found}
    assert (rows[2].lexical_rank, rows[2].dense_rank) == (2, 1)
    assert rows[2].score == pytest.approx(1 / 62 + 1 / 61)
    assert rows[4].lexical_rank is None
    assert rows[4].cosine == pytest.approx(0.6)
    assert rows[4].relevance is None
    assert rank("a zebra?", [], Vectors()) == []


def test_the_text_stands_in_for_an_unknown_abstract():
    assert Candidate(1, "Title", "", "near " * 1000).summary == ("Title. " + "near " * 1000)[: 7 + relevance.HEAD]
    assert Candidate(1, "Title", "Known.", "text").summary == "Title. Known."


def test_a_reranker_orders_the_best_and_leaves_the_rest(monkeypatch):
    monkeypatch.setattr(relevance, "RERANKED", 3)
    works = [Candidate(i, f"zebra {'near ' * (i < 4)}{i}") for i in range(1, 7)]
    before = rank("a zebra?", works, Vectors())
    asked = []

    class Backwards:
        def scores(self, question, texts):
            asked.append((question, list(texts)))
            return [float(place) for place, _ in enumerate(texts)]

    after = rank("a zebra?", works, Vectors(), Backwards())
    assert [row.id for row in after] == [row.id for row in (*before[2::-1], *before[3:])]
    assert [row.relevance for row in after] == [2.0, 1.0, 0.0, None, None, None]
    assert [row.score for row in after[3:]] == [row.score for row in before[3:]]
    assert asked[0][0] == "a zebra?"
    assert len(asked[0][1]) == 3


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    """Write a cross-encoder of random weights in hub format."""
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("cross-encoder")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "zebra", "table", "a", "?"]
    (folder / "vocab.txt").write_text("\n".join(words))
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    BertForSequenceClassification(BertConfig(vocab_size=len(words), num_labels=1, **shape)).save_pretrained(folder)
    return folder


def test_a_cross_encoder_scores_pairs(checkpoint):
    reranker = Reranker(str(checkpoint), device="cpu")
    scores = reranker.scores("a zebra?", ["zebra", "table \ud800", "zebra"])
    assert len(scores) == 3
    assert scores[0] == pytest.approx(scores[2], abs=1e-6)
    assert all(isinstance(score, float) for score in scores)
    assert reranker.scores("a zebra?", []) == []


@pytest.mark.parametrize("damage", ["absent", "two outputs", "pickle"])
def test_a_model_that_cannot_rank_is_told(checkpoint, tmp_path, damage):
    import shutil

    from transformers import BertConfig, BertForSequenceClassification

    folder = tmp_path / "model"
    if damage != "absent":
        shutil.copytree(checkpoint, folder)
    if damage == "two outputs":
        config = BertConfig.from_pretrained(folder, num_labels=2)
        BertForSequenceClassification(config).save_pretrained(folder)
    if damage == "pickle":
        (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(SynthError, match="cross-encoder") as caught:
        Reranker(str(folder)).scores("a?", ["b"])
    assert json.dumps(caught.value.do)


class WordVectors(Vectors):
    """Counts what it encodes; a token is a word with a direction of its own."""

    words = "zebra nothing said of near far things other".split()
    token_vectors = np.eye(8, dtype=np.float32)

    def __init__(self):
        self.encoded = 0

    def token_ids(self, texts):
        return [[self.words.index(w) if w in self.words else 7 for w in text.split()] for text in texts]

    def encode(self, texts):
        self.encoded += len(texts)
        return super().encode(texts)


def test_of_very_many_works_the_likeliest_are_encoded_and_none_is_lost(monkeypatch):
    monkeypatch.setattr(relevance, "ALL", 20)
    monkeypatch.setattr(relevance, "COMPARED", 6)
    subjects = ["zebra" if i % 10 == 1 else "nothing" for i in range(40)]
    works = [Candidate(i, f"{one} said of {'near' if i == 25 else 'far'} things") for i, one in enumerate(subjects)]
    encoder = WordVectors()
    found = rank("a zebra near ?", works, encoder)
    assert encoder.encoded == 1 + 6
    assert sorted(row.id for row in found) == list(range(40))
    compared = {row.id for row in found if row.cosine is not None}
    assert {1, 11, 25} <= compared
    assert len(compared) == 6
    assert all((row.dense_rank is None) == (row.cosine is None) for row in found)
    assert found[0].id in compared
