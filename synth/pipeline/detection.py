"""The trained claim detector at work: chances for the sentences of a paper, or none where it does not apply."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from synth.errors import UsageError
from synth.evidence.encoder import Encoder
from synth.types import Passage

RULES = "rules"

Judge = Callable[[Sequence[Passage]], dict[int, float]]


def judge(setting: str, encoder: Encoder) -> Judge | None:
    """What gives each passage of a paper (by `order`) its chance to be a claim; None: the rules decide alone.

    `setting` is that of `claim_detector`. The packaged weights are passed over in silence with an encoder that they
    were not trained with; weights that the user names raise UsageError then, and SynthError when they cannot be read.
    """
    from synth.claims.detector import document_of, load, packaged

    path = Path(setting) if setting else packaged()
    if setting == RULES or (not setting and not path.is_file()):
        return None
    detector = load(path)
    if detector.encoder != encoder.identity:
        if not setting:
            return None
        raise UsageError(
            f"The claim detector {setting} was trained with another encoder than {encoder.model}.",
            "Name the encoder that it was trained with, or train it again with this one.",
        )

    def chances(passages: Sequence[Passage]) -> dict[int, float]:
        document, orders = document_of(passages)
        found = detector.chances(document, encoder.encode(document.sentences)) if orders else ()
        return dict(zip(orders, map(float, found), strict=True))

    return chances
