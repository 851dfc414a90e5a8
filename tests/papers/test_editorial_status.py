"""Status of papers by titles, comments and types: marked, a notice on another one, or sound."""

from __future__ import annotations

import pytest

from synth.core.types import Editorial
from synth.papers.editorial import bare_title, read_title, status_of_types, subjects, withdrawn_by

NONE, RETRACTED, WITHDRAWN = Editorial.NONE, Editorial.RETRACTED, Editorial.WITHDRAWN
CONCERN, NOTICE = Editorial.CONCERN, Editorial.NOTICE
TITLE = "Kettles heat the water of two towns"

MARKED = [
    ("RETRACTED: {}", RETRACTED),
    ("RETRACTED:{}", RETRACTED),
    ("Retracted: {}", RETRACTED),
    ("retracted: {}", RETRACTED),
    ("Retracted - {}", RETRACTED),
    ("RETRACTED – {}", RETRACTED),
    ("RETRACTED—{}", RETRACTED),
    ("RETRACTED. {}", RETRACTED),
    ("RETRACTED {}", RETRACTED),
    ("RETRACTED ARTICLE {}", RETRACTED),
    ("RETRACTED ARTICLE: {}", RETRACTED),
    ("Retracted Article: {}", RETRACTED),
    ("RETRACTED CHAPTER: {}", RETRACTED),
    ("RETRACTED PAPER: {}", RETRACTED),
    ("Retracted Paper: {}", RETRACTED),
    ("RETRACTED MANUSCRIPT: {}", RETRACTED),
    ("RETRACTED PREPRINT: {}", RETRACTED),
    ("RETRACTED REVIEW ARTICLE: {}", RETRACTED),
    ("RETRACTED BOOK: {}", RETRACTED),
    ("RETRACTED AND REPUBLISHED: {}", RETRACTED),
    ("[Retracted] {}", RETRACTED),
    ("[RETRACTED] {}", RETRACTED),
    ("[Retracted]: {}", RETRACTED),
    ("[Retracted Article] {}", RETRACTED),
    ("(Retracted) {}", RETRACTED),
    ("{{Retracted}} {}", RETRACTED),
    ("【RETRACTED】{}", RETRACTED),
    ("*RETRACTED* {}", RETRACTED),
    ("**RETRACTED**: {}", RETRACTED),
    ("<RETRACTED> {}", RETRACTED),
    ("RETRACTADO: {}", RETRACTED),
    ("ARTIGO RETRATADO: {}", RETRACTED),
    ("ARTÍCULO RETRACTADO: {}", RETRACTED),
    ("ARTICLE RÉTRACTÉ: {}", RETRACTED),
    ("ZURÜCKGEZOGEN: {}", RETRACTED),
    ("【撤稿】{}", RETRACTED),
    ("WITHDRAWN: {}", WITHDRAWN),
    ("Withdrawn: {}", WITHDRAWN),
    ("[Withdrawn] {}", WITHDRAWN),
    ("WITHDRAWN ARTICLE: {}", WITHDRAWN),
    ("WITHDRAWN {}", WITHDRAWN),
    ("REMOVED: {}", WITHDRAWN),
    ("TEMPORARY REMOVAL: {}", WITHDRAWN),
    ("Temporary Removal: {}", WITHDRAWN),
    ("TEMPORARILY REMOVED: {}", WITHDRAWN),
    ("[Expression of Concern] {}", CONCERN),
    ("{} (Retracted article. See vol. 12, pg. 345, 2010)", RETRACTED),
    ("{} (Retracted Article. See vol 12, art. no. 345, 2010)", RETRACTED),
    ("{} (Retracted article. See DOI 10.1000/x(3))", RETRACTED),
    ("{} (Retracted article)", RETRACTED),
    ("{} (RETRACTED)", RETRACTED),
    ("{} (retracted)", RETRACTED),
    ("{} (Retracted in 2019)", RETRACTED),
    ("{} [Retracted]", RETRACTED),
    ("{} [Retracted article]", RETRACTED),
    ("{} [retracted in: J Kettles. 2011;3:4]", RETRACTED),
    ("{}. [RETRACTED]", RETRACTED),
    ("{} - RETRACTED", RETRACTED),
    ("{} – RETRACTED ARTICLE", RETRACTED),
    ("{}: RETRACTED", RETRACTED),
    ("{} (This paper has been withdrawn)", WITHDRAWN),
    ("{} (withdrawn)", WITHDRAWN),
    ("{} [Withdrawn]", WITHDRAWN),
    ("{} (Withdrawn publication. See vol. 3, pg. 4, 2001)", WITHDRAWN),
    ("{} (Publication with Expression of Concern. See vol. 6, pg. 1, 2016)", CONCERN),
    ("{} [Expression of Concern]", CONCERN),
    ("RETRACTED: {} (Retracted article. See vol. 1, pg. 2, 2003)", RETRACTED),
]
NOTICES = [
    ("Retraction: {}", RETRACTED),
    ("RETRACTION: {}", RETRACTED),
    ("Retraction. {}", RETRACTED),
    ("Retraction – {}", RETRACTED),
    ("[Retraction] {}", RETRACTED),
    ("Retraction Note: {}", RETRACTED),
    ("Retraction Note to: {}", RETRACTED),
    ("Retraction note to {}", RETRACTED),
    ("Retraction notice: {}", RETRACTED),
    ("Retraction notice to {}", RETRACTED),
    ("Retraction notice to “{}” [J. Kettles 12 (2010) 345–350]", RETRACTED),
    ('Retraction notice to "{}" [Kettles 12 (2010) 345-350]', RETRACTED),
    ("Retraction notice for: {}", RETRACTED),
    ("Retraction Notice for “{}”", RETRACTED),
    ("Retraction to: {}", RETRACTED),
    ("Retraction to “{}”", RETRACTED),
    ("Retraction of: {}", RETRACTED),
    ("Retraction of “{}”", RETRACTED),
    ("Retraction of ‘{}’", RETRACTED),
    ("Retraction of the article “{}” by R. Okello", RETRACTED),
    ("Retraction of “{},” by Okello et al.", RETRACTED),
    ("Retraction for Okello et al., {}", RETRACTED),
    ("Retraction: Okello et al., {}", RETRACTED),
    ("Retraction statement: {}", RETRACTED),
    ("Statement of Retraction: {}", RETRACTED),
    ("Statement of retraction – {}", RETRACTED),
    ("Notice of Retraction: {}", RETRACTED),
    ("Notice of retraction of “{}”", RETRACTED),
    ("Notice of Retraction and Replacement: {}", RETRACTED),
    ("Retraction and replacement: {}", RETRACTED),
    ("Editorial Retraction: {}", RETRACTED),
    ("Editor's Retraction: {}", RETRACTED),
    ("Publisher’s Retraction: {}", RETRACTED),
    ("Author Retraction: {}", RETRACTED),
    ("Partial Retraction: {}", CONCERN),
    ("Partial Retraction to: {}", CONCERN),
    ("Retraction in part: {}", CONCERN),
    ("Withdrawal notice to: {}", WITHDRAWN),
    ("Withdrawal Notice: {}", WITHDRAWN),
    ("Notice of Withdrawal: {}", WITHDRAWN),
    ("Statement of Withdrawal: {}", WITHDRAWN),
    ("WITHDRAWAL: {}", WITHDRAWN),
    ("Removal notice to “{}” [J. Kettles 12 (2010) 345]", WITHDRAWN),
    ("Expression of Concern: {}", CONCERN),
    ("EXPRESSION OF CONCERN: {}", CONCERN),
    ("Expression of concern to “{}”", CONCERN),
    ("Expression of Concern for “{}”", CONCERN),
    ("Expression of concern regarding “{}”", CONCERN),
    ("Expression of concern to: {}", CONCERN),
    ("Editorial Expression of Concern: {}", CONCERN),
    ("Editorial Expression of Concern to: {}", CONCERN),
    ("Publisher's Expression of Concern: {}", CONCERN),
    ("Notice of Expression of Concern: {}", CONCERN),
    ("Expression of Editorial Concern: {}", CONCERN),
    ("Note of concern: {}", CONCERN),
    ("{} (Retraction of vol 12, pg 345, 2010)", RETRACTED),
    ("{} (Retraction of vol. 8, art. no. 15, 2012)", RETRACTED),
    ("{} (Withdrawal of vol 12, pg 345, 2010)", WITHDRAWN),
    ("{} (Expression of Concern of vol 12, pg 345, 2010)", CONCERN),
    ("{} (Partial retraction of vol 12, pg 345, 2010)", CONCERN),
]
BARE = ["Retraction", "RETRACTION", "Retractions", "Retraction.", "Retraction notice", "Notice of retraction"]
BARE += ["Statement of retraction", "Expression of concern", "Editorial expression of concern", "Withdrawal notice"]
CHANGES_NOTHING = ["Erratum to: {}", "Erratum: {}", "Erratum", "Erratum to “{}” [J. Kettles 3 (2010) 4]", "Errata: {}"]
CHANGES_NOTHING += [
    "Correction: {}",
    "Correction to: {}",
    "Author Correction: {}",
    "Publisher Correction: {}",
    "Correction",
]
CHANGES_NOTHING += ["Corrigendum: {}", "Corrigendum to “{}”", "Corrigendum", "Addendum: {}", "Addendum to “{}”"]
CHANGES_NOTHING += [
    "Reply to {}",
    "Reply to: {}",
    "Reply to “{}”",
    "Response to “{}”",
    "Comment on “{}”",
    "Comment on {}",
]
CHANGES_NOTHING += ["Comments on “{}”", "Commentary on {}", "Author response: {}", "In reply to {}", "Letter: {}"]
CHANGES_NOTHING += ["{} (vol 12, pg 345, 2010)", "{} (Correction to vol 12, pg 345, 2010)", "{} (Erratum)"]
CHANGES_NOTHING += ["Comment on: Retraction of “{}”", "Reply to: Expression of concern on “{}”", "Editor's note: {}"]
CHANGES_NOTHING += ["Correction for Okello et al., {}", "Clarification: {}", "Expression of gratitude: {}"]
SOUND = [
    TITLE,
    "Retracted articles in psychology: a survey",
    "Retracted articles: a survey of two decades",
    "Retracted papers: a survey",
    "RETRACTED ARTICLES IN PSYCHOLOGY: A SURVEY",
    "Retracted publications in dentistry",
    "Retracted: the story of a fraud and its journal",
    "Retraction: the fate of fraud in journals",
    "Retractions in the medical literature: how many patients are put at risk?",
    "Retraction of published papers: who does it?",
    "Retraction of the flexor tendon after injury of the hand",
    "Retraction notices: who authors them?",
    "Retraction and misconduct in ten fields",
    "Retraction Watch and the citations of retracted papers",
    "Why was this article retracted? Reasons of editors",
    "Articles by Hindawi that were retracted and cited (retracted and sound ones)",
    "Citations of retracted papers (2001-2010)",
    "Withdrawn behaviour of children: a trial",
    "Withdrawn from care: fathers in two towns",
    "Withdrawal of oxygen from patients: a review",
    "Withdrawal symptoms: what we know",
    "Withdrawal",
    "Removal of metals from water",
    "Removal: a forgotten step of kettle care",
    "Removed teeth: a count",
    "Expressions of concern and their replies in five journals",
    "Expression of concern about the climate in letters of farmers",
    "Expression of concern genes in yeast",
    "Notice of motion in parliaments",
    "Statements of retraction made by children as witnesses",
    "Temporary removal of the eye: a technique",
    "Corrected retractions of muscle",
    "A paper that has been retracted: the case of Okello",
    "On the word retracted",
    "",
    ":",
    "[",
]


