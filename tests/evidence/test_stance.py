"""What the rules say on sentences written for the purpose, and what they must never say."""

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.core.types import Prediction, Stance
from synth.evidence.passages.findings import RuleCode
from synth.evidence.passages.stance import judge

S, C, N = Stance.SUPPORT, Stance.CONTRADICT, Stance.NOT_ENOUGH_INFO


def stance(claim, passage, similarity=0.92, same_paper=True, predictions=()):
    claim = SimpleNamespace(text=claim, predictions=predictions)
    return judge(claim, passage, similarity, same_paper=same_paper)


NUMBERS = [
    ("XLM-R improves XNLI accuracy by 14.6 points over mBERT.", "On XNLI, XLM-R is 14.6 points above mBERT.", S),
    ("XLM-R improves XNLI accuracy by 14.6 points over mBERT.", "XLM-R improves XNLI accuracy by 14.6% over mBERT.", S),
    ("XLM-R reaches 80.9% accuracy on XNLI.", "XLM-R obtains an accuracy of 80.9 on XNLI.", S),
    ("XLM-R reaches 80.9% accuracy on XNLI.", "XLM-R reaches an accuracy of 80.88% on XNLI.", S),
    ("MNLI contains 392,702 training examples.", "The MNLI task contains 392,702 training examples.", S),
    ("MNLI contains 392,702 training examples.", "MNLI contains 392,703 training examples.", C),
    ("MNLI contains 392,702 training examples.", "MNLI contains 393k training examples.", S),
    ("XLM-R reaches 80.9% accuracy on XNLI.", "XLM-R reaches 79.2% accuracy on XNLI.", C),
    ("XLM-R reaches 80.9% accuracy on XNLI.", "XLM-R reaches 79.2% accuracy on MLQA.", N),
    ("XLM-R reaches 80.9% accuracy on XNLI.", "mBERT reaches 79.2% accuracy on XNLI.", N),
    ("XLM-R reaches 80.9% accuracy on XNLI.", "XLM-R Base reaches 79.2% accuracy on XNLI.", N),
    ("XLM-R reaches 80.9% accuracy on XNLI.", "XLM-R improves accuracy by 79.2% on XNLI.", N),
    ("XLM-R reaches 80.9% accuracy on the XNLI test set.", "XLM-R reaches 81.4% accuracy on the XNLI dev set.", N),
    ("XLM-R gains nearly 15 points on XNLI.", "XLM-R gains 14.6 points on XNLI.", S),
    ("XLM-R gains 14.6 points on XNLI.", "XLM-R does not gain 14.6 points on XNLI.", C),
    ("XLM-R gains 14.6 points on XNLI.", "XLM-R drops by 14.6 points on XNLI.", C),
    ("SQuAD and MNLI yield gains of 8.2 and 7.5 points.", "SQuAD and MNLI yield gains of 8.2 and 7.5 points each.", S),
    ("SQuAD and MNLI yield gains of 8.2 and 7.5 points.", "SQuAD and MNLI yield gains of 7.5 and 8.2 points.", C),
    ("SQuAD and MNLI yield gains of 8.2 and 7.5 points.", "SQuAD yields a gain of 8.2 points over MNLI.", N),
    ("The shared task of 2017 on CoNLL drew 33 teams.", "The shared task of 2018 on CoNLL drew 25 teams.", N),
]
DIRECTIONS = [
    (
        "Intermediate training improves sentence retrieval.",
        "Intermediate training greatly improves sentence retrieval.",
        S,
    ),
    ("Intermediate training improves sentence retrieval.", "Intermediate training hurts sentence retrieval.", C),
    (
        "Intermediate training improves sentence retrieval.",
        "Intermediate training does not improve sentence retrieval.",
        C,
    ),
    (
        "Intermediate training improves sentence retrieval.",
        "We ask whether intermediate training improves retrieval.",
        N,
    ),
    (
        "Intermediate training improves sentence retrieval.",
        "Intermediate training hurts sentence retrieval for Swahili.",
        N,
    ),
    ("Intermediate training improves sentence retrieval.", "Larger vocabularies improve sentence retrieval.", N),
    ("XLM-R outperforms mBERT on retrieval.", "mBERT outperforms XLM-R on retrieval.", C),
    ("XLM-R outperforms mBERT on retrieval.", "XLM-R was clearly outperformed by mBERT on retrieval.", C),
    ("XLM-R outperforms mBERT on retrieval.", "mBERT was outperformed by XLM-R on retrieval.", S),
    ("XLM-R outperforms mBERT on retrieval.", "mBERT underperforms XLM-R on retrieval.", S),
    ("XLM-R outperforms mBERT on retrieval.", "XLM-R outperforms mBERT on parsing of German.", N),
]


@pytest.mark.parametrize(("claim", "passage", "expected"), NUMBERS + DIRECTIONS)
def test_cases(claim, passage, expected):
    found = stance(claim, passage)
    assert found.stance is expected, found.note


def test_the_note_says_what_differs():
    note = stance("XLM-R reaches 80.9% accuracy on XNLI.", "XLM-R reaches 79.2% accuracy on MLQA.").note
    assert "80.9 against 79.2" in note
    assert "different task" in note
    assert "XNLI" in note
    assert "MLQA" in note


def test_our_method_is_another_one_in_every_paper():
    claim = "Our method improves XNLI accuracy by 14.6 points over mBERT."
    passage = "Our approach improves XNLI accuracy by 14.6 points over mBERT."
    assert stance(claim, passage, same_paper=True).stance is S
    assert stance(claim, passage, same_paper=False).stance is N


