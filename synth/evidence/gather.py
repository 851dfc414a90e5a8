"""Gather the evidence of findings: what tables and sentences of all papers of a search say of each.

Two kinds of witnesses are looked for apart: the claim's own paper (its tables and its results sections; what is said
in abstract, introduction, conclusion and captions is the claim once more) and all other papers (tables and sentences,
those that state a finding themselves before the rest). Candidates come from lexical and dense retrieval. The stance
rules judge all of them; `agreement.unread` chooses from what is cheap which ones the stance model reads, in batches
over many claims; `agreement.read` gives the probabilities that count, of which the slots of both predictions are a
part (`synth.evidence.structure`). Methods are not judged: nothing supports "we
train for 10 epochs".
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from synth.abbreviations import abbreviations
from synth.evidence import agreement
from synth.evidence.agreement import Pairing
from synth.evidence.contrasts import scope
from synth.evidence.findings import Rule
from synth.evidence.index import Hit, PassageIndex
from synth.evidence.naming import Naming
from synth.evidence.relation import Evidence, Relation, repeats, secondhand
from synth.evidence.sentence import read
from synth.evidence.stance import judge
from synth.evidence.structure import NONE, Correspondence, correspond, phrases
from synth.evidence.witnesses import NOTES, Witnesses
from synth.lexicon import Lexicon, load_lexicon
from synth.quantities import read as quantities
from synth.text import content_words, names
from synth.types import ClaimKind, Judgement, PassageKind, Prediction, Stance

if TYPE_CHECKING:
    from synth.evidence.encoder import Encoder
    from synth.evidence.reader import Reader

OWN, OTHERS, FINDINGS = (
    10,
    12,
    12,
)  # candidates: of the own paper, of others, of those that state findings besides
DEPTH = 80  # places of the ranking that candidates are taken from
READ_OWN, READ_OTHERS = 4, 8  # candidates of one claim that the stance model reads: of the own paper, of others
WORTH_READING = 0.04  # P(SUPPORT) + P(CONTRADICT) by cheap features from which a candidate is read
WORTH_REVERSING = -3.0  # log-odds of either from which the stance model reads the pair the other way round, too
# Probabilities from which a passage is said to do so. Of labelled contradictions below 0.8 more are wrong than right.
DECIDES = {Stance.SUPPORT: 0.5, Stance.CONTRADICT: 0.8}
UNDECIDED = 3  # of those that decide nothing, how many are kept to be shown
TOGETHER = "with the other passages of this paper, every number of the claim"  # in the note of each of them
TOGETHER_AT_MOST = 4  # passages that may share out the numbers of one claim
NUMBERS = frozenset({Rule.NOT_COMPARABLE, Rule.AMBIGUOUS})  # a rule compared numbers and could not tell
CHUNK = 32  # claims whose pairs the stance model reads in one batch
# Sections whose sentences report what a paper measured; "other": headings that say nothing ("Effect of overlap").
RESULTS = frozenset({"results", "experiments", "analysis", "appendix", "other", ""})
_UNRESOLVED = re.compile(
    r"^(?:it|they|this|these|that|those|its|their|both|such|the (?:former|latter|same|models?|method|approach|system"
    r"|results?|gains?|improvements?|difference|effect))\b|^(?:here|there|similarly|likewise|in contrast|by contrast"
    r"|conversely|however|moreover|furthermore|also|again|on the other hand),?\s+(?:it|they|this|these|the)\b",
    re.I,
)
_DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+(?![\w]|\.\d)|(?<![\w.])\d+(?=\s?(?:%|percent|points?\b))")


class TableFinding(Protocol):
    """What one table says about a claim.

    `cells` are places in the paper's reading order, `matched` the heads of rows and columns that carry its names.
    """

    @property
    def stance(self) -> Stance: ...
    @property
    def table(self) -> str: ...
    @property
    def cells(self) -> tuple[int, ...]: ...
    @property
    def note(self) -> str: ...
    @property
    def confidence(self) -> float: ...
    @property
    def matched(self) -> tuple[str, ...]: ...


class TableJudge(Protocol):
    """The tables of one paper."""

    def judge(self, claim: str, predictions: Sequence[Prediction], /, *, own_paper: bool) -> Sequence[TableFinding]: ...


@dataclass(frozen=True)
class Claim:
    """A claim to be judged. `sources`: ids of the passages that it was read from; `papers`: the ids of their papers."""

    id: int
    text: str
    predictions: tuple[Prediction, ...] = ()
    sources: frozenset[int] = frozenset()
    papers: frozenset[int] = frozenset()
    kind: ClaimKind = ClaimKind.EFFECT


@dataclass(frozen=True)
class Candidate:
    """A passage of the search.

    Attributes:
        order: its place in its paper's reading order.
        cites: papers of the search that it cites.
        predictions: those of the claim that it states; empty if it states none.
    """

    id: int
    paper: int
    text: str
    kind: PassageKind = PassageKind.SENTENCE
    section: str = ""
    page: int = 0
    order: int = 0
    cites: frozenset[int] = frozenset()
    predictions: tuple[Prediction, ...] = ()
    states_finding: bool = False


@dataclass(frozen=True)
class Search:
    """What is known of all papers of a search, beside their passages."""

    tables: Mapping[int, TableJudge] = field(default_factory=dict)
    witnesses: Witnesses = field(default_factory=Witnesses)
    retracted: frozenset[int] = frozenset()
    title: Mapping[int, str] = field(default_factory=dict)


@dataclass
class _Reading:
    """A candidate beside a claim: `text` is what is judged, `members` the passages it is made of; `about`: it speaks of
    what the claim says something of, as far as can be told."""

    text: str
    members: tuple[Candidate, ...]
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
    claims: Sequence[Claim],
    passages: Sequence[Candidate],
    encoder: Encoder,
    *,
    search: Search | None = None,
    done: Collection[int] = (),
    progress: Callable[[int, int], None] | None = None,
    lexicon: Lexicon | None = None,
    reader: Reader | None = None,
) -> Iterator[tuple[int, list[Evidence]]]:
    """Yield (claim id, its evidence, surest first) for every claim whose id is not in `done`, one at a time.

    The texts of all passages and claims are encoded first (`progress(done, total)` follows that); of what follows only
    CHUNK claims are at hand at a time, so the caller may commit each one.

    Args:
        search: tables, dependent and retracted papers; by default there are none.
        lexicon: the names to know, the packaged ones by default.
        reader: the stance model; without it the rules and what is cheap decide alone.
    """
    waiting = [claim for claim in claims if claim.id not in done]
    if not waiting:
        return
    gathering = _Gathering(passages, encoder, search or Search(), lexicon, reader)
    findings = [claim for claim in waiting if claim.kind is not ClaimKind.METHOD]
    gathering.encode(findings, progress)
    for start in range(0, len(waiting), CHUNK):
        chunk = waiting[start : start + CHUNK]
        judged = [claim for claim in chunk if claim.kind is not ClaimKind.METHOD]
        found = dict(zip((claim.id for claim in judged), gathering.evidence(judged), strict=True))
        for claim in chunk:
            yield claim.id, found.get(claim.id, [])


class _Gathering:
    """The passages of a search, ready to be asked about claims."""

    def __init__(
        self,
        passages: Sequence[Candidate],
        encoder: Encoder,
        search: Search,
        lexicon: Lexicon | None,
        reader: Reader | None,
    ) -> None:
        self._spoken = [p for p in passages if p.kind is not PassageKind.CELL and p.text.strip()]
        self._by_id = {p.id: p for p in self._spoken}
        self._of_paper: dict[int, list[Candidate]] = defaultdict(list)
        for passage in self._spoken:
            self._of_paper[passage.paper].append(passage)
        self._at = {(p.paper, p.order): p for p in passages}
        self._before = _predecessors(self._spoken)
        self._encoder, self._search, self._lexicon, self._reader = encoder, search, lexicon, reader
        self._index: PassageIndex | None = None
        self._findings: PassageIndex | None = None
        self._not_own: dict[int, frozenset[int]] = {}
        self._short_forms: dict[int, dict[str, str]] = {}
        self._phrases: dict[str, int] = {}

    def encode(self, claims: Sequence[Claim], progress: Callable[[int, int], None] | None) -> None:
        if not self._spoken or not claims:
            return
        predictions = [*(claim.predictions for claim in claims), *(passage.predictions for passage in self._spoken)]
        slots = {text for made in predictions for text in phrases(made)}
        self._phrases = {text: row for row, text in enumerate(sorted(slots))}
        texts = [p.text for p in self._spoken] + [claim.text for claim in claims]
        self._vectors = self._encoder.encode([*texts, *self._phrases], progress)[len(texts) :]
        self._index = PassageIndex([(p.id, p.text) for p in self._spoken], self._encoder)
        self._findings = PassageIndex([(p.id, p.text) for p in self._spoken if p.states_finding], self._encoder)

    def _cosine(self, one: str, other: str) -> float:
        """Cosine of two phrases of predictions."""
        a, b = self._phrases.get(one), self._phrases.get(other)
        return 0.0 if a is None or b is None else float(self._vectors[a] @ self._vectors[b])

    def evidence(self, claims: Sequence[Claim]) -> list[list[Evidence]]:
        """Return the evidence of each claim."""
        readings = [self._readings(claim) for claim in claims]
        self._read_by_model(readings)
        found = []
        for claim, mine in zip(claims, readings, strict=True):
            rows = [row for reading in mine for row in self._rows(reading)]
            found.append(_worth_keeping([*rows, *self._tables(claim)]))
        return found

    # ------------------------------------------------------------------------------------------ candidates

    def _readings(self, claim: Claim) -> list[_Reading]:
        """Candidates of a claim, judged by rule and by what is cheap; what speaks of something else is left out."""
        if self._index is None or self._findings is None:
            return []
        left_out = claim.sources | self._ineligible(claim)
        hits = self._index.rank(claim.text, DEPTH, exclude=left_out)
        own = [hit for hit in hits if self._by_id[hit.passage_id].paper in claim.papers][:OWN]
        others = [hit for hit in hits if self._by_id[hit.passage_id].paper not in claim.papers][:OTHERS]
        taken = {hit.passage_id for hit in others}
        nearest = self._findings.rank(claim.text, DEPTH, exclude=left_out | taken)
        stating = [hit for hit in nearest if self._by_id[hit.passage_id].paper not in claim.papers][:FINDINGS]
        found = [self._reading(claim, hit) for hit in (*own, *others, *stating)]
        found = [one for one in found if one.rule.method != "unrelated"]
        shared = self._sharing_numbers(claim, [one for one in found if one.relation is Relation.SAME_PAPER])
        readings = [*found, shared] if shared else found
        for one, probabilities in zip(
            readings, agreement.assess([one.pairing for one in readings], self._lexicon), strict=True
        ):
            one.probabilities = probabilities
        return readings

    def _ineligible(self, claim: Claim) -> frozenset[int]:
        """Passages of the claim's own paper that do not report what it measured, or report what others did."""
        found: frozenset[int] = frozenset()
        for paper in claim.papers:
            if paper not in self._not_own:
                self._not_own[paper] = frozenset(
                    p.id
                    for p in self._of_paper[paper]
                    if (p.section not in RESULTS or p.kind is PassageKind.CAPTION or secondhand(p.text))
                )
            found |= self._not_own[paper]
        return found

    def _reading(self, claim: Claim, hit: Hit) -> _Reading:
        passage = self._by_id[hit.passage_id]
        before = self._before.get(passage.id) if _UNRESOLVED.search(passage.text) else None
        if before and (before.id in claim.sources or repeats(claim.text, before.text)):
            before = None  # the claim would be read as its own evidence
        text = f"{before.text} {passage.text}" if before else passage.text
        relation, note = self._relation(claim, passage)
        if before:
            note = note or f"read with the sentence before it: “{before.text}”"
        return self._judged(claim, text, (passage,), relation, note, hit.similarity, hit.score)

    def _judged(
        self,
        claim: Claim,
        text: str,
        members: tuple[Candidate, ...],
        relation: Relation,
        note: str,
        similarity: float,
        score: float,
    ) -> _Reading:
        same_paper = members[0].paper in claim.papers
        rule = judge(claim, text, similarity, same_paper=same_paper, lexicon=self._lexicon)
        if rule.reason in NUMBERS and _all_printed(claim.text, text):
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

    def _correspondence(self, claim: Claim, members: Sequence[Candidate], same_paper: bool) -> Correspondence:
        """Hold the predictions of a claim against those of the passages beside it."""
        told = [prediction for member in members for prediction in member.predictions]
        if not claim.predictions or not told:
            return NONE
        ours: dict[str, str] = {}
        for paper in sorted(claim.papers):
            ours |= self._abbreviations(paper)
        naming = Naming(self._cosine, ours, self._abbreviations(members[0].paper), same_paper, self._lexicon)
        return correspond(claim.predictions, told, naming)

    def _abbreviations(self, paper: int) -> dict[str, str]:
        """The short forms that a paper defines."""
        if paper not in self._short_forms:
            self._short_forms[paper] = abbreviations(p.text for p in self._of_paper[paper])
        return self._short_forms[paper]

    def _relation(self, claim: Claim, passage: Candidate) -> tuple[Relation, str]:
        """Return what kind of witness a passage is, and why it is none, in words."""
        if passage.paper in self._search.retracted:
            return Relation.RETRACTED, "its paper was retracted or withdrawn"
        own = passage.paper in claim.papers
        if repeats(claim.text, passage.text) and not (own and self._sums_up(claim)):
            return Relation.RESTATEMENT, "the same sentence"
        if own:
            return Relation.SAME_PAPER, ""
        why = self._search.witnesses.dependence(passage.paper, claim.papers, claim.text, passage.text)
        if why is not None:
            return Relation.RESTATEMENT, NOTES[why]
        if secondhand(passage.text):
            if passage.cites & claim.papers:
                return Relation.REPORTED, "reports this paper's result"
            return Relation.RESTATEMENT, "reports what others found"
        return Relation.OTHER_PAPER, ""

    def _sums_up(self, claim: Claim) -> bool:
        """Return True if a claim stands outside of the results, so that a like sentence there is what it sums up."""
        return all(self._by_id[one].section not in RESULTS for one in claim.sources if one in self._by_id)

    def _sharing_numbers(self, claim: Claim, own: Sequence[_Reading]) -> _Reading | None:
        """Sentences of the own paper that together print every number of the claim, each of them a part only."""
        wanted = {float(number) for number in _DECIMAL.findall(claim.text)}
        if len(wanted) < 2:
            return None
        chosen: list[_Reading] = []
        covered: set[float] = set()
        for one in sorted(own, key=lambda reading: -reading.similarity):
            part = {number for number in wanted if _prints(number, one.text)}
            if part == wanted:
                return None  # one sentence has them all and is judged by itself
            if part - covered and one.rule.stance is not Stance.CONTRADICT:
                chosen.append(one)
                covered |= part
        if covered != wanted or not 1 < len(chosen) <= TOGETHER_AT_MOST:
            return None
        members = tuple(sorted((one.members[0] for one in chosen), key=lambda p: p.order))
        similarity = max(one.similarity for one in chosen)
        text = " ".join(member.text for member in members)
        score = max(one.score for one in chosen)
        return self._judged(claim, text, members, Relation.SAME_PAPER, TOGETHER, similarity, score)

    # ------------------------------------------------------------------------------------------ the stance model

    def _read_by_model(self, readings: Sequence[Sequence[_Reading]]) -> None:
        """Have the stance model read what is worth it, of all claims at once, and then the telling pairs backwards."""
        if self._reader is None:
            return
        chosen = [one for mine in readings for one in _worth_reading(mine)]
        forward = self._asked([(one.pairing.claim, one.text) for one in chosen])
        telling = []
        for one, found in zip(chosen, forward, strict=True):
            if found is None:
                one.unread = "the stance model gave no number for it: not read"
                continue
            one.pairing = replace(one.pairing, forward=found)
            if max(found) >= WORTH_REVERSING or one.rule.stance is not Stance.NOT_ENOUGH_INFO:
                telling.append(one)
        backward = self._asked([(one.text, one.pairing.claim) for one in telling])
        for one, found in zip(telling, backward, strict=True):
            one.pairing = replace(one.pairing, backward=found)
        read = [one for one in chosen if one.pairing.forward is not None]
        for one, probabilities in zip(
            read, agreement.assess([one.pairing for one in read], self._lexicon), strict=True
        ):
            one.probabilities = probabilities

    def _asked(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[float, float] | None]:
        """Log-odds per pair; None where the model gave no finite number."""
        if not pairs or self._reader is None:
            return []
        found = self._reader.log_odds(pairs).tolist()
        return [(row[0], row[1]) if all(map(math.isfinite, row)) else None for row in found]

    # ------------------------------------------------------------------------------------------ rows

    def _rows(self, one: _Reading) -> Iterator[Evidence]:
        stance, confidence, method = _decision(one, self._reader is not None)
        note = "; ".join(filter(None, (one.rule.note, one.note, one.unread)))
        for member in one.members:
            yield Evidence(
                passage_id=member.id,
                paper=member.paper,
                stance=stance,
                confidence=confidence,
                method=method,
                note=note,
                relation=one.relation,
                similarity=one.similarity,
                score=one.score,
                location=f"p. {member.page}" if member.page else "",
            )

    def _tables(self, claim: Claim) -> Iterator[Evidence]:
        """What the tables of all papers say."""
        for paper, tables in self._search.tables.items():
            own = paper in claim.papers
            for found in tables.judge(claim.text, claim.predictions, own_paper=own):
                cells = [cell for order in found.cells if (cell := self._at.get((paper, order)))]
                if not cells or not (own or self._is_about(claim, found.matched)):
                    continue
                relation, note = self._table_relation(claim, paper, " ".join(cell.text for cell in cells))
                yield Evidence(
                    passage_id=cells[0].id,
                    paper=paper,
                    stance=found.stance,
                    confidence=found.confidence,
                    method="table",
                    note="; ".join(filter(None, (found.note, note))),
                    relation=relation,
                    similarity=0.0,
                    score=0.0,
                    cells=tuple(cell.id for cell in cells),
                    location=found.table,
                )

    def _is_about(self, claim: Claim, heads: Sequence[str]) -> bool:
        """Return True if the heads of another paper's table carry a name of the claim, and what it is about."""
        return _names_in(claim.text, heads) and self._is_treated(claim, " ; ".join(heads))

    def _is_treated(self, claim: Claim, text: str) -> bool:
        """Return True if the text has a word, or a name in another spelling, of what the claim says something of."""
        lexicon = self._lexicon or load_lexicon()
        words, known = set(content_words(text)), {m.name for m in lexicon.mentions(text)}
        treated = [prediction.treatment for prediction in claim.predictions if prediction.treatment]
        return not treated or any(
            words & set(content_words(one)) or known & {m.name for m in lexicon.mentions(one)} for one in treated
        )

    def _table_relation(self, claim: Claim, paper: int, text: str) -> tuple[Relation, str]:
        if paper in self._search.retracted:
            return Relation.RETRACTED, "its paper was retracted or withdrawn"
        if paper in claim.papers:
            return Relation.SAME_PAPER, ""
        why = self._search.witnesses.dependence(paper, claim.papers, claim.text, text)
        return (Relation.RESTATEMENT, NOTES[why]) if why is not None else (Relation.OTHER_PAPER, "")


