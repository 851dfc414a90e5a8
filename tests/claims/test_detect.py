from __future__ import annotations

import random
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth.claims import find_claims, is_measurable, load_lexicon, predictions
from synth.core.types import ClaimDraft, PassageKind
from tests.claims.helpers import labelled, passage

GAIN = "Our model improves accuracy on XNLI by 3 points over mBERT."


def texts(claims: list[ClaimDraft]) -> list[str]:
    return [claim.text for claim in claims]


@pytest.mark.parametrize("section", ["related work", "acknowledgements", "references", "appendix", "limitations", ""])
def test_no_claims_from_these_sections(section: str):
    assert find_claims([passage(GAIN, section)]) == []


@pytest.mark.parametrize(
    "section", ["abstract", "introduction", "results", "experiments", "analysis", "conclusion", "other"]
)
def test_claims_from_these(section: str):
    assert texts(find_claims([passage(GAIN, section)])) == [GAIN]


def test_cells_are_no_claims():
    assert find_claims([passage(GAIN, kind=PassageKind.CELL)]) == []


def test_in_an_abstract_what_comes_before_the_authors_speak_is_background():
    result = "Intermediate training improves accuracy on retrieval tasks."
    own = "We train nine models on English tasks."
    assert find_claims([passage(result, "abstract", 0)]) == []
    before = [passage(result, "abstract", 0), passage(own, "abstract", 1)]
    after = [passage(own, "abstract", 0), passage(result, "abstract", 1)]
    assert texts(find_claims(before)) == [own]
    assert texts(find_claims(after)) == [own, result]


@pytest.mark.parametrize(
    ("label", "own"),
    [("Results", True), ("MAIN FINDINGS", True), ("Conclusions", True), ("Background", False), ("", False)],
)
def test_what_an_abstract_labels_its_results_is_its_authors_own(label: str, own: bool):
    text = "Rye bread lowered systolic pressure by 4.2 points compared with wheat."
    assert texts(find_claims([replace(passage(text, "abstract"), label=label)])) == [text] * own


@pytest.mark.parametrize("cited", ["[9]", "(9)", "[9, 12–14]", " [9]", "¹⁻³", "(Okello et al., 2020)", " [SKB+19]"])
def test_a_citation_behind_the_stop_is_no_part_of_a_claim(cited: str):
    text = "Our naps improved the recall by 4.1 points over coffee."
    source = passage(text + cited)
    plain, marked = find_claims([passage(text)]), find_claims([source])
    assert texts(marked) == texts(plain) == [text]
    assert marked[0].passage.quote == text + cited
    assert marked[0].predictions == plain[0].predictions


def test_a_sentence_that_cites_behind_its_stop_and_names_no_own_work_is_of_others():
    text = "Naps of ten minutes improve the recall by 4.1 points over coffee."
    assert texts(find_claims([passage(text)])) == [text]
    assert find_claims([passage(f"{text}(9)")]) == find_claims([passage(f"{text}[9]")]) == []


def test_passages_are_read_in_their_order():
    passages = [passage(f"{GAIN[:-1]} in run {n + 10}.", order=n) for n in range(5)]
    shuffled = passages[:]
    random.Random(1).shuffle(shuffled)
    assert [c.passage.order for c in find_claims(shuffled)] == [0, 1, 2, 3, 4]


def test_a_question_raises_only_the_salience():
    passages = [row.passage for row in labelled()]
    plain = find_claims(passages)
    asked = find_claims(passages, "Does intermediate-task training improve Tatoeba retrieval?")
    assert texts(plain) == texts(asked)
    assert all(a.salience >= p.salience for a, p in zip(asked, plain, strict=True))
    assert any(a.salience > p.salience for a, p in zip(asked, plain, strict=True))


def test_salience_orders_result_over_method_and_number_over_none():
    def of(text: str) -> float:
        return find_claims([passage(text)])[0].salience

    assert of(GAIN) > of("Our model improves retrieval accuracy.") > of("We train all models on the same text.")
    assert of("Our model improves retrieval accuracy.") > of("Our model may improve retrieval accuracy.")


def test_measurable_claims_name_something_and_say_a_direction_or_value():
    assert is_measurable(find_claims([passage(GAIN)])[0])
    assert not is_measurable(find_claims([passage("We train all models on the same text.")])[0])


def test_the_package_loads_nothing_heavy():
    code = (
        "import sys, synth.claims; "
        "print([m for m in ('numpy', 'torch', 'transformers', 'pymupdf', 'sqlmodel', 'requests') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=400), st.sampled_from(["abstract", "results", "method", "other", "", "X"]), st.text(max_size=50)
)
def test_never_raises_and_claims_are_whole_passages(text: str, section: str, question: str):
    for claim in find_claims([passage(text, section)], question):
        assert claim.text == text
        assert 0 <= claim.salience <= 1
    predictions(text, load_lexicon())


SALAD = (
    "we our XNLI mBERT improves outperforms improvement of by 3 points 2.5% than better the model that which , and no "
    "not neither nor from to ( ) best correlates with contains 1,000 examples while ; achieves accuracy F1 on over"
)
WORDS = st.sampled_from(SALAD.split())


