"""Rules that miss the point of a task: what they score on dev examples is what a model has to beat."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from repro.tasks import Choice, Pair, Span, Tagged
from repro.tasks.common.answers import f1

LONGEST = 30  # words; longer texts count as one length


def pair(train: Sequence[Pair], dev: Sequence[Pair]) -> float:
    """Return dev accuracy of naive Bayes (add-one) over both lengths and the words of the second text, each alone.

    What hypothesis-only classifiers are for natural NLI data (Poliak et al. 2018).
    """
    labels = sorted({e.label for e in train})
    counts: dict[str, Counter[object]] = {label: Counter() for label in labels}
    for example in train:
        counts[example.label].update(_features(example))
    priors = Counter(e.label for e in train)
    sizes = {label: c.total() for label, c in counts.items()}
    kinds = len(set().union(*counts.values()))

    def score(features: list[object], label: str) -> float:
        likelihood = sum(math.log((counts[label][f] + 1) / (sizes[label] + kinds)) for f in features)
        return math.log(priors[label]) + likelihood

    right = 0
    for example in dev:
        features = _features(example)
        right += max(labels, key=lambda label: score(features, label)) == example.label
    return right / len(dev)


def _features(example: Pair) -> list[object]:
    second = example.second.split()
    return [("lengths", min(len(example.first.split()), LONGEST), min(len(second), LONGEST)), *second]


def choice(train: Sequence[Choice], dev: Sequence[Choice]) -> float:
    """Return dev accuracy of naive Bayes (add-one) over the words and the length of each choice, without the context.

    Or of guessing, if that is better.
    """
    right: Counter[object] = Counter()
    wrong: Counter[object] = Counter()
    for example in train:
        for i, text in enumerate(example.choices):
            (right if i == example.label else wrong).update(_of_choice(text))
    kinds = len(set(right) | set(wrong))
    total = right.total() + kinds, wrong.total() + kinds

    def score(text: str) -> float:
        return sum(math.log((right[f] + 1) / total[0]) - math.log((wrong[f] + 1) / total[1]) for f in _of_choice(text))

    hits = 0
    for example in dev:
        scores = [score(text) for text in example.choices]
        hits += scores.index(max(scores)) == example.label
    # Where wrong choices look better than right ones, guessing does better than this rule.
    return max(hits / len(dev), sum(1 / len(e.choices) for e in dev) / len(dev))


def _of_choice(text: str) -> list[object]:
    words = text.split()
    return [("length", min(len(words), LONGEST)), *words]


def span(train: Sequence[Span], dev: Sequence[Span]) -> float:
    """Return dev F1 of one answer for all, never looking at the question: the best on the training examples.

    Either no answer, or the whole context, or the words at the place in the context where most answers are.
    """
    places = Counter(place for e in train if e.answers and (place := _place(e)) is not None)
    rules: list[tuple[int, int] | None] = [None, (0, 10**9), *(place for place, _ in places.most_common(10))]
    sample = train[:: max(1, len(train) // 2000)]
    best = max(rules, key=lambda rule: sum(_by_rule(e, rule) for e in sample))
    return sum(_by_rule(e, best) for e in dev) / len(dev)


def _place(example: Span) -> tuple[int, int] | None:
    """Return (first word, number of words) of the first answer, by white space."""
    answer = example.answers[0]
    return len(example.context[: answer.start].split()), len(answer.text.split())


def _by_rule(example: Span, rule: tuple[int, int] | None) -> float:
    prediction = "" if rule is None else " ".join(example.context.split()[rule[0] : rule[0] + rule[1]])
    return max((f1(prediction, a.text) for a in example.answers), default=f1(prediction, ""))


def tagging(train: Sequence[Tagged], dev: Sequence[Tagged]) -> float:
    """Return dev accuracy of giving each word the tag it had most often, whatever stands around it.

    A word that was never seen gets the most usual tag of all.
    """
    seen: dict[str, Counter[str]] = {}
    for example in train:
        for word, tag in zip(example.words, example.tags, strict=True):
            seen.setdefault(word, Counter())[tag] += 1
    usual = {word: tags.most_common(1)[0][0] for word, tags in seen.items()}
    default = sum(seen.values(), Counter[str]()).most_common(1)[0][0]
    pairs = [(usual.get(w, default), tag) for e in dev for w, tag in zip(e.words, e.tags, strict=True)]
    return sum(guess == tag for guess, tag in pairs) / len(pairs)