@pytest.mark.parametrize(("form", "status"), MARKED)
def test_a_title_that_its_publisher_marked(form, status):
    found = read_title(form.format(TITLE))
    assert (found.status, found.title) == (status, TITLE)
    assert not found.announced
    assert bare_title(form.format(TITLE)) == TITLE


@pytest.mark.parametrize(("form", "announced"), NOTICES)
def test_a_notice_names_the_paper_it_speaks_of(form, announced):
    found = read_title(form.format(TITLE))
    assert (found.status, found.announced) == (NOTICE, announced)
    assert TITLE in subjects(found)
    assert found.sure


@pytest.mark.parametrize("title", BARE)
def test_a_notice_that_names_no_paper(title):
    found = read_title(title)
    assert (found.status, found.subject) == (NOTICE, "")


@pytest.mark.parametrize("form", CHANGES_NOTHING)
def test_errata_corrections_replies_and_comments_change_nothing(form):
    assert read_title(form.format(TITLE)).status is NONE
    assert not read_title(form.format(TITLE)).announced


@pytest.mark.parametrize("title", SOUND)
def test_a_paper_about_retractions_is_a_paper(title):
    assert read_title(title).status is NONE
    assert bare_title(title) == title


def test_words_that_papers_begin_with_make_a_notice_only_of_a_known_paper():
    assert read_title(f"Withdrawal of “{TITLE}”").subject == TITLE
    found = read_title(f"Withdrawal: {TITLE}")
    assert (found.status, found.announced, found.subject, found.sure) == (NONE, WITHDRAWN, TITLE, False)
    found = read_title("Retraction: the fate of fraud in journals")
    assert (found.status, found.sure) == (NONE, False)


