"""Titles derived from questions: noun phrases where the question is understood, else the question untouched."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.report.answer.titles import MAX_WORDS, title_of
from tests.report.questions import QUESTIONS

TITLES = (
    "Effect of Scaling the Size of the Pretrained Model on Negative Effects of Typological Distance",
    "Effect of Scaling the Diversity of English Intermediate Tasks on Zero-Shot Cross-Lingual Accuracy on Sentence "
    "Retrieval",
    "Correlation of Typological Distance with Zero-Shot Accuracy Degradation on XTREME-R Sentence Retrieval Tasks",
    "Effect of Typological Distance on Performance Improvements Gained from English Intermediate-Task Training in "
    "Multilingual Models",
    "Impact of Ensemble Methods on Zero-Shot Cross-Lingual Transfer Performance for Sentence Retrieval in XTREME-R",
)
UNDERSTOOD = (
    (
        "Does feeding the test teapot improve the accuracy of invented kettles?",
        "Effect of Feeding the Test Teapot on the Accuracy of Invented Kettles",
    ),
    (
        "Does intermediate-task training improve zero-shot transfer?",
        "Effect of Intermediate-Task Training on Zero-Shot Transfer",
    ),
    (
        "Does class size affect academic achievement in primary schools?",
        "Effect of Class Size on Academic Achievement in Primary Schools",
    ),
    (
        "Can retrieval augmentation reduce hallucinations in large language models?",
        "Effect of Retrieval Augmentation on Hallucinations in Large Language Models",
    ),
    (
        "Does multilingual pre-training help cross-lingual transfer to low-resource languages?",
        "Effect of Multilingual Pre-Training on Cross-Lingual Transfer to Low-Resource Languages",
    ),
    ("How does dropout affect calibration?", "Effect of Dropout on Calibration"),
    (
        "Do low-resource languages benefit from multilingual pretraining?",
        "Effect of Multilingual Pretraining on Low-Resource Languages",
    ),
    ("Does climate change affect crop yields?", "Effect of Climate Change on Crop Yields"),
    ("Do price limits reduce volatility in stock markets?", "Effect of Price Limits on Volatility in Stock Markets"),
    ("What is the effect of caffeine on sleep quality?", "Effect of Caffeine on Sleep Quality"),
    (
        "What are the effects of sleep deprivation on memory consolidation in adults?",
        "Effects of Sleep Deprivation on Memory Consolidation in Adults",
    ),
    ("What is the relationship between model size and robustness?", "Relationship between Model Size and Robustness"),
    (
        "Is there a correlation between typological distance and transfer accuracy?",
        "Correlation between Typological Distance and Transfer Accuracy",
    ),
    (
        "Is vitamin D deficiency associated with depression in older adults?",
        "Association of Vitamin D Deficiency with Depression in Older Adults",
    ),
    ("Is BERT better than XLNet for sentence retrieval?", "Comparison of BERT with XLNet for Sentence Retrieval"),
    ("Does LaBSE outperform LASER on Tatoeba?", "Comparison of LaBSE with LASER on Tatoeba"),
    (
        "How does XLM-R compare to mBERT on named entity recognition?",
        "Comparison of XLM-R with mBERT on Named Entity Recognition",
    ),
    (
        "How do CNNs and Transformers compare on image classification?",
        "Comparison of CNNs and Transformers on Image Classification",
    ),
    ("How do learning rate and batch size interact?", "Interaction of Learning Rate and Batch Size"),
    ("Does accuracy improve with model size?", "Effect of Model Size on Accuracy"),
    ("To what extent is zero-shot transfer affected by script?", "Effect of Script on Zero-Shot Transfer"),
    ("What role does attention play in machine translation?", "Role of Attention in Machine Translation"),
    ("What factors influence vaccine uptake in rural areas?", "Factors That Influence Vaccine Uptake in Rural Areas"),
    ("How accurate are self-reported food diaries?", "Accuracy of Self-Reported Food Diaries"),
    ("How robust is GPT-4 to adversarial prompts?", "Robustness of GPT-4 to Adversarial Prompts"),
    ("Does smoking cause lung cancer?", "Effect of Smoking on Lung Cancer"),
    ("Does early screening lead to lower mortality?", "Effect of Early Screening on Lower Mortality"),
    ("Does exercise help reduce anxiety in teenagers?", "Effect of Exercise on Anxiety in Teenagers"),
    ("Does exercise help to reduce anxiety?", "Effect of Exercise on Anxiety"),
    ("Does training without labels improve robustness?", "Effect of Training Without Labels on Robustness"),
    ("Does the increase in temperature affect coral reefs?", "Effect of the Increase in Temperature on Coral Reefs"),
    ("Does sentence length predict parsing accuracy?", "Prediction of Parsing Accuracy from Sentence Length"),
    ("Does syntactic knowledge transfer to unseen languages?", "Transfer of Syntactic Knowledge to Unseen Languages"),
    ("Do vision models generalize to sketches?", "Generalization of Vision Models to Sketches"),
    (
        "Does translation quality depend on the amount of parallel data?",
        "Dependence of Translation Quality on the Amount of Parallel Data",
    ),
    (
        "Does pretraining on code significantly improve mathematical reasoning?",
        "Effect of Pretraining on Code on Mathematical Reasoning",
    ),
    ("How does how we sample negatives affect retrieval?", "Effect of How We Sample Negatives on Retrieval"),
    ("Does data augmentation improve or degrade calibration?", "Effect of Data Augmentation on Calibration"),
    (
        "How effective is cognitive behavioural therapy for insomnia in veterans?",
        "Effectiveness of Cognitive Behavioural Therapy for Insomnia in Veterans",
    ),
    ("How do tariffs affect how firms invest?", "Effect of Tariffs on How Firms Invest"),
    ("what is the impact of remote work on productivity", "Impact of Remote Work on Productivity"),
    (
        "Do larger batches hurt generalization (as claimed for SGD)?",
        "Effect of Larger Batches on Generalization (as Claimed for SGD)",
    ),
    (
        "To what degree do tokenizers influence cross-lingual transfer?",
        "Effect of Tokenizers on Cross-Lingual Transfer",
    ),
    ("Does the impact of noise increase with depth?", "Effect of Depth on the Impact of Noise"),
    ("Does mBERT's vocabulary limit transfer to Chinese?", "Effect of mBERT's Vocabulary on Transfer to Chinese"),
    ("What is the state of the art in sentence retrieval?", "State of the Art in Sentence Retrieval"),
    ("What is the difference between BUCC and Tatoeba?", "Difference between BUCC and Tatoeba"),
    ("Does a model that can reduce noise improve accuracy?", "Effect of a Model That Can Reduce Noise on Accuracy"),
)
UNTOUCHED = (
    "Does performance degrade in low-resource settings?",
    "Does fine-tuning improve accuracy more than prompting?",
    "Does X improve Y and reduce Z?",
    "How can we reduce bias in word embeddings?",
    "Why do neural networks overfit?",
    "Which optimizer converges fastest?",
    "Should children learn to code?",
    "What is overfitting?",
    "Is attention all you need?",
    "Hat die Klassengröße einen Einfluss auf die Leistung?",
    "¿Mejora el entrenamiento multitarea la transferencia?",
    "Typological distance and transfer",
    "Does it improve accuracy?",
    "Does this improve it?",
    "Does A affect B? And C?",
    "How many languages does mBERT cover?",
    "Do word embeddings encode gender?",
    "Does pretraining on code not improve reasoning?",
    "Does drinking coffee without sugar reduce the risk of type 2 diabetes in adults who are older than s"
    "ixty years and live in cities of more than a million people?",
    "Does LoRA match full fine-tuning?",
    "Does multi-task training on all nine intermediate tasks perform better than training on one?",
    "Is multilingual training with more languages harmful for high-resource languages?",
    "Can we predict protein structure from sequence?",
    "Can machines think?",
    "Does RLHF make models less diverse?",
    "Are women more likely to survive than men after surgery?",
    "Does model A improve B, and if so, why?",
    "What is the best way to train a tokenizer?",
    "Does money change hands faster in crises?",
    "How can we reduce noise?",
    "翻訳の距離は精度に影響するか？",
    "typological distance",
)


@pytest.mark.parametrize(("question", "title"), list(zip(QUESTIONS, TITLES, strict=True)))
def test_the_questions_of_known_reports(question: str, title: str) -> None:
    assert title_of(question) == title


@pytest.mark.parametrize(("question", "title"), UNDERSTOOD)
def test_a_question_that_is_understood_gives_a_noun_phrase(question: str, title: str) -> None:
    assert title_of(question) == title
    assert title_of(f"  {question.rstrip('?')} ?\n") == title  # spaces and marks do not matter


@pytest.mark.parametrize("question", UNTOUCHED)
def test_a_question_that_is_not_sure_stays_as_it_is(question: str) -> None:
    assert title_of(question) == question


def test_a_negation_at_the_end_is_never_dropped() -> None:
    long = "the accuracy of very large multilingual sentence encoders trained on parallel text from many languages"
    title = title_of(f"Does training on translated data without any human revision of it improve {long}?")
    assert "without any" in title.lower()


def test_a_question_as_long_as_a_text_is_not_shortened() -> None:
    question = f"Does {'very ' * 1000}long text affect x?"
    assert title_of(question) == question.strip()


WORDS = st.lists(
    st.sampled_from(
        "the size of models improves accuracy on between and BERT without in zero-shot that reduce affect with a "
        "more than is correlated depend to not benefit from data when trained ( ) XTREME-R mBERT".split()
    ),
    min_size=1,
    max_size=40,
).map(" ".join)


@given(opening=st.sampled_from(["Does", "How does", "To what extent do", "What is the", "Is", "Can"]), rest=WORDS)
def test_no_title_invents_loses_case_or_runs_on(opening: str, rest: str) -> None:
    question = f"{opening} {rest}?"
    title = title_of(question)
    if title == question:
        return
    assert 0 < len(title.split()) <= MAX_WORDS
    own = set(
        "effect of on correlation with association comparison dependence prediction from transfer to accuracy".split()
    )
    asked = {word.lower() for word in re.findall(r"\w+", question)}
    assert {word.lower() for word in re.findall(r"\w+", title)} <= asked | own
    for acronym in ("BERT", "XTREME", "mBERT"):
        assert not re.search(rf"\b{acronym}\b", title, re.I) or re.search(rf"\b{acronym}\b", title)


@given(st.text(max_size=300))
def test_any_text_gives_a_title_on_one_line(question: str) -> None:
    assert "\n" not in title_of(question)
