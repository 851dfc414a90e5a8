"""The answer to the question, from what was measured and read and nothing else, and the abstract. Pure.

Every sentence names the rows it was built from. Strongest first: tests that decided before those that did not, nearer
to the published setting before farther; claims with more papers for or against them before those with fewer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from synth.reports import gaps
from synth.reports.facts import Facts, Row, quote_key
from synth.reports.findings import Effects, disagreements, effects, measured, reason, strength
from synth.reports.near import near, sharing
from synth.reports.readings import Reading, frame, framed, reading_of, sure
from synth.reports.references import is_digest
from synth.reports.said import Anchor, Sentence, claims, quoted, quotes, runs
from synth.reports.wording import count, listed, probability, source
from synth.verified import CONTRADICTING, SUPPORTING

ABSTRACT = 3  # tests told in the abstract
SHOWN = 5  # claims named on each side of the answer
OPEN = "nothing measured decides it, and no paper was recognised as speaking for or against what another says near it"


@dataclass(frozen=True)
class Answer:
    """What was measured, what the papers say for and against, what stays unknown, what would decide it.

    `lead` and `takeaway` are one paragraph, to be taken away alone. `stated`: the nearest claims that one paper makes
    and none confirms or denies.
    """

    lead: Sentence
    takeaway: list[Sentence]
    measured: list[Sentence]
    effects: list[Effects]
    agreed: list[Reading]
    disputed: list[Reading]
    conflicts: list[Sentence]
    stated: list[Row]
    unknown: list[Sentence]
    deciding: list[Sentence]

    @property
    def sentences(self) -> list[Sentence]:
        """All of them, in the order of the answer; those that frame a quoted claim as well."""
        told = [frame(reading) for reading in self.agreed + self.disputed]
        told += [framed(claim) for claim in self.stated]
        return [self.lead, *self.takeaway, *self.measured, *self.conflicts, *told, *self.unknown, *self.deciding]

    @property
    def anchors(self) -> list[Anchor]:
        """The rows that are named one by one, each once."""
        return list(dict.fromkeys(row for said in self.sentences for row in said.named))

    @property
    def named(self) -> set[int]:
        """The claims that are spoken of one by one."""
        return {number for table, number in self.anchors if table == "claim"}

    def as_json(self) -> dict[str, Any]:
        """Every list of sentences by its name; readings and stated claims as sentences too."""
        given = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "effects"}
        given |= {name: [frame(reading) for reading in given[name]] for name in ("agreed", "disputed")}
        given["stated"] = [framed(claim) for claim in self.stated]
        told = {name: [said.as_json() for said in value] for name, value in given.items() if name != "lead"}
        return {"lead": self.lead.as_json(), **told, "arms": [_arms_as_json(each) for each in self.effects]}


def _arms_as_json(found: Effects) -> Row:
    arms = [
        {"arm": arm.name, "score": vars(arm.score), "effect": vars(arm.effect) if arm.effect else None}
        for arm in found.arms
    ]
    return {"run": found.test["run_id"], "claim": found.test["claim"], "arms": arms}


# ---------------------------------------------------------------------------------------------- abstract


def abstract(facts: Facts) -> list[Sentence]:
    """What was found and measured, in a few sentences."""
    sentences = [_found(facts)]
    if facts.claims:
        sentences.append(_extracted(facts))
        tests = sorted(_tests(facts), key=lambda test: test not in _bearing(facts))
        sentences += [_told(facts, test) for test in tests[:ABSTRACT]]
        if more := tests[ABSTRACT:]:
            verb = "was" if len(more) == 1 else "were"
            sentences.append(Sentence(f"{count(len(more), 'more prediction')} {verb} tested.", runs(more)))
        below = [test for test in facts.tests if test["fidelity"] != "paper"]
        if below:
            said = "Below fidelity paper a test speaks of the direction of a claim, not of its size."
            sentences.append(Sentence(said, runs(below)))
        sentences += _read(facts)
    if not _evidence(facts):
        sentences.append(Sentence(f"The question stays open: {OPEN}.", (("search", facts.search["id"]),)))
    if not facts.search["complete"]:
        sentences.append(
            Sentence("The search is incomplete, so papers may be missing.", (("search", facts.search["id"]),))
        )
    return sentences


def _found(facts: Facts) -> Sentence:
    rows = (("search", facts.search["id"]),)
    asked = listed(list(dict.fromkeys(source(q["source"]) for q in facts.search["sources"])))
    if not facts.papers:
        said = f"A search of {asked or 'no source'} for the research question gave no paper that could be used."
        return Sentence(said, rows)
    read = sum(paper["text_state"] == "read" for paper in facts.papers)
    found = count(len(facts.papers), "paper")
    digests = sum(is_digest(paper) for paper in facts.papers if paper["text_state"] == "read")
    if read == len(facts.papers) == digests:
        rest = "read as a digest, not in the original" if read == 1 else "all read as digests, none in the original"
    elif read == len(facts.papers):
        rest = "read in full" if read == 1 else "all read in full"
        rest += f", {digests} of them as {'a digest' if digests == 1 else 'digests'}" if digests else ""
    else:
        rest = f"of which {read or 'none'} could be read in full"
    return Sentence(f"A search of {asked} for the research question gave {found}, {rest}.", rows)


def _extracted(facts: Facts) -> Sentence:
    marks = [claim["verified"] for claim in facts.claims]
    given = sum(bool(paper["claims"]) for paper in facts.papers)
    verb = "was" if len(marks) == 1 else "were"
    return Sentence(
        f"{count(len(marks), 'claim')} from {count(given, 'paper')} {verb} weighed against the other passages: "
        f"{marks.count(True)} verified, {marks.count(False)} contradicted, {marks.count(None)} not decided.",
        (("search", facts.search["id"]),),
    )


def _read(facts: Facts) -> list[Sentence]:
    """The nearest claim that other papers support, and the nearest that they contradict, beside those tested."""
    tested = {test["claim"] for test in facts.tests}
    found = []
    for readings in (_agreed(facts), _disputed(facts)):
        untested = [reading for reading in readings if reading.claim["id"] not in tested]
        for reading in untested[:1]:
            found.append(_about(reading))
    return found


def _about(reading: Reading) -> Sentence:
    said, claim = frame(reading), reading.claim
    named = quoted(claim["text"], f"number {claim['id']}")
    return Sentence(f"{said.text} the claim {named}.", said.rows, said.says)


# ------------------------------------------------------------------------------------------------ answer


def answer(facts: Facts) -> Answer:
    """The question answered from what was measured and read, and nothing else."""
    tests = _tests(facts)
    told = (effects(test) for test in tests)
    return Answer(
        lead=_lead(facts),
        takeaway=_takeaway(facts),
        measured=_measured(facts, tests),
        effects=[found for found in told if found is not None],
        agreed=_strongest(_agreed(facts)),
        disputed=_strongest(_disputed(facts)),
        conflicts=_conflicts(facts),
        stated=_stated(facts)[:SHOWN],
        unknown=gaps.unknown(facts, near(facts)),
        deciding=gaps.deciding(facts, near(facts)),
    )


def _strongest(readings: Sequence[Reading]) -> list[Reading]:
    """Of the nearest, those with the strongest evidence first."""
    return sorted(readings[:SHOWN], key=lambda reading: reading.weight)


def _tests(facts: Facts) -> list[Row]:
    return sorted(facts.tests, key=strength)


def _decided(facts: Facts) -> list[Row]:
    return [test for test in _tests(facts) if test["verdict"] in SUPPORTING + CONTRADICTING]


def _measured(facts: Facts, tests: Sequence[Row]) -> list[Sentence]:
    """Each test in full; of one that the first paragraph tells, only what that leaves out."""
    told = _takeaway(facts)
    found = []
    for test in tests:
        if _told(facts, test) not in told:
            found.append(measured(test, facts.claim(test["claim"])["text"]))
        elif test not in _decided(facts):
            found.append(reason(test))
    return found


def _told(facts: Facts, test: Row) -> Sentence:
    return measured(test, facts.claim(test["claim"])["text"], brief=True)


def _bearing(facts: Facts) -> list[Row]:
    """The tests whose claims bear on the question: findings that share words with it."""
    bears = {claim["id"] for claim in sharing(facts)}
    return [test for test in _tests(facts) if test["claim"] in bears]


def _evidence(facts: Facts) -> list[Row]:
    """The claims on which there is evidence: tested with a decision, or spoken to by other papers."""
    bearing = _bearing(facts)
    found = [facts.claim(test["claim"]) for test in _decided(facts) if test in bearing]
    found += [reading.claim for reading in _agreed(facts) + _disputed(facts)]
    return list({claim["id"]: claim for claim in found}.values())


def _lead(facts: Facts) -> Sentence:
    question = quoted(facts.search["question"], "the question")
    found = _evidence(facts)
    if not found:
        said = f"{question} stays open: {OPEN}."
        return Sentence(said[0].upper() + said[1:], (("search", facts.search["id"]),))
    many = count(len(found), "claim")
    return Sentence(f"On {question} there is evidence about {many}, and no answer beyond what it says.", claims(found))


def _takeaway(facts: Facts) -> list[Sentence]:
    """What was measured, what was read, what single papers say: a sentence or two each."""
    return [*_tested(facts), *_spoken(facts), *_single(facts)]


def _tested(facts: Facts) -> list[Sentence]:
    if not facts.tests:
        return [Sentence("Nothing was tested by experiment.", (("search", facts.search["id"]),))]
    bearing = _bearing(facts)
    decided = [test for test in _decided(facts) if test in bearing]
    undecided = [test for test in bearing if test not in decided]
    found = [_told(facts, test) for test in (decided[:1] or undecided[:1])]
    for verdicts, words, says in (
        (SUPPORTING, "supported", "supports"),
        (CONTRADICTING, "contradicted", "contradicts"),
    ):
        same = [test for test in decided[1:] if test["verdict"] in verdicts]
        if same:
            found.append(Sentence(f"{count(len(same), 'more test')} {words} what {_whose(same)}.", runs(same), says))
    if rest := undecided if decided else undecided[1:]:
        verb = "was" if len(rest) == 1 else "were"
        found.append(Sentence(f"{count(len(rest), 'more test')} {verb} inconclusive.", runs(rest)))
    if aside := [test for test in facts.tests if test not in bearing]:
        said = "1 test was of a claim that is" if len(aside) == 1 else f"{len(aside)} tests were of claims that are"
        found.append(Sentence(f"{said} no finding on the question.", runs(aside)))
    return found


def _whose(tests: Sequence[Row]) -> str:
    below = any(test["fidelity"] != "paper" for test in tests)
    whose = "its claim says" if len(tests) == 1 else "their claims say"
    return f"{whose}{', in direction only' if below else ''}"


def _spoken(facts: Facts) -> list[Sentence]:
    agreed, disputed = _agreed(facts), _disputed(facts)
    found = []
    if agreed:
        rows = (*claims([r.claim for r in agreed]), *quotes([row for r in agreed for row in r.pro]))
        one = len({row["paper"] for r in agreed for row in r.pro}) == 1
        who = "Another paper supports" if one else "Other papers support"
        said = f"{who} {count(len(agreed), 'claim')} that {_share(agreed)} words with the question."
        found.append(Sentence(said, rows, "supports"))
    if disputed:
        rows = (*claims([r.claim for r in disputed]), *quotes([row for r in disputed for row in r.con]))
        said = (
            f"Papers contradict or disagree on {count(len(disputed), 'claim')} that {_share(disputed)} words with it."
        )
        found.append(Sentence(said, rows, "contradicts"))
    if not found and _evidence(facts):  # else the first sentence says so
        rows = (("search", facts.search["id"]),)
        said = "No paper was recognised as speaking for or against what another says near the question."
        found.append(Sentence(said, rows))
    return found


def _share(rows: Sequence[Any]) -> str:
    return "shares" if len(rows) == 1 else "share"


def _single(facts: Facts) -> list[Sentence]:
    """The nearest claim that one paper makes alone, and how many there are."""
    found = _stated(facts)
    if not found:
        return []
    first, rest = found[0], found[1:]
    named = quoted(first["text"], f"claim {first['id']}")
    said = f"Nearest to the question, one paper states, unconfirmed: {named}."
    sentences = [Sentence(said, framed(first).rows)]
    if rest:
        are = "is" if len(rest) == 1 else "are each"
        said = f"{count(len(rest), 'more claim')} near it {are} made by a single paper."
        sentences.append(Sentence(said, claims(rest)))
    return sentences


# ----------------------------------------------------------------------------------------- what papers say


def _agreed(facts: Facts) -> list[Reading]:
    """Claims that other papers support, with a confidence of at least one half and a quote that was found again."""
    found = [reading_of(facts, c) for c in sharing(facts) if c["standing"] == "corroborated" and sure(c)]
    return [reading for reading in found if reading.pro and not reading.con]


def _disputed(facts: Facts) -> list[Reading]:
    """Claims that papers contradict or disagree on, with a quote against them that was found again."""
    found = [reading_of(facts, claim) for claim in sharing(facts)]
    taken = ("contradicted", "contested", "corroborated")
    return [reading for reading in found if reading.con and reading.claim["standing"] in taken]


def _stated(facts: Facts) -> list[Row]:
    """Claims near the question that one paper makes, with a source that was found again; less those tested."""
    tested = {test["claim"] for test in facts.tests}
    found = []
    for claim in near(facts):
        sources = [row for row in claim["sources"] if facts.quotes_held.get(quote_key(row))]
        if claim["standing"] in gaps.ALONE and sources and claim["id"] not in tested:
            found.append(claim | {"sources": sources})
    return found


def _conflicts(facts: Facts) -> list[Sentence]:
    """Where tests disagree with each other, or a test with the literature."""
    found = []
    for one, other in disagreements(_tests(facts)):
        said = f"Tests of one claim disagree: {one['verdict']} and {other['verdict']}."
        found.append(Sentence(said, runs([one, other])))
    for test in _decided(facts):
        reading = reading_of(facts, facts.claim(test["claim"]))
        supported = test["verdict"] in SUPPORTING
        against = reading.con if supported else reading.pro
        if against:
            sure = probability(against[0]["confidence"])
            stands = "contradicted" if supported else "supported"
            said = f"Measurement and reading disagree: {test['verdict']} at fidelity {test['fidelity']}, but {stands} "
            said += f"in print (confidence {sure})."
            found.append(Sentence(said, (*runs([test]), *quotes(against)), "contradicts" if supported else "supports"))
    return found
