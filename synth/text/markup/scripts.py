"""Raised and lowered text as plain characters, so that no figure joins a number that it does not belong to.

"10⁶" is not "106": behind a figure or a bracket a script gets characters of its own. Behind a letter, and as an
ordinal, it is written on the line, as indexes do: H2O, Ca2+, 21st.
"""

from __future__ import annotations

import re

_RAISED = dict(
    zip("0123456789+-−=()niabcdefghjklmoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True)
)
_LOWERED = dict(zip("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_SIGNS = {"∘": "°", "°": "°", "′": "′", "''": "″", "'": "′", "∗": "*", "⋆": "*", "⊤": "ᵀ", "†": "†", "‡": "‡", "⟂": "⊥"}
_SIGNS |= {"TM": "™", "R": "®", "®": "®", "™": "™", "©": "©", "*": "*", "o": "°"}


def raised(before: str, text: str, power: bool = False) -> str:
    """Return `text` as a superscript behind `before`. `power`: figures behind a letter are known to be no index of
    it.
    """
    text = text.strip()
    if power and before[-1:].isalpha() and text.isdigit() and text.isascii():
        return "".join(_RAISED[c] for c in text)
    return _script(before, text, _RAISED, "^")


def lowered(before: str, text: str) -> str:
    """Return `text` as a subscript behind `before`."""
    return _script(before, text.strip(), _LOWERED, "_")


def _script(before: str, text: str, signs: dict[str, str], mark: str) -> str:
    last = before[-1:]
    if not text or all(c in set(signs.values()) for c in text):
        return text
    if mark == "^" and text in _SIGNS and (text not in ("o", "R", "TM") or last.isdigit() == (text == "o")):
        return _SIGNS[text]
    on_line = re.fullmatch(r"[0-9A-Za-z]+[+-]?|[+-]", text) and last.isalpha()
    if on_line and not (mark == "^" and len(text) == 1 and text.islower()):
        return text
    if text.isalpha() and len(text) > 1 and (mark == "_" or last.isalnum()):
        return text if mark == "^" or last.isdigit() else f"_{text}"
    if not last or last.isspace():  # the mass number of "¹³C", the mark of a note
        return text if mark == "_" else "".join(signs.get(c, c) for c in text)
    if all(c in signs for c in text):
        return "".join(signs[c] for c in text)
    return f"{mark}{text}" if len(text) == 1 else f"{mark}({text})"