def test_pubmed_puts_authors_before_the_title_and_the_journal_behind_it():
    found = read_title(f"Retraction of: Okello R, Sample C. {TITLE}. J Kettles. 2010;12:345-50.")
    assert found.status is NOTICE
    assert TITLE in subjects(found)


def test_words_of_ieee_stand_before_the_work_itself():
    told = f"Notice of Retraction: {TITLE}"
    assert read_title(told, "10.1109/ICK.2010.1").status is RETRACTED
    assert read_title(told, "10.1109/ICK.2010.1").title == TITLE
    assert read_title(told, "10.1001/jama.2010.1").status is NOTICE
    violation = read_title(
        f"Notice of Violation of IEEE Publication Principles<br>{TITLE}".replace("<br>", " "), "10.1109/x"
    )
    assert (violation.status, violation.title) == (RETRACTED, TITLE)


@pytest.mark.parametrize(
    "comment",
    [
        "Withdrawn.",
        "This paper has been withdrawn by the author due to an error in Lemma 2",
        "This article was withdrawn",
        "paper withdrawn",
        "Retracted by the authors",
        "The authors have withdrawn this paper",
        "We have withdrawn this submission for an error",
        "This preprint, of two authors, has been temporarily withdrawn",
        "withdrawn from arXiv by its author",
    ],
)
def test_comments_that_withdraw(comment):
    assert withdrawn_by(comment)
    assert withdrawn_by("12 pages", comment)


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "12 pages, withdrawn from ICML 2019 for reasons of time",
        "We study why a paper is withdrawn",
        "Data on papers that were never withdrawn",
        "Withdrawn papers are listed",
        "Subjects were withdrawn from caffeine",
    ],
)
def test_comments_that_do_not(comment):
    assert not withdrawn_by(comment)


def test_types_of_pubmed_and_others():
    assert status_of_types(["Journal Article", "Retracted Publication"]) is RETRACTED
    assert status_of_types(["Retraction of Publication"]) is NOTICE
    assert status_of_types(["Retraction Notice"]) is NOTICE
    assert status_of_types(["Published Erratum"]) is NONE
    assert status_of_types(["Retracted"]) is RETRACTED
    assert status_of_types([]) is NONE
