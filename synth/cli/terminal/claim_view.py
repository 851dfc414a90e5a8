"""Claims on the command line: the list of findings, and one claim with all that decides it."""

from __future__ import annotations

from collections.abc import Sequence

from synth.cli.terminal.output import deviating, number, print_table, say
from synth.core.mark import SYMBOLS
from synth.core.missing_experiment import SLOTS, MissingExperiment
from synth.core.reasons.differences import told
from synth.store.rows.claims import ClaimView, EvidenceView, FullClaimView
from synth.store.rows.runs import LinkView

NEAREST = 5  # decided findings that the end of a search names
QUOTED = 3  # pieces of evidence that are shown on each side
SIDES = {"SUPPORT": "For", "CONTRADICT": "Against"}
# Relations of passages that are shown and decide nothing.
ASIDE = {"reported": "Reported by", "retracted": "In a retracted paper"}


def chosen(rows: Sequence[ClaimView], every: bool, kind: str) -> list[ClaimView]:
    """Return the claims that are listed: the findings, or all, or those of one kind."""
    from synth.report.marks import is_finding

    if kind:
        return [row for row in rows if row.kind == kind]
    return list(rows) if every else [row for row in rows if is_finding(row)]


def print_claims(search: int, rows: Sequence[ClaimView], listed: Sequence[ClaimView], whole: bool) -> None:
    """Print claims with mark and by what; unless `whole` the most salient findings of each paper."""
    from synth.report import marks
    from synth.report.wording import count

    shown, rest = (list(listed), []) if whole else marks.salient(listed)
    print_table(
        f"Findings of search {search}" if not whole else f"Claims of search {search}",
        ["id", "", "claim", "by", "confidence", "kind", "paper, page"],
        [_listed(row) for row in shown],
    )
    findings = [row for row in rows if marks.is_finding(row)]
    say(f"{count(len(findings), 'finding')}: {marks.tally(findings)}.")
    methods = len(rows) - len(findings)
    if not whole and (rest or methods):
        left = f"{count(len(rest), 'less salient finding')}, {count(methods, 'sentence')} on method"
        say(f"Not listed: {left}: `synth claims --all`.")


def _listed(row: ClaimView) -> list[object]:
    from synth.report.marks import by_what

    place = f"{row.paper}, p. {row.page}" if row.page else "stated, not read"
    mark = SYMBOLS[row.verified]
    return [row.id, mark, row.text, by_what(row), number(row.confidence), row.kind, place]


def print_summary(rows: Sequence[ClaimView]) -> None:
    """Print how the findings of a search are marked, and the decided ones nearest to its question."""
    from synth.report import marks
    from synth.report.wording import count

    say(f"{count(len(rows), 'finding')}: {marks.tally(rows)}.")
    decided = sorted((row for row in rows if row.verified is not None), key=lambda row: -(row.nearness or 0.0))
    if decided:
        print_table("Decided, nearest to the question first", *_short(decided[:NEAREST]))
    elif rows:
        near = sorted(rows, key=lambda row: -(row.nearness or 0.0))
        print_table("None is decided. Nearest to the question", *_short(near[:NEAREST]))


def _short(rows: Sequence[ClaimView]) -> tuple[list[str], list[list[object]]]:
    from synth.report.marks import by_what

    head = ["id", "", "claim", "by", "confidence"]
    lines = [[row.id, SYMBOLS[row.verified], row.text, by_what(row), number(row.confidence)] for row in rows]
    return head, lines


def print_claim(claim: FullClaimView) -> None:
    """Print a claim: what it says, its mark and by what, where it stands, what speaks for it and against it."""
    from synth.report import marks

    print(f"{SYMBOLS[claim.verified]} Claim {claim.id} ({claim.kind}): {claim.text}")
    print(f"  {marks.standing(claim)}")
    if conflict := marks.conflict(claim):
        print(f"  Conflict: {conflict}")
    for source in claim.sources:
        if source.is_stated:
            named = f", who names “{source.named}”; it was not read" if source.named else "; no paper was read for it"
            print(f"Stated by the author of {source.section}{named}.")
            continue
        print(f"Source: {source.paper_title}, p. {source.page} ({source.section})")
        if _letters(source.quote) != _letters(claim.text):
            print(f"  “{' '.join(source.quote.split())}”")
    for stance, word in SIDES.items():
        _print_side(claim, stance, word)
    for relation, word in ASIDE.items():
        for row in [row for row in claim.evidence if row.relation == relation][:QUOTED]:
            print(f"{word} (decides nothing): {_quoted(row)}")
    _print_tests(claim)


def _letters(text: str) -> str:
    """Return the letters and digits of a text: what a line break and its hyphen leave alone."""
    return "".join(filter(str.isalnum, text))


def _print_side(claim: FullClaimView, stance: str, word: str) -> None:
    rows = [row for row in claim.evidence if row.stance == stance and row.relation not in ASIDE]
    for row in rows[:QUOTED]:
        print(f"{word} ({row.relation}, {number(row.confidence)}): {_quoted(row)}")
    if len(rows) > QUOTED:
        print(f"  and {len(rows) - QUOTED} more: `synth show claim {claim.id} --json`")


def _quoted(row: EvidenceView) -> str:
    from synth.report.wording import located

    note = f" [{row.note}]" if row.note else ""
    text = "" if row.cells else f" “{row.text}”"
    return f"{row.paper_title}, {located(row)}{text}{note}"


def _print_link(link: LinkView) -> None:
    """Print an experiment that can test a prediction: score, then slot by slot what matched and what did not."""
    print(f"  can be tested by {link.experiment} ({link.contrast}), score {link.strength:.2f}")
    for slot, reason in link.matched.items():
        print(f"    {slot}: {reason}")
    if link.unmatched:
        print(
            "    not covered: "
            + "; ".join(why if slot in why else f"{slot}: {why}" for slot, why in link.unmatched.items())
        )


def _print_missing(wanted: MissingExperiment | None) -> None:
    """Print the experiment that would test a claim, in the slots of an experiment file."""
    if wanted is None:
        return
    named = [(slot, getattr(wanted, slot)) for slot in (*SLOTS, "statistic")]
    print("Missing experiment: " + "; ".join(f"{slot}: {words}" for slot, words in named if words))
    for condition, value in wanted.scope.items():
        print(f"  {condition}: {value}")
    if wanted.open:
        print(f"  The claim leaves open: {', '.join(wanted.open)}.")


def _print_tests(claim: FullClaimView) -> None:
    """Print the predictions, the experiments that can test them, and the history of verdicts."""
    from synth.report.wording import prediction

    for predicted in claim.predictions:
        print(f"Prediction: {prediction(predicted)}")
        for link in predicted.links:
            _print_link(link)
    if claim.why_not_testable:
        print(f"Not testable: {claim.why_not_testable}")
        _print_missing(claim.missing_experiment)
    elif claim.experiment and not claim.verdicts:
        print(f"To test it: `synth verify --claim {claim.id}`")
    for v in claim.verdicts:
        low, high = v.ci
        print(f"Run {v.run_id} ({v.fidelity}, {v.created}): {v.verdict}; {v.seeds} seeds,")
        print(f"  estimate {number(v.estimate)} [{number(low)}, {number(high)}] {v.unit}. {v.reason}")
        for change in v.changed:
            print(f"  changed: {change}")
        for deviation in deviating(told(v.deviations, v.deviation_codes)):
            print(f"  {deviation}")
