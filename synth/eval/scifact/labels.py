"""Labels of SciFact and of other conventions, as stances."""

from __future__ import annotations

import re

from synth.core.types import Stance
from synth.eval.scifact.lines import MalformedLine

KNOWN = {
    Stance.SUPPORT: "SUPPORT SUPPORTS SUPPORTED ENTAILMENT ENTAILS",
    Stance.CONTRADICT: "CONTRADICT CONTRADICTS CONTRADICTED CONTRADICTION REFUTE REFUTES REFUTED",
    Stance.NOT_ENOUGH_INFO: "NOT_ENOUGH_INFO NOT_ENOUGH_INFORMATION NOTENOUGHINFO NEI NEUTRAL",
}
_STANCES = {name: stance for stance, names in KNOWN.items() for name in names.split()}


def stance_of(label: object) -> Stance:
    """Return the stance that `label` names, in whatever case and with blanks, hyphens or underscores.

    Raises Malformed.
    """
    if isinstance(label, str):
        name = re.sub(r"[\s-]+", "_", label.strip()).upper()
        if name in _STANCES:
            return _STANCES[name]
    known = ", ".join(names.split()[0] for names in KNOWN.values())
    raise MalformedLine(f"label {str(label)[:40]!r} is none of {known}, nor their other names (REFUTES, NEI, …)")
