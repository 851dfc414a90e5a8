"""`synth check`: quotes that hold, and every way in which they can stop to."""

from __future__ import annotations

import sqlite3

import pytest

from synth.core.errors import UsageError
from synth.search.quote_check import QuoteCheck, check
from tests.search.searched import original, workspace  # noqa: F401


def test_every_quote_of_a_fresh_search_holds(workspace, settings):  # noqa: F811
    seen = []
    result = check(workspace, settings, progress=lambda stage, done, total, note="": seen.append((done, total)))
    assert result.quotes == result.held > 50
    assert result.broken == ()
    assert [file.problem for file in result.files] == [""] * 4
    assert seen[-1] == (4, 4)
    assert check(workspace, settings, 1).quotes == result.quotes


def test_what_no_longer_holds_is_told_with_its_reason(workspace, settings):  # noqa: F811
    missing, changed, page, good = sorted((workspace.root / "papers").iterdir())
    missing.unlink()
    changed.write_bytes(changed.read_bytes() + b"\n")
    page.write_text("<html>")
    with sqlite3.connect(workspace.database) as db:
        paper = db.execute("SELECT id FROM paper WHERE pdf_path = ?", (f"papers/{good.name}",)).fetchone()[0]
        [(passage, quote)] = db.execute(
            """SELECT g.id, g.quote FROM passage g JOIN claim_source c ON c.passage_id = g.id WHERE g.paper_id = ?
               ORDER BY g.id LIMIT 1""",
            (paper,),
        )
        db.execute("UPDATE passage SET quote = ? WHERE id = ?", (quote.replace(quote[0], "#", 1), passage))
        [claim] = {row[0] for row in db.execute("SELECT claim_id FROM claim_source WHERE passage_id = ?", (passage,))}
    result = check(workspace, settings)
    problems = {file.path: file.problem for file in result.files}
    assert problems == {
        f"papers/{missing.name}": "PDF missing",
        f"papers/{changed.name}": "PDF changed",
        f"papers/{page.name}": "PDF changed (not-a-pdf)",
        f"papers/{good.name}": "1 quotes not at their place",
    }
    assert result.held + len(result.broken) == result.quotes
    [altered] = [row for row in result.broken if row.why == "quote not at its place"]
    assert (altered.passage, altered.paper) == (passage, paper)
    assert claim in altered.claims


def test_a_limit_is_not_taken_for_a_change(workspace, settings):  # noqa: F811
    from dataclasses import replace

    result = check(workspace, replace(settings, max_pdf_mb=0))
    assert {file.problem for file in result.files} == {"PDF cannot be read (too-large)"}


def test_an_unknown_search_is_refused(workspace, settings):  # noqa: F811
    with pytest.raises(UsageError, match="no search 9"):
        check(workspace, settings, 9)


def test_an_empty_workspace_holds(home, settings):
    from synth.core.workspace import Workspace
    from synth.store.database import migrate

    migrate(home / "db" / "synth.db")
    assert check(Workspace(home), settings) == QuoteCheck(None, 0, 0, (), ())
