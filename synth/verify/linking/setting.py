"""How the setting a claim speaks of differs from the one that tests it. Pure.

A link stores by slot what does not match (`linking.Fit.differences`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from synth.core.reasons import Reason
from synth.core.reasons.differences import Difference, left_open
from synth.core.types import Prediction

# "without fine-tuning on the target language" speaks of a tuned model.
UNTUNED = re.compile(
    r"\b(?:untuned|off[- ]the[- ]shelf|(?:un|not |not been |without (?:any |further )?)fine-?tun(?:ed|ing))\b"
    r"(?! (?:on|in|with|to|for)\b)",
    re.IGNORECASE,
)


def ordered(differences: Mapping[str, Reason[Difference]]) -> list[Reason[Difference]]:
    """Return the differences of a link, first those from the claim, then what the claim leaves open."""
    return sorted(differences.values(), key=left_open)


def about_untuned(prediction: Prediction, text: str) -> bool:
    """Return True if the claim `text` says of itself that it is about a model that was trained on no task."""
    said: Iterable[str] = (prediction.treatment, prediction.task, *prediction.scope.values(), text)
    return any(UNTUNED.search(part) for part in said)