@settings(max_examples=80, deadline=None)
@given(st.lists(WORDS, max_size=40))
def test_word_salad_never_raises(words: list[str]):
    text = " ".join(words).capitalize() + "."
    for claim in find_claims([passage(text)]):
        assert claim.text == text
    for prediction in predictions(text, load_lexicon()):
        assert prediction.treatment.replace(" ", "") in text.replace(" ", "")
        assert prediction.unit in ("", "%", "points", "times", "count")


HOSTILE = {
    "2,000 words": " ".join(["The model improves XNLI by 3 points and"] * 250) + " more.",
    "100,000 characters": "improves " * 12_000,
    "formulas": "L = − Σ_i y_i log p(x_i; θ) + λ‖w‖² ≤ ε ∀ i ∈ {1, …, n}.",
    "mixed scripts": "我们的模型 improves точность by 3 نقاط on ข้อสอบ by ３ points.",
    "numbers in other locales": "The corpus contains 1.104.934 or 1 104 934 or 1'104'934 or 1,5 examples ± 3.",
    "open brackets": "(" * 5_000 + "we improve" + "[" * 5_000,
    "closed brackets": "The model improves" + ")" * 5_000,
    "commas": "We improve XNLI" + ", A" * 10_000 + " and B.",
    "spaces": "We improve" + " " * 20_000 + "XNLI by 3 points.",
    "citations": "We improve XNLI (Lee et al., 2020; " * 500 + ".",
    "capitals": "A, B, C, " * 4_000 + "and D improve.",
    "by by by": "improves by " * 4_000,
    "empty": "",
    "nul": "We improve\x00 XNLI by 3 points.\ud800",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_neither_raises_nor_hangs(name: str):
    begin = time.process_time()
    for section in ("abstract", "results"):
        find_claims([passage(HOSTILE[name], section)])
    predictions(HOSTILE[name], load_lexicon())
    assert time.process_time() - begin < 3


def test_a_paper_of_four_hundred_sentences_in_three_seconds():
    sentences = [row.passage.text for row in labelled()]
    passages = [passage(f"{sentences[n % len(sentences)][:-1]} {n}.", "results", n) for n in range(400)]
    find_claims(passages[:1])  # loads the parser
    begin = time.process_time()
    find_claims(passages, "Does intermediate training help distant languages?")
    assert time.process_time() - begin < 3


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("We increase the vocabulary size of the multilingual model for a better comparison.", ["method"]),
        ("We reduce the error rate on XNLI by 3 points.", ["effect"]),
        ("Similar curves are obtained for two other pairs of languages.", []),
        ("Sentence vectors are obtained by averaging the vectors of the tokens.", ["method"]),
    ],
)
def test_what_the_authors_set_is_no_effect_and_what_came_out_is_no_method(text: str, kind: list[str]):
    assert [claim.kind.value for claim in find_claims([passage(text, "results")])] == kind


@pytest.mark.parametrize(
    "statistic",
    [
        " (12% vs 18%; P = .003)",
        " (hazard ratio 0.78; 95% CI, 0.69 to 0.88)",
        " (64.6 vs 61.4; t(118) = 2.9, p < .01)",
        " (OR 0.62 [0.44, 0.87])",
        " (RR 0.45, 95 % CI 0.31–0.66, p < 0.001, I² = 0%)",
        " (M = 64.6, SD = 3.2 vs M = 61.4, SD = 3.9; F(1, 38) = 4.2, p = .047, η² = .10)",
        " (64.6 ± 3.2 vs 61.4 ± 3.9; χ²(1, N = 120) = 5.3, P < 10⁻³)",
        ", t(38) = 2.1, p < .05, d = 0.4",
        ", 95% CI [1.1, 2.3], P = 2 × 10⁻⁸",
    ],
)
def test_statistics_do_not_count_against_a_sentence(statistic):
    plain = "Our drug lowered the mortality compared with placebo"
    [claim] = find_claims([passage(f"{plain}{statistic}.")])
    [without] = find_claims([passage(f"{plain}.")])
    assert claim.kind == without.kind
    assert [(p.treatment, p.baseline, p.metric, p.direction) for p in claim.predictions] == [
        (p.treatment, p.baseline, p.metric, p.direction) for p in without.predictions
    ]


@pytest.mark.parametrize(
    "text",
    ["A 12.1 9.8 B 87.7 3.1 improved 4.2 1.1 C.", "x = 3, y = 4, z = 5 improves w = 6 and v = 7 where u = 8."],
)
def test_symbols_are_no_claim(text):
    assert not find_claims([passage(text)])


@pytest.mark.parametrize(
    "text",
    [
        "Our filter improved F1 by 2.2 points over the baseline.",
        "Our filter reduced perplexity by 4.1 points over the baseline.",
        "Our filter lowered latency by 12%.",
        "k-means outperforms the baseline by 3.3 points of accuracy.",
        "Our naps improved the recall by 4.1 points over coffee.[9]",
    ],
)
def test_past_tenses_names_in_small_letters_and_citations_behind_the_stop(text):
    [claim] = find_claims([passage(text)])
    assert claim.predictions[0].value is not None
