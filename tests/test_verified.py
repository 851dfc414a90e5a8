"""The rule from both axes to ✓ / × / –."""

import pytest

from synth.verified import verified


@pytest.mark.parametrize(
    ("verdicts", "standing", "confidence", "expected"),
    [
        (["direction supported"], "contradicted", 0.1, True),
        (["reproduced"], "", None, True),
        (["direction contradicted"], "corroborated", 0.9, False),
        (["direction supported", "direction contradicted"], "corroborated", 0.9, None),
        (["inconclusive"], "corroborated", 0.9, True),
        (["inconclusive"], "grounded", 0.9, None),
        ([], "contradicted", 0.2, False),
        ([], "contested", 0.5, None),
        ([], "corroborated", 0.49, None),
        ([], "corroborated", None, None),
        ([], "corroborated", 0.5, True),
        ([], "grounded", 0.99, None),
        ([], "no evidence", None, None),
    ],
)
def test_rule(verdicts, standing, confidence, expected):
    assert verified(verdicts, standing, confidence) is expected
