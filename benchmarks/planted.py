"""Cost of planted damage to the reviewers' scores: the tables of docs/reviewers.md.

    python -m benchmarks.planted [--write]

The workspace is invented and small, its PDFs and its database are real; no number in it is random.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from pathlib import Path

from synth.core.settings import Settings
from synth.report.quality import quality
from synth.report.review import ReviewResult, gather
from tests.report.review.planted import DAMAGES, HARMLESS, build, case_of, damaged

PAGE = Path(__file__).parents[1] / "docs" / "reviewers.md"
HEAD = ["damage", "reviewer", "before", "after", "at least", "total before", "total after", "α after"]


def report(folder: Path) -> str:
    """Return both tables as Markdown."""
    good = build(folder / "good")
    before = gather.reviewed(case_of(good), Settings())
    rows = []
    for number, damage in enumerate(DAMAGES):
        after = gather.reviewed(damaged(good, folder / f"damage-{number}", damage.do), Settings())
        scores = [f"{_score(reviews, damage.reviewer):.2f}" for reviews in (before, after)]
        totals = [f"{quality(reviews).mean:.2f}" for reviews in (before, after)]
        rows.append([damage.name, damage.reviewer, *scores, f"−{damage.margin:g}", *totals, _alpha(after)])
    harmless = []
    for change in HARMLESS:
        after = gather.reviewed(damaged(good, folder / change.__name__, change), Settings())
        harmless.append([change.__name__.replace("_", " "), *(f"{quality(r).mean:.2f}" for r in (before, after))])
    parts = [
        f"Before any damage α is {_alpha(before)}.",
        markdown(HEAD, rows),
        "No damage:",
        markdown(["change", "total before", "total after"], harmless),
    ]
    return "\n\n".join(parts)


def _score(reviews: list[ReviewResult], reviewer: str) -> float:
    return next(review.score for review in reviews if review.reviewer == reviewer and review.score is not None)


def _alpha(reviews: list[ReviewResult]) -> str:
    value = quality(reviews).agreement.alpha
    return "–" if value is None else f"{value:.2f}"


def markdown(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, ["---"] * len(head), *rows])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the tables into docs/reviewers.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = report(Path(folder))
    print(text)
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        marked = r"(<!-- planted -->\n).*?(<!-- /planted -->)"
        page, replaced = re.subn(marked, lambda m: f"{m[1]}{text}\n{m[2]}", page, flags=re.DOTALL)
        assert replaced == 1, f"{PAGE.name} has no place for the tables"
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
