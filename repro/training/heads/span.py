"""A stretch of a context as the answer: logits for its first and its last token (Devlin et al. 2019, §4.2 and 4.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from repro.models.encoder import in_batches
from repro.tasks import Answer, Span
from repro.tasks.common.answers import exact, f1
from repro.training.heads import CHARACTERS_PER_TOKEN, TOKENIZED_AT_ONCE, Data, Heads

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

MAX_ANSWER = 30  # tokens, as in the published evaluation of BERT
NOWHERE = 0  # the first token stands for "no answer"
SPECIALS = 4  # <s> question </s></s> context </s>


@dataclass(frozen=True)
class Spans(Data):
    """Token ids; where the context begins; each of its tokens' characters; and the answer's first and last token.

    `nowhere`: whether the head may say that there is no answer. `cut`: answers beyond the tokens that are read.
    """

    rows: list[list[int]]
    starts: list[int]
    offsets: list[list[tuple[int, int]]]
    places: list[tuple[int, int]]
    examples: list[Span]
    nowhere: bool
    dropped: int = 0
    cut: int = 0

    def text(self, i: int, first: int, last: int) -> str:
        """Return the text from token `first` to token `last` of example `i`; "" at NOWHERE."""
        if first == NOWHERE:
            return ""
        own, begin = self.offsets[i], self.starts[i]
        return self.examples[i].context[own[first - begin][0] : own[last - begin][1]].strip()


def width(labels: Sequence[str]) -> int:
    return 2


def encode(
    examples: Sequence[Span],
    tokenizer: PreTrainedTokenizerFast,
    limit: int,
    labels: Sequence[str] = (),
    training: bool = False,
) -> Spans:
    """Return the question, cut to half of `limit`, and as much of the context's beginning as fits.

    In training what is read of a long context is moved to where the answer is; an example whose answer does not fit
    even so is left out, as is one without an answer where `labels` does not name "unanswerable". Otherwise only the
    beginning is read, and an answer beyond it cannot be found.
    """
    data = Spans([], [], [], [], [], "unanswerable" in labels)
    dropped = cut = 0
    for start in range(0, len(examples), TOKENIZED_AT_ONCE):
        part = examples[start : start + TOKENIZED_AT_ONCE]
        questions = tokenizer([e.question[: limit * CHARACTERS_PER_TOKEN] for e in part], add_special_tokens=False)
        contexts = tokenizer([e.context for e in part], add_special_tokens=False, return_offsets_mapping=True)
        for n, example in enumerate(part):
            question = questions["input_ids"][n][: limit // 2]
            ids, offsets = contexts["input_ids"][n], [(a, b) for a, b in contexts["offset_mapping"][n]]
            place = tokens_of(example.answers[0], offsets) if example.answers else None
            room = limit - SPECIALS - len(question)
            first = _window(place, len(ids), room) if training and place else 0
            inside = place is not None and first <= place[0] and place[1] < first + room
            if training and not inside and (example.answers or not data.nowhere):
                dropped += 1
                continue
            cut += bool(example.answers) and not inside
            begin = len(question) + 3
            start_id, end_id = tokenizer.bos_token_id, tokenizer.eos_token_id
            data.rows.append([start_id, *question, end_id, end_id, *ids[first : first + room], end_id])
            data.starts.append(begin)
            data.offsets.append(offsets[first : first + room])
            shift = begin - first
            data.places.append((place[0] + shift, place[1] + shift) if place and inside else (NOWHERE, NOWHERE))
            data.examples.append(example)
    return Spans(
        data.rows, data.starts, data.offsets, data.places, data.examples, data.nowhere, dropped=dropped, cut=cut
    )


def tokens_of(answer: Answer, offsets: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Return the first and the last token that have a character of the answer; None if none has."""
    end = answer.start + len(answer.text)
    tokens = [i for i, (a, b) in enumerate(offsets) if a < end and b > answer.start and b > a]
    return (tokens[0], tokens[-1]) if tokens else None


def _window(place: tuple[int, int], count: int, room: int) -> int:
    """Return the first token that is read of a context of `count`, with the answer in the middle."""
    if place[1] < room:
        return 0
    middle = (place[0] + place[1]) // 2
    return max(0, min(middle - room // 2, count - room))


def _logits(heads: Heads, name: str, data: Spans, chosen: Sequence[int]) -> Tensor:
    """Compute (examples, longest, 2); minus infinity wherever an answer can neither begin nor end."""
    hidden = heads([data.rows[i] for i in chosen])
    logits = heads.layers[name](hidden).float()
    allowed = torch.zeros(logits.shape[:2], dtype=torch.bool)
    for n, i in enumerate(chosen):
        allowed[n, data.starts[i] : data.starts[i] + len(data.offsets[i])] = True
        # Where nothing else is there to point to (an empty context), the first token is the only way out.
        allowed[n, NOWHERE] = data.nowhere or not data.offsets[i]
    masked: Tensor = logits.masked_fill(~allowed.unsqueeze(-1).to(logits.device), -torch.inf)
    return masked


def loss(heads: Heads, name: str, data: Spans, chosen: Sequence[int]) -> Tensor:
    """Return the mean cross-entropy of the first and the last token."""
    logits = _logits(heads, name, data, chosen)
    places = torch.tensor([data.places[i] for i in chosen], device=heads.device)
    both = [functional.cross_entropy(logits[..., side], places[:, side]) for side in (0, 1)]
    return (both[0] + both[1]) / 2


def best(logits: Tensor, longest: int = MAX_ANSWER) -> list[tuple[int, int]]:
    """Return the tokens (first, last) of the highest sum of logits (examples, length, 2).

    first ≤ last < first + longest.

    NOWHERE goes with itself only: an answer that begins there ends there.
    """
    first, last = logits[..., 0].clone(), logits[..., 1]
    nowhere = first[:, NOWHERE] + last[:, NOWHERE]
    first[:, NOWHERE] = -torch.inf
    top = nowhere
    place = torch.zeros(len(logits), 2, dtype=torch.long, device=logits.device)
    for more in range(min(longest, logits.shape[1])):
        score, begin = (first[:, : logits.shape[1] - more] + last[:, more:]).max(1)
        better = score > top
        top = torch.where(better, score, top)
        place[better] = torch.stack([begin, begin + more], 1)[better]
    return [(a, b) for a, b in place.tolist()]


@torch.inference_mode()
def measure(heads: Heads, name: str, data: Spans) -> dict[str, float]:
    """Return F1 and exact match as SQuAD counts them: the best over an example's answers, then the mean."""
    heads.eval()
    total = {"f1": 0.0, "exact": 0.0}
    for chosen in in_batches(data.lengths, heads.device):
        for i, (first, last) in zip(chosen, best(_logits(heads, name, data, chosen)), strict=True):
            prediction = data.text(i, first, last)
            answers = [answer.text for answer in data.examples[i].answers] or [""]
            total["f1"] += max(f1(prediction, answer) for answer in answers)
            total["exact"] += max(exact(prediction, answer) for answer in answers)
    return {metric: value / data.decisions for metric, value in total.items()}
