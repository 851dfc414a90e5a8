"""a fuller ledger of queries, and the answers themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns are added one by one and never by copying the table: dropping the old one would take the hits with it.
    op.add_column("source_query", sa.Column("kind", sa.String(), nullable=False, server_default="question"))
    op.add_column("source_query", sa.Column("request", sa.String(), nullable=False, server_default=""))
    op.add_column("source_query", sa.Column("max_hits", sa.Integer(), nullable=True))
    op.add_column("source_query", sa.Column("pages", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("source_query", sa.Column("kept_pages", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("source_query", sa.Column("taken", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.execute("UPDATE source_query SET taken = hits")
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("search_id", sa.Integer(), nullable=False),
        sa.Column("source_query_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["search_id"], ["search.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["source_query_id"], ["source_query.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("search_id", "url"),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_search_id"), ["search_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_source_query_id"), ["source_query_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("synth migrates forward only; keep a copy of db/ instead")
