"""Gathering of the evidence of findings from the tables and sentences of all papers of a search.

The stance rules judge all candidates (`synth.evidence.candidates`); `agreement.unread` chooses from cheap features
which ones the stance model reads, in batches over many claims; `agreement.read` gives the probabilities that count, of
which the slots of both predictions are a part (`synth.evidence.structure`). Methods are not judged: nothing supports
"we train for 10 epochs".
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from synth.claims.analysed import AnalysedSentence, analysed
from synth.core.types import ClaimKind, Judgement, Stance
from synth.evidence import agreement
from synth.evidence.agreement import Pairing
from synth.evidence.candidates import CandidateIndex, EvidenceClaim, PassageCandidate, SearchContext
from synth.evidence.naming import Naming
from synth.evidence.passage_index import PassageHit
from synth.evidence.passages.contrasts import scope
from synth.evidence.passages.findings import RuleCode
from synth.evidence.passages.parts.sentence import read
from synth.evidence.passages.stance import judge
from synth.evidence.relation import EvidenceItem, Relation
from synth.evidence.structure import NONE, Correspondence, correspond
from synth.text.lexicon import Lexicon

if TYPE_CHECKING:
    from synth.models.encoder import Encoder
    from synth.models.stance_reader import Reader

MAX_READ_OWN, MAX_READ_OTHERS = 4, 8  # candidates of one claim that the stance model reads: of the own paper, of others
WORTH_READING = 0.04  # P(SUPPORT) + P(CONTRADICT) by cheap features from which a candidate is read
WORTH_REVERSING = -3.0  # log-odds of either from which the stance model reads the pair the other way round, too
# Probabilities from which a passage is said to do so. Of labelled contradictions below 0.8 more are wrong than right.
DECIDES = {Stance.SUPPORT: 0.5, Stance.CONTRADICT: 0.8}
MAX_UNDECIDED = 3  # of those that decide nothing, how many are kept to be shown
TOGETHER = "with the other passages of this paper, every number of the claim"  # in the note of each of them
MAX_TOGETHER = 4  # passages that may share out the numbers of one claim
NUMBERS = frozenset({RuleCode.NOT_COMPARABLE, RuleCode.AMBIGUOUS})  # a rule compared numbers and could not tell
CHUNK = 32  # claims whose pairs the stance model reads in one batch
_DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+(?![\w]|\.\d)|(?<![\w.])\d+(?=\s?(?:%|percent|points?\b))")


@dataclass
class _Reading:
    """A candidate beside a claim: `text` is what is judged, `members` the passages it is made of; `about`: it speaks of
    what the claim says something of, as far as can be told.
    """

    text: str
    members: tuple[PassageCandidate, ...]
    relation: Relation
    note: str
    similarity: float
    score: float
    rule: Judgement
    pairing: Pairing
    probabilities: tuple[float, float, float]
    about: bool = True
    unread: str = ""


def gather(
    claims: Sequence[EvidenceClaim],
    passages: Sequence[PassageCandidate],
    encoder: Encoder,
    *,
    search: SearchContext | None = None,
    finished: Collection[int] = (),
    progress: Callable[[int, int], None] | None = None,
    lexicon: Lexicon | None = None,
    reader: Reader | None = None,
) -> Iterator[tuple[int, list[EvidenceItem]]]:
    """Yield (claim id, its evidence, surest first) for every claim whose id is not in `finished`, one at a time.

    The texts of all passages and claims are encoded first; of what follows only CHUNK claims are at hand at a time, so
    that the caller may commit each one.

    Args:
        claims: Claims to gather for.
        passages: All passages of the search.
        encoder: Encoder of sentences.
        search: Tables, dependent and retracted papers; by default there are none.
        finished: Ids of claims to leave out.
        progress: Called with (done, total) while texts are encoded.
        lexicon: Names to know, the packaged ones by default.
        reader: Stance model; without it the rules and cheap features decide alone.
    """
    waiting = [claim for claim in claims if claim.id not in finished]
    if not waiting:
        return
    search = search or SearchContext()
    candidates = CandidateIndex(passages, encoder, search)
    weighing = _Weighing(candidates, search, lexicon, reader)
    findings = [claim for claim in waiting if claim.kind is not ClaimKind.METHOD]
    candidates.encode(findings, progress)
    for start in range(0, len(waiting), CHUNK):
        chunk = waiting[start : start + CHUNK]
        judged = [claim for claim in chunk if claim.kind is not ClaimKind.METHOD]
        evidence = dict(zip((claim.id for claim in judged), weighing.evidence(judged), strict=True))
        for claim in chunk:
            yield claim.id, evidence.get(claim.id, [])


class _Weighing:
    """The candidates of a search, judged beside claims."""

    def __init__(
        self, candidates: CandidateIndex, search: SearchContext, lexicon: Lexicon | None, reader: Reader | None
    ) -> None:
        self._candidates, self._search, self._lexicon, self._reader = candidates, search, lexicon, reader

    def evidence(self, claims: Sequence[EvidenceClaim]) -> list[list[EvidenceItem]]:
        """Return the evidence of each claim."""
        readings = [self._readings(claim) for claim in claims]
        self._read_by_model(readings)
        evidence = []
        for claim, mine in zip(claims, readings, strict=True):
            rows = [row for reading in mine for row in self._rows(reading)]
            evidence.append(_worth_keeping([*rows, *self._tables(claim)]))
        return evidence

    def _readings(self, claim: EvidenceClaim) -> list[_Reading]:
        """Return the judged candidates of a claim without those that speak of something else."""
        judged = [self._reading(claim, hit) for hit in self._candidates.hits(claim)]
        judged = [reading for reading in judged if reading.rule.method != "unrelated"]
        own = [reading for reading in judged if reading.relation is Relation.SAME_PAPER]
        shared = self._sharing_numbers(claim, own)
        readings = [*judged, shared] if shared else judged
        assessed = agreement.assess([reading.pairing for reading in readings], self._lexicon)
        for reading, probabilities in zip(readings, assessed, strict=True):
            reading.probabilities = probabilities
        return readings

    def _reading(self, claim: EvidenceClaim, hit: PassageHit) -> _Reading:
        passage = self._candidates[hit.passage_id]
        before = self._candidates.context(claim, passage)
        text = f"{before.text} {passage.text}" if before else passage.text
        relation, note = self._candidates.relation(claim, passage)
        if before:
            note = note or f"read with the sentence before it: “{before.text}”"
        return self._judged(claim, text, (passage,), relation, note, hit.similarity, hit.score)

    def _judged(
        self,
        claim: EvidenceClaim,
        text: str,
        members: tuple[PassageCandidate, ...],
        relation: Relation,
        note: str,
        similarity: float,
        score: float,
    ) -> _Reading:
        same_paper = members[0].paper in claim.papers
        rule = judge(claim, text, similarity, same_paper=same_paper, lexicon=self._lexicon)
        if rule.reason in NUMBERS and _all_printed(*self._analysed(claim.text, text)):
            rule = replace(rule, method="abstain", note="")
        elsewhere = "" if same_paper else scope(read(claim.text, self._lexicon), read(text, self._lexicon))
        if elsewhere and rule.stance is Stance.NOT_ENOUGH_INFO and rule.method != "unrelated":
            rule = replace(rule, method="condition", note=elsewhere)
        pairing = Pairing(
            claim=claim.text,
            passage=text,
            similarity=similarity,
            rule=rule,
            correspondence=self._correspondence(claim, members, same_paper),
            states=bool(members[0].predictions),
            same_paper=same_paper,
        )
        about = same_paper or pairing.correspondence.agree > 0 or self._is_treated(claim, text)
        return _Reading(text, members, relation, note, similarity, score, rule, pairing, (0.0, 0.0, 1.0), about)

    def _correspondence(
        self, claim: EvidenceClaim, members: Sequence[PassageCandidate], same_paper: bool
    ) -> Correspondence:
        """Hold the predictions of a claim against those of the passages beside it."""
        stated = [prediction for member in members for prediction in member.predictions]
        if not claim.predictions or not stated:
            return NONE
        ours: dict[str, str] = {}
        for paper in sorted(claim.papers):
            ours |= self._candidates.abbreviations(paper)
        naming = Naming(
            self._candidates.cosine, ours, self._candidates.abbreviations(members[0].paper), same_paper, self._lexicon
        )
        return correspond(claim.predictions, stated, naming)

    def _sharing_numbers(self, claim: EvidenceClaim, own: Sequence[_Reading]) -> _Reading | None:
        """Join passages of the own paper that together print every number of the claim, each of them a part only."""
        claimed = {float(number) for number in _DECIMAL.findall(claim.text)}
        if len(claimed) < 2:
            return None
        chosen: list[_Reading] = []
        covered: set[float] = set()
        for candidate in sorted(own, key=lambda reading: -reading.similarity):
            part = {number for number in claimed if _prints(number, candidate.text)}
            if part == claimed:
                return None  # one sentence has them all and is judged by itself
            if part - covered and candidate.rule.stance is not Stance.CONTRADICT:
                chosen.append(candidate)
                covered |= part
        if covered != claimed or not 1 < len(chosen) <= MAX_TOGETHER:
            return None
        members = tuple(sorted((candidate.members[0] for candidate in chosen), key=lambda p: p.order))
        similarity = max(candidate.similarity for candidate in chosen)
        text = " ".join(member.text for member in members)
        score = max(candidate.score for candidate in chosen)
        return self._judged(claim, text, members, Relation.SAME_PAPER, TOGETHER, similarity, score)

    # ------------------------------------------------------------------------------------------ the stance model

    def _read_by_model(self, readings: Sequence[Sequence[_Reading]]) -> None:
        """Read the telling candidates of all claims at once by the stance model, and the best pairs backwards."""
        if self._reader is None:
            return
        chosen = [reading for mine in readings for reading in _worth_reading(mine)]
        forward = self._log_odds([(reading.pairing.claim, reading.text) for reading in chosen])
        telling = []
        for reading, odds in zip(chosen, forward, strict=True):
            if odds is None:
                reading.unread = "the stance model gave no number for it: not read"
                continue
            reading.pairing = replace(reading.pairing, forward=odds)
            if max(odds) >= WORTH_REVERSING or reading.rule.stance is not Stance.NOT_ENOUGH_INFO:
                telling.append(reading)
        backward = self._log_odds([(reading.text, reading.pairing.claim) for reading in telling])
        for reading, odds in zip(telling, backward, strict=True):
            reading.pairing = replace(reading.pairing, backward=odds)
        read = [reading for reading in chosen if reading.pairing.forward is not None]
        for reading, probabilities in zip(
            read, agreement.assess([reading.pairing for reading in read], self._lexicon), strict=True
        ):
            reading.probabilities = probabilities

    def _log_odds(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[float, float] | None]:
        """Return log-odds per pair; None where the model gave no finite number."""
        if not pairs or self._reader is None:
            return []
        odds = self._reader.log_odds(pairs).tolist()
        return [(row[0], row[1]) if all(map(math.isfinite, row)) else None for row in odds]

    # ------------------------------------------------------------------------------------------ rows

    def _rows(self, reading: _Reading) -> Iterator[EvidenceItem]:
        stance, confidence, method = _decision(reading, self._reader is not None)
        note = "; ".join(filter(None, (reading.rule.note, reading.note, reading.unread)))
        for member in reading.members:
            yield EvidenceItem(
                passage_id=member.id,
                paper=member.paper,
                stance=stance,
                confidence=confidence,
                method=method,
                note=note,
                relation=reading.relation,
                similarity=reading.similarity,
                score=reading.score,
                location=f"p. {member.page}" if member.page else "",
            )

    def _tables(self, claim: EvidenceClaim) -> Iterator[EvidenceItem]:
        """Yield the decisions of the tables of all papers."""
        for paper, tables in self._search.tables.items():
            own = paper in claim.papers
            for finding in tables.judge(claim.text, claim.predictions, own_paper=own):
                cells = self._candidates.cells(paper, finding.cells)
                if not cells or not (own or self._is_about(claim, finding.matched)):
                    continue
                relation, note = self._candidates.table_relation(claim, paper, " ".join(cell.text for cell in cells))
                yield EvidenceItem(
                    passage_id=cells[0].id,
                    paper=paper,
                    stance=finding.stance,
                    confidence=finding.confidence,
                    method="table",
                    note="; ".join(filter(None, (finding.note, note))),
                    relation=relation,
                    similarity=0.0,
                    score=0.0,
                    cells=tuple(cell.id for cell in cells),
                    location=finding.table,
                )

    def _is_about(self, claim: EvidenceClaim, heads: Sequence[str]) -> bool:
        """Return True if the heads of another paper's table carry a name of the claim, and what it is about.

        "Tasks" and "languages" are no names: they head tables of every paper.
        """
        ours, theirs = self._analysed(claim.text, f"The {' '.join(heads)}")
        return bool(ours.names & theirs.names) and self._is_treated(claim, " ; ".join(heads))

    def _analysed(self, *texts: str) -> list[AnalysedSentence]:
        return [analysed(text, self._lexicon) for text in texts]

    def _is_treated(self, claim: EvidenceClaim, text: str) -> bool:
        """Return True if the text has a word, or a name in another spelling, of what the claim says something of."""
        (said,) = self._analysed(text)
        treatments = self._analysed(*(p.treatment for p in claim.predictions if p.treatment))
        return not treatments or any(said.words & t.words or said.named & t.named for t in treatments)


def _all_printed(claim: AnalysedSentence, passage: AnalysedSentence) -> bool:
    """Return True if the passage prints every number of the claim: what other numbers it has speaks against nothing."""
    ours, theirs = (
        {q.printed for q in text.quantities_as_printed if q.printed is not None} for text in (claim, passage)
    )
    return bool(ours) and ours <= theirs


def _prints(number: float, text: str) -> bool:
    """Return True if the text prints the number, to the last digit of the coarser of the two."""
    for printed in _DECIMAL.findall(text):
        step = 10.0 ** -min(len(printed.partition(".")[2]), len(f"{number:g}".partition(".")[2]))
        if abs(float(printed) - number) < step * (0.5 + 1e-9):
            return True
    return False


def _worth_reading(readings: Sequence[_Reading]) -> list[_Reading]:
    """Return the candidates of one claim that the stance model reads: those that may decide, the likeliest first."""
    possible = [
        reading
        for reading in readings
        if reading.rule.method != "condition"
        and (1 - reading.probabilities[2] >= WORTH_READING or reading.rule.stance is not Stance.NOT_ENOUGH_INFO)
    ]
    possible.sort(
        key=lambda reading: (
            reading.rule.stance is Stance.NOT_ENOUGH_INFO,
            reading.probabilities[2],
            -reading.similarity,
        )
    )
    own = [reading for reading in possible if reading.relation is Relation.SAME_PAPER]
    return [
        *own[:MAX_READ_OWN],
        *[reading for reading in possible if reading.relation is not Relation.SAME_PAPER][:MAX_READ_OTHERS],
    ]


def _decision(reading: _Reading, with_model: bool) -> tuple[Stance, float, str]:
    """Return (stance, P(it is right), method). A condition that differs by rule is never overruled."""
    if reading.rule.method == "condition":
        return Stance.NOT_ENOUGH_INFO, reading.rule.confidence, "condition"
    support, contradict, neither = reading.probabilities
    read = reading.pairing.forward is not None
    # A candidate that the model was to read and did not, or that was not worth it, decides only by rule.
    may_decide = read or not with_model or reading.rule.stance is not Stance.NOT_ENOUGH_INFO
    may_decide = (
        may_decide and reading.rule.reason is not RuleCode.HYPOTHETICAL and not agreement.leaves_open(reading.text)
    )
    if not reading.about or (reading.rule.reason is RuleCode.NOT_NAMED and not reading.pairing.same_paper):
        may_decide = False  # the same is said, or the same number is told, of something else
    stance, confidence = Stance.NOT_ENOUGH_INFO, neither
    likeliest, side = max((support, Stance.SUPPORT), (contradict, Stance.CONTRADICT))
    if may_decide and likeliest >= DECIDES[side]:
        stance, confidence = side, likeliest
    method = reading.rule.method if reading.rule.stance is stance and stance is not Stance.NOT_ENOUGH_INFO else ""
    return stance, confidence, method or ("model" if read else reading.rule.method)


def _worth_keeping(rows: Sequence[EvidenceItem]) -> list[EvidenceItem]:
    """Return every row that decides something, the surest of each passage, then the few best others, with a reason
    first.
    """
    decided: dict[int, EvidenceItem] = {}
    for row in sorted(rows, key=lambda row: (-row.confidence, -row.score)):
        if row.stance is not Stance.NOT_ENOUGH_INFO:
            decided.setdefault(row.passage_id, row)
    undecided = {
        row.passage_id: row
        for row in sorted(rows, key=lambda row: (not row.note, -row.score))
        if row.stance is Stance.NOT_ENOUGH_INFO and row.passage_id not in decided
    }
    return [*decided.values(), *list(undecided.values())[:MAX_UNDECIDED]]
