"""Properties of metrics: which are better when lower, and which two add up to the whole."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

_DATA = tomllib.loads(files(__package__).joinpath("metrics.toml").read_text(encoding="utf-8"))
_WORDS = re.compile(r"[a-z]+")


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip() for name in text.split(";"))


LOWER_IS_BETTER = _names(_DATA["lower_is_better"])
NAMED = _names(_DATA["named"])
LOWER_WORDS = frozenset(_DATA["lower_words"].split())
COMPLEMENTS = {**_DATA["complements"], **{b: a for a, b in _DATA["complements"].items()}}
RATIOS = _names(_DATA["ratios"]["names"])


@lru_cache(maxsize=4096)
def lower_is_better(metric: str) -> bool:
    """Return True if less of `metric` is better."""
    return metric in LOWER_IS_BETTER or bool(LOWER_WORDS.intersection(_WORDS.findall(metric.casefold())))
