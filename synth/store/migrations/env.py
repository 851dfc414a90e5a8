"""Alembic's entry point: migrates the connection that `synth.store.database` hands over."""

from alembic import context
from sqlmodel import SQLModel

import synth.store.tables  # noqa: F401  (fills the metadata)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,  # SQLite cannot alter most columns in place
)
with context.begin_transaction():
    context.run_migrations()
