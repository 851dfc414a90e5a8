from synth.core.reasons import Reason
from synth.core.reasons.differences import Difference, left_open, sentence
from synth.core.types import Prediction
from synth.verify.linking.setting import about_untuned, ordered


def test_what_the_claim_leaves_open_stands_last():
    differences = {
        "task": Reason(Difference.NOT_NAMED, {"slot": "task", "said": ""}),
        "baseline": Reason(Difference.ONLY_SAYS, {"slot": "baseline", "said": "the baseline"}),
        "treatment detail": Reason(Difference.DETAIL, {"said": "scale", "arm": "large"}),
        "metric": Reason(Difference.NOT_NAMED, {"slot": "metric", "said": ""}),
        "model": Reason(Difference.CONDITION, {"condition": "model", "said": "XLM-R Large"}),
    }
    assert [sentence(reason) for reason in ordered(differences)] == [
        "The claim says “scale”; the arm is “large”.",
        "The claim is made for the model “XLM-R Large”.",
        "The claim names no task.",
        "Of its baseline the claim only says “the baseline”.",
        "The claim names no metric.",
    ]
    assert [left_open(reason) for reason in ordered(differences)] == [False, False, True, True, True]


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
