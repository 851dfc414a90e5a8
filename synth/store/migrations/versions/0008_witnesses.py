"""witnesses: tables as evidence, reference lists, retractions, and what each axis says of a claim."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PAPER = ("retracted", "retracted_source", "retracted_date")
COUNTS = ("witnesses_against", "reported_by", "own_for", "own_against")
CONFIDENCES = ("papers_confidence", "own_confidence")


def upgrade() -> None:
    op.create_table(
        "reference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("paper_id", "position"),
    )
    with op.batch_alter_table("reference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reference_paper_id"), ["paper_id"], unique=False)
    for name in PAPER:
        op.add_column("paper", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE paper SET retracted = 'withdrawn' WHERE withdrawn")
    for name in COUNTS:
        op.add_column("claim", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    for name in CONFIDENCES:
        op.add_column("claim", sa.Column(name, sa.Float(), nullable=True))
    op.add_column("claim", sa.Column("own_place", sa.String(), nullable=False, server_default=""))
    op.add_column("evidence", sa.Column("cells", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("evidence", sa.Column("location", sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE evidence SET relation = 'reported' WHERE relation = 'secondhand'")
    # What other papers said stays as it was until the same search, run again, weighs it by the rules of today.
    op.execute("UPDATE claim SET papers_confidence = confidence WHERE standing IN ('corroborated', 'contradicted')")
    op.execute(
        "UPDATE claim SET witnesses_against = (SELECT count(DISTINCT g.paper_id) FROM evidence e JOIN passage g"
        " ON g.id = e.passage_id WHERE e.claim_id = claim.id AND e.stance = 'CONTRADICT'"
        " AND e.relation = 'other paper' AND e.confidence >= 0.5)"
    )
    op.execute("UPDATE claim SET evidence_done = 0")


def downgrade() -> None:
    raise NotImplementedError("synth migrates forward only; keep a copy of db/ instead")
