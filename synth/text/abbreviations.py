"""Short forms that a text defines: "Cross-lingual Language Model (XLM)" (Schwartz and Hearst 2003)."""

from __future__ import annotations

import re
from collections.abc import Iterable

MAX_BEFORE = 120  # characters before a bracket in which a long form is looked for
_SHORT = re.compile(r"\((?P<short>[A-Z][\w.+-]{0,9})s?[;,)]")


def abbreviations(texts: Iterable[str]) -> dict[str, str]:
    """Return short form → long form as printed; the first definition of a short form counts."""
    definitions: dict[str, str] = {}
    for text in texts:
        for match in _SHORT.finditer(text):
            short = match["short"].rstrip("s.")
            long = long_form(short, text[max(0, match.start() - MAX_BEFORE) : match.start()].rstrip())
            if long:
                definitions.setdefault(short, long)
    return definitions


def long_form(short: str, before: str) -> str:
    """Return the shortest run of words at the end of `before` whose letters hold the short form in order, or "".

    The first letter of the short form has to begin a word.
    """
    letters = [c for c in short.casefold() if c.isalnum()]
    if len(letters) < 2:
        return ""
    at, index = len(before) - 1, len(letters) - 1
    while index >= 0:
        while at >= 0 and (
            before[at].casefold() != letters[index] or (index == 0 and at > 0 and before[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return ""
        at, index = at - 1, index - 1
    long = before[at + 1 :]
    return long if len(long.split()) <= min(len(letters) + 5, 2 * len(letters)) and len(long) > len(short) else ""
