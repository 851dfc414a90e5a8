"""`synth evaluate` over files: candidates, the seam to the judge, predictions, scores."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from synth.core.errors import UsageError
from synth.core.types import Stance
from synth.eval.evaluate import Request, evaluate
from synth.evidence.document_judge import Opinion

CORPUS = [
    {
        "doc_id": 1,
        "title": "XLM-R",
        "abstract": ["We train XLM-R.", "On XNLI, XLM-R outperforms mBERT by 14.6% average accuracy."],
    },
    {"doc_id": 2, "title": "Weather", "abstract": ["The weather in Dublin was mild in spring."]},
    {"doc_id": 3, "title": "", "abstract": ["Infliximab reduced the risk of surgery by 30% in 573 patients."]},
    {"doc_id": 4, "title": "", "abstract": []},
]
CLAIMS = [
    {
        "id": 7,
        "claim": "XLM-R outperforms mBERT by 14.6% average accuracy on XNLI [<|cit|>].",
        "evidence": {"1": [{"sentences": [1], "label": "SUPPORTS"}]},
        "cited_doc_ids": [1, 4, 99],
    },
    {"id": "b", "claim": "Spring in Dublin is wet.", "evidence": {}, "cited_doc_ids": [2]},
]


def lines(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def request_(tmp_path):
    def made(claims=CLAIMS, corpus=CORPUS, **options):
        out = tmp_path / "out" / "predictions.jsonl"
        return Request(lines(tmp_path / "c.jsonl", claims), lines(tmp_path / "d.jsonl", corpus), out, **options)

    return made


def predictions(request):
    return [json.loads(line) for line in request.out.read_text().splitlines()]


def test_cited_documents_are_judged_and_scored(workspace, settings, request_):
    asked = request_(cited=True)
    result = evaluate(workspace, replace(settings, stance_model="rules"), asked)
    first, second = predictions(asked)
    assert first["id"] == 7
    assert first["evidence"] == {"1": {"sentences": [1], "label": "SUPPORT"}}
    assert list(first["confidence"]) == ["1", "4"]
    assert (second["id"], second["evidence"], list(second["confidence"])) == ("b", {}, ["2"])
    assert all(
        sum(p.values()) == pytest.approx(1, abs=1e-5) for row in (first, second) for p in row["confidence"].values()
    )
    assert result["scores"]["abstract_rationalized"]["f1"] == result["scores"]["sentence_label"]["f1"] == 1
    assert result["scores"]["pairs"] == result["candidates"] == 3
    assert result["scores"]["candidate_recall"] == 1
    assert result["scores"]["abstract_label_only"]["ci"] == [None, None]
    assert any("read as SUPPORT" in note for note in result["notes"])
    assert any("not in the corpus" in note and note.endswith("99.") for note in result["notes"])


def test_the_stance_model_is_asked_unless_the_rules_are_to_be_alone(workspace, settings, request_):
    asked = request_(cited=True)
    evaluate(workspace, settings, asked)
    by_model = predictions(asked)
    evaluate(workspace, replace(settings, stance_model="rules"), asked)
    assert predictions(asked)[0]["confidence"] != by_model[0]["confidence"]
    assert by_model[0]["evidence"]["1"]["label"] == "SUPPORT"
    assert 1 in by_model[0]["evidence"]["1"]["sentences"]


def test_documents_are_retrieved_without_citations(workspace, settings, request_):
    asked = request_(documents=2)
    result = evaluate(workspace, settings, asked)
    first, second = predictions(asked)
    assert next(iter(first["confidence"])) == "1"
    assert next(iter(second["confidence"])) == "2"
    assert result["candidates"] == 4
    assert "4" not in first["confidence"]
    assert any("no annotator" in note for note in result["notes"])


def test_a_test_set_without_labels_has_predictions_and_no_scores(workspace, settings, request_):
    asked = request_([{"id": 1, "claim": CLAIMS[0]["claim"]}])
    assert evaluate(workspace, settings, asked)["scores"] is None
    assert predictions(asked)[0]["evidence"]["1"]["label"] == "SUPPORT"


def test_the_judge_gets_all_pairs_at_once_and_its_word_is_final(workspace, settings, request_):
    seen = []

    def judge(pairs, progress=None):
        seen.append(list(pairs))
        sure = {Stance.SUPPORT: 0.2, Stance.CONTRADICT: 0.7, Stance.NOT_ENOUGH_INFO: 0.1}
        return [Opinion(sure, Stance.CONTRADICT, (4, 3, 2, 1)) for _ in pairs]

    asked = request_(cited=True)
    result = evaluate(workspace, settings, asked, judge=judge)
    [pairs] = seen
    assert [pair.claim for pair in pairs] == ["XLM-R outperforms mBERT by 14.6% average accuracy on XNLI."] * 2 + [
        "Spring in Dublin is wet."
    ]
    assert pairs[0].sentences == tuple(CORPUS[0]["abstract"])
    assert all(pair.named for pair in pairs)
    assert predictions(asked)[1]["evidence"] == {"2": {"sentences": [4, 3, 2], "label": "CONTRADICT"}}
    assert result["scores"]["confusion"]["CONTRADICT"] == {"SUPPORT": 1, "CONTRADICT": 0, "NOT_ENOUGH_INFO": 2}
    assert result["scores"]["brier"]["value"] == pytest.approx((0.64 + 0.49 + 0.01 + 2 * (0.04 + 0.49 + 0.81)) / 3)


def test_the_corpus_is_encoded_once(workspace, settings, request_, monkeypatch):
    from synth.models.encoder import Encoder

    evaluate(workspace, settings, request_())
    monkeypatch.setattr(Encoder, "_computed", lambda self, texts: iter(()) if not texts else pytest.fail(f"{texts}"))
    evaluate(workspace, settings, request_())


@pytest.mark.parametrize(
    "text", ["word " * 2000, "∑ = ∫ x² ± 3", "多言語 модель 1.104.934 1,5", "\ud800 NEAR(\"a\" AND *)", "[<|cit|>]"]
)  # fmt: skip
def test_no_claim_is_too_strange(workspace, settings, request_, text):
    asked = request_([{"id": 1, "claim": text}], [*CORPUS, {"doc_id": 5, "abstract": [text, text]}])
    assert evaluate(workspace, settings, asked)["claims"] == 1
    assert predictions(asked)[0]["id"] == 1


def test_outputs_that_cannot_be_are_refused_before_the_work(workspace, settings, request_, tmp_path):
    asked = request_()
    for out in (asked.claims, asked.corpus, tmp_path):
        with pytest.raises(UsageError):
            evaluate(workspace, settings, Request(asked.claims, asked.corpus, out))
    assert asked.claims.read_text()
