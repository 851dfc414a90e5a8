"""Scale of scores: percentages or shares. 0.87 and 87 are one accuracy, their difference is nonsense. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# Shares and percentages differ by 100; numbers of one arm and language over seeds differ by far less than 30.
APART = 30.0
PERCENT = ("points", "%")


def wrong_scale(values: Mapping[tuple[str, str], Sequence[tuple[float, int | None]]], unit: str) -> str:
    """Why the numbers cannot be compared, or "".

    `values`: (arm, language) → of each seed the number, in percent if `unit` is "points", and the items behind it.
    """
    if unit not in PERCENT:
        return ""
    for (arm, language), found in values.items():
        numbers = [value for value, _ in found]
        if wrong := [value for value in numbers if not 0 <= value <= 100]:
            return f"{wrong[0]:g} in {language} of {arm} is no percentage."
        low = [value for value in numbers if 0 < value <= 1]
        if low and max(numbers) > APART * max(low):
            return f"{arm} in {language} seems to be measured on two scales: {max(low):g} and {max(numbers):g}."
    for arm in dict.fromkeys(arm for arm, _ in values):
        own = [pair for (one, _), found in values.items() if one == arm for pair in found if pair[0] > 0]
        if own and all(_is_share(value, items) for value, items in own):
            return f"{arm} seems to be measured in shares (up to 1, as {own[0][0]:g}), not in percent."
    return ""


def _is_share(value: float, items: int | None) -> bool:
    """Up to 1, and of so many items no percentage: 0.87 of 100 items is 87 of them, while 0.87 % would be 0.87 items.

    The mean of two directions makes steps of half an item.
    """
    if not items or value > 1:
        return False
    hits = value * items
    return abs(hits - round(hits)) < 1e-6 and abs(hits / 50 - round(hits / 50)) > 1e-6
