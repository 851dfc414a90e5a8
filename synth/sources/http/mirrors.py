"""Addresses and intervals of network sources: a source's own, or those of a mirror by the environment.

SYNTH_<NAME>_API names another address and SYNTH_<NAME>_INTERVAL the seconds between two requests; at the source's own
hosts no interval below its terms is taken.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from synth.core.errors import UsageError


def address(name: str, default: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return the address in the variable `name`, else `default`, without a slash at the end.

    UsageError if it is none.
    """
    text = (environment.get(name) or default).rstrip("/")
    if not re.fullmatch(r"https?://[^\s/?#{}@]+(?:/[^\s?#{}]*)?", text):
        raise UsageError(f"{name} is {text!r}.", f"Give an address such as {default}.")
    return text


def interval(
    name: str, least: float, addresses: tuple[str, ...], domain: str, environment: Mapping[str, str] = os.environ
) -> float:
    """Return the seconds between requests: the variable `name`, never less than `least` for an address in `domain`."""
    text = environment.get(name) or str(least)
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not (seconds >= 0 and math.isfinite(seconds)):
        raise UsageError(f"{name} is {text!r}.", "Give a number of seconds, such as 3.")
    theirs = any(f".{urlsplit(url).hostname}".endswith(f".{domain}") for url in addresses)
    return max(seconds, least) if theirs else seconds
