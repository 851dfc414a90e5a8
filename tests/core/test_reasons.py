"""Every code has a sentence for people, and what is stored of it reads back."""

import json
from enum import StrEnum

import pytest

from repro.design.deviations import DeviationCode
from synth.core.reasons import Reason, read, worded
from synth.core.reasons.differences import BRIEF, Difference, brief, left_open, sentence, told
from synth.core.reasons.duplicates import JoinRule
from synth.core.reasons.screening import EXCLUSIONS, TEXTS, ExclusionReason, TextReason, exclusion, without_text
from synth.core.reasons.untestable import WORDINGS as UNTESTABLE
from synth.core.reasons.untestable import Untestable
from synth.core.reasons.verdicts import (
    INCOMPARABLE,
    LACKS,
    WORDINGS,
    Incomparable,
    Lack,
    VerdictReason,
    of,
    sentences,
    shared_models,
)

SUBJECTS = [
    (ExclusionReason, EXCLUSIONS),
    (TextReason, TEXTS),
    (Untestable, UNTESTABLE),
    (Difference, BRIEF),
    (VerdictReason, WORDINGS),
    (Lack, LACKS),
    (Incomparable, INCOMPARABLE),
]
WORDS = (
    "text detail why said slot arm gate unit axis statistic language task treatment baseline metric rough experiment "
)
WORDS += "condition term kind comparison over direction covariate rival what measured cost contrary"
NUMBERS = "limit tried families series needed value mean published seed sesoi lead low high estimate sentences level "
NUMBERS += "together most smallest alpha claimed known spread sd counted ways same firm times"
# A value for every parameter that a wording asks for; of some codes, parameters of the same name are others.
COMMON = {
    **{name: name.upper() for name in WORDS.split()},
    **dict.fromkeys(NUMBERS.split(), 2.5),
    "languages": ["de", "fr"],
    "rivals": ["qa", "tagging"],
    "leads": [1.0, 2.0],
    "lows": [0.5, 0.5],
    "highs": [1.5, 2.5],
    "seeds": [1, 2],
    "turned": ["without English"],
    "against": [],
    "counts": [1.0, 2.5],
    "lack": Lack.ALL_SAME,
    "replicated": "languages",
    "magnitude": "same",
    "power": 0.8,
    "share": True,
    "failed": 1,
    "may_fail": 0,
    "failed_runs": 2,
    "runs": ["small, seed 2: it stopped"],
    "futile": True,
    "repeated": True,
    "undetected": False,
    "swapped": True,
}
OWN = {
    VerdictReason.ESTIMATE: {"seeds": 3},
    VerdictReason.SEED_BY_SEED: {"seeds": 3},
    VerdictReason.DETECTABLE: {"power": ""},
    VerdictReason.NO_PERCENTAGE: {"value": 101.0},
}


@pytest.mark.parametrize(
    ("code", "wordings"),
    [pytest.param(code, wordings, id=f"{kind.__name__}-{code}") for kind, wordings in SUBJECTS for code in kind],
)
def test_every_code_has_a_sentence(code, wordings):
    text = worded(Reason(code, {**COMMON, **OWN.get(code, {})}), wordings)
    assert text.strip()
    assert "{" not in text


def test_codes_are_words_and_wordings_are_of_codes():
    for kind, wordings in SUBJECTS:
        assert set(wordings) == set(kind)
    assert {code.value for code in DeviationCode} <= {code.value for code in Difference}


@pytest.mark.parametrize("kind", [ExclusionReason, TextReason, Untestable, Difference, VerdictReason])
def test_an_unknown_code_is_another_with_its_sentence(kind: type[StrEnum]):
    found = read(kind, "of a later version", {"x": 1}, "It rained.")
    assert (found.code, found.parameters) == ("other", {"text": "It rained."})
    assert read(kind, "other", {"text": "So."}).code is kind("other")


def test_what_is_stored_reads_back():
    reason = Reason(VerdictReason.SEED_GAPS, {"seed": 2, "languages": ["de", "fr"]})
    stored = json.loads(json.dumps(reason.stored()))
    assert read(VerdictReason, stored["code"], stored["parameters"]) == reason
    assert of("…", [stored]) == [reason]
    assert [one.code for one in of("Because.", [])] == [VerdictReason.OTHER]
    assert sentences(of("Because.", [])) == "Because."


def test_a_condition_and_a_stand_in_are_told_in_a_sentence():
    def told_of(code, **parameters):
        return sentence(Reason(code, parameters))

    assert told_of(Difference.STANDS_IN, slot="task", said="XNLI") == "The measured task stands in for “XNLI”."
    assert told_of(Difference.OTHER_METRIC, slot="metric", said="F1") == "The claim's metric is “F1”."
    assert told_of(Difference.TURNED, contrary="proximity", measured="distance") == (
        "The claim speaks of “proximity”; the distance is measured, so the claimed sign is turned round."
    )
    assert told_of(Difference.RIVALS, rivals=["anli", "qqp"]) == (
        "The treatment is compared with anli, qqp; what else the claim ranks is not known."
    )
    assert told_of(Difference.CONDITION, condition="relative", said="relative") == "The claimed value is relative."
    assert told_of(Difference.CONDITION, condition="some_thing", said="{x}") == (
        "The claim is made for one some thing: {x}."
    )
    assert brief(Reason(Difference.CONDITION, {"condition": "model", "said": "X"})) == "claimed for model = X"


def test_deviations_without_codes_are_differences_and_never_left_open():
    texts = ["The claim names no task.", "No task was trained."]
    assert [(text, left_open(why)) for text, why in told(texts, [])] == [(text, False) for text in texts]
    codes = [Reason(Difference.NOT_NAMED, {"slot": "task", "said": ""}), Reason(Difference.UNTRAINED, {"text": "x"})]
    coded = told(texts, [code.stored() for code in codes])
    assert [left_open(why) for _, why in coded] == [True, False]


def test_a_work_without_a_text_is_left_out_for_that():
    found = without_text(TextReason.UNREADABLE, {"why": "encrypted", "detail": "It is locked."}, "")
    assert (found.code, exclusion(found)) == (ExclusionReason.UNREADABLE, "unreadable PDF (encrypted)")
    found = without_text(TextReason.NOT_RETRIEVED, {"detail": "No address."}, "")
    assert (found.code, exclusion(found)) == (ExclusionReason.NOT_RETRIEVED, "full text not available")
    found = without_text("", {}, "Of an earlier version.")
    assert (found.code, exclusion(found)) == (ExclusionReason.OTHER, "Of an earlier version.")


def test_seeds_of_one_model_are_one_measurement():
    assert shared_models(()) == []
    assert sentences(shared_models([[1, 2, 3]])) == (
        "Seeds 1, 2 and 3 share one pre-trained model and nothing in this contrast is trained anew: they are one "
        "measurement, not 3."
    )
    assert [one.parameters["seeds"] for one in shared_models([(1, 4), (2, 3)])] == [[1, 4], [2, 3]]


def test_rules_that_join_records_are_the_words_that_are_stored():
    assert JoinRule.PERSON == "a person's word"
    assert JoinRule.DOI == "DOI"
