"""The figures in docs/reliability.md: a row for each part, with the state of the program that it was measured on."""

from __future__ import annotations

from tests.attack.tally import Tally

BEGIN, END = "<!-- attack: begin -->\n", "<!-- attack: end -->\n"
HEAD = "| attacked | tried | outcomes | faults | s | measured |\n|---|---|---|---|---|---|\n"
HOLDS = "\n\nWhat has to hold:\n\n"


def updated(text: str, tally: Tally, measured: str) -> str:
    """Return the page with the part's row in its place, or behind the others; the other rows stay as they are."""
    before, _, rest = text.partition(BEGIN)
    block, _, after = rest.partition(END)
    table, _, holding = block.partition(HOLDS)
    rows = {_cell(line): line for line in table.splitlines()[2:] if table.startswith(HEAD)}
    held = {line.split("*")[1]: line for line in holding.splitlines() if line.startswith("- *")}
    rows[tally.part] = tally.row(measured)
    held[tally.part] = f"- *{tally.part}*: {tally.held}."
    lines, holds = "\n".join(rows.values()), "\n".join(held.values())
    return f"{before}{BEGIN}{HEAD}{lines}{HOLDS}{holds}\n{END}{after}"


def _cell(row: str) -> str:
    return row.split("|")[1].strip()
