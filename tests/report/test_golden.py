"""The canonical format, character by character. `python -m tests.report.test_golden` writes it anew."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from synth.report import render
from synth.report.review import review_all
from synth.store.database import Store
from tests.report import made_up

FOLDER = Path(__file__).parent / "golden"


def decided(path: Path) -> str:
    facts = made_up.full(path)
    return str(render(facts, review_all(facts)))


def incomplete(path: Path) -> str:
    store = Store(path)
    with store.session() as s:
        made_up.add_claims(s, made_up.add_search(s, complete=False))
    store.close()
    facts = made_up.facts_of(store)
    return str(render(facts, review_all(facts)))


def empty(path: Path) -> str:
    store = Store(path)
    with store.session() as s:
        made_up.add_search(s, papers=False)
    store.close()
    facts = made_up.facts_of(store)
    return str(render(facts, review_all(facts)))


CASES = {case.__name__: case for case in (decided, incomplete, empty)}


@pytest.mark.parametrize("name", CASES)
def test_the_report_is_as_it_was(name: str, path: Path) -> None:
    expected = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    assert CASES[name](path) == expected, "if that is meant: python -m tests.report.test_golden, and read the diff"


if __name__ == "__main__":
    for name, case in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            (FOLDER / f"{name}.md").write_text(case(Path(folder) / "synth.db"), encoding="utf-8")
