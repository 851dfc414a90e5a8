"""Claim by claim: the passages that may speak to it, what each says, and whose words they are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from synth.evidence.calibration import table
from synth.evidence.conditions import scope
from synth.evidence.index import Hit, PassageIndex
from synth.evidence.numeric import agreeing_part, measured_values
from synth.evidence.relation import Evidence, Relation, relate
from synth.evidence.sentence import Sentence, read
from synth.evidence.stance import judge
from synth.lexicon import Lexicon
from synth.types import PassageKind, Prediction, Stance

if TYPE_CHECKING:
    from synth.evidence.encoder import Encoder
    from synth.evidence.reader import Reader

CANDIDATES = 20  # passages judged per claim
TOGETHER = "with the other passages of this paper, every number of the claim"  # in the note of each of them
UNDECIDED = 3  # of those that decide nothing, how many are kept to be shown


@dataclass(frozen=True)
class Claim:
    """A claim to be judged. `sources`: ids of the passages it was read from; `papers`: ids of their papers."""

    id: int
    text: str
    predictions: tuple[Prediction, ...] = ()
    sources: frozenset[int] = frozenset()
    papers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Candidate:
    """A passage of the search. Cells are not judged: a bare number without its sentence agrees by chance."""

    id: int
    paper: int
    text: str
    kind: PassageKind = PassageKind.SENTENCE


def gather(
    claims: Sequence[Claim],
    passages: Sequence[Candidate],
    encoder: Encoder,
    *,
    done: Collection[int] = (),
    k: int = CANDIDATES,
    progress: Callable[[int, int], None] | None = None,
    lexicon: Lexicon | None = None,
    reader: Reader | None = None,
) -> Iterator[tuple[int, list[Evidence]]]:
    """(claim id, its evidence, most telling first) for every claim whose id is not in `done`, one at a time.

    A claim's own passages are never among its evidence. The texts of all passages and claims are encoded first
    (`progress(done, total)` follows that); nothing else is kept between claims, so the caller may commit each one.
    `lexicon`: the names to know, the packaged ones by default. `reader`: the stance model, asked about what the rules
    leave open.
    """
    waiting = [claim for claim in claims if claim.id not in done]
    spoken = [p for p in passages if p.kind is not PassageKind.CELL and p.text.strip()]
    if not waiting:
        return
    if spoken:
        encoder.encode([p.text for p in spoken] + [c.text for c in waiting], progress)
    index = PassageIndex([(p.id, p.text) for p in spoken], encoder) if spoken else None
    by_id = {p.id: p for p in spoken}
    for claim in waiting:
        hits = index.rank(claim.text, k, exclude=claim.sources) if index else []
        rows = [_row(claim, by_id[hit.passage_id], hit, lexicon) for hit in hits]
        texts = {row.passage_id: by_id[row.passage_id].text for row in rows}
        rows = _joined(claim, rows, texts, lexicon)
        yield claim.id, _worth_keeping(_read(claim, rows, texts, lexicon, reader) if reader else rows)


def _row(claim: Claim, passage: Candidate, hit: Hit, lexicon: Lexicon | None) -> Evidence:
    same_paper = passage.paper in claim.papers
    found = judge(claim, passage.text, hit.similarity, same_paper=same_paper, lexicon=lexicon)
    return Evidence(
        passage_id=passage.id,
        paper=passage.paper,
        stance=found.stance,
        confidence=found.confidence,
        method=found.method,
        note=found.note,
        relation=relate(claim.text, passage.text, same_paper=same_paper),
        similarity=hit.similarity,
        score=hit.score,
    )


def _joined(
    claim: Claim, rows: Sequence[Evidence], texts: Mapping[int, str], lexicon: Lexicon | None
) -> list[Evidence]:
    """Rows in which passages of the claim's own paper that confirm all its numbers together count as support.

    Each confirms a part only; the report of a paper spreads over sections what its abstract says in one sentence.
    """
    said = read(claim.text, lexicon)
    parts = {
        row.passage_id: part
        for row in rows
        if row.stance is Stance.NOT_ENOUGH_INFO and row.relation is Relation.SAME_PAPER and row.method != "unrelated"
        if (part := agreeing_part(said, read(texts[row.passage_id], lexicon), claim.predictions))
    }
    if not parts or frozenset().union(*parts.values()) < measured_values(said, claim.predictions):
        return list(rows)
    chance = {row.passage_id: table().chance_right(Stance.SUPPORT, row.similarity) for row in rows}
    return [
        replace(
            row,
            stance=Stance.SUPPORT,
            method="numeric",
            confidence=chance[row.passage_id],
            note=f"confirms {', '.join(f'{v:g}' for v in sorted(parts[row.passage_id]))}; {TOGETHER}",
        )
        if row.passage_id in parts
        else row
        for row in rows
    ]


def _read(
    claim: Claim, rows: Sequence[Evidence], texts: Mapping[int, str], lexicon: Lexicon | None, reader: Reader
) -> list[Evidence]:
    """Rows on which the rules are silent as the stance model reads them, where both speak of the same thing."""
    said = read(claim.text, lexicon)
    waiting = [row for row in rows if row.method == "abstain" and not row.note]
    elsewhere = {row.passage_id: note for row in waiting if (note := _elsewhere(said, row, texts, lexicon))}
    asked = [row for row in waiting if row.passage_id not in elsewhere]
    told = reader.opinions(claim.text, [texts[row.passage_id] for row in asked], [row.similarity for row in asked])
    found = {row.passage_id: opinion for row, opinion in zip(asked, told, strict=True)}

    def again(row: Evidence) -> Evidence:
        if row.passage_id in elsewhere:
            return replace(row, method="condition", note=elsewhere[row.passage_id])
        if row.passage_id not in found:
            return row
        stance, chance = found[row.passage_id]
        return replace(row, stance=stance, method="model", confidence=chance)

    return [again(row) for row in rows]


def _elsewhere(said: Sentence, row: Evidence, texts: Mapping[int, str], lexicon: Lexicon | None) -> str:
    """Why the passage is not about what the claim is about. Another paper has to name what the claim names."""
    passage = read(texts[row.passage_id], lexicon)
    lacking = sorted(said.names - passage.names) if row.relation is not Relation.SAME_PAPER else []
    return scope(said, passage) or (f"the passage does not name {', '.join(lacking)}" if lacking else "")


def _worth_keeping(rows: Sequence[Evidence]) -> list[Evidence]:
    """Every passage that decides something, then the few best of the others, those with a reason first."""
    decided = [row for row in rows if row.stance is not Stance.NOT_ENOUGH_INFO]
    undecided = [row for row in rows if row.stance is Stance.NOT_ENOUGH_INFO and row.method != "unrelated"]
    decided.sort(key=lambda row: (-row.confidence, -row.score))
    undecided.sort(key=lambda row: (not row.note, -row.score))
    return decided + undecided[:UNDECIDED]
