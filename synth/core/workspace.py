"""A workspace: a directory with `db/` and `reports/` in it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from synth.core.errors import SynthError


@dataclass(frozen=True)
class Workspace:
    """Folder with everything of one body of work."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "db" / "synth.db"

    @property
    def pdfs(self) -> Path:
        """PDFs that were downloaded."""
        return self.root / "db" / "pdfs"

    @property
    def artifacts(self) -> Path:
        """The laboratory's content-addressed store."""
        return self.root / "db" / "artifacts"

    @property
    def experiments(self) -> Path:
        """Experiments of one's own, a file each."""
        return self.root / "experiments"

    @property
    def data(self) -> Path:
        """Data sets that were pulled, a folder each."""
        return self.root / "db" / "data"

    @property
    def embeddings(self) -> Path:
        """Cache of sentence embeddings, a SQLite file of its own: it can be deleted at any time."""
        return self.root / "db" / "embeddings.db"

    @property
    def library(self) -> Path:
        """Metadata of many papers, a SQLite file of its own: imported from dumps, it can be made again from them."""
        return self.root / "db" / "library.db"

    @property
    def locks(self) -> Path:
        return self.root / "db" / "locks"

    @property
    def reports(self) -> Path:
        return self.root / "reports"

    def relative(self, path: Path) -> str:
        """Return `path` as stored in the database: relative if inside the workspace, so that this can be moved."""
        path = path.resolve()
        root = self.root.resolve()
        return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)

    def absolute(self, stored: str) -> Path:
        """Return the file that `stored` names: the user's own if absolute, else one of the workspace.

        A workspace may be a stranger's, so SynthError for a relative name, or a link behind one, that leads out of
        it.
        """
        path = self.root / stored  # an absolute `stored` wins in pathlib
        if Path(stored).is_absolute() or path.resolve().is_relative_to(self.root.resolve()):
            return path
        raise SynthError(
            f"The database names {ascii(stored)[:200]}, which leads out of the workspace.",
            "Do not use this workspace, unless you put that link there yourself: then store the file's real place.",
        )


def find_workspace(environment: Mapping[str, str] = os.environ) -> Workspace:
    """Find the workspace of this process: SYNTH_HOME, else the current directory."""
    return Workspace(place(environment.get("SYNTH_HOME") or ".").resolve())


def place(named: str | Path) -> Path:
    """Return the path that a person names, "~" for their home: no shell has replaced it in a variable, a file of
    settings, or behind `--out=`, and a folder of that name would be made.
    """
    return Path(os.path.expanduser(named))  # Path's own raises for users that are none
