import itertools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from repro.tasks import Answer, Span
from repro.tasks.common.answers import normalised
from repro.training.heads import Heads, Layout
from repro.training.heads.span import NOWHERE, best, encode, loss, measure

CONTEXT = "farmer grows ripe wheat in barn cook stirs hot soup"
SPAN = Span("farmer grows in barn", CONTEXT, (Answer(13, "ripe wheat"),))
NOTHING = Span("baker slices bread", CONTEXT, ())


def test_the_layout_of_a_row(tokenizer):
    data = encode([SPAN], tokenizer, 62)
    question, context = (tokenizer(t, add_special_tokens=False)["input_ids"] for t in (SPAN.question, CONTEXT))
    assert data.rows == tokenizer([SPAN.question], [CONTEXT])["input_ids"]
    assert data.rows[0][data.starts[0] : -1] == context
    assert data.starts == [len(question) + 3]
    assert data.text(0, *data.places[0]) == "ripe wheat"


words = st.lists(
    st.sampled_from(["farmer", "grows", "wheat", "qx", "zebra", "in", "Ελλάς", "a.b", "naïve"]), min_size=1
)


@settings(max_examples=60, deadline=None)
@given(words, st.data(), st.integers(12, 62), st.booleans())
def test_the_tokens_of_an_answer_give_back_its_text(tokenizer, found, data, limit, training):
    context = data.draw(st.sampled_from([" ", "  ", "\n"])).join(found)
    first = data.draw(st.integers(0, len(found) - 1))
    last = data.draw(st.integers(first, len(found) - 1))
    # Characters from the beginning of word `first` to the end of word `last`.
    ends = list(itertools.accumulate(len(word) for word in found))
    gap = (len(context) - ends[-1]) // max(1, len(found) - 1)
    start, end = ends[first] - len(found[first]) + gap * first, ends[last] + gap * last
    answer = Answer(start, context[start:end])
    encoded = encode([Span("farmer", context, (answer,))], tokenizer, limit, training=training)
    assert all(length <= limit for length in encoded.lengths)
    if encoded.rows and encoded.places[0] != (NOWHERE, NOWHERE):
        assert encoded.text(0, *encoded.places[0]) == answer.text
        assert (encoded.dropped, encoded.cut) == (0, 0)
    else:
        assert (encoded.dropped, encoded.cut) == ((1, 0) if training else (0, 1))


@given(st.integers(1, 5), st.integers(2, 9), st.integers(0, 10**6))
def test_the_best_span_is_the_best_of_all(longest, length, seed):
    logits = torch.randn(3, length, 2, generator=torch.Generator().manual_seed(seed))
    for n, (first, last) in enumerate(best(logits, longest)):
        pairs = [(NOWHERE, NOWHERE)] + [(i, j) for i in range(1, length) for j in range(i, min(length, i + longest))]
        top = max(pairs, key=lambda pair: (logits[n, pair[0], 0] + logits[n, pair[1], 1]).item())
        assert (first, last) == top


def test_training_moves_to_the_answer_and_evaluation_does_not(tokenizer):
    long = Span("cook", "farmer grows wheat " * 30 + "cook stirs soup", (Answer(19 * 30 + 11, "soup"),))
    learnt = encode([long], tokenizer, 20, training=True)
    assert learnt.text(0, *learnt.places[0]) == "soup"
    assert (learnt.lengths, learnt.dropped, learnt.cut) == ([20], 0, 0)
    judged = encode([long], tokenizer, 20)
    assert judged.places == [(NOWHERE, NOWHERE)]
    assert (judged.dropped, judged.cut, judged.decisions) == (0, 1, 1)


def test_an_answer_that_does_not_fit_is_dropped_and_counted(tokenizer):
    long = Span("cook", "farmer " * 60, (Answer(0, "farmer " * 59 + "farmer"),))
    data = encode([long, SPAN, NOTHING], tokenizer, 30, training=True)
    assert (len(data.rows), data.dropped) == (1, 2)  # and a task without "unanswerable" learns nothing from NOTHING
    data = encode([long, SPAN, NOTHING], tokenizer, 30, ("unanswerable",), training=True)
    assert (len(data.rows), data.dropped) == (2, 1)
    assert data.places[1] == (NOWHERE, NOWHERE)


def _heads(model, labels=()):
    return Heads(model, {"x": Layout("span", labels)}, 1)


def test_only_the_context_can_be_the_answer(model, tokenizer):
    heads = _heads(model)
    examples = [SPAN, Span("", CONTEXT, SPAN.answers), Span("who", "", ())]
    data = encode(examples, tokenizer, 62)
    found = measure(heads, "x", data)
    assert set(found) == {"f1", "exact"}
    assert found["f1"] >= 1 / 3  # the empty context has no answer, and none is given
    assert torch.isfinite(loss(heads, "x", encode(examples[:2], tokenizer, 62, training=True), [0, 1]))


def test_no_answer_can_be_said_only_where_the_task_has_it(model, tokenizer):
    for labels, expected in (((), 0.0), (("unanswerable",), 1.0)):
        heads = _heads(model, labels)
        with torch.no_grad():  # all stretches alike: the first token wins where it may
            heads.layers["x"].weight.zero_()
        assert measure(heads, "x", encode([NOTHING], tokenizer, 62, labels))["f1"] == expected


def test_f1_is_the_best_over_the_answers(model, tokenizer):
    heads = _heads(model)
    with torch.no_grad():
        heads.layers["x"].weight.zero_()
    # All stretches alike: the first token of the context is the answer.
    both = Span("x", CONTEXT, (Answer(7, "grows"), Answer(0, "farmer grows")))
    data = encode([both], tokenizer, 62)
    pieces = data.text(0, data.starts[0], data.starts[0])
    expected = 2 / 3 if normalised(pieces) == ["farmer"] else 0.0
    assert measure(heads, "x", data) == {"f1": pytest.approx(expected), "exact": 0.0}
