"""A claim, a document, an answer in the SciFact format (`doc/data.md` and `doc/evaluation.md` of allenai/scifact)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from synth.core.types import Stance

Id = int | str  # ids are numbers in SciFact itself and names in other sets; documents are looked up by their text form


@dataclass(frozen=True)
class CorpusDocument:
    """An abstract, or what else stands in its place: a list of sentences that evidence points into by position."""

    id: str
    title: str
    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join((self.title, *self.sentences)).strip()


@dataclass(frozen=True)
class Gold:
    """Annotators' judgement of one document: SUPPORT or CONTRADICT, and sets of sentences of which each is enough."""

    stance: Stance
    rationales: tuple[frozenset[int], ...]


@dataclass(frozen=True)
class Claim:
    """`cited` and `evidence` are None where the line does not have them: a test set without labels."""

    id: Id
    text: str
    cited: tuple[str, ...] | None = None
    evidence: Mapping[str, Gold] | None = None


@dataclass(frozen=True)
class DocumentPrediction:
    """Prediction for one document: SUPPORT or CONTRADICT, and its sentences, most telling first."""

    stance: Stance
    sentences: tuple[int, ...]


@dataclass(frozen=True)
class ClaimPrediction:
    """The prediction for one claim. `confidence`: the three probabilities of every document that was judged."""

    claim: Id
    evidence: Mapping[str, DocumentPrediction]
    confidence: Mapping[str, Mapping[Stance, float]] = field(default_factory=dict)
