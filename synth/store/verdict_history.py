"""Differences between successive verdicts on a prediction. Imports only the standard library.

A verdict is never overwritten; who sees that it reads otherwise than before has to see why: another fidelity, other
parameters, more seeds, another rule, another commit, or only other numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from synth.store.rows.runs import VerdictView

MAX_LISTED = 6  # changes of one kind that are listed before the rest is only counted
PLAIN = ("verdict", "fidelity", "experiment", "contrast", "unit")
# Hashes of the specification: they say that something changed, and what did is listed.
DERIVED = ("stages", "experiment_hash", "contrasts", "seeds", "deviations", "fidelity", "experiment")


def changes(newer: VerdictView, older: VerdictView) -> list[str]:
    """List what is different in `newer`, most important first, a line each."""
    pairs = [(name, getattr(older, name), getattr(newer, name)) for name in PLAIN]
    lines = [f"{name}: {before} → {after}" for name, before, after in pairs if before != after]
    if _measured(older) != _measured(newer):
        lines.append(f"measured: {_measured(older)} → {_measured(newer)}")
    if older.seeds != newer.seeds:
        lines.append(f"seeds: {older.seeds} → {newer.seeds}")
    lines += _listed("rule", _differences(older.spec.get("rule", {}), newer.spec.get("rule", {})))
    then, now = (_own(verdict.spec.get("laboratory", {})) for verdict in (older, newer))
    lines += _listed("laboratory", _differences(then, now))
    lines += [f"deviation added: {text}" for text in newer.deviations if text not in older.deviations]
    lines += [f"deviation gone: {text}" for text in older.deviations if text not in newer.deviations]
    old, new = older.provenance, newer.provenance
    origins = (("commit", old.get("commit"), new.get("commit")), ("device", old.get("device"), new.get("device")))
    lines += [f"{name}: {was} → {has}" for name, was, has in origins if was and has and was != has]
    lines += _listed("version", _differences(old.get("versions", {}), new.get("versions", {})))
    return lines


def _measured(verdict: VerdictView) -> str:
    value, (low, high) = verdict.estimate, verdict.ci
    if value is None:
        return "nothing"
    return f"{value:+.2f}" if low is None or high is None else f"{value:+.2f} [{low:+.2f}, {high:+.2f}]"


def _own(laboratory: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in laboratory.items() if key not in DERIVED}


def _differences(old: object, new: object, at: str = "") -> Iterator[str]:
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


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _listed(kind: str, differences: Iterator[str]) -> list[str]:
    found = [f"{kind} {text}" for text in differences]
    return (
        [*found[:MAX_LISTED], f"{len(found) - MAX_LISTED} more changes of {kind}"] if len(found) > MAX_LISTED else found
    )
