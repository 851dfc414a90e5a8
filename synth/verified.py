"""The one rule that derives the report's ✓ / × / – from the two axes, literature and reproduction.

1. A decisive reproduction wins, since it measured: `reproduced`, `partially reproduced` and `direction supported`
   give ✓; `not reproduced` and `direction contradicted` give ×.
2. Without one, the literature decides: `contradicted` gives ×; `corroborated` by at least one other paper with a
   confidence of at least one half gives ✓.
3. Everything else is –, not decided: only grounded in its own paper, contested, inconclusive, or no evidence.
"""

from __future__ import annotations

import re

SUPPORTING = ("reproduced", "partially reproduced", "direction supported")
CONTRADICTING = ("not reproduced", "direction contradicted")
_OPEN = re.compile(r"(?:of its \w+ |\w+: )?the claim (?:names no|only says)\b", re.IGNORECASE)
SYMBOLS = {True: "✓", False: "×", None: "–"}


def verified(verdicts: list[str], standing: str, confidence: float | None) -> bool | None:
    """True (✓), False (×) or None (–).

    `verdicts` holds the newest verdict of each prediction of the claim. Predictions that disagree decide nothing.
    """
    supported = any(v in SUPPORTING for v in verdicts)
    contradicted = any(v in CONTRADICTING for v in verdicts)
    if supported or contradicted:
        return None if supported and contradicted else supported
    if standing == "contradicted":
        return False
    if standing == "corroborated" and confidence is not None and confidence >= 0.5:
        return True
    return None


def left_open(deviation: str) -> bool:
    """Whether a stored deviation is something that the claim leaves open, not a difference from it. Runs of earlier
    versions wrote it as "task: the claim names no task"."""
    return bool(_OPEN.match(deviation))
