"""`synth evaluate`: claims against a corpus, both in the SciFact format; predictions, and scores with labels."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from synth.core.errors import UsageError
from synth.core.progress import Progress, silent
from synth.core.settings import Settings
from synth.core.types import Stance
from synth.core.workspace import Workspace
from synth.eval.scifact import files
from synth.eval.scifact.consistency import check
from synth.eval.scifact.evaluation import Scores
from synth.eval.scifact.evaluation import evaluate as measured
from synth.eval.scifact.records import Claim, ClaimPrediction, CorpusDocument, DocumentPrediction
from synth.eval.scifact.scores import ABSTRACT_SENTENCES
from synth.evidence.document_judge import Judge, Opinion
from synth.evidence.documents import DocumentPair
from synth.evidence.passage_index import PassageIndex
from synth.models.encoder import Encoder
from synth.search.stance_models import judge_for
from synth.text.content import without_citation_marks

HEAD = 400  # characters of title and text whose meaning is encoded: what a document is about stands at its beginning


@dataclass(frozen=True)
class Request:
    """Files to read and to write. `cited`: judge the cited documents; else the `documents` best retrieved ones."""

    claims: Path
    corpus: Path
    out: Path = Path()
    cited: bool = False
    documents: int = 10


@dataclass(frozen=True)
class Answered:
    """Outcome of a judgement over files; `answers` in the order of the claims. `notes`: what a reader should know."""

    claims: list[Claim]
    corpus: dict[str, CorpusDocument]
    answers: list[ClaimPrediction]
    notes: list[str]


def answered(
    workspace: Workspace,
    settings: Settings,
    request: Request,
    progress: Progress = silent,
    judge: Judge | None = None,
) -> Answered:
    """Judge every claim by its candidate documents.

    What was encoded and read is cached in the workspace, so that an interrupted run goes on where it was. Raises
    UsageError for files that are not in the format or do not belong together.
    """
    claims, notes = files.read_claims(request.claims)
    corpus = files.read_corpus(request.corpus)
    notes += check(claims, corpus, cited=request.cited)
    encoder = Encoder(settings.encoder, cache=workspace.embeddings)
    with threads(settings.jobs):
        if request.cited:
            candidates = [[doc for doc in claim.cited or () if doc in corpus] for claim in claims]
        else:
            candidates = retrieved(claims, corpus, encoder, request.documents, progress)
        judge = judge or judge_for(settings, workspace, encoder)
        answers = _judged(claims, candidates, corpus, judge, request.cited, progress)
    return Answered(claims, corpus, answers, notes)


class Evaluation(TypedDict):
    """Evaluation as `synth evaluate --json` prints it; `scores` is None where the claims carry no labels."""

    claims: int
    documents: int
    cited: bool
    candidates: int
    supported: int
    contradicted: int
    out: str
    seconds: float
    notes: list[str]
    scores: Scores | None


def evaluate(
    workspace: Workspace,
    settings: Settings,
    request: Request,
    progress: Progress = silent,
    judge: Judge | None = None,
) -> Evaluation:
    """Judge every claim, write the predictions to `request.out`, and score them where claims have labels."""
    began = time.monotonic()
    _check_out(request)
    outcome = answered(workspace, settings, request, progress, judge)
    files.write_answers(request.out, outcome.answers)
    stances = [finding.stance for answer in outcome.answers for finding in answer.evidence.values()]
    progress("score", 0, 1)
    scores = measured(outcome.claims, outcome.answers, outcome.corpus)
    progress("score", 1, 1)
    notes = list(outcome.notes)
    if scores is not None and not request.cited:
        notes.append("A retrieved document that no annotator looked at counts as NOT_ENOUGH_INFO.")
    return {
        "claims": len(outcome.claims),
        "documents": len(outcome.corpus),
        "cited": request.cited,
        "candidates": sum(len(answer.confidence) for answer in outcome.answers),
        "supported": stances.count(Stance.SUPPORT),
        "contradicted": stances.count(Stance.CONTRADICT),
        "out": str(request.out),
        "seconds": round(time.monotonic() - began, 1),
        "notes": notes,
        "scores": scores,
    }


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Give the models so many threads while they read one after another in this process; then as before."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _check_out(request: Request) -> None:
    """Refuse before the work what would fail, or destroy an input, after it."""
    if request.out.is_dir():
        raise UsageError(f"{request.out} is a folder.", "Name a file for the predictions.")
    if any(request.out.resolve() == file.resolve() for file in (request.claims, request.corpus)):
        raise UsageError(f"{request.out} is also read.", "Name another file for the predictions.")


def retrieved(
    claims: Sequence[Claim], corpus: Mapping[str, CorpusDocument], encoder: Encoder, k: int, progress: Progress = silent
) -> list[list[str]]:
    """Return the ids of the `k` documents nearest to each claim.

    By words (all of them) and meaning (title and beginning).
    """
    ids = [doc for doc, document in corpus.items() if document.text]
    if not ids:
        return [[] for _ in claims]
    texts = [without_citation_marks(claim.text) for claim in claims]
    heads = [corpus[doc].text[:HEAD] for doc in ids]
    encoder.encode(heads + texts, lambda done, total: progress("encode", done, total))
    index = PassageIndex([(row, corpus[doc].text) for row, doc in enumerate(ids)], encoder, heads)
    documents = []
    for number, text in enumerate(texts, 1):
        documents.append([ids[hit.passage_id] for hit in index.rank(text, k)])
        progress("retrieve", number, len(texts))
    return documents


def _judged(
    claims: Sequence[Claim],
    candidates: Sequence[Sequence[str]],
    corpus: Mapping[str, CorpusDocument],
    judge: Judge,
    named: bool,
    progress: Progress,
) -> list[ClaimPrediction]:
    keys = [(row, doc) for row, docs in enumerate(candidates) for doc in docs]
    texts = [without_citation_marks(claim.text) for claim in claims]
    pairs = [DocumentPair(texts[row], corpus[doc].sentences, named, corpus[doc].title) for row, doc in keys]
    opinions = judge(pairs, lambda done, total: progress("judge", done, total)) if pairs else []
    by_claim: list[dict[str, Opinion]] = [{} for _ in claims]
    for (row, doc), opinion in zip(keys, opinions, strict=True):
        by_claim[row][doc] = opinion
    return [_answer(claim, findings) for claim, findings in zip(claims, by_claim, strict=True)]


def _answer(claim: Claim, opinions: Mapping[str, Opinion]) -> ClaimPrediction:
    findings = {
        doc: DocumentPrediction(opinion.stance, opinion.rationale[:ABSTRACT_SENTENCES])
        for doc, opinion in opinions.items()
        if opinion.stance is not Stance.NOT_ENOUGH_INFO
    }
    return ClaimPrediction(claim.id, findings, {doc: opinion.probabilities for doc, opinion in opinions.items()})
