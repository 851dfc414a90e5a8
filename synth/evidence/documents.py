"""Reading of documents beside claims: chosen sentences, judged by rules and tables and read by the stance model."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from synth.core.types import Judgement, Stance
from synth.evidence.calibrator import Grounds
from synth.evidence.candidates import EvidenceClaim
from synth.evidence.passages.findings import RuleCode
from synth.evidence.passages.stance import judge as judge_sentence
from synth.evidence.selection import SENTENCES, Selection, rarity, select

if TYPE_CHECKING:
    from synth.models.cross_encoder import CrossEncoder
    from synth.models.encoder import Encoder

Progress = Callable[[int, int], None]
# (document as lines of cells joined by "|", claim) → what the table says; None where the document is no table.
TableReader = Callable[[str, str], Stance | None]

# Log-odds of the model, how long what it read is, and products: it knows less of long texts and of distant ones. Then
# what the rules say where they are not sure enough to decide alone, and the model's log-odds there: of numbers it knows
# less than they do.
LEANINGS = ("rule supports", "rule contradicts", "other qualifier", "support, ruled", "contradict, ruled")
COLUMNS = (
    *("support", "contradict", "length", "support, long", "contradict, long"),
    *("support, near", "contradict, near"),
    *LEANINGS,
)
NAMED = 0.85  # cosine that a document which the claim names as its source counts as at least: they share their subject
SIDES = (Stance.CONTRADICT, Stance.SUPPORT)
MAX_LOG_ODDS = 8.0  # log-odds that the model's are cut at
UNREAD = -5.0  # log-odds of a document that is not read
READ_FROM = 0.25  # share of the claim's words, by weight, from which a retrieved document is read
TABLE_CHARACTERS = 900  # of a table that the stance model reads


@dataclass(frozen=True)
class DocumentPair:
    """A claim and the sentences of one document, which the claim names as its source (`named`) or a search found.

    `title` is read as the caption where the document is a table.
    """

    claim: str
    sentences: tuple[str, ...]
    named: bool = True
    title: str = ""

    @property
    def text(self) -> str:
        """Passages as lines, below the title."""
        return "\n".join(filter(None, (self.title, *self.sentences)))


@dataclass(frozen=True)
class DocumentReading:
    """Features of one document beside a claim.

    Attributes:
        row: numbers under COLUMNS.
        similarity: cosine to the claim of each sentence that was chosen, by its position; empty if nothing was read.
        stance: what a table or a sure rule says; NOT_ENOUGH_INFO if nothing, or if all sentences speak of another
            condition.
        grounds: by which of them it is said; no model overrules it.
        places: positions of the sentences that it is said of.
        reason: code of the rule, sure or not, "" where none says anything.
    """

    row: tuple[float, ...]
    similarity: Mapping[int, float]
    stance: Stance = Stance.NOT_ENOUGH_INFO
    grounds: Grounds = Grounds.MODEL
    places: tuple[int, ...] = ()
    reason: str = ""

    @property
    def leaning(self) -> Stance:
        """Stance of a rule that is not sure enough to decide beside a model."""
        supports, contradicts = (self.row[COLUMNS.index(f"rule {verb}")] for verb in ("supports", "contradicts"))
        return Stance.SUPPORT if supports else Stance.CONTRADICT if contradicts else Stance.NOT_ENOUGH_INFO


def without_rules(reading: DocumentReading) -> DocumentReading:
    """Return a reading as if no rule and no table had said anything."""
    row = tuple(0.0 if name in LEANINGS else value for name, value in zip(COLUMNS, reading.row, strict=True))
    return replace(reading, row=row, stance=Stance.NOT_ENOUGH_INFO, grounds=Grounds.MODEL, places=(), reason="")


def read_documents(
    pairs: Sequence[DocumentPair],
    model: CrossEncoder | None,
    encoder: Encoder,
    progress: Progress | None = None,
    *,
    tables: TableReader | None = None,
) -> list[DocumentReading]:
    """Read each document beside its claim.

    Sentences are chosen by their words. Rules judge each of them, and a table is judged as one; the stance model reads
    what speaks of no other condition, as one text, in batches over all pairs.
    """
    weights = rarity(text for sentences in dict.fromkeys(pair.sentences for pair in pairs) for text in sentences)
    chosen = [_chosen(pair, weights) for pair in pairs]
    near = _similarities(pairs, chosen, encoder)
    judged = [_judged(pair, own, tables) for pair, own in zip(pairs, near, strict=True)]
    texts = [
        (pair.claim, _text(pair, own, rule)) if own else None
        for pair, own, rule in zip(pairs, near, judged, strict=True)
    ]
    waiting = [text for text in texts if text is not None]
    odds = iter(_log_odds(model, waiting, progress))
    readings = []
    for pair, text, own, rule in zip(pairs, texts, near, judged, strict=True):
        support, contradict = next(odds) if text is not None else (UNREAD, UNREAD)
        stance, grounds, places = rule.decision
        words = sum(len(pair.sentences[i].split()) for i in own)
        row = columns(support, contradict, max(own.values(), default=0.0), words, rule.leaning)
        readings.append(DocumentReading(row, own, stance, grounds, places, rule.reason))
    return readings


def _chosen(pair: DocumentPair, weights: Mapping[str, float]) -> Selection:
    """Choose the sentences to read; a source that the claim names and shares no word with is read from its start."""
    selection = select(pair.claim, pair.sentences, weights)
    if selection.positions or not pair.named:
        return selection
    first = tuple(range(min(SENTENCES, len(pair.sentences))))
    return replace(selection, positions=first, ranked=first)


def columns(
    support: float, contradict: float, similarity: float, words: int, leaning: tuple[float, float, float]
) -> tuple[float, ...]:
    """Arrange the numbers under COLUMNS. `words`: length of what was read; `leaning`: see `_Rules`."""
    length = math.log1p(words)
    near = (support * similarity, contradict * similarity)
    ruled_by = max(leaning[:2])
    last = (*leaning, support * ruled_by, contradict * ruled_by)
    return (support, contradict, length, support * length, contradict * length, *near, *last)


def _log_odds(
    model: CrossEncoder | None, texts: Sequence[tuple[str, str]], progress: Progress | None
) -> list[tuple[float, float]]:
    if model is None or not texts:
        return [(0.0, 0.0)] * len(texts)
    logits: Any = model.logits(texts, progress)
    rows = (logits[:, :2] - logits[:, 2:]).clip(-MAX_LOG_ODDS, MAX_LOG_ODDS).tolist()
    return [(row[0], row[1]) if all(map(math.isfinite, row)) else (0.0, 0.0) for row in rows]


@dataclass(frozen=True)
class _Rules:
    """Findings of the rules on the sentences of one document, or a table of itself.

    Rules read no rows of tables (17 of 33 right where `synth.evidence.tables` is silent).
    """

    sentences: Mapping[int, Judgement]
    together: Judgement | None = None  # what a rule says of several sentences as one text
    table: Stance = Stance.NOT_ENOUGH_INFO
    is_table: bool = False
    read: tuple[int, ...] = ()  # positions of the sentences, nearest to the claim first

    @property
    def decision(self) -> tuple[Stance, Grounds, tuple[int, ...]]:
        """The stance, on which grounds, and the positions that it rests on."""
        if self.table is not Stance.NOT_ENOUGH_INFO:
            return self.table, Grounds.TABLE, self.read
        stance, places = self._stance(lambda judgement: judgement.sure)
        if stance is not Stance.NOT_ENOUGH_INFO:
            return stance, Grounds.RULE, places
        elsewhere = bool(self.sentences) and all(is_elsewhere(judgement) for judgement in self.sentences.values())
        return stance, Grounds.CONDITION if elsewhere else Grounds.MODEL, ()

    @property
    def leaning(self) -> tuple[float, float, float]:
        """Three numbers of 1 or 0: a rule supports, contradicts, finds another qualifier in all sentences; no rule is
        sure.
        """
        stance, _ = self._stance(lambda judgement: True)
        qualified = bool(self.sentences) and all(
            judgement.reason == RuleCode.OTHER_QUALIFIER for judgement in self.sentences.values()
        )
        return float(stance is Stance.SUPPORT), float(stance is Stance.CONTRADICT), float(qualified)

    @property
    def reason(self) -> str:
        """Code of the judgement that decides or leans, else that of the nearest sentence."""
        stance = self.decision[0]
        if stance is Stance.NOT_ENOUGH_INFO:
            stance, _ = self._stance(lambda judgement: True)
        judgements = (self.together, *(self.sentences[i] for i in self.read if i in self.sentences))
        return next(
            (judgement.reason for judgement in judgements if judgement is not None and judgement.stance is stance), ""
        )

    def _stance(self, counts: Callable[[Judgement], bool]) -> tuple[Stance, tuple[int, ...]]:
        """Return the stance of the judgements that count, and the positions that it rests on.

        What the sentences say together goes first, unless one of them supports and another contradicts: a document
        that says both testifies against the claim.
        """
        alone = {
            stance: tuple(
                i
                for i in self.read
                if i in self.sentences and self.sentences[i].stance is stance and counts(self.sentences[i])
            )
            for stance in SIDES
        }
        decided = Stance.NOT_ENOUGH_INFO
        if self.together is not None and counts(self.together):
            decided = self.together.stance
        if all(alone.values()) or decided is Stance.NOT_ENOUGH_INFO:
            decided = next((stance for stance in SIDES if alone[stance]), Stance.NOT_ENOUGH_INFO)
        return decided, alone.get(decided) or self.read


def is_elsewhere(judgement: Judgement) -> bool:
    """Return True if a rule found that claim and passage speak of different conditions."""
    return judgement.method == "condition"


def _judged(pair: DocumentPair, near: Mapping[int, float], tables: TableReader | None) -> _Rules:
    read = tuple(sorted(near, key=lambda i: (-near[i], i)))
    claim = EvidenceClaim(0, pair.claim)

    def judged(text: str, cosine: float) -> Judgement:
        return judge_sentence(claim, text, max(cosine, NAMED) if pair.named else cosine, same_paper=pair.named)

    if near and tables is not None and (table := tables(pair.text, pair.claim)) is not None:
        return _Rules({}, None, table, is_table=True, read=read)
    judgements = {i: judged(pair.sentences[i], near[i]) for i in read}
    text = " ".join(pair.sentences[i] for i in sorted(read))
    together = judged(text, near[read[0]]) if len(read) > 1 else None
    return _Rules(judgements, together, read=read)


def _text(pair: DocumentPair, near: Mapping[int, float], rule: _Rules) -> str:
    """Give the stance model the chosen sentences in their order, less those that speak of another condition; of a table
    its head and the rows that share most with the claim.
    """
    if rule.is_table:
        return _shortened(pair.text, pair.claim)
    positions = [i for i in sorted(near) if not is_elsewhere(rule.sentences[i])] or sorted(near)
    return " ".join(pair.sentences[i] for i in positions)


def _shortened(table: str, claim: str) -> str:
    from synth.text.content import content_words

    lines = table.split("\n")
    if len(table) <= TABLE_CHARACTERS or len(lines) < 4:
        return table
    claim_words = frozenset(content_words(claim))
    head, body = lines[:2], lines[2:]
    shared = [len(frozenset(content_words(row)) & claim_words) for row in body]
    rows: list[int] = []
    room = TABLE_CHARACTERS - sum(map(len, head))
    for place in sorted(range(len(body)), key=lambda i: (-shared[i], i)):
        room -= len(body[place])
        if room < 0:
            break
        rows.append(place)
    return "\n".join([*head, *(body[i] for i in sorted(rows))])


def _similarities(
    pairs: Sequence[DocumentPair], chosen: Sequence[Selection], encoder: Encoder
) -> list[dict[int, float]]:
    """Return position → cosine to the claim of the chosen sentences; none where the document is not worth reading."""
    read = [
        selection.positions if pair.named or selection.together >= READ_FROM else ()
        for pair, selection in zip(pairs, chosen, strict=True)
    ]
    texts = [text for pair, own in zip(pairs, read, strict=True) if own for text in _beside(pair, own)]
    if not texts:
        return [{} for _ in pairs]
    distinct = list(dict.fromkeys(texts))
    vectors, row = encoder.encode(distinct), {text: number for number, text in enumerate(distinct)}
    return [
        {i: float(vectors[row[pair.sentences[i]]] @ vectors[row[pair.claim]]) for i in own}
        for pair, own in zip(pairs, read, strict=True)
    ]


def _beside(pair: DocumentPair, positions: Sequence[int]) -> list[str]:
    return [pair.claim, *(pair.sentences[i] for i in positions)]
