"""The classic style has the form of the known reports, line by line, and nothing that is not in the database."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from synth.core.errors import UsageError
from synth.report import classic, default_format, render
from synth.report.facts import Facts
from synth.report.quality import Quality
from synth.report.review import review_all
from synth.store.database import Store
from tests.report import made_up
from tests.report.questions import QUESTIONS
from tests.report.skeleton import FORM, marked, skeleton
from tests.report.test_report import HOSTILE, with_text

SEEDS = Path(os.environ.get("SYNTH_DATA", "nowhere")).parent / "seeds"
NO_SEEDS = pytest.mark.skipif(not list(SEEDS.glob("*.txt")), reason="there are no seeds beside SYNTH_DATA")


def facts_for(path: Path, question: str) -> Facts:
    """Papers, claims and a decided run of a search for `question`."""
    store = Store(path)
    with store.session() as s:
        made_up.add_claims(s, made_up.add_search(s, question=question))
        made_up.add_run(s)
    store.close()
    return made_up.facts_of(store)


def rendered(facts: Facts, format: str = "txt") -> str:
    return render(facts, review_all(facts), format, "classic")


@pytest.mark.parametrize("format", classic.FORMATS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_the_form_is_that_which_is_written_down(path: Path, question: str, format: str) -> None:
    text = rendered(facts_for(path, question), format)
    assert skeleton(text) == FORM
    assert marked(text) == (format == "md")
    assert f"Research question: {question}\n" in text


@NO_SEEDS
@pytest.mark.parametrize("number", range(len(QUESTIONS)))
def test_the_form_is_that_of_the_known_report_on_the_same_question(path: Path, number: int) -> None:
    seed = sorted(SEEDS.glob("*.txt"))[number].read_text(encoding="utf-8")
    question = re.search(r"Research question: (.+)\.\n", seed)
    assert question
    assert question[1] == QUESTIONS[number]
    text = rendered(facts_for(path, question[1]), "md" if marked(seed) else "txt")
    ours, theirs = skeleton(text), skeleton(seed)
    assert ours == theirs
    assert [(i, line) for i, line in enumerate(ours) if line.startswith("odd")] == []


@NO_SEEDS
def test_what_the_known_reports_share_is_what_is_written_down() -> None:
    assert {tuple(skeleton(file.read_text(encoding="utf-8"))) for file in SEEDS.glob("*.txt")} == {tuple(FORM)}


def test_a_skeleton_sees_what_is_added_left_out_or_moved() -> None:
    text = "\n\nT\n\nA\n\nJune 1, 2026\n\nAbstract\n\nx\n"
    assert skeleton(text) == ["", "", "title", "", "author", "", "date", "", "heading Abstract", "", "text"]
    assert skeleton(text.replace("A\n\n", "")) != skeleton(text)
    assert skeleton(f"{text}\nMore\n") != skeleton(text)
    assert skeleton(f"{text}\nReferences\n\n- http://a.b\n")[-1] == "odd - http://a.b"


def test_the_slots_hold_what_the_database_holds(full: Facts) -> None:
    lines = rendered(full).splitlines()
    assert lines[2] == "Effect of Feeding the Test Teapot on the Accuracy of Invented Kettles"
    at = lines.index("Claim\tVerified\tConfidence")
    assert lines[at + 1 : at + 4] == [
        f"{made_up.CLAIMS[0][0]}\t×\t0.81",
        f"{made_up.CLAIMS[1][0]}\t×\t0.12",
        f"{made_up.CLAIMS[2][0]}\tnot decided\tn/a",
    ]
    assert lines[-3:] == [
        "- <http://arxiv.org/abs/2001.00001>",
        "- <https://doi.org/10.1234/kettle>",
        "- <n/a: Digest: Pots>",
    ]


def test_an_empty_search_keeps_the_form_with_honest_values(path: Path) -> None:
    store = Store(path)
    with store.session() as s:
        made_up.add_search(s, papers=False, complete=False)
    store.close()
    facts = made_up.facts_of(store)
    text = render(facts, [], "txt", "classic")
    assert "yielded 0 papers." in text
    assert "0 papers retrieved. 0 claims extracted; 0 independently verified. Quality review score: n/a." in text
    assert "\nn/a\tn/a\tn/a\n" in text
    assert text.endswith("\n- <n/a>\n")
    assert "The search is incomplete, so papers may be missing." in text


def test_one_source_and_one_paper_are_told_as_one(full: Facts) -> None:
    facts = replace(full, search=replace(full.search, sources=full.search.sources[:1]))
    text = rendered(replace(facts, papers=facts.papers[:1], claims=[], tests=[], runs=[]))
    assert "search across one database yielded 1 paper." in text
    assert "1 paper retrieved. 0 claims extracted" in text
    one = classic._methodology(facts, Quality(5.0, 5.0, 5.0, 1))
    assert "An independent single-reviewer assessment produced a quality score of 5.0/10." in one


@pytest.mark.parametrize("format", classic.FORMATS)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_changes_no_line(full: Facts, text: str, format: str) -> None:
    report = render(with_text(full, text), review_all(full), format, "classic")
    assert skeleton(report) == FORM
    assert format == "txt" or "<script>" not in report


def test_styles_and_formats_that_do_not_exist_name_those_that_do(full: Facts) -> None:
    with pytest.raises(UsageError) as error:
        render(full, [], "html", "classic")
    assert "txt, md" in error.value.do
    with pytest.raises(UsageError) as error:
        default_format("baroque")
    assert "full, classic" in error.value.do
