"""the word that leaves a prediction open

Predictions made before have none: nobody had looked for it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In place, with a default: rebuilding the table would take its links and runs with it.
    op.add_column("prediction", sa.Column("hedge", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    raise NotImplementedError("synth migrates forward only; keep a copy of db/ instead")
