"""Masked language modelling (Devlin et al. 2019, §3.1; dynamic masking as in Liu et al. 2019)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from repro.models.tokenizer import PAD
from repro.models.xlmr import backbone, pad
from repro.training.loop import Batches, LossAt

if TYPE_CHECKING:
    from transformers import XLMRobertaForMaskedLM

SPECIALS = 4  # ids below this are special tokens


def corrupt(ids: Tensor, share: float, mask_id: int, vocabulary: int) -> tuple[Tensor, Tensor]:
    """Mask token ids and return (corrupted ids, chosen).

    Of the real tokens `share` are chosen; 80 % masked, 10 % random, 10 % left as they are.
    """
    chosen = (torch.rand(ids.shape) < share) & (ids >= SPECIALS)
    fate = torch.rand(ids.shape)
    corrupted = ids.clone()
    corrupted[chosen & (fate < 0.8)] = mask_id
    swapped = chosen & (fate >= 0.8) & (fate < 0.9)
    corrupted[swapped] = torch.randint(SPECIALS, vocabulary, ids.shape)[swapped]
    return corrupted, chosen


def mlm_loss(
    model: XLMRobertaForMaskedLM, rows: Sequence[Sequence[int]], batches: Batches, share: float, mask_id: int
) -> LossAt:
    """Return `loss_at` for `repro.training.loop.fit`.

    Only the chosen tokens are projected onto the vocabulary: the others have no loss.
    """

    def loss_at(step: int, part: int = 0, parts: int = 1) -> Tensor:
        share_of_batch = batches(step, part, parts)
        if not share_of_batch:  # a batch of fewer texts than there are shares
            return 0.0 * next(model.parameters()).sum()
        ids = pad([rows[i] for i in share_of_batch])
        corrupted, chosen = (t.to(model.device) for t in corrupt(ids, share, mask_id, model.config.vocab_size))
        ids = ids.to(model.device)
        hidden = backbone(model)(input_ids=corrupted, attention_mask=(ids != PAD).long()).last_hidden_state
        if not chosen.any():  # very short texts: the mean of no losses would be no number
            return 0.0 * hidden.sum()
        return functional.cross_entropy(model.lm_head(hidden[chosen]), ids[chosen])

    return loss_at
