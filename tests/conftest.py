"""Every test works in a temporary workspace, without network, with one thread."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as hypothesis_settings

from synth.core.settings import Settings
from synth.core.workspace import Workspace
from synth.store import database
from tests import forked, kept_vectors

if TYPE_CHECKING:
    from synth.models.encoder import Encoder

# How long an example takes says nothing on a machine that does other things too.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ["HF_HUB_OFFLINE"] = "1"


# Files of tests that take longest. They begin, so that no process is left with one of them when all others are done.
LONGEST = (
    "repro/run/test_lab.py",
    "docs/test_gallery.py",
    "bundle/test_write_and_check.py",
    "search/test_interrupted_search.py",
    "pdf/test_guard.py",
    "search/test_arxiv_search.py",
    "search/test_replacement.py",
    "verify/test_run.py",
    "verify/test_paper_path.py",
    "report/review/test_planted.py",
    "report/review/test_gather.py",
    "bundle/test_bundle_works.py",
    "repro/training/test_loop.py",
    "repro/tasks/test_tasks.py",
    "repro/recipes/test_reanalysis.py",
    "repro/training/test_mixture.py",
    "claims/test_real.py",
    "cli/test_screen.py",
    "papers/test_duplicates.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    root = Path(__file__).parent
    place = {root / name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(place)))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The workspace of the test; nothing of the user's own settings reaches it."""
    for name in list(os.environ):
        if name.startswith("SYNTH_") and name != "SYNTH_DATA":
            monkeypatch.delenv(name)
    root = tmp_path / "workspace"
    monkeypatch.setenv("SYNTH_HOME", str(root))
    monkeypatch.setenv("SYNTH_CACHE", str(tmp_path / "cache"))
    return root


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session", autouse=True)
def kept(run_folder: Path) -> Iterator[None]:
    """Share among all processes of this run what the models have computed (see `tests/kept_vectors.py`)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(kept_vectors.VARIABLE, str(run_folder / "kept-vectors.sqlite"))
        kept_vectors.keep_as_told()
        yield
    kept_vectors.keep_as_told()


@pytest.fixture(scope="session", autouse=True)
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Begin a new database as a copy of one that was migrated once; tests of the migrations migrate."""
    template, migrate = tmp_path_factory.mktemp("migrated") / "synth.db", database.migrate
    migrate(template)

    def copied(path: Path, to: str = "") -> None:
        if not to and not path.exists():
            with suppress(OSError):  # what is wrong there, or who else was first, is for the program to say
                path.parent.mkdir(parents=True, exist_ok=True)
                with tempfile.NamedTemporaryFile(dir=path.parent) as whole:
                    shutil.copy(template, whole.name)
                    os.link(whole.name, path)
        migrate(path, to)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "migrate", copied)
        yield


@pytest.fixture(scope="session", autouse=True)
def forked_children() -> None:
    """Fork the program's children from processes that have the libraries loaded (see `tests/forked.py`)."""
    forked.put_in_place()


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real data; tests that need it are skipped where SYNTH_DATA names none."""
    folder = os.environ.get("SYNTH_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("SYNTH_DATA names no folder with the real data sets")
    return Path(folder)


@pytest.fixture
def workspace(home: Path) -> Workspace:
    return Workspace(home)


@pytest.fixture
def settings() -> Settings:
    return Settings(jobs=1)


@pytest.fixture(scope="session")
def digests(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """All bundled digests as PDFs."""
    from synth.sources.digests.render import render_all

    return render_all(tmp_path_factory.mktemp("digests"))


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """One real encoder for all tests: loading it takes seconds."""
    from synth.models.encoder import Encoder

    return Encoder(cache=tmp_path_factory.mktemp("vectors") / "vectors.sqlite")
