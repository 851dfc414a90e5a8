"""Key phrases of a question."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.sources import SourceSettings
from synth.sources.providers.arxiv import SOURCE
from synth.sources.question import MAX_TERMS, concepts, terms
from synth.text.lexicon import Lexicon
from tests.sources.networks import ask, lead, start


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (
            "Does scaling the size of the pretrained model mitigate the negative effects of typological distance when "
            "applying English intermediate-task training for cross-lingual sentence retrieval?",
            [
                "pretrained model",
                "typological distance",
                "intermediate-task training",
                "cross-lingual",
                "sentence retrieval",
            ],
        ),
        ("What is attention?", ["attention"]),
        ('Does "learning to rank" beat BM25?', ["learning to rank", "BM25"]),
        ("HOW DOES TRANSFER LEARNING HELP?", ["transfer learning"]),
        ("言語間転移に関する XLM-R の研究", ["XLM-R"]),
        ("類型論的距離は？", []),
        ("Übersetzung, Textähnlichkeit", ["Übersetzung", "Textähnlichkeit"]),
        ('(cross-lingual: AND transfer) OR NOT "zero-shot"', ["zero-shot", "cross-lingual", "transfer"]),
    ],
)
def test_terms(question, found):
    assert sorted(terms(question)) == sorted(found)


def test_a_term_brings_its_synonyms_and_no_spelling_twice():
    found = {first: others for first, *others in concepts("Does intermediate-task training help XLM-R on QA?")}
    assert found["intermediate-task training"] == ["intermediate training", "intermediate fine-tuning", "STILTs"]
    assert "XLM-RoBERTa" in found["XLM-R"]
    assert found["QA"] == ["question answering", "reading comprehension"]


def test_a_workspaces_own_lexicon_counts():
    own = Lexicon({"task": {"glacier melting": ["ice loss", "Glacier-Melting", "GM"]}})
    assert concepts("What is glacier melting?", own) == [("glacier melting", "ice loss")]


def test_a_long_text_is_answered_by_its_most_frequent_terms_at_once():
    text = " and ".join(f"the word{n} of typological distance" for n in range(400))
    before = time.perf_counter()
    found = terms(text[:20_000])
    assert time.perf_counter() - before < 1
    assert "typological distance" in found
    assert len(found) == MAX_TERMS


@given(st.text(max_size=300))
def test_whatever_is_asked_the_terms_are_few_and_carry_no_syntax(question):
    found = terms(question)
    assert len(found) <= MAX_TERMS
    assert all(term and not set(term) & set('":()[]{}\\\n\t') for term in found)
    if found:
        assert SOURCE.query(" ".join(found)).startswith("all:")


TYPED = "Does naïve Müller's co-training beat Tromsø's efficient fine-tuning?"


@pytest.mark.parametrize(
    "pasted",
    [
        unicodedata.normalize("NFD", TYPED),  # as macOS and some PDFs write letters: the accent is a sign of its own
        TYPED.replace("naï", "naï\u00ad").replace("train", "trai\u200bn"),
        TYPED.replace("-", "\u2010"),
        TYPED.replace("-", "\u2011"),
        TYPED.replace("'", "’"),
        TYPED.replace("ffi", "\ufb03").replace("fi", "\ufb01"),
    ],
    ids=["decomposed", "invisible", "hyphens", "other hyphens", "apostrophes", "ligatures"],
)
def test_a_pasted_question_has_the_terms_of_the_typed_one(pasted):
    assert pasted != TYPED
    assert terms(pasted) == terms(TYPED)
    assert terms(f'"{pasted}" and more') == terms(f'"{TYPED}" and more')
    assert any("Müller" in term for term in terms(pasted))


@pytest.mark.parametrize("name", ["arxiv", "openalex", "semanticscholar", "crossref"])
def test_a_query_is_composed_before_it_is_sent(name, monkeypatch):
    with start(name) as server:
        lead(name, server, monkeypatch.setenv)
        ask(name, SourceSettings(), limit=1, query=unicodedata.normalize("NFD", "Fréchet\u00adspaces"))
    assert {"Fréchetspaces"} <= set(server.seen[0].query.values())
