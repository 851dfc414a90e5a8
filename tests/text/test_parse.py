from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.core.errors import SynthError
from synth.text.parsing import MAX_CHARACTERS, Parsed, Token, mask, parse, parser


def one(text: str) -> Parsed:
    (parsed,) = parse([text])
    return parsed


def token(parsed: Parsed, text: str) -> Token:
    return next(t for t in parsed.tokens if t.text == text)


def roles(text: str, verb: str) -> tuple[str, str]:
    """Subject and object of a verb, each as the text of its head."""
    parsed = one(text)
    governor = token(parsed, verb)
    subject = parsed.children(governor, "nsubj", "csubj", "nsubjpass")
    target = parsed.children(governor, "dobj")
    return subject[0].text if subject else "", target[0].text if target else ""


@pytest.mark.parametrize(
    ("text", "verb", "subject", "target"),
    [
        ("XLM-R outperforms mBERT by 14.6 points.", "outperforms", "XLM-R", "mBERT"),
        ("XLM-R Large beats BERT base on SQuAD v2.0.", "beats", "XLM-R Large", "BERT base"),
        ("RoBERTa (Liu et al., 2019) outperforms BERT [12].", "outperforms", "RoBERTa", "BERT"),
        ("LSTMs outperform CNNs (by a lot) on GLUE.", "outperform", "LSTMs", "CNNs"),
        ("GPT-2 achieves an F1 of 90.1±0.3 on CoNLL-2003.", "achieves", "GPT-2", "F1"),
    ],
)
def test_names_are_subjects_and_objects(text: str, verb: str, subject: str, target: str):
    assert roles(text, verb) == (subject, target)


def test_offsets_are_those_of_the_original():
    text = "XLM-R  Large (550M parameters; Conneau et al., 2020)\nimproves ~5.4 points over mBERT-based models."
    parsed = one(text)
    assert [t.index for t in parsed.tokens] == list(range(len(parsed.tokens)))
    for t in parsed.tokens:
        assert text[t.start : t.end] == t.text
    assert "Conneau" not in [t.text for t in parsed.tokens]
    assert {"improves", "5.4", "models"} <= {t.text for t in parsed.tokens}
    assert token(parsed, "mBERT").masked
    assert not token(parsed, "models").masked


def test_a_tree_can_be_walked():
    parsed = one("Our model improves accuracy on XNLI.")
    (root,) = parsed.roots
    assert root.text == "improves"
    assert parsed.head(root) is root
    assert [t.text for t in parsed.subtree(token(parsed, "on"))] == ["on", "XNLI"]
    assert [t.text for t in parsed.ancestors(token(parsed, "XNLI"))][-1] == "improves"


def test_batches_and_order_change_nothing():
    texts = [f"System {n} improves BLEU by {n}.5 points." for n in range(70)] + ["", "XNLI."]
    together = parse(texts)
    assert [p.text for p in together] == texts
    assert together[::-1] == parse(texts[::-1])
    assert together[3] == one(texts[3])


def test_what_is_no_sentence_gets_no_tokens():
    assert one("").tokens == one(" \n").tokens == one("a" * (MAX_CHARACTERS + 1)).tokens == ()


def test_a_missing_model_says_what_to_install():
    with pytest.raises(SynthError) as error:
        parse(["A sentence."], "no_such_model")
    assert "no_such_model" in error.value.what
    assert "python -m spacy download en_core_web_sm" in error.value.do


def test_missing_spacy_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(SynthError) as error:
        parser._load.__wrapped__("")
    assert "pip install spacy" in error.value.do


def test_a_broken_model_is_reported(tmp_path):
    (tmp_path / "config.cfg").write_text("[nlp]\nlang = 3\n")
    with pytest.raises(SynthError, match="cannot be loaded"):
        parse(["A sentence."], str(tmp_path))


def test_the_package_loads_no_parser():
    code = "import sys, synth.text.parsing; print('spacy' in sys.modules, 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_parsed_to_its_own_characters(text: str):
    for t in one(text).tokens:
        assert text[t.start : t.end] == t.text
        assert t.text


@pytest.mark.parametrize(
    "text",
    ["A-" * 1900, "(" * 3900, "[1, " * 900, "X(Y " * 900, "mBERT" * 700, " " * 3999 + "x", "1±" * 1900, "A1-B2/" * 600],
)
def test_masking_is_linear(text: str):
    begin = time.process_time()
    mask(text)
    assert time.process_time() - begin < 0.5
