"""A language model as one more reviewer, over an OpenAI-compatible endpoint that the user names; never asked otherwise.

Its points count only where it backs them with a quote that stands in the report. Whatever goes wrong, the reviewer is
absent with the reason: a score is never made up.
"""

from __future__ import annotations

from synth.report.review.model.chat import Endpoint, Failed, complete, endpoint
from synth.report.review.model.questions import Unusable, checks_of, messages
from synth.report.review.rubric import ReviewResult, scored

__all__ = ["Endpoint", "endpoint", "review"]


def review(endpoint: Endpoint, report: str) -> ReviewResult:
    """Ask the model at `endpoint` to review `report` (Markdown without its review).

    Absent with the reason if it fails.
    """
    name = f"model {endpoint.model}"
    try:
        sent, words = messages(report)
        result = scored(name, checks_of(complete(endpoint, words), sent))
    except (Failed, Unusable) as error:
        return ReviewResult(name, None, [], kind="model", absent=f"{endpoint.host}: {error}")
    return ReviewResult(name, result.score, result.checks, kind="model")
