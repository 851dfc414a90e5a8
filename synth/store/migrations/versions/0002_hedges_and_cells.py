"""hedges of predictions, what bold print marks in tables, the cells that carry a claim's numbers.

What was read before has none of these: nobody had looked for them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In place, with a default: rebuilding a table would take the rows that point to it along.
    op.add_column("prediction", sa.Column("hedge", sa.String(), nullable=False, server_default=""))
    op.add_column("passage", sa.Column("best", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "claim_cell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("passage_id", sa.Integer(), nullable=False),
        sa.Column("against_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("matched", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["passage_id"], ["passage.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["against_id"], ["passage.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("claim_id", "passage_id", "number"),
    )
    with op.batch_alter_table("claim_cell", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_cell_claim_id"), ["claim_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_cell_passage_id"), ["passage_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("synth migrates forward only; keep a copy of db/ instead")
