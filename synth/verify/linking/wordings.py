"""A prediction in other words that mean the same treatment: the kind of a named model, without what it is for. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from synth.core.reasons import Reason
from synth.core.reasons.differences import Difference
from synth.core.types import Prediction
from synth.text.lexicon import load_lexicon
from synth.verify.linking.matching import NEUTRAL, stems
from synth.verify.linking.slots import Contrast, longest_match
from synth.verify.statistics.estimates import WITH_COVARIATE

PURPOSE = re.compile(r"(.{4,}?)\sfor\s(.+)")
# What nearly every model of the field is for: it makes no other treatment.
GENERAL = re.compile(
    r"\b(?:understanding|generation|transfer|languages?|processing|NLP|NLU|NLG|tasks?)\b", re.IGNORECASE
)
# Names of multilingual encoders and language models: mBERT, mT5, XLM-R, InfoXLM, LaBSE, LASER, RemBERT, DistilmBERT.
MULTILINGUAL = re.compile(r"m[A-Z]|\w*XLM|\w*mBERT|LaBSE|LASER|RemBERT|[Mm]ultilingual")
KIND = "multilingual model"


@dataclass(frozen=True)
class Wording:
    """A prediction in other words, and how they were come by."""

    prediction: Prediction
    difference: Reason[Difference]


def wordings(prediction: Prediction, contrast: Contrast) -> Iterator[Wording]:
    """Yield the prediction in other words, the nearest first; none for a relation over languages.

    "Larger models for language understanding" are larger models. A named multilingual model beside a named baseline is
    a multilingual model: "mBERT outperforms monolingual models" is said of one. Only a contrast that speaks of
    multilingual models as one of its sides hears it so.
    """
    if contrast.statistic in WITH_COVARIATE:
        return
    if (purpose := PURPOSE.fullmatch(prediction.treatment)) and GENERAL.search(purpose[2]):
        purpose_said = Reason(Difference.ONE_PURPOSE, {"said": prediction.treatment})
        yield Wording(replace(prediction, treatment=purpose[1]), purpose_said)
    sides = [term for slot in ("treatment", "baseline") for term in contrast.terms.get(slot, ())]
    if not (prediction.baseline and prediction.treatment and stems(longest_match(KIND, sides)) == stems(KIND)):
        return
    for slot, said in (("treatment", prediction.treatment), ("baseline", prediction.baseline)):
        if is_multilingual(said):
            one = replace(prediction, **{slot: KIND})  # type: ignore[arg-type]
            yield Wording(one, Reason(Difference.ONE_KIND, {"said": said, "kind": KIND}))


def is_multilingual(phrase: str) -> bool:
    """Return True for the name of a multilingual model with nothing beside it that would make it another."""
    models = [m for m in load_lexicon().mentions(phrase) if m.kind == "model"]
    if len(models) != 1 or not (MULTILINGUAL.match(models[0].name) or MULTILINGUAL.match(models[0].text)):
        return False
    rest = phrase.replace(models[0].text, " ")
    return set(stems(rest)) <= NEUTRAL
