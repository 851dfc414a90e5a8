"""The gallery shows what the program writes today, up to what a run measures."""

from __future__ import annotations

import html
import importlib.util
import re
import sys
import unicodedata
from pathlib import Path
from types import ModuleType

import pytest

from repro.design.experiment import FIDELITIES
from repro.experiments import experiment
from synth import demo
from synth.core.progress import silent
from tests.report.questions import QUESTIONS

ROOT = Path(__file__).parents[2]
GALLERY = ROOT / "reports" / "gallery"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    found = sys.modules[name] = importlib.util.module_from_spec(spec)  # its dataclasses look it up there
    spec.loader.exec_module(found)
    return found


gallery, questions = script("gallery"), script("questions")
LABORATORY = sorted((GALLERY / "laboratory").glob("*.md"))
MACHINE_PATH = re.compile(r"/(?:tmp|home|root|work|mnt|Users)/|[A-Z]:\\")


def test_the_demo_report_is_current(tmp_path):
    workspace, search = demo.find_claims(tmp_path / "demo", silent)
    written = Path(demo.report(workspace, search, silent).path).read_text(encoding="utf-8")
    shown = (gallery.GALLERY / "report.md").read_text(encoding="utf-8")
    decided = gallery.tested(shown)
    assert len(decided) == len(demo.TESTS)
    assert len(gallery.skeleton(shown, decided)) > 300
    assert gallery.skeleton(shown, decided) == gallery.skeleton(written, decided), "run `make gallery`"


def test_the_day_of_a_report_is_not_compared():
    assert gallery.skeleton("# Title\n\nNovember 30, 2026\n") == gallery.skeleton("# Title\n\nDecember 1, 2026\n")


def test_the_gallery_shows_a_measured_verdict_and_its_pictures():
    text = (gallery.GALLERY / "report.md").read_text(encoding="utf-8")
    assert "## Tested claims" in text
    assert "- Verdict: **" in text
    assert "(breach)" not in text  # the reviewers find nothing told that is not stored
    for picture in (gallery.GALLERY / "pictures").glob("*.svg"):
        assert f"pictures/{picture.name}" in text


def test_the_gallery_names_no_machine():
    for file in [*gallery.GALLERY.rglob("*"), *LABORATORY]:
        if file.is_file():
            assert not MACHINE_PATH.search(file.read_text(encoding="utf-8")), file.name


def test_the_laboratory_has_pages():
    assert LABORATORY


@pytest.mark.parametrize("page", LABORATORY, ids=lambda p: p.stem)
def test_a_page_of_the_laboratory_is_of_an_experiment_as_it_is(page):
    """All its arms and contrasts, in their order; an arm without measurements is said to be left out."""
    identity, _, fidelity = page.stem.rpartition("-")
    one, text = experiment(identity), page.read_text(encoding="utf-8")
    assert fidelity in FIDELITIES
    assert one.fidelities[fidelity].available
    assert text.startswith(f"# {one.title}, at fidelity `{fidelity}`\n\n{one.question}\n")
    assert re.search(f"`python docs/laboratory.py {identity} --fidelity {fidelity}( --arms [a-z0-9 -]+)?`: ", text)
    assert re.search(r"^Gate (passed|failed): ", text, re.MULTILINE)
    left_out = re.findall(r"^- Arm (\S+) is left out: ", text, re.MULTILINE)
    offered = one.contrasts_at(one.fidelities[fidelity])
    contrasts = [c for c in offered if not {c.treatment, c.baseline} & set(left_out)]
    assert list(dict.fromkeys(column(text, "Contrasts"))) == [contrast.id for contrast in contrasts]
    if all(contrast.statistic == "count" for contrast in one.contrasts):
        measured = column(text, "What was counted")
    else:
        measured = list(dict.fromkeys(column(text, "Arms")))
        assert table(text, "By language, mean over seeds")[0] == ["language", "distance", "metric", *measured]
    # Arms that no contrast compares may be measured for the gate alone, or not at all.
    compared = {name for contrast in offered for name in (contrast.treatment, contrast.baseline) if name}
    arms = [arm.name for arm in one.arms if arm.name in compared | set(measured)]
    assert measured == [name for name in arms if name not in left_out]
    deviations = text.partition("## Deviations from the published setting\n")[2]
    always = [row.text for row in one.fidelities[fidelity].deviations if not row.where and not row.unless]
    assert all(f"- {sentence}\n" in deviations for sentence in always)