def test_frames_do_not_matter():
    claim = "We find that XLM-R reaches 80.9% accuracy on XNLI."
    assert stance(claim, "Our results show that XLM-R reaches 80.9% accuracy on XNLI.", same_paper=False).stance is S


def test_unrelated_texts_are_not_compared():
    assert stance("XLM-R reaches 80.9% on XNLI.", "XLM-R reaches 70.1% on XNLI.", similarity=0.2).stance is N


def test_predictions_say_which_number_is_measured():
    claim = "With 12 layers, XLM-R reaches 80.9% accuracy on XNLI."
    passage = "XLM-R reaches an accuracy of 80.9% on XNLI with all layers."
    assert stance(claim, passage).stance is N
    assert stance(claim, passage, predictions=(Prediction(value=80.9, unit="%"),)).stance is S


values = st.decimals(min_value=20, max_value=95, places=1).map(float)


@given(values, values)
def test_same_sentence_with_two_numbers(a, b):
    claim, passage = (f"XLM-R reaches {v}% accuracy on the XNLI benchmark." for v in (a, b))
    assert stance(claim, passage).stance is (S if a == b else C)


@given(values, values, st.sampled_from(["mBERT", "MLQA", "Swahili", "German"]))
def test_another_name_is_never_a_contradiction(a, b, name):
    claim = f"XLM-R reaches {a}% accuracy on XNLI."
    passage = f"XLM-R reaches {b}% accuracy on XNLI for {name}."
    assert stance(claim, passage).stance is not C


@given(st.text(max_size=300), st.text(max_size=300), st.floats(-1, 1))
def test_any_text_is_judged_and_the_confidence_is_a_probability(claim, passage, similarity):
    found = stance(claim, passage, similarity)
    assert 0 < found.confidence < 1
    assert found.method


@settings(deadline=None, max_examples=30)
@given(st.text(min_size=1, max_size=100))
def test_long_texts_end(text):
    assert stance(text * 200, (text + "1.5% ") * 200).method


OUTSIDE = [
    # One printed number confirms one number of the claim.
    ("It has 30 films from the ages of 15 to 30.", "It has some 30 films from the years of training.", N),
    # What one step of arithmetic gives is not contradicted by the numbers that it is made of.
    ("216 chairs stand in the hall.", "The chairs stand in 27 rows with 8 chairs in each row of the hall.", N),
    ("217 chairs stand in the hall.", "216 chairs stand in the hall.", C),
    # A denial beside the number.
    ("Two of the boys are wearing hats.", "Two of the boys are not wearing hats.", N),
    ("Recall was higher than precision.", "It obtains almost 90% precision and 80% recall.", C),
    (
        "The largest advantage over fine-tuning is smaller than that over the baseline.",
        "It improves translation by up to 2.9 BLEU points over the baseline and up to 3.2 BLEU over fine-tuning.",
        C,
    ),
]


@pytest.mark.parametrize(("claim", "passage", "expected"), OUTSIDE)
def test_numbers_that_only_seem_to_speak(claim, passage, expected):
    assert stance(claim, passage).stance is expected


@pytest.mark.parametrize(
    ("claim", "passage", "sure"),
    [
        ("XLM-R reaches 80.9% accuracy on XNLI.", "XLM-R obtains an accuracy of 80.9 on XNLI.", True),
        ("Pruned and quantised, XLM-R reaches 80.9% on XNLI.", "XLM-R obtains an accuracy of 80.9 on XNLI.", False),
        ("XLM-R reaches 80.9% accuracy on XNLI.", "XLM-R reaches 79.2% accuracy on XNLI.", True),
        (
            "XLM-R reaches 80.9% accuracy on XNLI.",
            "After three rounds of pruning with distilled teachers from several runs, XLM-R reaches 79.2% on XNLI.",
            False,
        ),
    ],
)
def test_a_rule_is_sure_where_the_passage_says_all_else_of_the_claim(claim, passage, sure):
    found = stance(claim, passage)
    assert found.stance is not N
    assert found.sure is sure


def test_only_names_of_one_kind_are_a_condition_that_no_model_overrules():
    named = stance("XLM-R reaches 80.9% accuracy on XNLI.", "XLM-R reaches 79.2% accuracy on MLQA.")
    qualified = stance("The risk of stroke fell by 12%.", "The risk of heart disease fell by 12%.")
    assert (named.stance, named.method, named.sure) == (N, "condition", True)
    assert (qualified.stance, qualified.method, qualified.sure) == (N, "abstain", False)
    assert qualified.reason == RuleCode.OTHER_QUALIFIER


def test_a_data_set_is_no_other_condition_than_its_task():
    found = stance(
        "XLM-R reaches 80.9% accuracy on XNLI.", "XLM-R has an accuracy of 79.2% in named entity recognition."
    )
    assert found.method != "condition"
    other = stance("XLM-R reaches 80.9% accuracy on XNLI.", "XLM-R has an accuracy of 79.2% on MLQA.")
    assert other.method == "condition"


def test_a_task_that_asks_whether_leaves_nothing_open():
    claim = "Simple models reduce the error by up to 21%."
    told = stance(claim, "Simple models can predict whether a paper is accepted with up to 21% error reduction.")
    asked = stance(claim, "We ask whether simple models reduce the error by up to 21%.")
    assert (told.reason == RuleCode.HYPOTHETICAL, asked.reason == RuleCode.HYPOTHETICAL) == (False, True)
