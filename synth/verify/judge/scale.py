"""Are the numbers percentages? 0.87 and 87 are the same accuracy, and their difference is nonsense. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from synth.core.reasons import Reason
from synth.core.reasons.verdicts import VerdictReason

# Shares and percentages differ by 100; numbers of one arm and language over seeds differ by far less than 30.
APART = 30.0
PERCENT = ("points", "%")


def wrong_scale(
    values: Mapping[tuple[str, str], Sequence[tuple[float, int | None]]], unit: str
) -> Reason[VerdictReason] | None:
    """Return why the numbers cannot be compared, or None.

    `values`: (arm, language) → of each seed the number, in percent if `unit` is "points", and the items behind it.
    """
    if unit not in PERCENT:
        return None
    for (arm, language), found in values.items():
        numbers = [value for value, _ in found]
        if wrong := [value for value in numbers if not 0 <= value <= 100]:
            place = {"arm": arm, "language": language}
            return Reason(VerdictReason.NO_PERCENTAGE, {"value": float(wrong[0]), **place})
        low = [value for value in numbers if 0 < value <= 1]
        if low and max(numbers) > APART * max(low):
            ends = {"low": float(max(low)), "high": float(max(numbers))}
            return Reason(VerdictReason.TWO_SCALES, {"arm": arm, "language": language, **ends})
    for arm in dict.fromkeys(arm for arm, _ in values):
        own = [pair for (one, _), found in values.items() if one == arm for pair in found if pair[0] > 0]
        if own and all(_is_share(value, items) for value, items in own):
            return Reason(VerdictReason.SHARES, {"arm": arm, "value": float(own[0][0])})
    return None


def _is_share(value: float, items: int | None) -> bool:
    """Up to 1, and of so many items no percentage: 0.87 of 100 items is 87 of them, while 0.87 % would be 0.87 items.

    The mean of two directions makes steps of half an item.
    """
    if not items or value > 1:
        return False
    hits = value * items
    return abs(hits - round(hits)) < 1e-6 and abs(hits / 50 - round(hits / 50)) > 1e-6
