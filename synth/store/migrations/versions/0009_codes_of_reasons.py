"""codes beside the sentences of reasons: exclusions, texts, claims that nothing tests, links and verdicts"""

import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# A sentence of before is `other`, with itself as parameter, unless its wording is one of FIXED. Verdicts are never
# changed: theirs stay without codes, which readers take for `other`.
SENTENCES = (
    ("paper", "text_reason"),
    ("screening", "reason"),
    ("screening_event", "reason"),
    ("claim", "why_not_testable"),
)
FIXED = {
    r"full text not available(?:: (?P<detail>.*))?": "not retrieved",
    r"unreadable PDF \((?P<why>[^)]*)\)(?:: (?P<detail>.*))?": "unreadable",
    r"below the limit of (?P<limit>\d+) papers": "below limit",
    r"not screened: screening was stopped": "screening stopped",
    r"a notice about another paper": "notice",
    r"(retracted|withdrawn|concern)": "",  # the word itself
}
CODED = (("paper", "text_reason"), ("screening", "reason"))
LISTS = (("source_query", "undecided"), ("verdict", "reason_codes"), ("verdict", "deviation_codes"))
PREFIX = "Not decided: "  # of warnings that were questions


def upgrade() -> None:
    for table, column in SENTENCES:
        op.add_column(table, sa.Column(f"{column}_code", sa.String(), nullable=False, server_default=""))
        op.add_column(table, sa.Column(f"{column}_parameters", sa.JSON(), nullable=False, server_default="{}"))
        op.execute(
            f"UPDATE {table} SET {column}_code = 'other', {column}_parameters = json_object('text', {column})"
            f" WHERE {column} != ''"
        )
    for table, column in CODED:
        _recognise(table, column)
    for table, column in LISTS:
        op.add_column(table, sa.Column(column, sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("link", sa.Column("unmatched_codes", sa.JSON(), nullable=False, server_default="{}"))
    _part_warnings()


def _recognise(table: str, column: str) -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text(f"SELECT id, {column} FROM {table} WHERE {column} != ''")).fetchall()
    for number, text in rows:
        for wording, code in FIXED.items():
            if found := re.fullmatch(wording, text, re.DOTALL):
                parameters = {name: value for name, value in found.groupdict().items() if value is not None}
                values = {"id": number, "code": code or text, "parameters": json.dumps(parameters)}
                update = f"UPDATE {table} SET {column}_code = :code, {column}_parameters = :parameters WHERE id = :id"
                connection.execute(sa.text(update), values)


def _part_warnings() -> None:
    connection = op.get_bind()
    for number, stored in connection.execute(sa.text("SELECT id, warnings FROM source_query")).fetchall():
        warnings = json.loads(stored)
        undecided = [one.removeprefix(PREFIX) for one in warnings if one.startswith(PREFIX)]
        if undecided:
            values = {
                "id": number,
                "warnings": json.dumps([one for one in warnings if not one.startswith(PREFIX)]),
                "undecided": json.dumps(undecided),
            }
            update = "UPDATE source_query SET warnings = :warnings, undecided = :undecided WHERE id = :id"
            connection.execute(sa.text(update), values)


def downgrade() -> None:
    raise NotImplementedError("synth migrates forward only; keep a copy of db/ instead")
