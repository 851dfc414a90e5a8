"""Was the literature searched to the end, and read?"""

from __future__ import annotations

from synth.core.reasons.screening import ExclusionReason
from synth.report.review.rubric import Check, ReviewCase, counted, named, nothing, share, strict

ENOUGH = 10
ANSWERED = ("ok", "no results")


def answered_to_the_end(case: ReviewCase) -> Check:
    """Check that every source that was queried answered to its end."""
    queries = case.facts.search.sources
    missing = [f"{q.source} ({q.status})" for q in queries if q.status not in ANSWERED]
    total, ended = len(queries), len(queries) - len(missing)
    complete = case.facts.search.complete and total > 0 and not missing
    evidence = (
        f"ledger complete: {'yes' if complete else 'no'}; {ended} of {counted(total, 'query', 'queries')} answered"
    )
    if missing:
        evidence += f"; not answered: {', '.join(missing)}"
    return Check("ledger complete", 3 if complete else 1.5 * ended / max(total, 1), 3, evidence)


def incompleteness_stated(case: ReviewCase) -> Check:
    """Check that a search whose sources did not all answer is not called complete."""
    queries = case.facts.search.sources
    if not queries:
        return nothing("gaps owned up to", 2, "no source was asked")
    missing = [q.source for q in queries if q.status not in ANSWERED]
    hidden = bool(missing) and bool(case.facts.search.complete)
    state = "complete" if case.facts.search.complete else "incomplete"
    evidence = f"called {state}; {counted(len(missing), 'query', 'queries')} without a full answer{named(missing)}"
    return Check("gaps owned up to", 0 if hidden else 2, 2, evidence, breach=hidden)


def recorded(case: ReviewCase) -> Check:
    """Check that every query is logged verbatim, with its time (PRISMA-S, Rethlefsen et al. 2021)."""
    queries = case.facts.search.sources
    lacking = [q.source for q in queries if not (q.query.strip() and q.started)]
    good, total = len(queries) - len(lacking), len(queries)
    evidence = f"{good} of {counted(total, 'query', 'queries')} verbatim and with a time{named(lacking)}"
    return strict("queries on record", 1, good, total, evidence, "no source was asked")


def several_sources(case: ReviewCase) -> Check:
    """Check that more than one source contributed."""
    giving = {q.source for q in case.facts.search.sources if q.hits}
    evidence = f"{counted(len(giving), 'source')} gave hits"
    return Check("several sources", min(len(giving), 2), 2, evidence)


def readable(case: ReviewCase) -> Check:
    """Check that the works that were wanted could be read in full."""
    unread = [p for p in case.facts.papers if p.text_state != "read"]
    skipped = [p for p in case.facts.excluded if p.text_state == "skipped" and not p.withdrawn]
    total = len(case.facts.papers) + len(skipped)
    missing = len(unread) + len(skipped)
    evidence = (
        f"{total - missing} of {counted(total, 'wanted work')} read; {len(skipped)} unreadable or not to be had, "
        f"{len(unread)} not read yet"
    )
    return share("full texts read", 3, total - missing, total, evidence, "no papers")


def enough(case: ReviewCase) -> Check:
    """Check that at least ten papers were read: fewer seldom show whether others agree."""
    read = sum(p.text_state == "read" for p in case.facts.papers)
    return Check(
        "enough papers", min(read, ENOUGH) / ENOUGH * 2, 2, f"{counted(read, 'paper')} read; {ENOUGH} are enough"
    )


def within_limit(case: ReviewCase) -> Check:
    """Check that no retrieved work was left out only because the limit was reached."""
    cut = sum(p.reason_code == ExclusionReason.BELOW_LIMIT for p in case.facts.excluded)
    total = len(case.facts.papers) + len(case.facts.excluded)
    evidence = f"{cut} of {counted(total, 'work')} left out because the limit of papers was reached"
    return share("nothing left out by the limit", 1, total - cut, total, evidence, "no works found")


def reasons(case: ReviewCase) -> Check:
    """Check that every exclusion has its reason."""
    explained = sum(bool(p.reason.strip()) for p in case.facts.excluded)
    total = len(case.facts.excluded)
    evidence = f"{explained} of {counted(total, 'excluded work')} with a reason"
    return strict("exclusions explained", 1, explained, total, evidence, "nothing was excluded")


def fruitful(case: ReviewCase) -> Check:
    """Check that claims were found in the papers that were read."""
    read = [p for p in case.facts.papers if p.text_state == "read"]
    giving = sum(p.claims > 0 for p in read)
    evidence = f"{giving} of {counted(len(read), 'paper')} read gave at least one claim"
    return share("papers gave claims", 2, giving, len(read), evidence, "no paper was read")


CHECKS = [
    answered_to_the_end,
    incompleteness_stated,
    recorded,
    several_sources,
    readable,
    enough,
    within_limit,
    reasons,
    fruitful,
]
