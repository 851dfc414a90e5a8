"""Reasons of a verdict: what the measurements say, what keeps them from deciding, and what has to be known beside it.

A verdict stores a list of them; their sentences, joined by a space, are its `reason` for people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from synth.core.estimate import Estimate
from synth.core.reasons import Reason, Wording, read, worded

NAMED = 8  # languages named in a reason before the rest is only counted


class VerdictReason(StrEnum):
    """Reason of a verdict: what it rests on, or why there is none."""

    # What keeps measurements from carrying a verdict, whatever their numbers are.
    GATE = "gate failed"
    INVALID_ARM = "invalid arm"
    FEW_LANGUAGES = "too few languages"
    UNDEFINED = "statistic undefined"
    NO_PERCENTAGE = "no percentage"
    TWO_SCALES = "two scales"
    SHARES = "shares"
    SAME_NUMBERS = "same numbers"
    SHARED_MODEL = "shared model"
    OTHER_BASELINE = "other baseline"
    FEW_REPLICATES = "too few replicates"
    NO_INTERVAL = "no interval"
    NO_RIVALS = "no rivals"
    # What was not measured.
    ARM_GAPS = "languages missing for an arm"
    LANGUAGES_ABSENT = "languages missing"
    SEED_GAPS = "languages missing for a seed"
    NO_COVARIATE = "languages without the covariate"
    # An estimate, and what its interval says of the claimed direction.
    ESTIMATE = "estimate"
    COEFFICIENT = "coefficient"
    UNDER_POWERED = "under-powered"
    REACHES_SESOI = "reaches the SESOI"
    OPPOSITE = "opposite side"
    INSIDE = "inside the SESOI"
    BELOW_SESOI = "below the SESOI"
    OUTSIDE = "outside the SESOI"
    NOT_EQUIVALENT = "reaches over the SESOI"
    NO_REPLICATES = "no replicates"
    CLAIMED_AND_INSIDE = "claimed side, inside the SESOI"
    # What stands against a decision.
    CONTROL_NOT_MEASURED = "control not measured"
    CONTROL_OPPOSED = "control opposed"
    CONTROL_MATTERS = "control matters"
    FEW_FAMILIES = "too few families"
    FAMILIES_DISAGREE = "families disagree"
    # What stands beside it.
    SEED_BY_SEED = "seed by seed"
    NOT_DETECTABLE = "correlation not detectable"
    DETECTABLE = "detectable correlation"
    OTHER_LANGUAGES = "other languages"
    CONTROL = "control"
    ALTERED = "altered"
    DIRECTION_ONLY = "direction only"
    MAGNITUDE = "magnitude"
    # Best or worst of several arms.
    RANK = "rank"
    RANK_OPEN = "rank open"
    RANK_LEADS = "leads all"
    RANK_BEHIND = "behind some"
    NEAREST = "nearest rival"
    # A count.
    COUNT = "count"
    NOTHING_COUNTED = "nothing counted"
    COUNTS_DIFFER = "counts differ"
    NO_NUMBER_CLAIMED = "no number claimed"
    OTHER_DATA = "other data counted"
    # A term of a model that was fitted to published figures.
    NOT_ESTIMABLE = "not estimable"
    TOO_FEW_FAMILIES = "fewer families than it takes"
    NOT_CONVERGED = "not converged"
    RESAMPLED = "resampled"
    NOT_RESAMPLED = "not resampled"
    RESAMPLED_OPEN = "resampled open"
    OTHER_WAYS = "other ways"
    POWER = "power"
    OTHER = "other"


class Lack(StrEnum):
    """Why no interval exists over a unit of replication."""

    NOTHING_MEASURED = "nothing measured"
    FEW_FAMILIES = "too few families"
    ALL_SAME = "all the same"
    UNDEFINED = "undefined"
    NO_SENTENCES = "no sentences"
    SENTENCES_UNKNOWN = "sentences unknown"


class Incomparable(StrEnum):
    """Why a contrast tests the direction of a claim and not its magnitude."""

    RANK = "rank"
    NO_TASK = "no task"
    OTHER_TASK = "other task"
    OTHER_METRIC = "other metric"
    OTHER_UNIT = "other unit"
    NO_UNIT = "no unit"
    NO_METRIC = "no metric"


LACKS: Mapping[Lack, Wording] = {
    Lack.NOTHING_MEASURED: "nothing was measured in every language",
    Lack.FEW_FAMILIES: "{languages} languages are of {families} families; it takes {needed}",
    Lack.ALL_SAME: "all values are the same",
    Lack.UNDEFINED: "without some of the families no {statistic} exists",
    Lack.NO_SENTENCES: "a {statistic} has no sentences to be resampled",
    Lack.SENTENCES_UNKNOWN: "it is not known how many sentences are behind the numbers",
}
INCOMPARABLE: Mapping[Incomparable, Wording] = {
    Incomparable.RANK: "the rank is tested, and not by how much it leads",
    Incomparable.NO_TASK: "the claim names no task",
    Incomparable.OTHER_TASK: "the claim is about “{task}”, and another task stands in for it",
    Incomparable.OTHER_METRIC: "the claim's metric is “{metric}”, and {measured} was measured",
    Incomparable.OTHER_UNIT: "the claimed value is in “{unit}”, the measured one in {measured}",
    Incomparable.NO_UNIT: "the claimed value is without a unit, the measured one in {measured}",
    Incomparable.NO_METRIC: "the claim does not say which metric its value is of",
}
# Codes that own up to numbers that were not measured.
GAPS = frozenset(
    {
        VerdictReason.ARM_GAPS,
        VerdictReason.LANGUAGES_ABSENT,
        VerdictReason.SEED_GAPS,
        VerdictReason.FEW_REPLICATES,
        VerdictReason.CONTROL_NOT_MEASURED,
    }
)


# ------------------------------------------------------------------------------------------------ parts of sentences


def _list(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _all_of(seeds: Sequence[int]) -> str:
    """Read "1, 2 and 3"."""
    return f"{', '.join(map(str, seeds[:-1]))} and {seeds[-1]}"


def _shown(p: Mapping[str, Any]) -> str:
    return str(Estimate(p["estimate"], p["low"], p["high"], 0, 0))


def _shown_small(p: Mapping[str, Any]) -> str:
    """Three decimals: effects a unit are small numbers."""
    if p["estimate"] is None:
        return "not estimable"
    return f"{p['estimate']:+.3f} [{p['low']:+.3f}, {p['high']:+.3f}]"


def whole(value: float) -> str:
    """Return a count as people write it: 392,702."""
    return f"{value:,.0f}" if value % 1 == 0 else f"{value:,g}"


def _subject(p: Mapping[str, Any]) -> str:
    """Read "nli − untuned on accuracy", "Slope of nli − untuned on accuracy against distance"."""
    subject = f"{p['comparison']} on {p['metric']}"
    if p["statistic"] == "slope":
        return f"Slope of {subject} against {p['axis']}"
    return f"Rank correlation of {subject} with {p['axis']}" if p["statistic"] == "correlation" else subject


def _replicates(p: Mapping[str, Any]) -> str:
    """Name what the interval is over: "3 seeds and 4 languages", "36 languages of 12 families, and 3 seeds"."""
    if p["replicated"] == "sentences":
        seeds = f" and {p['seeds']} seeds" if p["seeds"] > 1 else ""
        return f"{p['sentences']} sentences in each of {p['languages']} languages{seeds}"
    if p["replicated"] == "languages":
        seeds = f" and {p['seeds']} seeds" if p["seeds"] > 1 else ""
        return f"{p['languages']} languages of {p['families']} families{seeds}"
    return f"{p['seeds']} {p['replicated']} and {p['languages']} languages"


# ------------------------------------------------------------------------------------------------ longer sentences


def _undefined(p: Mapping[str, Any]) -> str:
    same = "the covariate is" if p["statistic"] == "slope" else "the measured values or the covariate are"
    seeds = ", ".join(map(str, p["seeds"]))
    return f"No {p['statistic']} exists for seed {seeds}: {same} the same in every language."


def _no_interval(p: Mapping[str, Any]) -> str:
    return f"No interval exists over {p['unit']}: {worded(Reason(Lack(p['lack']), p), LACKS)}."


def _seed_by_seed(p: Mapping[str, Any]) -> str:
    text = f"Seeds were added one by one, {p['seeds']} of at most {p['most']}"
    if p["futile"]:
        text += ", and no more: with the rest of them a decision had become improbable"
    return f"{text}; the interval is at level {p['level']:.2%}, so that all looks together are at {p['together']:.4g}."


def _detectable(p: Mapping[str, Any]) -> str:
    """Say what the number of languages allows to be said of other languages."""
    sizes = f"correlations of {p['smallest']:.2f} and more"
    text = p["power"] or f"With {p['languages']} languages, {sizes} can be detected (α = {p['alpha']:g}, power 0.8)"
    if p["low"] is not None:
        text += f". With families of languages resampled as well, the interval is [{p['low']:+.2f}, {p['high']:+.2f}]"
    if not p["repeated"]:
        return f"{text}."
    if p["undetected"]:
        return f"{text}. The estimate is smaller than what can be detected, so it speaks of these languages alone."
    return f"{text}. The first interval is over seeds and speaks of these languages."


def _magnitude(p: Mapping[str, Any]) -> str:
    """Hold the claimed number against the measured one."""
    bounds = f"±({p['known']:g} + {p['spread']:.2f} standard deviations of {p['sd']:.2f} between seeds)"
    size = {
        "same": f"the measured one is within {bounds} of it",
        "different": f"the measured one is farther from it than {bounds}",
    }.get(p["magnitude"], f"whether the measured one is within {bounds} of it remains open")
    text = f"Claimed: {p['claimed']:+g} {p['unit']}; {size}."
    text += f" One more run is expected in [{p['low']:+.2f}, {p['high']:+.2f}]."
    if p["share"]:
        text += " The claimed number looks like a share, and points were measured."
    return text


def _other_languages(p: Mapping[str, Any]) -> str:
    of = "languages" if p["families"] == p["languages"] else "families of languages, languages"
    ends = f"[{p['low']:+.2f}, {p['high']:+.2f}] {p['unit']}"
    return f"For other languages than these: {ends}, resampling {of}, sentences and seeds."


def _coefficient(p: Mapping[str, Any]) -> str:
    return (
        f"Coefficient of {p['covariate']} on the logit of {p['metric']}: {_shown_small(p)} {p['unit']}, over "
        f"{p['languages']} languages of {p['families']} families and {p['series']} series of models; claimed "
        f"direction: {p['direction']};"
    )


def _other_ways(p: Mapping[str, Any]) -> str:
    """Say how often other ways to analyse the figures say the same."""
    text = (
        f"Of {p['ways']} other ways to analyse the same figures {p['same']} give the same sign, {p['firm']} of them "
        "with an interval that leaves out 0"
    )
    text += f"; the other sign: {', '.join(p['turned'])}" if p["turned"] else ""
    return f"{text}; leaving out 0 on the other side: {', '.join(p['against'])}." if p["against"] else f"{text}."


def _power(p: Mapping[str, Any]) -> str:
    """Say what these figures can detect, and how many families and series would detect the SESOI."""
    text = f"With power {p['power']:g} these figures detect {p['smallest']:.2g} {p['unit']} and more"
    if p["times"] <= 1:
        return f"{text}."
    text += f"; to detect the SESOI of {p['sesoi']:g} takes {p['times']:.1f} times as many independent families and"
    if p["needed"] > p["known"]:
        return f"{text} series, which is more families than the {p['known']} that WALS knows."
    return f"{text} series, {p['needed']} families in the place of {p['families']}."


def _leads(p: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} ({value:+.2f} [{low:+.2f}, {high:+.2f}])"
        for name, value, low, high in zip(p["rivals"], p["leads"], p["lows"], p["highs"], strict=True)
    )


# What follows an estimate begins in lower case: the estimate's own sentence ends with a semicolon.
WORDINGS: Mapping[VerdictReason, Wording] = {
    VerdictReason.GATE: "The gate did not pass: {gate}.",
    VerdictReason.INVALID_ARM: "Arm {arm} is invalid: {why}.",
    VerdictReason.FEW_LANGUAGES: (
        "{languages} languages were measured that have a value of {axis}; a {statistic} takes at least {needed}."
    ),
    VerdictReason.UNDEFINED: _undefined,
    VerdictReason.NO_PERCENTAGE: "{value:g} in {language} of {arm} is no percentage.",
    VerdictReason.TWO_SCALES: "{arm} in {language} seems to be measured on two scales: {low:g} and {high:g}.",
    VerdictReason.SHARES: "{arm} seems to be measured in shares (up to 1, as {value:g}), not in percent.",
    VerdictReason.SAME_NUMBERS: lambda p: (
        f"Seeds {_all_of(p['seeds'])} gave the very same numbers in every language and arm: they are one measurement, "
        f"not {len(p['seeds'])}."
    ),
    VerdictReason.SHARED_MODEL: lambda p: (
        f"Seeds {_all_of(p['seeds'])} share one pre-trained model and nothing in this contrast is trained anew: they "
        f"are one measurement, not {len(p['seeds'])}."
    ),
    VerdictReason.OTHER_BASELINE: (
        "The baseline is not the published one: {arm} reaches {mean:.1f} {unit}, {published:g} were published, and "
        "seeds explain no such difference."
    ),
    VerdictReason.FEW_REPLICATES: "{measured} complete {what} were measured; the rule asks for {needed}.",
    VerdictReason.NO_INTERVAL: _no_interval,
    VerdictReason.NO_RIVALS: "It is not known which arms it is to be compared with.",
    VerdictReason.ARM_GAPS: lambda p: f"Not measured for {p['arm']}, so not counted: {_list(p['languages'])}.",
    VerdictReason.LANGUAGES_ABSENT: lambda p: f"Asked for and not measured: {_list(p['languages'])}.",
    VerdictReason.SEED_GAPS: lambda p: (
        f"Seed {p['seed']} lacks a number in {_list(p['languages'])}, so it does not count."
    ),
    VerdictReason.NO_COVARIATE: lambda p: f"Left out for want of {p['axis']}: {_list(p['languages'])}.",
    VerdictReason.ESTIMATE: lambda p: (
        f"{_subject(p)}: {_shown(p)} {p['unit']} over {_replicates(p)}; claimed direction: {p['direction']};"
    ),
    VerdictReason.COEFFICIENT: _coefficient,
    VerdictReason.UNDER_POWERED: "the interval includes 0 and effects that matter: under-powered.",
    VerdictReason.REACHES_SESOI: (
        "the interval lies on the claimed side and the estimate reaches the SESOI of {sesoi:g}."
    ),
    VerdictReason.OPPOSITE: "the interval lies on the side opposite to the claim.",
    VerdictReason.INSIDE: "the interval lies inside ±{sesoi:g}: no effect that matters.",
    VerdictReason.BELOW_SESOI: "the direction is the claimed one, but the estimate is below the SESOI of {sesoi:g}.",
    VerdictReason.OUTSIDE: "the interval lies outside ±{sesoi:g}: there is an effect that matters.",
    VerdictReason.NOT_EQUIVALENT: "the interval reaches over ±{sesoi:g}: under-powered.",
    VerdictReason.NO_REPLICATES: "too few replicates for an interval.",
    VerdictReason.CLAIMED_AND_INSIDE: (
        "the direction is the claimed one, and the interval lies inside ±{sesoi:g}: no effect that matters."
    ),
    VerdictReason.CONTROL_NOT_MEASURED: (
        "The control was not measured: without {metric} the numbers carry no verdict."
    ),
    VerdictReason.CONTROL_OPPOSED: "The two scoring rules disagree in sign, so the numbers carry no verdict.",
    VerdictReason.CONTROL_MATTERS: (
        "The control has an effect that matters where the metric has none, so the numbers carry no verdict."
    ),
    VerdictReason.FEW_FAMILIES: (
        "The {languages} languages are of {families} families, too few to be resampled, so nothing is said of "
        "languages."
    ),
    VerdictReason.FAMILIES_DISAGREE: (
        "It does not hold over resampled families of languages, so these languages are too few for a verdict."
    ),
    VerdictReason.SEED_BY_SEED: _seed_by_seed,
    VerdictReason.NOT_DETECTABLE: "Over {languages} languages no correlation could be told from chance.",
    VerdictReason.DETECTABLE: _detectable,
    VerdictReason.OTHER_LANGUAGES: _other_languages,
    VerdictReason.CONTROL: lambda p: f"Under {p['metric']}: {_shown(p)} {p['unit']}.",
    VerdictReason.ALTERED: (
        "Parameters or model of the run are not the published ones, so only the direction is spoken of."
    ),
    VerdictReason.DIRECTION_ONLY: "Only the direction is spoken of: {why}.",
    VerdictReason.MAGNITUDE: _magnitude,
    VerdictReason.RANK: ("{treatment} on {metric} against {rivals} other arms over {over}; claimed: {direction};"),
    VerdictReason.RANK_OPEN: lambda p: f"arms that cannot be told from it: {_leads(p)}.",
    VerdictReason.RANK_LEADS: "it leads every other arm.",
    VerdictReason.RANK_BEHIND: lambda p: f"arms ahead of it: {_leads(p)}.",
    VerdictReason.NEAREST: (
        "The nearest is {rival}, a lead of {lead:+.2f} [{low:+.2f}, {high:+.2f}] {unit}; all intervals hold at once."
    ),
    VerdictReason.COUNT: lambda p: (
        f"A count was checked, exactly: {whole(p['counted'])} {p['unit']} in {p['arm']}, as published; the claim says "
        f"{whole(p['claimed'])}."
    ),
    VerdictReason.NOTHING_COUNTED: "Nothing was counted for {arm}.",
    VerdictReason.COUNTS_DIFFER: lambda p: f"The counts for {p['arm']} differ: {', '.join(map(whole, p['counts']))}.",
    VerdictReason.NO_NUMBER_CLAIMED: "The claim states no number to compare the count with.",
    VerdictReason.OTHER_DATA: lambda p: (
        f"{whole(p['counted'])} {p['unit']} were counted for {p['arm']}, but not in the published set: a count of "
        "other data says nothing about it."
    ),
    VerdictReason.NOT_ESTIMABLE: "The term {covariate} could not be estimated from these figures.",
    VerdictReason.TOO_FEW_FAMILIES: (
        "The {languages} languages are of {families} families; it takes at least {needed}."
    ),
    VerdictReason.NOT_CONVERGED: (
        "The mixed model did not converge: the interval is that over resampled families and series."
    ),
    VerdictReason.RESAMPLED: lambda p: f"Families and series resampled, by least squares: {_shown_small(p)}.",
    VerdictReason.NOT_RESAMPLED: "They are too few to be resampled, so nothing is decided.",
    VerdictReason.RESAMPLED_OPEN: "That does not decide it, so nothing is decided.",
    VerdictReason.OTHER_WAYS: _other_ways,
    VerdictReason.POWER: _power,
    VerdictReason.OTHER: "{text}",
}


def ends(found: Estimate) -> dict[str, float | None]:
    """Return estimate and interval as parameters of a reason."""
    named = {"estimate": found.value, "low": found.low, "high": found.high}
    return {name: None if value is None else float(value) for name, value in named.items()}


def sentences(reasons: Iterable[Reason[VerdictReason]]) -> str:
    """Return the reasons in words, as one text."""
    return " ".join(worded(one, WORDINGS) for one in reasons)


def incomparable(reason: Reason[Incomparable] | None) -> str:
    """Return why only the direction is spoken of, as a clause; "" for none."""
    return worded(reason, INCOMPARABLE) if reason else ""


def shared_models(repeats: Sequence[Sequence[int]]) -> list[Reason[VerdictReason]]:
    """Return why the seeds of each group of `repeats` are one measurement."""
    return [Reason(VerdictReason.SHARED_MODEL, {"seeds": list(group)}) for group in repeats]


def of(reason: str, codes: Sequence[Mapping[str, Any]]) -> list[Reason[VerdictReason]]:
    """Return the stored reasons of a verdict. Verdicts of earlier versions have no codes: their reason is `other`."""
    if not codes:
        return [Reason(VerdictReason.OTHER, {"text": reason})]
    return [read(VerdictReason, one["code"], one["parameters"], reason) for one in codes]
