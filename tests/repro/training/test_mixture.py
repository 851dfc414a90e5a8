import pytest
import torch

from repro.languages.grammar import ENGLISH
from repro.tasks import Noise, source, task
from repro.tasks.common.loading import labels
from repro.training.heads import Heads, Layout, kind
from repro.training.loop import fit
from repro.training.mixture import SAMPLING_CAP, Mixture
from repro.training.schedule import Schedule

KINDS = ("mnli", "hellaswag", "squad1", "squad2", "ccg")


def prepared(model, tokenizer, realm, names, count=12, frozen=False):
    layouts, data = {}, {}
    for name in names:
        found = source(name, "generated").make(realm, ENGLISH, count, "train", Noise())
        layouts[name] = Layout(task(name).KIND, labels(task(name), found))
        data[name] = kind(layouts[name].kind).encode(found, tokenizer, 62, layouts[name].labels, training=True)
    return Heads(model, layouts, 1, frozen), layouts, data


@pytest.mark.parametrize("names", [*[(name,) for name in KINDS], ("mnli", "ccg")], ids="+".join)
def test_every_kind_of_task_can_be_learnt_by_heart(model, tokenizer, realm, names):
    heads, layouts, data = prepared(model, tokenizer, realm, names, 8)
    schedule = Schedule(steps=150 * len(names), batch=8, lr=1e-2)
    fit(heads, Mixture(heads, layouts, data, schedule, 1), schedule, seed=1)
    for name in names:
        assert kind(layouts[name].kind).measure(heads, name, data[name])[task(name).METRIC] > 0.8


def test_tasks_are_drawn_by_their_size_up_to_a_cap(model, tokenizer, realm):
    heads, layouts, _ = prepared(model, tokenizer, realm, ("mnli", "ccg"))

    class Many:
        def __init__(self, count):
            self.lengths = [5] * count

    sizes = {"mnli": Many(3 * SAMPLING_CAP), "ccg": Many(SAMPLING_CAP // 3)}
    mixture = Mixture(heads, layouts, sizes, Schedule(lr=1.0, batch=64), 1)
    drawn = [mixture.task_at(step) for step in range(2000)]
    assert 0.72 < drawn.count("mnli") / 2000 < 0.78
    # An epoch passes over as many examples as count: a third of the larger set.
    assert mixture.steps(1.0) == pytest.approx((SAMPLING_CAP + SAMPLING_CAP // 3) / 64, abs=2)


def test_a_share_of_the_steps_is_language_modelling(model, tokenizer, realm):
    heads, layouts, data = prepared(model, tokenizer, realm, ("mnli",))
    seen = []

    def text(step, part, parts):
        seen.append(step)
        return torch.zeros((), requires_grad=True)

    mixture = Mixture(heads, layouts, data, Schedule(lr=1.0, batch=4), 1, text, 0.4)
    for step in range(100):
        mixture(step, 0, 1)
    assert 30 < len(seen) < 50
    assert seen == [step for step in range(100) if not mixture.task_at(step)]


def test_shares_of_a_batch_have_all_its_examples(model, tokenizer, realm):
    heads, layouts, data = prepared(model, tokenizer, realm, ("mnli",))
    heads.eval()
    mixture = Mixture(heads, layouts, data, Schedule(lr=1.0, batch=4), 1)
    halves = [mixture(0, part, 2).item() for part in range(2)]
    assert sum(halves) / 2 == pytest.approx(mixture(0).item(), rel=1e-4)
    assert mixture(0, 7, 8).item() == 0.0  # more shares than examples


def test_a_frozen_encoder_does_not_change(model, tokenizer, realm):
    heads, layouts, data = prepared(model, tokenizer, realm, ("ccg",), frozen=True)
    before = {name: p.detach().clone() for name, p in heads.named_parameters()}
    schedule = Schedule(steps=5, batch=4, lr=1e-2)
    fit(heads, Mixture(heads, layouts, data, schedule, 1), schedule, seed=1)
    for name, p in heads.named_parameters():
        assert torch.equal(p, before[name]) == name.startswith("encoder")
