"""The stance model that the settings name, as those who judge want it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import cast

from synth.core.atomic import atomic_write
from synth.core.errors import UsageError
from synth.core.settings import Settings
from synth.core.types import Stance
from synth.core.workspace import Workspace
from synth.evidence.calibrator import Calibrator, CalibratorFile, as_toml, of_toml, plain
from synth.evidence.document_judge import Judge, recalibrated, rules, trained
from synth.evidence.documents import COLUMNS
from synth.evidence.tables import Tables, parse_flat_table, verdict
from synth.models.cross_encoder import CrossEncoder
from synth.models.encoder import Encoder
from synth.models.stance_reader import Reader
from synth.text.lexicon import load_lexicon

FILE = "calibration.toml"  # in the workspace
REMEDY = "Remove it, or run `synth calibrate --write` anew."
RULES = "rules"  # the setting that does without a model
# Probability from which a document's stance is taken from a model of the user's own, which nothing was fitted for.
LIKELY = 0.5


def reader_for(settings: Settings, workspace: Workspace) -> Reader | None:
    """Make the reader of single passages; None where the rules are to be alone."""
    return None if settings.stance_model == RULES else Reader(_model(settings, workspace))


def judge_for(settings: Settings, workspace: Workspace, encoder: Encoder) -> Judge:
    """Make the judge of documents; its probabilities follow what `synth calibrate --write` left in the workspace."""
    own = plain(COLUMNS, LIKELY)
    if settings.stance_model == RULES:
        judge = rules(encoder, tables=table_stance)
    else:
        fitted = {"named": own, "retrieved": own} if settings.stance_model else None
        judge = trained(_model(settings, workspace), encoder, fitted, tables=table_stance)
    calibrators = stored(settings, workspace)
    return recalibrated(judge, calibrators) if calibrators else judge


def table_stance(text: str, claim: str) -> Stance | None:
    """Judge a claim by a document that is a table; None where it is none."""
    grid = parse_flat_table(text) if text.count("|") > 1 else None
    if grid is None:
        return None
    return verdict(Tables((), load_lexicon(), prepared=[grid]).judge(claim, (), own_paper=True))


def _model(settings: Settings, workspace: Workspace) -> CrossEncoder:
    return CrossEncoder(settings.stance_model, cache=workspace.embeddings).checked()


def _identity(settings: Settings, workspace: Workspace) -> str:
    return RULES if settings.stance_model == RULES else _model(settings, workspace).identity


def store(settings: Settings, workspace: Workspace, name: str, calibrator: Calibrator) -> Path:
    """Keep the numbers for "named" or "retrieved" documents in the workspace; those of another model are given up."""
    identity, path = _identity(settings, workspace), workspace.root / FILE
    try:
        calibrators = stored(settings, workspace)
    except UsageError:
        calibrators = {}
    text = as_toml({**calibrators, name: calibrator}, "Written by `synth calibrate --write`.")
    atomic_write(path, f'model = "{identity}"\n{text}'.encode())
    return path


def stored(settings: Settings, workspace: Workspace) -> dict[str, Calibrator]:
    """Return the numbers kept in the workspace.

    Raises UsageError if they cannot be read or are those of another model.
    """
    path = workspace.root / FILE
    if not path.is_file():
        return {}
    try:
        data = cast("CalibratorFile", tomllib.loads(path.read_text(encoding="utf-8")))
        calibrators, model = of_toml(data), data["model"]
    except (LookupError, TypeError, ValueError, RecursionError) as error:
        raise UsageError(f"{path} cannot be read: {error}.", REMEDY) from error
    if model != _identity(settings, workspace):
        raise UsageError(f"{path} was fitted for another stance model.", REMEDY)
    return calibrators
