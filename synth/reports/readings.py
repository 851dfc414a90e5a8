"""What other passages say about a claim, as far as the PDFs gave the quotes back. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from synth.reports.facts import Facts, Row, quote_key
from synth.reports.said import Sentence, quotes
from synth.reports.wording import count

QUOTES = 2  # quotes for a claim, and against it


@dataclass(frozen=True)
class Reading:
    """A claim that answers to the question, with the quotes of other passages for and against it, best first."""

    claim: Row
    pro: list[Row]
    con: list[Row]

    @property
    def weight(self) -> tuple[int, float]:
        """Papers that speak to it, then how sure its evidence is: sorts the strongest first."""
        rows = self.pro + self.con
        return -len({row["paper"] for row in rows}), -max((row["confidence"] for row in rows), default=0.0)


def reading_of(facts: Facts, claim: Row) -> Reading:
    """The best quotes for the claim from other papers, and against it from any; only what the PDFs gave back."""
    held = [row for row in claim["evidence"] if facts.quotes_held.get(quote_key(row))]
    pro = [row for row in held if row["stance"] == "SUPPORT" and row["relation"] == "other paper"]
    con = [row for row in held if row["stance"] == "CONTRADICT"]
    return Reading(claim, _distinct(pro), _distinct(con))


def _distinct(rows: list[Row]) -> list[Row]:
    """The best row of each paper, then the others; as many as are quoted."""
    papers: set[int] = set()
    first: list[Row] = []
    rest: list[Row] = []
    for row in rows:
        (rest if row["paper"] in papers else first).append(row)
        papers.add(row["paper"])
    return [*first, *rest][:QUOTES]


def sure(claim: Row) -> bool:
    """A confidence of at least one half."""
    return claim["confidence"] is not None and claim["confidence"] >= 0.5


def frame(reading: Reading) -> Sentence:
    """What introduces a claim that other passages speak to: who does, and the quotes that show it."""
    rows = (("claim", reading.claim["id"]), *quotes(reading.pro), *quotes(reading.con))
    if reading.con and reading.pro:
        return Sentence("Papers disagree on", rows, "contradicts")
    papers = len({row["paper"] for row in reading.con or reading.pro})
    who = "Another paper" if papers == 1 else count(papers, "other paper")
    if not reading.con:
        return Sentence(f"{who} {'supports' if papers == 1 else 'support'}", rows, "supports")
    if {row["relation"] for row in reading.con} == {"same paper"}:
        who = "Its own paper"
    return Sentence(f"{who} {'contradicts' if papers == 1 else 'contradict'}", rows, "contradicts")


def framed(claim: Row) -> Sentence:
    """What introduces a claim that one paper makes, with the quote that it was taken from."""
    return Sentence("One paper states", (("claim", claim["id"]), *quotes(claim["sources"][:1])))