def _names_in(claim: str, heads: Sequence[str]) -> bool:
    """Return True if a name of the claim stands in the heads: "tasks" and "languages" head tables of every paper."""
    text = " ".join(heads)
    return bool(names(claim) & names(f"The {text}"))


def _predecessors(spoken: Sequence[Candidate]) -> dict[int, Candidate]:
    """Passage id → the sentence before it in the same section of its paper."""
    found = {}
    last: dict[int, Candidate] = {}
    for passage in sorted(spoken, key=lambda p: (p.paper, p.order)):
        if passage.kind is not PassageKind.SENTENCE:
            continue
        before = last.get(passage.paper)
        if before is not None and before.section == passage.section:
            found[passage.id] = before
        last[passage.paper] = passage
    return found


def _all_printed(claim: str, passage: str) -> bool:
    """Return True if the passage prints every number of the claim: what other numbers it has speaks against nothing."""
    ours, theirs = ({q.printed for q in quantities(text) if q.printed is not None} for text in (claim, passage))
    return bool(ours) and ours <= theirs


def _prints(number: float, text: str) -> bool:
    """Return True if the text prints the number, to the last digit of the coarser of the two."""
    for printed in _DECIMAL.findall(text):
        step = 10.0 ** -min(len(printed.partition(".")[2]), len(f"{number:g}".partition(".")[2]))
        if abs(float(printed) - number) < step * (0.5 + 1e-9):
            return True
    return False


