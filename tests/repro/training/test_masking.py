import torch

from repro.training.loop import Batches
from repro.training.masking import SPECIALS, corrupt, mlm_loss


def test_a_share_of_the_real_tokens_is_chosen_and_most_are_masked():
    torch.manual_seed(0)
    ids = torch.randint(SPECIALS, 100, (200, 50))
    ids[:, 0], ids[:, -1] = 0, 1
    corrupted, chosen = corrupt(ids, 0.3, mask_id=100, vocabulary=101)
    assert not chosen[ids < SPECIALS].any()
    assert 0.28 < chosen[:, 1:-1].float().mean() < 0.32
    assert torch.equal(corrupted[~chosen], ids[~chosen])
    assert 0.77 < (corrupted[chosen] == 100).float().mean() < 0.83
    assert 0.07 < (corrupted[chosen] == ids[chosen]).float().mean() < 0.13


def test_the_loss_is_that_of_the_whole_vocabulary_at_the_chosen_tokens(model):
    model.eval()
    rows = [[0, 10, 11, 12, 2], [0, 13, 14, 2]]
    batches = Batches([5, 4], 2, seed=1)
    torch.manual_seed(3)
    loss = mlm_loss(model, rows, batches, 0.5, mask_id=20)(0)
    torch.manual_seed(3)
    ids = torch.tensor([[*rows[i], *[1] * (5 - len(rows[i]))] for i in batches(0)])
    corrupted, chosen = corrupt(ids, 0.5, 20, model.config.vocab_size)
    labels = ids.masked_fill(~chosen, -100)
    reference = model(input_ids=corrupted, attention_mask=(ids != 1).long(), labels=labels).loss
    torch.testing.assert_close(loss, reference)


def test_shares_of_a_batch_are_the_batch(model):
    model.eval()
    rows = [[0, *range(10, 10 + n), 2] for n in range(3, 9)]
    batches = Batches([len(row) for row in rows], 4, seed=1)
    whole = batches(0)
    assert sorted(batches(0, 0, 2) + batches(0, 1, 2)) == sorted(whole)
    loss_at = mlm_loss(model, rows, batches, 0.5, mask_id=20)
    assert all(torch.isfinite(loss_at(0, part, 2)) for part in (0, 1))
