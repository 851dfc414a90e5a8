"""Regenerate reports/gallery/question-1 … question-5: one report for each of five research questions.

The first is there in all formats, the others in Markdown and in the classic style.

    python docs/questions.py [--store FOLDER] [--into FOLDER] [--only N ...]

Each question gets a workspace of its own: a search of the project's digests, tests at the fidelities that can tell
(real languages by published figures, in seconds; generated ones where something has to be trained, in minutes), and the
report. Finished stages of the laboratory are kept in the folder given by `--store` and used again. With `--into` the
workspaces are kept there, and one that is there already is only reported anew.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from synth.core.workspace import Workspace
    from synth.store.rows.claims import FullClaimView

ROOT = Path(__file__).resolve().parent.parent
GALLERY = ROOT / "reports" / "gallery"
FILES = {"report.md": ("md", "full"), "classic.txt": ("txt", "classic")}
PRINTED = {"report.html": ("html", "full"), "report.pdf": ("pdf", "full")}


def files_of(number: int) -> dict[str, tuple[str, str]]:
    """Return the files of a question's folder with their format and style; HTML and PDF of the first alone."""
    return FILES | PRINTED if number == 1 else FILES


@dataclass(frozen=True)
class Test:
    """An experiment of those linked to a claim of the digests, and the rung where it is run."""

    experiment: str
    fidelity: str = "synthetic"
    words: str = ""  # that the tested claim has, where the experiment tests claims on several things


@dataclass(frozen=True)
class Question:
    """A research question, and the tests that come nearest to it."""

    text: str
    tests: tuple[Test, ...]


QUESTIONS = (
    Question(
        "Does scaling the size of the pretrained model mitigate the negative effects of typological distance when "
        "applying English intermediate-task training for cross-lingual sentence retrieval?",
        (Test("model-size", "published"), Test("retrieval-covariates", "published")),
    ),
    Question(
        "How does scaling the diversity of English intermediate tasks affect zero-shot cross-lingual accuracy on "
        "sentence retrieval within the XTREME-R benchmark?",
        (Test("task-diversity"),),
    ),
    Question(
        "How does the typological distance between English intermediate tasks and target languages correlate with "
        "zero-shot accuracy degradation on XTREME-R sentence retrieval tasks?",
        (Test("typology-correlation", "published"), Test("retrieval-covariates", "published")),
    ),
    Question(
        "To what extent does the typological distance between English and target low-resource languages modulate the "
        "performance improvements gained from English intermediate-task training in multilingual models?",
        (Test("low-resource"), Test("low-resource", "published")),
    ),
    # No digest speaks of ensembles: what is tested is what an ensemble would be built from.
    Question(
        "What is the impact of ensemble methods combining models fine-tuned on distinct intermediate syntactic tasks "
        "on the zero-shot cross-lingual transfer performance for sentence retrieval in XTREME-R?",
        (Test("intermediate-transfer", words="improves sentence retrieval"),),
    ),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", type=Path, default=Path("db") / "artifacts")
    parser.add_argument("--into", type=Path, help="keep the workspaces here")
    parser.add_argument("--only", type=int, nargs="+", choices=range(1, len(QUESTIONS) + 1), metavar="N")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = (options.into or Path(folder)).resolve()
        for number, question in enumerate(QUESTIONS, 1):
            if options.only is None or number in options.only:
                name = f"question-{number}"
                answered(root / name, question, options.store)
                written(root / name, GALLERY / name, files_of(number))


def answered(root: Path, question: Question, store: Path) -> None:
    """Search and test, in a new workspace at `root`; a workspace that has been there is left as it is."""
    from synth.core.settings import load
    from synth.core.workspace import Workspace
    from synth.search.run import search
    from synth.verify import run

    workspace = Workspace(root)
    if workspace.database.exists():
        return
    store.mkdir(parents=True, exist_ok=True)
    workspace.artifacts.parent.mkdir(parents=True)
    workspace.artifacts.symlink_to(store.resolve(), target_is_directory=True)
    settings = load(root)
    number = search(workspace, settings, question.text, ["demo"], progress=print_progress)
    for test in question.tests:
        claim = tested(workspace, number, test)
        print_progress("claim", 1, 1, f"{claim.id}: {claim.text}")
        prepared = run.prepare(workspace, claim.id, test.fidelity, experiment_id=test.experiment)
        verdict = run.verify(workspace, settings, prepared, print_progress)
        print_progress("verdict", 1, 1, f"{test.experiment} at {test.fidelity}: {verdict.verdict}")


def tested(workspace: Workspace, search: int, test: Test) -> FullClaimView:
    """Return the claim that the test's experiment fits best; among equals the most salient."""
    from synth.store import views
    from synth.store.database import reading

    with reading(workspace.database) as connection:
        row = connection.execute(
            """SELECT l.claim_id FROM link l JOIN claim c ON c.id = l.claim_id
               WHERE c.search_id = ? AND l.experiment = ? AND c.text LIKE ?
               ORDER BY l.strength DESC, c.salience DESC, l.id LIMIT 1""",
            (search, test.experiment, f"%{test.words}%"),
        ).fetchone()
        return views.claim(connection, row[0])


def written(root: Path, folder: Path, files: Mapping[str, tuple[str, str]]) -> None:
    """Write the newest report of the workspace as `files` into `folder`, which is emptied before."""
    from synth.core.settings import load
    from synth.core.workspace import Workspace
    from synth.report.write import write_report

    workspace = Workspace(root)
    reports = workspace.reports / "gallery"
    shutil.rmtree(reports, ignore_errors=True)
    for name, (format, style) in files.items():
        write_report(workspace, load(root), None, reports / name, format, "", print_progress, style)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(reports, folder)
    print(f"wrote {folder.relative_to(ROOT)}", flush=True)


def print_progress(stage: str, done: float, total: float, note: str = "") -> None:
    if done == total:
        print(f"{stage}: {note or 'done'}", flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
