"""Part of a paper that a passage stands in, from the name of its section."""

from __future__ import annotations

import re
from functools import lru_cache

from synth.core.types import Passage, PassageKind

# The first pattern that is met counts; "other" is read for no claims.
PARTS = (
    (
        "other",
        r"related|previous|prior|background|acknowledg|reference|bibliograph|appendi|supplement|ethic|limitation"
        r"|future|impact|reproducib|contribution statement|author",
    ),
    ("abstract", r"abstract"),
    ("introduction", r"introduction|motivation"),
    ("conclusion", r"conclu|summary"),
    ("results", r"result|experiment|evaluat|analys|finding|ablation|comparison|performance"),
    ("discussion", r"discussion"),
    ("data", r"data|corpus|corpora|annotation"),
    ("method", r"method|model|approach|training|setup|setting|implementation|architecture|system|procedure|baseline"),
)
COMPILED = tuple((part, re.compile(pattern, re.IGNORECASE)) for part, pattern in PARTS)


@lru_cache(maxsize=4096)
def part_named(section: str) -> str:
    """Return the part that a section of this name is; "body" for a name of the authors' own making."""
    # "Conclusion and Future Work" is a conclusion; future work is told by the sentence.
    if re.search(r"conclu|result|experiment", section, re.IGNORECASE):
        section = re.sub(r"future work|limitations?", "", section, flags=re.IGNORECASE)
    if re.search(r"experimental (?:setup|setting|design|detail)|experiment setup", section, re.IGNORECASE):
        return "method"
    for part, pattern in COMPILED:
        if pattern.search(section):
            return part
    return "other" if not section.strip() else "body"


def part_of(passage: Passage) -> str:
    """Return the part of a passage: one of the parts above, "caption", or "body" where its section has a name of its
    own making.
    """
    part = part_named(passage.section[:200])
    if passage.kind is PassageKind.CAPTION and part != "other":
        return "caption"
    return part
