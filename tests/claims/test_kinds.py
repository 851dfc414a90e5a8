"""Findings, methods and what is neither."""

from __future__ import annotations

import pytest

from synth.claims import find_claims
from synth.claims.exclusions import Exclusion, excluded
from synth.core.types import ClaimKind
from tests.claims.helpers import passage


def kinds(text: str, section: str = "results", **options: str) -> list[str]:
    return [claim.kind.value for claim in find_claims([passage(text, section)], **options)]


@pytest.mark.parametrize(
    "text",
    [
        "This indicates that it is useful.",
        "However, this effect has not been measured in our experiments.",
        "It outperforms the baseline by 3 points.",
        "We aim to improve accuracy on XNLI by 3 points.",
        "It remains unclear which of our models is the best.",
        "We investigate whether our model outperforms mBERT.",
        "In future work, we will improve the accuracy of our model.",
        "We believe that our model improves accuracy.",
        "Table 4 shows the accuracy of our model.",
        "Little is known about how our model improves accuracy.",
        "If our model improves accuracy, the gap closes.",
        "Our model could improve accuracy on XNLI by 3 points.",
    ],
)
def test_no_findings(text: str):
    assert kinds(text) in ([], ["method"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Our model does not improve accuracy on XNLI.", "effect"),
        ("Accuracy drops from 71.5 to 60.3 points on XNLI.", "effect"),
        ("Our encoder is slower than the teacher.", "comparison"),
        ("Our encoder is comparable to mBERT on XNLI.", "comparison"),
        ("Our encoder obtains the lowest error rate.", "ranking"),
        ("Accuracy correlates with corpus size.", "correlation"),
        ("There are 15 languages in our benchmark.", "count"),
        ("We find that encoders of related languages share a subspace.", "effect"),
        ("The ratios of leaf biomass were relatively high.", "comparison"),
        ("Significant differences were found between the two groups.", "comparison"),
        ("Higher levels of expression were detected in the tissues.", "comparison"),
        ("We train the encoder for three epochs.", "method"),
        ("Hyperparameters are tuned on the development set.", "method"),
        ("We increase the batch size to 512.", "method"),
    ],
)
def test_kinds(text: str, kind: str):
    assert kinds(text) == [kind]


def test_results_of_others_are_reported_and_no_findings():
    text = "Phang et al. (2020) find that intermediate training improves accuracy on XNLI by 5 points."
    own = "Our model outperforms mBERT on XNLI by 3 points."
    passages = [passage(text, "related work", 0), passage(own, "results", 1)]
    assert [c.text for c in find_claims(passages)] == [own]
    reported, finding = find_claims(passages, reports=True)
    assert (reported.reported, finding.reported) == (True, False)
    assert reported.kind is ClaimKind.EFFECT
    assert [(p.treatment, p.task, p.value) for p in reported.predictions] == [("intermediate training", "XNLI", 5)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Does our model improve accuracy?", Exclusion.NOT_WHOLE),
        ("We examine whether our model improves accuracy.", Exclusion.QUESTION),
        ("Smith et al. (2019) improve accuracy on this task.", Exclusion.OTHERS),
        ("This effect has not yet been studied for our languages.", Exclusion.UNMEASURED),
        ("Our code is available at our web page.", Exclusion.BOILERPLATE),
        ("We define the margin as the ratio of both scores.", Exclusion.DEFINITION),
        ("In future work, we plan to improve the alignment.", Exclusion.FUTURE),
        ("Our model improves accuracy on XNLI.", None),
    ],
)
def test_reasons_are_codes(text: str, reason: Exclusion | None):
    assert excluded(text, "results", 0) is reason


def test_a_title_is_no_claim_of_its_paper_but_where_results_are_told():
    title = "Intermediate Training Improves Accuracy on XNLI"
    assert kinds(f"{title}.") == ["effect"]
    assert kinds(f"{title}.", "abstract", title=title) == []
    assert kinds(title, title=title) == []
    assert kinds(f"{title}.", title=title) == kinds(f"{title}.", "conclusion", title=title) == ["effect"]


def test_what_is_said_again_is_less_prominent():
    first = "Our model outperforms mBERT on XNLI by 3 points."
    again = "In sum, our model outperforms mBERT on XNLI by 3 points."
    a, b = find_claims([passage(first, "abstract", 0), passage(again, "conclusion", 1)])
    assert a.salience - b.salience > 0.15


@pytest.mark.parametrize(
    "text",
    ["Three Experiments and Two Hundred Languages", "5 Results", "Ten Ways to Improve Accuracy of Twenty Models"],
)
def test_headings_are_no_claims(text: str):
    assert kinds(text) == []
