"""Differences between successive verdicts on a prediction. Imports only the standard library.

A verdict is never overwritten; who sees that it reads otherwise than before has to see why: another rung, other
parameters, more seeds, another rule, another commit, or only other numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Row = Mapping[str, Any]

MAX_LISTED = 6  # changes of one kind that are listed before the rest is only counted
PLAIN = ("verdict", "fidelity", "experiment", "contrast", "unit")
# Hashes of the specification: they say that something changed, and what did is listed.
DERIVED = ("stages", "experiment_hash", "contrasts", "seeds", "deviations", "fidelity", "experiment")


def changes(newer: Row, older: Row) -> list[str]:
    """List what is different in `newer`, most important first, a line each; verdicts as `verify --json` shows them."""
    lines = [f"{name}: {older[name]} → {newer[name]}" for name in PLAIN if older[name] != newer[name]]
    if _measured(older) != _measured(newer):
        lines.append(f"measured: {_measured(older)} → {_measured(newer)}")
    if older["seeds"] != newer["seeds"]:
        lines.append(f"seeds: {older['seeds']} → {newer['seeds']}")
    old, new = older.get("spec", {}), newer.get("spec", {})
    lines += _listed("rule", _differences(old.get("rule", {}), new.get("rule", {})))
    lines += _listed("laboratory", _differences(_own(old.get("laboratory", {})), _own(new.get("laboratory", {}))))
    lines += [f"deviation added: {text}" for text in newer["deviations"] if text not in older["deviations"]]
    lines += [f"deviation gone: {text}" for text in older["deviations"] if text not in newer["deviations"]]
    before, now = older.get("provenance", {}), newer.get("provenance", {})
    for name in ("commit", "device"):
        if before.get(name) and now.get(name) and before[name] != now[name]:
            lines.append(f"{name}: {before[name]} → {now[name]}")
    lines += _listed("version", _differences(before.get("versions", {}), now.get("versions", {})))
    return lines


def _measured(verdict: Row) -> str:
    value, (low, high) = verdict["estimate"], verdict["ci"]
    if value is None:
        return "nothing"
    return f"{value:+.2f}" if low is None else f"{value:+.2f} [{low:+.2f}, {high:+.2f}]"


def _own(laboratory: Row) -> dict[str, Any]:
    return {key: value for key, value in laboratory.items() if key not in DERIVED}


def _differences(old: Any, new: Any, at: str = "") -> Iterator[str]:
    """Yield the parts of "a.b: 1 → 2" for every leaf that differs; a leaf on one side only is `absent` on the other."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys([*old, *new]):
            yield from _differences(old.get(key, ...), new.get(key, ...), f"{at}.{key}" if at else str(key))
    elif old != new and not (old is ... or new is ...):
        yield f"{at}: {_short(old)} → {_short(new)}"
    elif old is ... and new is not ...:
        yield f"{at}: absent → {_short(new)}"
    elif new is ... and old is not ...:
        yield f"{at}: {_short(old)} → absent"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _listed(kind: str, differences: Iterator[str]) -> list[str]:
    found = [f"{kind} {text}" for text in differences]
    return (
        [*found[:MAX_LISTED], f"{len(found) - MAX_LISTED} more changes of {kind}"] if len(found) > MAX_LISTED else found
    )
