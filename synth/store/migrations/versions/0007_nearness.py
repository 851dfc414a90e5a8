"""how near a claim is to the question."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("claim", sa.Column("nearness", sa.Float(), nullable=True))


def downgrade() -> None:
    op.drop_column("claim", "nearness")
