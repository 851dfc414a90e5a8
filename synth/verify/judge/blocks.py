"""Conditions under which measurements carry no verdict, whatever their numbers are. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from synth.core.reasons import Parameters, Reason
from synth.core.reasons.verdicts import VerdictReason, shared_models
from synth.verify.judge.equivalence import Closeness, closeness
from synth.verify.judge.rule import Rule
from synth.verify.judge.scale import wrong_scale
from synth.verify.statistics.estimates import OVER_LANGUAGES, PerSeed, mean_and_sd, scores
from synth.verify.statistics.measurement import Measurement, number
from synth.verify.statistics.replication import Spread, Unit

# Two points always lie on a line, and four ranks agree by chance once in twenty-four.
MINIMUM_LANGUAGES = {"slope": 3, "correlation": 5}

Reasons = list[Reason[VerdictReason]]
Numbers = dict[tuple[str, str], dict[int, tuple[float | None, int | None]]]  # (arm, language) → seed → value, items


def blocked(
    measurements: Sequence[Measurement],
    seeds: PerSeed,
    rule: Rule,
    at_paper: bool,
    gate: Mapping[str, object],
    invalid_arms: Mapping[str, str],
) -> Reasons:
    """Return why no verdict can be given; empty where one can. More seeds change nothing about it."""
    if why := barred(rule, gate, invalid_arms):
        return [why]
    needed = MINIMUM_LANGUAGES.get(rule.statistic, 0)
    if len(seeds.languages) < needed:
        counts = {"languages": len(seeds.languages), "needed": needed}
        names = {"axis": rule.comparison.axis, "statistic": rule.statistic}
        return [Reason(VerdictReason.FEW_LANGUAGES, {**counts, **names}), *left_out(seeds, rule)]
    if seeds.undefined:
        return [Reason(VerdictReason.UNDEFINED, {"statistic": rule.statistic, "seeds": list(seeds.undefined)})]
    values = numbers(measurements, rule)
    why = _scale(values, rule)
    why = why or (identical(values) if rule.repeated else None)  # languages and sentences are replicates of one, too
    why = why or same_arms(values, rule)
    why = why or (_baseline(measurements, rule) if at_paper else None)
    return [why] if why else []


def barred(rule: Rule, gate: Mapping[str, object], invalid_arms: Mapping[str, str]) -> Reason[VerdictReason] | None:
    """Return why the run itself carries no verdict: its gate failed, or an arm that is compared is invalid."""
    if not gate.get("passed"):
        return Reason(VerdictReason.GATE, {"gate": str(gate.get("reason") or "no reason on record")})
    return invalid(rule, invalid_arms)


def too_few(seeds: PerSeed, measurements: Sequence[Measurement], rule: Rule) -> Reasons:
    """Return why these seeds are too few: the rule asks for more, or has groups of seeds that are one measurement.

    Empty where they are enough. Where languages or sentences are the unit of replication, one complete measurement is.
    """
    needed = rule.minimum_seeds if rule.repeated else 1
    if len(seeds.values) >= needed:
        return []
    if rule.repeats and rule.repeated:
        return shared_models(rule.repeats)
    what = "seeds" if rule.unit_of_replication != Unit.MODELS else "models"
    counts: Parameters = {"measured": len(seeds.values), "what": what, "needed": needed}
    return [Reason(VerdictReason.FEW_REPLICATES, counts), *gaps(measurements, rule)]


def invalid(rule: Rule, invalid_arms: Mapping[str, str]) -> Reason[VerdictReason] | None:
    """Return why an arm that the rule compares is invalid, or None."""
    for arm in (rule.treatment, rule.baseline, *rule.rivals):
        if arm in invalid_arms:
            return Reason(VerdictReason.INVALID_ARM, {"arm": arm, "why": invalid_arms[arm]})
    return None


def left_out(seeds: PerSeed, rule: Rule) -> Reasons:
    """Return which languages have no value of the covariate; empty where all have one."""
    if not seeds.left_out:
        return []
    return [Reason(VerdictReason.NO_COVARIATE, {"axis": rule.comparison.axis, "languages": list(seeds.left_out)})]


def no_interval(unit: str, drawn: Spread) -> Reasons:
    """Return why no interval exists over the unit of replication; empty where one does."""
    if drawn.lack is None:
        return []
    return [Reason(VerdictReason.NO_INTERVAL, {"unit": unit, "lack": drawn.lack.code, **drawn.lack.parameters})]


def numbers(measurements: Sequence[Measurement], rule: Rule) -> Numbers:
    """Collect the values of the arms that the rule compares, by the metric that it reads each of them by."""
    metrics = dict.fromkeys((rule.treatment, *rule.rivals), rule.metric)
    if rule.baseline:
        metrics[rule.baseline] = rule.baseline_metric or rule.metric
    repeated = {seed for group in rule.repeats for seed in group[1:]}
    values: Numbers = {}
    for m in measurements:
        counts = m.seed not in repeated and (not rule.languages or m.language in rule.languages)
        if counts and m.metric == metrics.get(m.arm):
            values.setdefault((m.arm, m.language), {})[m.seed] = (number(m.value), m.n or None)
    return values


def identical(values: Numbers) -> Reason[VerdictReason] | None:
    """Report seeds that give the very same numbers everywhere: one measurement, whatever made them so; or None."""
    seeds = sorted({seed for by_seed in values.values() for seed in by_seed})
    if len(seeds) < 2 or not all(set(by_seed) == set(seeds) for by_seed in values.values()):
        return None
    if any(len(set(by_seed.values())) > 1 for by_seed in values.values()):
        return None
    return Reason(VerdictReason.SAME_NUMBERS, {"seeds": seeds})


def same_arms(values: Numbers, rule: Rule) -> Reason[VerdictReason] | None:
    """Report two arms that gave the very same numbers with each of several seeds, not all at an end of the scale."""
    own, other = (
        {x: by_seed for (arm, x), by_seed in values.items() if arm == name} for name in (rule.treatment, rule.baseline)
    )
    shown = {value for by_seed in own.values() for value, _ in by_seed.values()}
    if (
        not rule.arms_differ
        or not rule.repeated
        or not rule.baseline
        or own != other
        or len(shown) < 2
        or shown <= {0.0, 100.0}
    ):
        return None
    return Reason(VerdictReason.SAME_ARMS, {"treatment": rule.treatment, "baseline": rule.baseline})


def gaps(measurements: Sequence[Measurement], rule: Rule) -> Reasons:
    """Return which languages lack a number; empty where none does."""
    values = numbers(measurements, rule)
    arms = [arm for arm in dict.fromkeys((rule.treatment, rule.baseline, *rule.rivals)) if arm]
    measured = {arm: {x for (one, x), by_seed in values.items() if one == arm and _any(by_seed)} for arm in arms}
    everywhere = sorted(set.union(*measured.values()))
    found: Reasons = []
    for arm in arms:
        if lost := [language for language in everywhere if language not in measured[arm]]:
            found.append(Reason(VerdictReason.ARM_GAPS, {"arm": arm, "languages": lost}))
    if absent := [language for language in rule.languages if language not in everywhere]:
        found.append(Reason(VerdictReason.LANGUAGES_ABSENT, {"languages": absent}))
    seeds = sorted({seed for by_seed in values.values() for seed in by_seed})
    common = [x for x in everywhere if all(x in measured[arm] for arm in arms)]
    for seed in seeds:
        lacks = [x for x in common if any(values[arm, x].get(seed, (None, None))[0] is None for arm in arms)]
        if lacks:
            found.append(Reason(VerdictReason.SEED_GAPS, {"seed": seed, "languages": lacks}))
    return found


def _any(by_seed: Mapping[int, tuple[float | None, int | None]]) -> bool:
    return any(value is not None for value, _ in by_seed.values())


def _scale(values: Numbers, rule: Rule) -> Reason[VerdictReason] | None:
    if rule.statistic in OVER_LANGUAGES:
        return None  # neither ranks nor the sign of a slope depend on the scale
    measured = {
        key: [(value, items) for value, items in by_seed.values() if value is not None]
        for key, by_seed in values.items()
    }
    return wrong_scale({key: found for key, found in measured.items() if found}, rule.unit)


def _baseline(measurements: Sequence[Measurement], rule: Rule) -> Reason[VerdictReason] | None:
    """Return why the baseline is not the published one, or None.

    It is not where it differs by more than the SESOI and what one run may be off by.
    """
    if rule.published_baseline is None or not rule.baseline:
        return None
    values = scores(measurements, rule.baseline, rule.baseline_metric or rule.metric, rule.comparison)
    if len(values) < 2:
        return None
    mean, sd = mean_and_sd(values)
    level = rule.alpha / 2
    close = closeness(mean, sd, len(values), rule.published_baseline, rule.known, level, rule.spread)
    if close != Closeness.DIFFERENT:
        return None
    scored: Parameters = {
        "arm": rule.baseline,
        "mean": float(mean),
        "unit": rule.unit,
        "published": rule.published_baseline,
    }
    return Reason(VerdictReason.OTHER_BASELINE, scored)
