"""The pictures of a report: which there are, where they lie, what is said of them.

A picture of a test is one module with `draw`, `about` and `numbers` over a dataclass of its own, one function in
`inputs.py` that makes it of the report's rows, and one entry in `OF_A_TEST`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from synth.report.facts import Facts
from synth.report.plots import curves, distance, estimate, flowchart, forest, inputs, languages
from synth.store.rows.runs import VerdictView

FOLDER = "pictures"
FOREST = f"{FOLDER}/forest.svg"
# Kind → (what it is drawn from, or None where there is nothing; its module), in the order of the report.
OF_A_TEST: dict[str, tuple[Callable[[VerdictView], Any], Any]] = {
    "estimate": (inputs.estimates, estimate),
    "distance": (inputs.gradient, distance),
    "languages": (inputs.scores, languages),
    "training": (inputs.trainings, curves),
}
KINDS = tuple(OF_A_TEST)


def name(test: VerdictView, kind: str) -> str:
    """Return the path of a picture, relative to the report."""
    return f"{FOLDER}/run-{test.run_id}-{kind}.svg"


def drawings(facts: Facts) -> dict[str, Callable[[], str]]:
    """Map relative path to what draws it: the flow of the search, and every test that measured something."""
    shown: dict[str, Callable[[], str]] = {}
    if not facts.stated:
        shown[flowchart.NAME] = partial(flowchart.draw, facts.flow, facts.search.complete)
    for test in facts.tests:
        for kind, (data_of, plot) in OF_A_TEST.items():
            data = data_of(test)
            if data is not None:
                shown[name(test, kind)] = partial(plot.draw, data)
    rows = inputs.forest(facts)
    if rows:
        shown[FOREST] = partial(forest.draw, rows)
    return shown


def draw(facts: Facts) -> dict[str, str]:
    """Map relative path to SVG."""
    return {path: drawing() for path, drawing in drawings(facts).items()}


def write(facts: Facts, folder: Path) -> list[Path]:
    """Write the pictures under the folder that the report lies in, and return the files."""
    written = []
    for relative, picture in draw(facts).items():
        path = folder / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(picture, encoding="utf-8")
        written.append(path)
    return written


def about(test: VerdictView, kind: str) -> str:
    """Return the text that stands for a picture where it cannot be seen."""
    data_of, plot = OF_A_TEST[kind]
    text: str = plot.about(data_of(test))
    return text


def numbers(test: VerdictView, kind: str) -> list[list[str]]:
    """Return a picture's numbers as a table with its head; empty where the report has them beside the picture."""
    data_of, plot = OF_A_TEST[kind]
    table: list[list[str]] = plot.numbers(data_of(test))
    return table


def forest_about(facts: Facts) -> str:
    return forest.about(inputs.forest(facts))


def forest_numbers(facts: Facts) -> list[list[str]]:
    return forest.numbers(inputs.forest(facts))
