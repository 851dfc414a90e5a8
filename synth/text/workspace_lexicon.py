"""The lexicon that a workspace uses: the packaged one with the workspace's own `lexicon.toml` added."""

from __future__ import annotations

from synth.core.workspace import Workspace
from synth.text.lexicon import Lexicon, load_lexicon


def lexicon_of(workspace: Workspace) -> Lexicon:
    """Load the names that claims and evidence are read with.

    Raises SynthError if the workspace's file is no lexicon.
    """
    own = workspace.root / "lexicon.toml"
    return load_lexicon(own if own.is_file() else None)
