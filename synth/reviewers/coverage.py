"""Was the literature searched to the end, and read?"""

from __future__ import annotations

from synth.reviewers.rubric import Check, Facts, counted, share, strict

ENOUGH = 10


def ledger(facts: Facts) -> Check:
    """Every source that was asked answered to its end."""
    queries = facts.search["sources"]
    missing = [f"{q['source']} ({q['status']})" for q in queries if q["status"] not in ("ok", "no results")]
    total, ended = len(queries), len(queries) - len(missing)
    complete = facts.search["complete"] and total > 0 and not missing
    evidence = (
        f"ledger complete: {'yes' if complete else 'no'}; {ended} of {counted(total, 'query', 'queries')} answered"
    )
    if missing:
        evidence += f"; not answered: {', '.join(missing)}"
    return Check("ledger complete", 3 if complete else 1.5 * ended / max(total, 1), 3, evidence)


def several_sources(facts: Facts) -> Check:
    """More than one source contributed."""
    giving = {q["source"] for q in facts.search["sources"] if q["hits"]}
    evidence = f"{counted(len(giving), 'source')} gave hits"
    return Check("several sources", min(len(giving), 2), 2, evidence)


def readable(facts: Facts) -> Check:
    """The works that were wanted could be read in full."""
    unread = [p for p in facts.papers if p["text_state"] != "read"]
    skipped = [p for p in facts.excluded if p["text_state"] == "skipped" and not p["withdrawn"]]
    total = len(facts.papers) + len(skipped)
    missing = len(unread) + len(skipped)
    evidence = f"{missing} of {counted(total, 'PDF')} unreadable or not to be had"
    return share("full texts read", 3, total - missing, total, evidence, "no papers")


def enough(facts: Facts) -> Check:
    """At least ten papers were read: fewer seldom show whether others agree."""
    read = sum(p["text_state"] == "read" for p in facts.papers)
    return Check(
        "enough papers", min(read, ENOUGH) / ENOUGH * 2, 2, f"{counted(read, 'paper')} read; {ENOUGH} are enough"
    )


def within_limit(facts: Facts) -> Check:
    """No found work was left out only because the limit was reached."""
    cut = sum(p["reason"].startswith("below the limit") for p in facts.excluded)
    total = len(facts.papers) + len(facts.excluded)
    evidence = f"{cut} of {counted(total, 'work')} left out because the limit of papers was reached"
    return share("nothing left out by the limit", 1, total - cut, total, evidence, "no works found")


def reasons(facts: Facts) -> Check:
    """Every exclusion has its reason."""
    given = sum(bool(p["reason"].strip()) for p in facts.excluded)
    total = len(facts.excluded)
    evidence = f"{given} of {counted(total, 'excluded work')} with a reason"
    return strict("exclusions explained", 1, given, total, evidence, "nothing was excluded")


def fruitful(facts: Facts) -> Check:
    """Claims were found in the papers that were read."""
    read = [p for p in facts.papers if p["text_state"] == "read"]
    giving = sum(p["claims"] > 0 for p in read)
    evidence = f"{giving} of {counted(len(read), 'paper')} read gave at least one claim"
    return share("papers gave claims", 2, giving, len(read), evidence, "no paper was read")


CHECKS = [ledger, several_sources, readable, enough, within_limit, reasons, fruitful]