def _worth_reading(readings: Sequence[_Reading]) -> list[_Reading]:
    """The candidates of one claim that the stance model reads: those that may decide, the likeliest first."""
    possible = [
        one
        for one in readings
        if one.rule.method != "condition"
        and (1 - one.probabilities[2] >= WORTH_READING or one.rule.stance is not Stance.NOT_ENOUGH_INFO)
    ]
    possible.sort(key=lambda one: (one.rule.stance is Stance.NOT_ENOUGH_INFO, one.probabilities[2], -one.similarity))
    own = [one for one in possible if one.relation is Relation.SAME_PAPER]
    return [*own[:READ_OWN], *[one for one in possible if one.relation is not Relation.SAME_PAPER][:READ_OTHERS]]


def _decision(one: _Reading, with_model: bool) -> tuple[Stance, float, str]:
    """(stance, P(it is right), method). A condition that differs by rule is never overruled."""
    if one.rule.method == "condition":
        return Stance.NOT_ENOUGH_INFO, one.rule.confidence, "condition"
    support, contradict, neither = one.probabilities
    read = one.pairing.forward is not None
    # A candidate that the model was to read and did not, or that was not worth it, decides only by rule.
    may_decide = read or not with_model or one.rule.stance is not Stance.NOT_ENOUGH_INFO
    may_decide = may_decide and one.rule.reason is not Rule.HYPOTHETICAL and not agreement.leaves_open(one.text)
    if not one.about or (one.rule.reason is Rule.NOT_NAMED and not one.pairing.same_paper):
        may_decide = False  # the same is said, or the same number is told, of something else
    stance, confidence = Stance.NOT_ENOUGH_INFO, neither
    likeliest, side = max((support, Stance.SUPPORT), (contradict, Stance.CONTRADICT))
    if may_decide and likeliest >= DECIDES[side]:
        stance, confidence = side, likeliest
    method = one.rule.method if one.rule.stance is stance and stance is not Stance.NOT_ENOUGH_INFO else ""
    return stance, confidence, method or ("model" if read else one.rule.method)


def _worth_keeping(rows: Sequence[Evidence]) -> list[Evidence]:
    """Every row that decides something, the surest of each passage, then the few best of the others, with a reason
    first."""
    decided: dict[int, Evidence] = {}
    for row in sorted(rows, key=lambda row: (-row.confidence, -row.score)):
        if row.stance is not Stance.NOT_ENOUGH_INFO:
            decided.setdefault(row.passage_id, row)
    undecided = {
        row.passage_id: row
        for row in sorted(rows, key=lambda row: (not row.note, -row.score))
        if row.stance is Stance.NOT_ENOUGH_INFO and row.passage_id not in decided
    }
    return [*decided.values(), *list(undecided.values())[:UNDECIDED]]