def table(text: str, heading: str) -> list[list[str]]:
    """The cells of the table below a heading, row by row, the heads first."""
    section = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|") and not line.startswith("|---")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def column(text: str, heading: str) -> list[str]:
    """The first cell of each row but the heads."""
    return [row[0] for row in table(text, heading)[1:]]


# ---------------------------------------------------------------------------------------------- five questions

NUMBERS = range(1, len(QUESTIONS) + 1)


def of_question(number: int, name: str) -> str:
    return (GALLERY / f"question-{number}" / name).read_text(encoding="utf-8")


def claims_of(number: int) -> list[str]:
    """As the Markdown lists them, the escapes taken off."""
    rows = table(of_question(number, "report.md"), "5 Extracted Claims")[1:]
    return [re.sub(r"\\(.)", r"\1", html.unescape(row[0])) for row in rows]


def test_the_questions_are_the_five():
    assert tuple(question.text for question in questions.QUESTIONS) == QUESTIONS


@pytest.mark.parametrize("number", NUMBERS)
def test_a_question_has_its_reports_and_no_more(number):
    folder = GALLERY / f"question-{number}"
    text = of_question(number, "report.md")
    assert {file.name for file in folder.iterdir()} == {*questions.files_of(number), "pictures"}
    assert set(re.findall(r"\]\((pictures/[^)]+)\)", text)) == {f"pictures/{f.name}" for f in folder.glob("pictures/*")}
    assert "- Verdict: **" in text
    assert f"experiment {questions.QUESTIONS[number - 1].tests[0].experiment} " in text  # how the test is run again


@pytest.mark.parametrize("number", NUMBERS)
def test_both_styles_name_the_question_and_the_same_claims(number):
    question, claims = QUESTIONS[number - 1], claims_of(number)
    assert len(claims) > 40
    classic = of_question(number, "classic.txt")
    rows = classic.partition("\nClaim\tVerified\tConfidence\n")[2].partition("\n\n")[0].splitlines()
    assert [row.split("\t")[0] for row in rows] == claims
    for text in (of_question(number, "report.md"), classic):
        assert f"Research question: {question}" in text


def test_html_and_pdf_of_the_first_question_say_the_same():
    import pymupdf

    question, claims = QUESTIONS[0], claims_of(1)
    page = re.sub(r"<(style|script)\b.*?</\1>", "", of_question(1, "report.html"), flags=re.DOTALL)
    assert [html.unescape(claim) for claim in re.findall(r'<span class="claim">(.*?)</span>', page)] == claims
    assert f"Research question: {question}" in html.unescape(page)
    with pymupdf.open(GALLERY / "question-1" / "report.pdf") as document:
        bare = letters("".join(sheet.get_text() for sheet in document))
    assert all(letters(claim) in bare for claim in claims)
    assert letters(question) in bare


def letters(text: str) -> str:
    """Without white space, ligatures and the places where a line may break: pages break lines as they need."""
    return re.sub(r"[\s\u00ad\u200b-]", "", unicodedata.normalize("NFKC", text))


def test_the_index_names_every_question_with_its_verdict():
    index = (GALLERY / "README.md").read_text(encoding="utf-8")
    for number, question in enumerate(questions.QUESTIONS, 1):
        verdicts = re.findall(r"- Verdict: \*\*(.+?)\*\*", of_question(number, "report.md"))
        assert verdicts
        row = next(line for line in index.splitlines() if line.startswith(f"| {number} | {question.text} |"))
        assert all(one in row for one in (question.tests[0].experiment, *verdicts))


def test_the_reports_on_questions_are_small_and_name_no_machine():
    files = [file for file in GALLERY.glob("question-*/**/*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) < 8_500_000
    for file in files:
        if file.suffix != ".pdf":
            assert not MACHINE_PATH.search(re.sub(r'"data:[^"]*"', "", file.read_text(encoding="utf-8"))), file
