"""Sentences that are built from rows of the database and name them: the abstract and the answer. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from synth.estimates import OVER_LANGUAGES
from synth.reports.facts import Facts, Row, quote_key
from synth.reports.measured import contrast, is_count
from synth.reports.wording import count, decimal, interval, listed, ranges, sentence
from synth.verified import CONTRADICTING, SUPPORTING

ABSTRACT = 3  # tests told in the abstract
READABLE = 60  # characters of claim numbers; a longer list tells nobody anything
ALONE = ("grounded", "no evidence")  # standings of a claim that only its own paper makes
SHOWN = 5  # claims named on each side of the answer
# Words of four letters and more that say nothing about the subject of a question.
COMMON = re.compile(
    "about|also|between|does|from|have|into|more|most|than|that|their|them|then|there|these|they|this|those|what|when|"
    "where|which|while|will|with|would|could|should|extent|effects?"
)


@dataclass(frozen=True)
class Sentence:
    """`text` with the rows that it was built from, as (table, id) such as ("claim", 3)."""

    text: str
    rows: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Reading:
    """A claim that answers to the question, with the quotes of other passages for and against it."""

    claim: Row
    pro: list[Row]
    con: list[Row]


@dataclass(frozen=True)
class Answer:
    """What was measured, what the papers say for and against, what stays unknown."""

    lead: Sentence
    measured: list[Sentence]
    agreed: list[Reading]
    disputed: list[Reading]
    stated: list[Row]  # nearest claims that one paper makes and none confirms or denies
    unknown: list[Sentence]

    @property
    def named(self) -> set[int]:
        """The claims that are spoken of one by one."""
        return {reading.claim["id"] for reading in self.agreed + self.disputed} | {claim["id"] for claim in self.stated}


# ---------------------------------------------------------------------------------------------- abstract


def abstract(facts: Facts) -> list[Sentence]:
    """What was found and measured, in a few sentences."""
    sentences = [_found(facts)]
    if facts.claims:
        sentences.append(_extracted(facts))
        sentences += [measured(test, facts.claim(test["claim"])["text"]) for test in facts.tests[:ABSTRACT]]
        if len(facts.tests) > ABSTRACT:
            sentences.append(Sentence(f"{len(facts.tests) - ABSTRACT} more were tested."))
        if facts.tests and any(test["fidelity"] != "paper" for test in facts.tests):
            sentences.append(
                Sentence("Below fidelity paper a test speaks of the direction of a claim, not of its size.")
            )
        sentences += _read(facts)
    if not _supported(facts):
        sentences.append(Sentence("Nothing that was measured or read supports an answer to the question."))
    if not facts.search["complete"]:
        sentences.append(Sentence("The search is incomplete, so papers may be missing."))
    return sentences


def _found(facts: Facts) -> Sentence:
    asked = listed(list(dict.fromkeys(q["source"] for q in facts.search["sources"])))
    if not facts.papers:
        return Sentence(
            f"A search of {asked or 'no source'} for the research question gave no paper that could be used."
        )
    read = sum(paper["text_state"] == "read" for paper in facts.papers)
    found = count(len(facts.papers), "paper")
    rest = "all read in full" if read == len(facts.papers) else f"of which {read} could be read in full"
    return Sentence(f"A search of {asked} for the research question gave {found}, {rest}.")


def _extracted(facts: Facts) -> Sentence:
    marks = [claim["verified"] for claim in facts.claims]
    given = sum(bool(paper["claims"]) for paper in facts.papers)
    return Sentence(
        f"{count(len(marks), 'claim')} from {count(given, 'paper')} were weighed against the other passages: "
        f"{marks.count(True)} verified, {marks.count(False)} contradicted, {marks.count(None)} not decided."
    )


def _read(facts: Facts) -> list[Sentence]:
    """The nearest claim that other papers support, and the nearest that they contradict, beside those tested."""
    found = []
    for claims, words in ((_agreed(facts), "Other papers support"), (_disputed(facts), "Papers disagree on")):
        untested = [claim for claim in claims if claim["id"] not in {test["claim"] for test in facts.tests}]
        found += [Sentence(f"{words} the claim {_named(c['text'])}.", (("claim", c["id"]),)) for c in untested[:1]]
    return found


# ------------------------------------------------------------------------------------------------ answer


def answer(facts: Facts) -> Answer:
    """The question answered from what was measured and read, and nothing else."""
    return Answer(
        lead=_lead(facts),
        measured=[measured(test, facts.claim(test["claim"])["text"]) for test in facts.tests],
        agreed=[_reading(facts, claim) for claim in _agreed(facts)[:SHOWN]],
        disputed=[_reading(facts, claim) for claim in _disputed(facts)[:SHOWN]],
        stated=_nearest(facts, ALONE)[:SHOWN],
        unknown=_unknown(facts),
    )


def measured(test: Row, text: str) -> Sentence:
    """One test of the claim `text`: what was compared, the effect with its interval, the verdict at its fidelity."""
    rule = test["spec"].get("rule", {})
    rows = (("claim", test["claim"]), ("run", test["run_id"]))
    head = f"The claim {_named(text)} was tested at fidelity {test['fidelity']}: {test['verdict']}."
    if test["verdict"] == "inconclusive" or is_count(test):
        return Sentence(f"{head} {sentence(test['reason'])}", rows)
    spread = interval(*test["ci"])
    spread = f" ({test['level']:.0%} interval {spread}, {count(test['seeds'], 'seed')})" if spread else ""
    amount = f"{decimal(test['estimate'], sign=True)} {test['unit']}{spread}"
    if rule.get("statistic", "mean") in OVER_LANGUAGES:
        return Sentence(
            f"{head} The {contrast(test)} on {rule.get('metric')} is {amount}; claimed: {rule.get('direction')}.", rows
        )
    return Sentence(
        f"{head} Against {rule.get('baseline')}, {rule.get('treatment')} changed {rule.get('metric')} by "
        f"{amount}; the claim says {rule.get('direction')}.",
        rows,
    )


def _named(text: str) -> str:
    """A claim in quotation marks, to stand inside a sentence."""
    return f"“{text.strip().removesuffix('.')}”"


def _supported(facts: Facts) -> bool:
    return bool(_decided(facts) or _agreed(facts) or _disputed(facts))


def _decided(facts: Facts) -> list[Row]:
    return [test for test in facts.tests if test["verdict"] in SUPPORTING + CONTRADICTING]


def _lead(facts: Facts) -> Sentence:
    question = f"“{facts.search['question']}”"
    if not _supported(facts):
        more = " What single papers state near it stands below, unconfirmed." if _nearest(facts, ALONE) else ""
        return Sentence(f"{question} stays open: nothing that was measured or read supports an answer.{more}")
    decided = _decided(facts)
    agreed, disputed = _agreed(facts), _disputed(facts)
    parts = []
    if decided:
        parts.append(f"{count(len(decided), 'claim')} decided by experiment")
    if agreed:
        parts.append(f"{count(len(agreed), 'claim')} that other papers support")
    if disputed:
        parts.append(f"{count(len(disputed), 'claim')} on which papers disagree")
    return Sentence(f"On {question} this search holds: {listed(parts)}. No yes or no is drawn beyond what they say.")


def _agreed(facts: Facts) -> list[Row]:
    """Claims that other papers support, with a confidence of at least one half."""
    found = _nearest(facts, ("corroborated",))
    return [claim for claim in found if claim["confidence"] is not None and claim["confidence"] >= 0.5]


def _disputed(facts: Facts) -> list[Row]:
    """Claims that papers contradict or disagree on."""
    return _nearest(facts, ("contradicted", "contested"))


def _nearest(facts: Facts, standings: Sequence[str]) -> list[Row]:
    """Claims about findings with one of these standings that share words with the question: those that share most
    come first, a word counting more the fewer claims have it, then the most salient. If no claim shares a word
    (another language), all of them count."""
    wanted = content_words(facts.search["question"])
    common = {claim["id"]: wanted & content_words(claim["text"]) for claim in facts.claims}
    frequency = Counter(word for words in common.values() for word in words)
    total = len(facts.claims)
    shared = {number: sum(log(1 + total / frequency[word]) for word in words) for number, words in common.items()}
    near = [c for c in facts.claims if c["standing"] in standings and c["kind"] not in ("method", "count")]
    if any(shared.values()):
        near = [claim for claim in near if shared[claim["id"]]]
    return sorted(near, key=lambda claim: (-shared[claim["id"]], -claim["salience"], claim["id"]))


def content_words(text: str) -> set[str]:
    """The words that carry the meaning, in a form in which "task" meets "tasks" and "train" meets "training"."""
    return {_form(word) for word in re.findall(r"\w{4,}", text.lower()) if not COMMON.fullmatch(word)}


def _form(word: str) -> str:
    for ending in ("ing", "ed", "s"):
        if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) >= 4:
            word = word.removesuffix(ending)
    return word[:6]


def _reading(facts: Facts, claim: Row) -> Reading:
    held = [row for row in claim["evidence"] if facts.quotes_held.get(quote_key(row))]
    pro = [row for row in held if row["stance"] == "SUPPORT" and row["relation"] == "other paper"]
    return Reading(claim, pro[:2], [row for row in held if row["stance"] == "CONTRADICT"][:2])


# ---------------------------------------------------------------------------------------------- not known


def _unknown(facts: Facts) -> list[Sentence]:
    """What was neither measured nor agreed on, each with the rows that show it."""
    done = {test["claim"] for test in facts.tests}
    waiting = [c["id"] for c in facts.claims if c["experiment"] and c["id"] not in done]
    closed = [c["id"] for c in facts.claims if not c["experiment"]]
    alone = [c["id"] for c in facts.claims if c["standing"] in ALONE]
    weak = [c["id"] for c in facts.claims if c["standing"] == "corroborated" and (c["confidence"] or 0) < 0.5]
    sentences = _unheard(facts)
    if not facts.tests:
        sentences.append(Sentence("Nothing was tested by experiment."))
    if waiting:
        sentences.append(Sentence(f"Experiments exist but were not run for {_claims(waiting)}."))
    if closed:
        sentences.append(Sentence(f"No experiment can test {_claims(closed)}; the reason stands with each claim."))
    if weak:
        sentences.append(Sentence(f"Other papers support {_claims(weak)}, but with a confidence below one half."))
    if alone:
        sentences.append(Sentence(f"No other paper was found that speaks to {_claims(alone)}."))
    missing = [paper["title"] for paper in facts.papers if paper["text_state"] != "read"]
    missing += [paper["title"] for paper in facts.excluded if paper["text_state"] == "skipped"]
    if missing:
        sentences.append(Sentence(f"{count(len(missing), 'work')} could not be read: {listed(missing)}."))
    return sentences


def _claims(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"claim {numbers[0]}"
    named = ranges(numbers)
    return f"{len(numbers)} claims" + (f" (numbers {named})" if len(named) <= READABLE else "")


def _unheard(facts: Facts) -> list[Sentence]:
    """Words of the question that no claim, or no tested claim, contains."""
    words = list(
        dict.fromkeys(w for w in re.findall(r"\w{4,}", facts.search["question"].lower()) if not COMMON.fullmatch(w))
    )
    tested = {test["claim"] for test in facts.tests}
    said = content_words(" ".join(c["text"] for c in facts.claims))
    heard = content_words(" ".join(c["text"] for c in facts.claims if c["id"] in tested))
    found = []
    if silent := [word for word in words if _form(word) not in said]:
        found.append(Sentence(f"No claim contains these words of the question, or forms of them: {', '.join(silent)}."))
    if tested and (silent := [word for word in words if _form(word) in said and _form(word) not in heard]):
        found.append(
            Sentence(f"No tested claim contains these words of the question, or forms of them: {', '.join(silent)}.")
        )
    return found
