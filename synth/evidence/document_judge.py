"""Judges of whole documents: three probabilities, a stance, and the sentences that it rests on.

`Judge` is the one interface that the evaluation knows; it is given all (claim, document) pairs at once, so that a
model can read them in batches of its own. `trained` asks rules and tables, and where they are silent the stance model
behind a calibrated regression; `rules` asks rules and tables alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from synth.core.types import Stance
from synth.evidence.calibrator import STANCES, Calibrator, Grounds, packaged, ruled
from synth.evidence.documents import COLUMNS, DocumentPair, DocumentReading, Progress, TableReader, read_documents

if TYPE_CHECKING:
    import numpy as np

    from synth.models.cross_encoder import CrossEncoder
    from synth.models.encoder import Encoder

RATIONALE_MARGIN = 0.05  # cosines this close to the best sentence's belong to the rationale too


@dataclass(frozen=True)
class Opinion:
    """Opinion of a judge on a document.

    Attributes:
        probabilities: those of the three stances, adding up to 1.
        stance: the decision: NOT_ENOUGH_INFO also where no other is certain enough.
        rationale: positions of sentences, most telling first.
    """

    probabilities: Mapping[Stance, float]
    stance: Stance
    rationale: tuple[int, ...] = ()


class Judge(Protocol):
    def __call__(self, pairs: Sequence[DocumentPair], progress: Progress | None = None) -> list[Opinion]:
        """Give one opinion a pair, in their order; `progress(done, total)` in units of the judge's own choice."""
        ...


def trained(
    model: CrossEncoder,
    encoder: Encoder,
    calibrators: Mapping[str, Calibrator] | None = None,
    *,
    tables: TableReader | None = None,
) -> Judge:
    """Make a judge of rules, tables and stance model.

    Args:
        model: Stance model.
        encoder: Encoder of sentences.
        calibrators: "named" and "retrieved"; the packaged ones by default.
        tables: Judges documents that are tables; without it they are read like others.
    """
    fitted = calibrators or packaged()

    def judge(pairs: Sequence[DocumentPair], progress: Progress | None = None) -> list[Opinion]:
        readings = read_documents(pairs, model, encoder, progress, tables=tables)
        return weighed(pairs, readings, fitted)

    return judge


def rules(encoder: Encoder, *, tables: TableReader | None = None) -> Judge:
    """Make a judge of rules and tables alone. A document that speaks for and against a claim testifies against it."""

    def judge(pairs: Sequence[DocumentPair], progress: Progress | None = None) -> list[Opinion]:
        return [_ruled(reading) for reading in read_documents(pairs, None, encoder, progress, tables=tables)]

    return judge


def recalibrated(judge: Judge, calibrators: Mapping[str, Calibrator]) -> Judge:
    """Put the probabilities of `judge` right ("named", "retrieved"); what it says and shows stays as it is."""

    def recalibrate(pairs: Sequence[DocumentPair], progress: Progress | None = None) -> list[Opinion]:
        from synth.evidence.recalibration import odds

        opinions = []
        for pair, opinion in zip(pairs, judge(pairs, progress), strict=True):
            name = _mode(pair)
            if name in calibrators:
                row = calibrators[name].probabilities(odds([opinion.probabilities]))[0]
                opinion = replace(opinion, probabilities=dict(zip(STANCES, row.tolist(), strict=True)))
            opinions.append(opinion)
        return opinions

    return recalibrate


def weighed(
    pairs: Sequence[DocumentPair], readings: Sequence[DocumentReading], fitted: Mapping[str, Calibrator]
) -> list[Opinion]:
    """Turn readings into opinions, the documents that claims name and those that were retrieved apart."""
    import numpy as np

    opinions: list[Opinion | None] = [None] * len(pairs)
    for mode in ("named", "retrieved"):
        places = [i for i, pair in enumerate(pairs) if _mode(pair) == mode]
        if not places:
            continue
        # A calibrator that was fitted before a column was added does without it.
        known = [COLUMNS.index(column) for column in fitted[mode].columns]
        probabilities = fitted[mode].probabilities(np.array([readings[i].row for i in places])[:, known])
        for place, p in zip(places, probabilities, strict=True):
            opinions[place] = _opinion(readings[place], p, fitted[mode].stance(p))
    return [opinion for opinion in opinions if opinion is not None]


def _mode(pair: DocumentPair) -> str:
    return "named" if pair.named else "retrieved"


def _opinion(reading: DocumentReading, probabilities: np.ndarray, stance: Stance) -> Opinion:
    """Return the stance of a rule or a table, as sure as these were right on labelled pairs; else that of the model."""
    chances = dict(zip(STANCES, probabilities.tolist(), strict=True))
    if reading.grounds is Grounds.MODEL:
        stance = stance if reading.similarity else Stance.NOT_ENOUGH_INFO
        return Opinion(chances, stance, () if stance is Stance.NOT_ENOUGH_INFO else rationale(reading))
    before = chances[reading.stance]
    chance = ruled(reading.grounds, reading.stance)
    scale = (1 - chance) / (1 - before) if before < 1 else 0.0
    revised = {each: chance if each is reading.stance else p * scale for each, p in chances.items()}
    return Opinion(revised, reading.stance, () if reading.stance is Stance.NOT_ENOUGH_INFO else reading.places)


def _ruled(reading: DocumentReading) -> Opinion:
    """Return the stance of rules and tables; where they are silent each stance is as likely."""
    grounds, stance, places = reading.grounds, reading.stance, reading.places
    if grounds is Grounds.MODEL:
        grounds, stance, places = Grounds.LEANING, reading.leaning, tuple(reading.similarity)
        if stance is Stance.NOT_ENOUGH_INFO:
            return Opinion(dict.fromkeys(STANCES, 1 / len(STANCES)), stance)
    chance = ruled(grounds, stance)
    chances = {s: chance if s is stance else (1 - chance) / (len(STANCES) - 1) for s in STANCES}
    return Opinion(chances, stance, () if stance is Stance.NOT_ENOUGH_INFO else places)


def rationale(reading: DocumentReading) -> tuple[int, ...]:
    """Name the sentences that an opinion rests on: the nearest in meaning, and those that are nearly as near."""
    ranked = sorted(reading.similarity, key=lambda i: (-reading.similarity[i], i))
    return tuple(i for i in ranked if reading.similarity[i] >= reading.similarity[ranked[0]] - RATIONALE_MARGIN)
