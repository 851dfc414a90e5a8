"""What listings say of works that were left out or could not be read."""

from __future__ import annotations

from synth.cli.listings import _decision
from synth.cli.search import left_out


def paper(**values):
    return {"decision": "include", "reason": "", "text_state": "read", "text_reason": "", "title": "T"} | values


def test_the_decision_on_a_work_tells_whether_it_could_be_read():
    assert _decision(paper()) == "include"
    assert _decision(paper(text_state="unread", text_reason="no network")) == "include; not fetched yet"
    missing = paper(text_state="skipped", text_reason="full text not available: no address")
    assert _decision(missing) == "include; not read: full text not available"
    assert _decision(paper(decision="exclude", reason="off topic", text_state="unread")) == "off topic"


def test_a_hundred_works_left_out_are_no_hundred_lines():
    many = [paper(title=f"Work {n}", reason="below the limit of 5 papers") for n in range(100)]
    few = [paper(title="Alone", reason="unreadable PDF: encrypted")]
    assert left_out([*many, *few]) == [
        "left out, below the limit of 5 papers: 100 works (`synth papers`)",
        "left out, unreadable PDF: encrypted: Alone",
    ]
    assert left_out([]) == []


def test_what_a_claim_leaves_open_is_not_called_a_deviation():
    from synth.cli.output import deviating

    assert deviating("The claim names no task.") == "left open by the claim: The claim names no task."
    assert deviating("No task was trained.") == "deviation: No task was trained."
