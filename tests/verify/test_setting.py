import pytest

from synth.core.mark import left_open
from synth.core.types import Prediction
from synth.verify.linking.setting import about_untuned, sentences


def test_what_the_claim_leaves_open_stands_last():
    unmatched = {
        "task": "the claim names no task",
        "baseline": "the claim only says “the baseline”",
        "treatment detail": "the claim says “scale”; the arm is “large”",
        "metric": "the claim names no metric",
        "model": "claimed for model = XLM-R Large",
    }
    assert sentences(unmatched) == [
        "The claim says “scale”; the arm is “large”.",
        "The claim is made for the model “XLM-R Large”.",
        "The claim names no task.",
        "Of its baseline the claim only says “the baseline”.",
        "The claim names no metric.",
    ]
    assert [left_open(sentence) for sentence in sentences(unmatched)] == [False, False, True, True, True]
    assert left_open("task: the claim names no task")
    assert not left_open("sign: the claim speaks of “proximity”")
    assert not left_open("No task was trained: the sentences are read by the pre-trained encoder alone.")


@pytest.mark.parametrize(
    ("slot", "what", "sentence"),
    [
        ("task", "stands in for “XNLI”", "The measured task stands in for “XNLI”."),
        ("metric", "the claim's metric is “F1”", "The claim's metric is “F1”."),
        (
            "sign",
            "the claim speaks of “proximity”; the distance is measured, so the claimed sign is turned round",
            "The claim speaks of “proximity”; the distance is measured, so the claimed sign is turned round.",
        ),
        (
            "ranking",
            "compared with anli, qqp; what else the claim ranks is not known",
            "The treatment is compared with anli, qqp; what else the claim ranks is not known.",
        ),
        ("relative", "claimed for relative = relative", "The claimed value is relative."),
        ("some_thing", "claimed for some_thing = {x}", "The claim is made for one some thing: {x}."),
    ],
)
def test_every_slot_is_told_in_a_sentence(slot, what, sentence):
    assert sentences({slot: what}) == [sentence]


def test_a_claim_may_be_about_an_untuned_model():
    for text in (
        "Off-the-shelf XLM-R retrieves 31 % of translations.",
        "Without any fine-tuning, accuracy falls with distance.",
    ):
        assert about_untuned(Prediction(), text)
    assert about_untuned(Prediction(treatment="the untuned model"), "")
    assert about_untuned(Prediction(scope={"model": "untuned XLM-R"}), "")
    for text in (
        "Zero-shot accuracy falls with distance.",
        "Models transfer without fine-tuning on the target language.",
        "Fine-tuned models fall with distance.",
    ):
        assert not about_untuned(Prediction(), text)
