"""Held-out sentences of the generated languages: line i says the same in every language."""

from __future__ import annotations

import json
from pathlib import Path

from repro.data.library import Library
from repro.targets import Encode, Pools, Progress, Row, TargetOptions, measure_pools

DATASETS: tuple[str, ...] = ()
ENGLISH = "en"


def measure(
    params: TargetOptions, library: Library, folder: Path | None, encode: Encode, progress: Progress
) -> list[Row]:
    """Return rows of `parallel_rows` for every language of `folder` but English, with its typological `distance`.

    `params`: `neighbours` of CSLS.
    """
    assert folder is not None
    languages = json.loads((folder / "languages.json").read_text(encoding="utf-8"))
    rows = measure_pools(pools(params, library, folder), params, encode, progress)
    return [{**row, "distance": languages[row["language"]]["distance"]} for row in rows]


def pools(params: TargetOptions, library: Library, folder: Path | None) -> Pools:
    """Return the pools of `languages.json` and `heldout/<code>.txt`."""
    assert folder is not None
    languages = json.loads((folder / "languages.json").read_text(encoding="utf-8"))
    lines = {code: (folder / "heldout" / f"{code}.txt").read_text(encoding="utf-8").splitlines() for code in languages}
    return {code: (lines[ENGLISH], own) for code, own in lines.items() if code != ENGLISH}
