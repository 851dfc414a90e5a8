"""Opening the database: pragmas, migrations, locks, and errors a user can act on."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from synth.core.errors import SynthError
from synth.core.storage_errors import BUSY_SECONDS, translated

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlmodel import Session

MIGRATIONS = Path(__file__).parent / "migrations"
PRAGMAS = (
    "PRAGMA journal_mode = WAL",  # readers and one writer do not block each other
    "PRAGMA synchronous = NORMAL",  # safe with WAL: a crash loses at most the last transaction, never the file
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}",
)


def known_revisions() -> list[str]:
    """Revision ids in the package, oldest first, read from the file names so that Alembic need not load."""
    return sorted(f.name.split("_")[0] for f in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def revision(path: Path) -> str | None:
    """Return schema revision of the database at `path`; None if it has none yet.

    Raises SynthError if the file is not a database, or was written by a newer synth.
    """
    if not path.exists() or path.stat().st_size == 0:
        return None
    with translated(path):
        connection = _read_only(path)
        try:
            has = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if has else None
        finally:
            connection.close()
    found = str(row[0]) if row else None
    if found is not None and found < known_revisions()[0]:
        raise SynthError(
            f"{path} was made before the first release (schema {found}).",
            "Move it away, or work in another workspace, and search again.",
        )
    if found is not None and found not in known_revisions():
        raise SynthError(
            f"{path} has schema {found}, which this synth does not know (it knows {known_revisions()[-1]}).",
            "Upgrade synth (`pip install --upgrade synth`), or work in another workspace.",
        )
    return found


def migrate(path: Path, to: str = "") -> None:
    """Bring the database at `path` to the newest schema, or to revision `to`, creating it if need be.

    Safe to call from many processes.
    """
    if revision(path) == (to or known_revisions()[-1]):
        return
    from alembic import command
    from alembic.config import Config
    from filelock import FileLock

    with translated(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except FileNotFoundError as error:  # a file system that has no room for folders, such as /proc
            raise NotADirectoryError(error.errno, error.strerror, str(path.parent)) from error
        with FileLock(f"{path}.migrating", timeout=BUSY_SECONDS):
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))  # else it interpolates
            engine = _whole_transactions(engine_for(path))
            with engine.begin() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, to or "head")
            engine.dispose()


def _whole_transactions(engine: Engine) -> Engine:
    """Let a transaction hold statements that define tables too: the driver's own way commits each of them at once,
    and a migration that a full disk or a kill ends would stay half done.
    """
    from sqlalchemy import event

    @event.listens_for(engine, "connect")
    def _by_hand(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def engine_for(path: Path) -> Engine:
    """SQLAlchemy engine with synth's pragmas on every connection."""
    from sqlalchemy import URL, create_engine, event

    # Not as a text: a "?" in the name of a folder would begin the address's options, and "%20" would be a blank.
    place = URL.create("sqlite", database=str(path))
    engine = create_engine(place, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _pragmas(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in PRAGMAS:
            connection.execute(pragma)

    return engine


class Store:
    """The database for writing: `with store.session() as s:` is one small transaction."""

    def __init__(self, path: Path) -> None:
        migrate(path)
        self.path = path
        self._engine = engine_for(path)

    @contextmanager
    def session(self, writing: bool = False) -> Iterator[Session]:
        """Provide a session that commits at the end, or leaves nothing behind if an exception passes.

        `writing`: no other process writes between what is read here and what is written of it.
        """
        from sqlmodel import Session

        # expire_on_commit off: rows stay readable after the transaction that wrote them.
        with translated(self.path), Session(self._engine, expire_on_commit=False) as session, session.begin():
            if writing:
                session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            yield session

    def close(self) -> None:
        self._engine.dispose()


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Provide a read-only connection whose rows are mappings; loads no ORM."""
    if revision(path) != known_revisions()[-1]:
        if not path.exists():
            raise SynthError(
                f"There is no workspace here ({path} does not exist).",
                'Start one with `synth search "<question>"` or `synth demo`, or set SYNTH_HOME to an existing one.',
            )
        migrate(path)
    with translated(path):
        connection = _read_only(path)
        connection.row_factory = sqlite3.Row
        try:
            yield connection
        finally:
            connection.close()


def _read_only(path: Path) -> sqlite3.Connection:
    # In a folder that cannot be written to, SQLite cannot set up the shared memory of WAL; nobody can write
    # there either, so the file may be taken as it is.
    mode = "mode=ro" if os.access(path.parent, os.W_OK) else "immutable=1"
    return sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True, timeout=BUSY_SECONDS)
