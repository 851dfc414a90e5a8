from hypothesis import given
from hypothesis import strategies as st

from synth.core.types import Prediction
from synth.evidence.naming import Naming
from synth.evidence.structure import NONE, correspond, phrases

BY_WORDS = Naming(lambda one, other: 0.0, {}, {})
DIRECTIONS = (
    "increase",
    "decrease",
    "no effect",
    "greater",
    "less",
    "equal",
    "best",
    "worst",
    "positive",
    "negative",
    "",
)


def held(one, other, naming=BY_WORDS):
    return correspond([one], [other], naming)


def test_the_same_effect_agrees_and_its_opposite_is_opposed():
    helps = Prediction("adversarial training", task="NLI", metric="robustness", direction="increase")
    hurts = Prediction("adversarial training", task="NLI", metric="robustness", direction="decrease")
    assert held(helps, helps).agree == 1.0
    assert held(helps, hurts).opposed == 1.0
    assert held(helps, hurts).agree == 0.0


def test_no_effect_denies_an_effect():
    helps = Prediction("tagging", task="parsing", direction="increase")
    nothing = Prediction("tagging", task="parsing", direction="no effect")
    assert held(helps, nothing).denied > 0.5
    assert not held(helps, nothing).opposed


def test_sides_of_a_comparison_may_be_exchanged():
    over = Prediction("subword models", "character models", task="translation", direction="greater")
    under = Prediction("character models", "subword models", task="translation", direction="less")
    against = Prediction("character models", "subword models", task="translation", direction="greater")
    assert held(over, under).agree == 1.0
    assert held(over, against).opposed == 1.0


def test_variables_of_a_correlation_may_be_exchanged():
    one = Prediction("typological similarity", metric="transfer accuracy", direction="positive")
    other = Prediction("transfer accuracy", metric="typological similarity", direction="positive")
    assert held(one, other).agree == 1.0


def test_less_error_is_more_accuracy():
    error = Prediction("back-translation", metric="translation error rate", direction="decrease")
    quality = Prediction("back-translation", metric="translation quality", direction="increase")
    assert held(error, quality).agree > 0.3
    assert held(error, quality).opposed == 0.0


def test_opposite_treatments_turn_the_direction():
    similar = Prediction("similar source languages", task="zero-shot transfer", direction="increase")
    distant = Prediction("distant source languages", task="zero-shot transfer", direction="decrease")
    assert held(similar, distant).agree > 0.5


def test_another_treatment_or_task_weakens_the_likeness():
    one = Prediction("adversarial training", task="NLI", direction="increase")
    another = Prediction("data augmentation", task="NLI", direction="increase")
    elsewhere = Prediction("adversarial training", task="speech recognition", direction="increase")
    assert held(one, another).agree == 0.0
    assert held(one, elsewhere).agree < held(one, one).agree


def test_scopes_that_differ_are_counted():
    here = Prediction("pruning", metric="accuracy", direction="decrease", scope={"languages": "German"})
    there = Prediction("pruning", metric="accuracy", direction="decrease", scope={"languages": "Hindi"})
    assert held(here, there).scope_apart == 1.0
    assert held(here, here).scope_apart == 0.0


def test_what_holds_under_a_condition_is_hardly_contradicted_by_what_does_not_state_it():
    over = Prediction("monolingual models", "multilingual models", direction="greater")
    alone = {"condition": "when no related source language exists"}
    under = Prediction("multilingual models", "monolingual models", direction="greater", scope=alone)
    against = Prediction("monolingual models", "multilingual models", direction="greater", scope=alone)
    assert held(over, under).opposed == held(against, under).opposed / 2
    assert held(over, against).agree == held(over, over).agree


def test_our_model_agrees_with_nobody_elses():
    ours = Prediction("our model", task="NLI", direction="greater")
    assert held(ours, ours).agree == 0.0
    assert held(ours, ours).own == 1.0
    assert held(ours, ours, Naming(lambda one, other: 0.0, {}, {}, same_paper=True)).agree == 1.0


def test_nothing_corresponds_to_nothing():
    assert correspond([], [Prediction("a", direction="increase")], BY_WORDS) == NONE


def test_phrases_are_those_that_are_compared():
    one = Prediction("pruning", "distillation", "NLI", "accuracy", "less")
    assert phrases([one]) == ("pruning", "distillation", "accuracy on NLI", "accuracy", "NLI")


WORDS = st.sampled_from(["", "our model", "pruning", "mBERT", "similar languages", "accuracy", "error rate"])
PREDICTIONS = st.builds(Prediction, WORDS, WORDS, WORDS, WORDS, st.sampled_from(DIRECTIONS))


@given(PREDICTIONS, PREDICTIONS)
def test_correspondence_is_symmetric_and_bounded(one, other):
    found, back = held(one, other), held(other, one)
    for a, b in ((found.agree, back.agree), (found.opposed, back.opposed), (found.denied, back.denied)):
        assert 0.0 <= a <= 1.0
        assert abs(a - b) < 1e-9
    assert sum(value > 0 for value in (found.agree, found.opposed, found.denied)) <= 1
