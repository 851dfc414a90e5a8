"""Conditions under which measurements carry no verdict, whatever their numbers are. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from synth.verify.judge.equivalence import DIFFERENT, closeness
from synth.verify.judge.rule import Rule
from synth.verify.judge.scale import wrong_scale
from synth.verify.statistics.estimates import (
    OVER_LANGUAGES,
    Measurement,
    PerSeed,
    mean_and_sd,
    number,
    one_measurement,
    scores,
)
from synth.verify.statistics.replication import Unit

# Two points always lie on a line, and four ranks agree by chance once in twenty-four.
MINIMUM_LANGUAGES = {"slope": 3, "correlation": 5}
NAMED = 8  # languages named in a reason before the rest is only counted
ALTERED = "Parameters or model of the run are not the published ones, so only the direction is spoken of."

Numbers = dict[tuple[str, str], dict[int, tuple[float | None, int | None]]]  # (arm, language) → seed → value, items


def blocked(
    measurements: Sequence[Measurement],
    seeds: PerSeed,
    rule: Rule,
    at_paper: bool,
    gate: Mapping[str, object],
    invalid_arms: Mapping[str, str],
) -> str:
    """Why no verdict can be given, or "". More seeds change nothing about it."""
    if not gate.get("passed"):
        return f"The gate did not pass: {gate.get('reason') or 'no reason on record'}."
    if found := invalid(rule, invalid_arms):
        return found
    needed = MINIMUM_LANGUAGES.get(rule.statistic, 0)
    if len(seeds.languages) < needed:
        return (
            f"{len(seeds.languages)} languages were measured that have a value of {rule.comparison.axis}; "
            f"a {rule.statistic} takes at least {needed}.{left_out(seeds, rule)}"
        )
    if seeds.undefined:
        same = "the covariate is" if rule.statistic == "slope" else "the measured values or the covariate are"
        return (
            f"No {rule.statistic} exists for seed {', '.join(map(str, seeds.undefined))}: "
            f"{same} the same in every language."
        )
    values = numbers(measurements, rule)
    once = identical(values) if rule.repeated else ""  # languages and sentences are replicates of one measurement too
    return _scale(values, rule) or once or (_baseline(measurements, rule) if at_paper else "")


def too_few(seeds: PerSeed, measurements: Sequence[Measurement], rule: Rule) -> str:
    """Why these seeds are too few, or "": the rule asks for more, or has groups of seeds that are one measurement.

    Where languages or sentences are the unit of replication, one complete measurement is enough.
    """
    needed = rule.minimum_seeds if rule.repeated else 1
    if len(seeds.values) >= needed:
        return ""
    if rule.repeats and rule.repeated:
        return one_measurement(rule.repeats)
    what = "seeds" if rule.unit_of_replication != Unit.MODELS else "models"
    asked = f"{len(seeds.values)} complete {what} were measured; the rule asks for {needed}."
    return asked + gaps(measurements, rule)


def invalid(rule: Rule, invalid_arms: Mapping[str, str]) -> str:
    for arm in (rule.treatment, rule.baseline, *rule.rivals):
        if arm in invalid_arms:
            return f"Arm {arm} is invalid: {invalid_arms[arm]}."
    return ""


def left_out(seeds: PerSeed, rule: Rule) -> str:
    return f" Left out for want of {rule.comparison.axis}: {named(seeds.left_out)}." if seeds.left_out else ""


def named(languages: Sequence[str]) -> str:
    more = f" and {len(languages) - NAMED} more" if len(languages) > NAMED else ""
    return ", ".join(languages[:NAMED]) + more


def numbers(measurements: Sequence[Measurement], rule: Rule) -> Numbers:
    """Collect the values of the arms that the rule compares, by the metric that it reads each of them by."""
    metrics = dict.fromkeys((rule.treatment, *rule.rivals), rule.metric)
    if rule.baseline:
        metrics[rule.baseline] = rule.baseline_metric or rule.metric
    again = {seed for group in rule.repeats for seed in group[1:]}
    found: Numbers = {}
    for m in measurements:
        counts = m["seed"] not in again and (not rule.languages or m["language"] in rule.languages)
        if counts and m["metric"] == metrics.get(m["arm"]):
            items = m.get("n")
            pair = (number(m["value"]), int(items) if items else None)
            found.setdefault((m["arm"], str(m["language"])), {})[int(m["seed"])] = pair
    return found


def identical(values: Numbers) -> str:
    """Seeds that give the very same numbers everywhere are one measurement, whatever made them so."""
    seeds = sorted({seed for by_seed in values.values() for seed in by_seed})
    if len(seeds) < 2 or not all(set(by_seed) == set(seeds) for by_seed in values.values()):
        return ""
    if any(len(set(by_seed.values())) > 1 for by_seed in values.values()):
        return ""
    return (
        f"Seeds {', '.join(map(str, seeds[:-1]))} and {seeds[-1]} gave the very same numbers in every language and "
        f"arm: they are one measurement, not {len(seeds)}."
    )


def gaps(measurements: Sequence[Measurement], rule: Rule) -> str:
    """Name the languages that lack a number, in a sentence each; "" where none does."""
    values = numbers(measurements, rule)
    arms = [arm for arm in dict.fromkeys((rule.treatment, rule.baseline, *rule.rivals)) if arm]
    measured = {arm: {x for (one, x), by_seed in values.items() if one == arm and _any(by_seed)} for arm in arms}
    everywhere = sorted(set.union(*measured.values()))
    text = ""
    for arm in arms:
        if lost := [language for language in everywhere if language not in measured[arm]]:
            text += f" Not measured for {arm}, so not counted: {named(lost)}."
    if absent := [language for language in rule.languages if language not in everywhere]:
        text += f" Asked for and not measured: {named(absent)}."
    seeds = sorted({seed for by_seed in values.values() for seed in by_seed})
    common = [x for x in everywhere if all(x in measured[arm] for arm in arms)]
    for seed in seeds:
        lacks = [x for x in common if any(values[arm, x].get(seed, (None, None))[0] is None for arm in arms)]
        if lacks:
            text += f" Seed {seed} lacks a number in {named(lacks)}, so it does not count."
    return text


def _any(by_seed: Mapping[int, tuple[float | None, int | None]]) -> bool:
    return any(value is not None for value, _ in by_seed.values())


def _scale(values: Numbers, rule: Rule) -> str:
    if rule.statistic in OVER_LANGUAGES:
        return ""  # neither ranks nor the sign of a slope depend on the scale
    measured = {
        key: [(value, items) for value, items in by_seed.values() if value is not None]
        for key, by_seed in values.items()
    }
    return wrong_scale({key: found for key, found in measured.items() if found}, rule.unit)


def _baseline(measurements: Sequence[Measurement], rule: Rule) -> str:
    """Why the baseline is not the published one: it differs by more than the SESOI and what one run may be off by."""
    if rule.published_baseline is None or not rule.baseline:
        return ""
    values = scores(measurements, rule.baseline, rule.baseline_metric or rule.metric, rule.comparison)
    if len(values) < 2:
        return ""
    mean, sd = mean_and_sd(values)
    if closeness(mean, sd, len(values), rule.published_baseline, rule.known, rule.alpha / 2, rule.spread) != DIFFERENT:
        return ""
    return (
        f"The baseline is not the published one: {rule.baseline} reaches {float(mean):.1f} {rule.unit}, "
        f"{rule.published_baseline:g} were published, and seeds explain no such difference."
    )
