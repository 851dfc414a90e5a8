"""Changes that are named between two verdicts."""

from __future__ import annotations

from dataclasses import replace

from synth.store.rows.runs import VerdictView
from synth.store.verdict_history import changes
from tests.blank import blank

OLD = blank(
    VerdictView,
    verdict="inconclusive",
    fidelity="synthetic",
    experiment="e",
    contrast="c",
    unit="points",
    estimate=0.5,
    ci=(-1.0, 2.0),
    seeds=3,
    deviations=("the model is small",),
    spec={
        "rule": {"alpha": 0.05, "looks": []},
        "laboratory": {"params": {"length": 64, "gone": 1}, "stages": {"a": "1"}, "seeds": [1, 2, 3]},
    },
    provenance={"commit": "aaa", "device": "cpu", "versions": {"torch": "2.8"}},
)


def test_nothing_changed():
    assert changes(OLD, OLD) == []


def test_what_changed_is_named_from_verdict_to_version():
    new = replace(
        OLD,
        verdict="direction supported",
        fidelity="small",
        estimate=2.0,
        ci=(1.5, 2.5),
        seeds=5,
        deviations=("length = 32",),
        spec={
            "rule": {"alpha": 0.025, "looks": [], "rounding": 0.05},
            "laboratory": {"params": {"length": 32}, "stages": {"a": "2"}, "seeds": [1, 2, 3, 4, 5]},
        },
        provenance={"commit": "bbb", "device": "cpu", "versions": {"torch": "2.9"}},
    )
    assert changes(new, OLD) == [
        "verdict: inconclusive → direction supported",
        "fidelity: synthetic → small",
        "measured: +0.50 [-1.00, +2.00] → +2.00 [+1.50, +2.50]",
        "seeds: 3 → 5",
        "rule alpha: 0.05 → 0.025",
        "rule rounding: absent → 0.05",
        "laboratory params.length: 64 → 32",
        "laboratory params.gone: 1 → absent",
        "deviation added: length = 32",
        "deviation gone: the model is small",
        "commit: aaa → bbb",
        "version torch: 2.8 → 2.9",
    ]


def test_many_changes_are_counted_and_older_verdicts_lack_some():
    new = replace(OLD, spec={"rule": {f"key{i}": i for i in range(20)}})
    found = [text for text in changes(new, replace(OLD, spec={}, provenance={})) if text.startswith(("rule", "14"))]
    assert len(found) == 7
    assert found[-1] == "14 more changes of rule"
    nothing = replace(OLD, estimate=None, ci=(None, None))
    assert "measured: nothing → +0.50 [-1.00, +2.00]" in changes(OLD, nothing)
    single = replace(OLD, ci=(None, None))
    assert "measured: +0.50 → +0.50 [-1.00, +2.00]" in changes(OLD, single)
