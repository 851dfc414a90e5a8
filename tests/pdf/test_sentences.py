"""Sentences are cut where they end and nowhere else."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.pdf.text.sentences import split

WHOLE = [
    "As shown by Conneau et al. (2020), XLM-R is better than mBERT.",
    "This holds for related languages, e.g. German and Dutch, i.e. for West Germanic.",
    "See Fig. 3 and Sec. 4.2 for details, cf. Table 2.",
    "The gain is 3.5 points (see Eq. 2 in App. B).",
    "Accuracy rises from 71.3 to 75.4 vs. 70.2 for the baseline.",
    "The corpus by J. R. Smith and K. Jones has 4,311 sentences.",
    "We use the U.S. census and data by Dr. Lee.",
    "It works (see Pires et al., 2019; Wu and Dredze, 2019. The details differ) in all cases.",
    "The sets {2,. . . 8} and {4,... 8} were searched.",
    "We train on 100 languages, approx. 2.5 TB of text.",
    "The size is 2.5× larger, which costs $0.7 and $0.25 per item.",
    "The Ph.D. thesis of M. Artetxe covers this.",
    "As in Fig. 3 and Figs. 4 and 5, no. 7 is best.",
    "Its conc. mRNA and approx. mBERT, esp. fastText, were used by Acme Inc. of Ohio in Jan. 2020.",
    "E. coli and S. aureus grow.",
    "See v.2 of the code, ref. 12, and vs. mBERT alone.",
    "Wu et al. Conneau and Lample also agree.",
    "It was shown by Okello et al.[9] Swahili is hard for them.",
    "Our naps helped, as (Okello et al., 2020) showed before.",
]


@pytest.mark.parametrize("text", WHOLE)
def test_a_whole_sentence_is_not_cut(text):
    assert [text[a:b] for a, b in split(text)] == [text]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("This was shown by Conneau et al.", "We repeat it."),
        ("It works in English, German, etc.", "The other languages fail."),
        ("The F1 score is 83.6.", "This is new."),
        ("Is transfer possible (no overlap)?", "We ask this."),
        ("They call it “curse of multilinguality.”", "It is real."),
        ("The model has 550M parameters [12].", "XLM-R is larger."),
        ("We list them in Appendix B.", "We then train."),
        ("It rose by 5%.", "100 languages were used."),
        ("It works!", "“Really” is a word."),
        ("(This is an aside.)", "Now we go on."),
        ("We train on Wikipedia.", "mBERT does too."),
        ("We compare three models.", "mT5 outperforms them."),
        ("Names come first.", "fastText is weaker."),
        ("All of them are phones.", "iPhone sales rose."),
        ("It was clustered.", "k-means is old."),
        ("It was plotted.", "t-SNE shows it."),
        ("The dose was 5 mg.", "p-values were small."),
        ("Greek letters stand first.", "α was small."),
        ("It was 3.2% (p < .05).", "n-grams fail."),
        ("The vectors are static.", "word2vec fell."),
        ("We compare models.", "xlm-r reaches an accuracy of 71.5 points."),
        ("The package is small.", "celerite alleviates these problems."),
        ("All tables have views.", "xref.source_temporal records the year."),
        ("Is it so?", "mBERT says yes."),
        ("Our naps improved it by 4.1 points.[9]", "Our tea helps."),
        ("Our naps improved it by 4.1 points.[9–11, 14]", "mBERT helps."),
        ("It rose. [9]", "Our tea helps."),
        ("It rose by 3.2 points.1-3", "Coffee did not."),
        ("Coffee did not change recall.7, 8", "We end here."),
        ("The rate fell.(12)", "Then it rose."),
        ("Our naps improved it by 4.1 points.(Okello et al., 2020)", "Our tea helps."),
        ("Our naps improved it by 4.1 points. (see Okello and Berg, 2020a; Berg 2019, p. 12)", "mBERT helps."),
        ("Our naps improved it by 4.1 points. [Okello et al., 2020]", "Our tea helps."),
        ("Our naps improved it.[9], [10]", "Our tea helps."),
        ("Our naps improved it.¹⁻³", "Our tea helps."),
        ("Our naps improved it. [SKB+19]", "Our tea helps."),
        ("Our naps improved it.", "(Okello et al., 2020) saw this before."),
        ("We do two things.", "(1) We nap."),
        ("The answer is no.", "We end."),
        ("It was written by Acme Inc.", "We thank them."),
        ("It ended at 5 p.m.", "The rest went home."),
        ("Trained by us (Smith et al., 2019).", "Results follow."),
    ],
)
def test_two_sentences_are_parted(first, second):
    text = f"{first} {second}"
    assert [text[a:b] for a, b in split(text)] == [first, second]


@given(st.text(alphabet="abc ABC.,;:!?()[]\"”“'0123456789\n\t–…•é中", max_size=200))
def test_no_character_is_lost_and_the_spans_are_in_order(text):
    spans = split(text)
    covered = "".join(text[a:b] for a, b in spans)
    assert "".join(covered.split()) == "".join(text.split())
    assert all(a < b for a, b in spans)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


@given(
    st.lists(
        st.lists(
            st.sampled_from(["the", "model", "learns", "well", "on", "many", "languages"]), min_size=2, max_size=8
        ),
        min_size=1,
    )
)
def test_plain_sentences_come_back(parts):
    sentences = [" ".join(words).capitalize() + "." for words in parts]
    text = " ".join(sentences)
    assert [text[a:b] for a, b in split(text)] == sentences


def test_a_long_text_takes_linear_time():
    import time

    text = "We (see below [here show that it is 3.5 points. " * 4000
    start = time.process_time()
    split(text)
    assert time.process_time() - start < 5
