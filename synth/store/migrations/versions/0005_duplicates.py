"""decisions on which records are one work, and what records are looked up by."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# What records of before are looked up by. A DOI that arXiv or the Anthology gave out is their identifier.
DOI = "lower(json_extract(content, '$.doi'))"
KEYS = (
    "SELECT id, 'arxiv', lower(json_extract(content, '$.arxiv_id')) AS value FROM paper_record",
    "SELECT id, 'acl', lower(json_extract(content, '$.acl_id')) AS value FROM paper_record",
    f"SELECT id, 'arxiv', substr({DOI}, 16) AS value FROM paper_record WHERE {DOI} LIKE '10.48550/arxiv.%'",
    f"SELECT id, 'acl', substr({DOI}, 13) AS value FROM paper_record WHERE {DOI} LIKE '10.18653/v1/%'",
    f"SELECT id, 'acl', substr({DOI}, 12) AS value FROM paper_record WHERE {DOI} LIKE '10.3115/v1/%'",
    f"""SELECT id, 'doi', {DOI} AS value FROM paper_record WHERE {DOI} NOT LIKE '10.48550/arxiv.%'
        AND {DOI} NOT LIKE '10.18653/v1/%' AND {DOI} NOT LIKE '10.3115/v1/%'""",
    "SELECT r.id, 'title', p.title_key AS value FROM paper_record r JOIN paper p ON p.id = r.paper_id",
)


def upgrade() -> None:
    op.add_column("paper", sa.Column("joined_into", sa.Integer(), nullable=True))
    op.add_column("paper", sa.Column("pdf_record", sa.Integer(), nullable=True))
    op.create_table(
        "record_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_record_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["paper_record_id"], ["paper_record.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_record_key_paper_record_id", "record_key", ["paper_record_id"], unique=False)
    op.create_index("ix_record_key_kind_value", "record_key", ["kind", "value"], unique=False)
    for key in KEYS:
        op.execute(f"INSERT INTO record_key (paper_record_id, kind, value) SELECT * FROM ({key}) WHERE value <> ''")
    op.create_table(
        "duplicate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("records", sa.JSON(), nullable=False),
        sa.Column("others", sa.JSON(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created", sa.String(), nullable=False),
        sa.Column("undone", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other_id"], ["paper.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_duplicate_paper_id", "duplicate", ["paper_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("synth migrates forward only; keep a copy of db/ instead")
