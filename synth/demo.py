"""`synth demo`: the whole job offline on bundled material."""

from __future__ import annotations

import tempfile
from pathlib import Path

from synth.core.errors import SynthError
from synth.core.progress import Progress
from synth.core.settings import Settings, load
from synth.core.workspace import Workspace
from synth.report import write
from synth.search.run import search
from synth.store import views
from synth.store.database import reading
from synth.store.rows.claims import FullClaimView
from synth.store.rows.runs import VerdictView
from synth.verify import run

QUESTION = (
    "Does scaling the size of the pretrained model mitigate the negative effects of typological distance when "
    "applying English intermediate-task training for cross-lingual sentence retrieval?"
)
# Experiment and fidelity: what is asked, of real languages by published figures, and as it can be measured here.
TESTS = (("retrieval-covariates", "published"), ("model-size", "synthetic"))


def find_claims(into: Path | None, progress: Progress) -> tuple[Workspace, int]:
    """Search the bundled digests in the workspace `into` (a new temporary one if None)."""
    root = Path(tempfile.mkdtemp(prefix="synth-demo-")) if into is None else into
    workspace = Workspace(root.resolve())
    return workspace, search(workspace, load(workspace.root), QUESTION, ["demo"], progress=progress)


def claim_to_verify(workspace: Workspace, number: int, experiment: str) -> FullClaimView:
    """Return the claim of search `number` that the experiment fits best; among equals the most salient.

    Raises:
        SynthError: it fits none.
    """
    with reading(workspace.database) as connection:
        row = connection.execute(
            """SELECT l.claim_id FROM link l JOIN claim c ON c.id = l.claim_id
               WHERE c.search_id = ? AND l.experiment = ? ORDER BY l.strength DESC, c.salience DESC, l.id LIMIT 1""",
            (number, experiment),
        ).fetchone()
        if row is not None:
            return views.claim(connection, row[0])
    raise SynthError("No claim of the bundled digests can be tested.", "This is a defect of synth: please report it.")


def settings(workspace: Workspace) -> Settings:
    return load(workspace.root)


def plan(workspace: Workspace, claim: int, experiment: str, fidelity: str) -> run.Test:
    """Prepare the test of a claim."""
    return run.prepare(workspace, claim, fidelity, experiment_id=experiment)


def verify(workspace: Workspace, test: run.Test, progress: Progress) -> VerdictView:
    return run.verify(workspace, settings(workspace), test, progress)


def report(workspace: Workspace, number: int, progress: Progress) -> write.WrittenReport:
    return write.write_report(workspace, settings(workspace), number, None, "md", "", progress)
