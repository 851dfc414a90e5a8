"""Seconds to plan a campaign: `synth verify --testable --dry-run` over many claims and experiments.

python -m benchmarks.planning [--claims 1000] [--experiments 50]

A workspace is made in which each experiment is a small command with as many contrasts as its share of the claims needs.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from repro.experiments import experiment
from synth.core.workspace import Workspace
from synth.store.database import Store
from synth.store.tables import ClaimRow, ClaimSource, Link, PredictionRow
from synth.verify import campaign
from tests.verify.small_campaign import definition, workspace_with


def filled(root: Path, claims: int, experiments: int) -> Workspace:
    """Make a workspace with so many claims in one search, spread over so many experiments of eight contrasts each."""
    contrasts = 8
    workspace = workspace_with(root, range(contrasts), name="noise")
    names = ["noise", *(f"noise{at}" for at in range(1, experiments))]
    for name in names[1:]:
        (workspace.experiments / f"{name}.toml").write_text(definition(name, range(contrasts)), encoding="utf-8")
    tested = {name: experiment(name, workspace.experiments) for name in names}
    store = Store(workspace.database)
    with store.session() as s:
        search = s.get_one(ClaimRow, 1).search_id
        source = s.get_one(ClaimSource, (1, 1)).passage_id
        for number in range(contrasts + 1, claims + 1):
            s.add(ClaimRow(id=number, search_id=search, text=f"Claim {number}.", kind="effect", salience=1.0))
            s.flush()
            s.add(ClaimSource(claim_id=number, passage_id=source))
            name = names[number % experiments]
            contrast = tested[name].contrasts[number // experiments % contrasts]
            prediction = PredictionRow(
                claim_id=number,
                position=0,
                treatment=contrast.treatment,
                baseline=contrast.baseline,
                metric=contrast.metric,
                direction="increase",
            )
            s.add(prediction)
            s.flush()
            s.add(
                Link(
                    claim_id=number,
                    prediction_id=int(prediction.id or 0),
                    experiment=name,
                    contrast=contrast.id,
                    strength=1.0,
                    matched={},
                    unmatched={},
                    unmatched_codes={},
                )
            )
    store.close()
    return workspace


def main() -> None:
    """Make the workspace and print what planning and ordering take."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=1000)
    parser.add_argument("--experiments", type=int, default=50)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = filled(Path(folder), options.claims, options.experiments)
        begin = time.monotonic()
        planned = campaign.planned(workspace, None)
        middle = time.monotonic()
        steps = campaign.order(planned.candidates)
        end = time.monotonic()
    print(f"{planned.family} claims, {len(planned.candidates)} candidates of {options.experiments} experiments")
    print(f"{len(steps)} tests planned in {middle - begin:.2f} s, ordered in {end - middle:.3f} s")


if __name__ == "__main__":
    main()
