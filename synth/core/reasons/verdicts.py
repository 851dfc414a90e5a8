"""Reasons of a verdict: what the measurements say, what keeps them from deciding, and what has to be known beside it.

A verdict stores a list of them; their sentences, joined by a space, are its `reason` for people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from synth.core.estimate import Estimate
from synth.core.reasons import Named, Reason, StoredReason, Wording, read, worded

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
    SAME_ARMS = "same arms"
    FAILED_SEEDS = "failed seeds"
    OTHER_BASELINE = "other baseline"
    FEW_REPLICATES = "too few replicates"
    NO_INTERVAL = "no interval"
    NO_RIVALS = "no rivals"
    # What was not measured.
    ARM_GAPS = "languages missing for an arm"
    LANGUAGES_ABSENT = "languages missing"
    SEED_GAPS = "languages missing for a seed"
    NO_COVARIATE = "languages without the covariate"
    SEEDS_LEFT_OUT = "failed seeds left out"
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
    """Reason that no interval exists over a unit of replication."""

    NOTHING_MEASURED = "nothing measured"
    FEW_FAMILIES = "too few families"
    FEW_LABELS = "too few"
    ALL_SAME = "all the same"
    UNDEFINED = "undefined"
    NO_SENTENCES = "no sentences"
    SENTENCES_UNKNOWN = "sentences unknown"


class FailureCode(StrEnum):
    """Reason that a seed has no measurement."""

    EXIT = "exit"
    SIGNAL = "signal"
    TIME = "time"
    MEMORY = "memory"
    OUTPUT = "output"
    START = "start"
    METRIC = "metric"


class Incomparable(StrEnum):
    """Reason that a contrast tests the direction of a claim and not its magnitude."""

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
    Lack.FEW_LABELS: "{languages} were measured; it takes {needed}",
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
        VerdictReason.FAILED_SEEDS,
        VerdictReason.SEEDS_LEFT_OUT,
        VerdictReason.FEW_REPLICATES,
        VerdictReason.CONTROL_NOT_MEASURED,
    }
)


# ------------------------------------------------------------------------------------------------ parts of sentences


def _list(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _all_of(seeds: Sequence[str]) -> str:
    """Read "1, 2 and 3"."""
    return f"{', '.join(seeds[:-1])} and {seeds[-1]}"


def _shown(p: Named) -> str:
    value, low, high = (p.number_or_none(name) for name in ("estimate", "low", "high"))
    return str(Estimate(value, low, high, 0, 0))


def _shown_small(p: Named) -> str:
    """Three decimals: effects a unit are small numbers."""
    estimate = p.number_or_none("estimate")
    if estimate is None:
        return "not estimable"
    return f"{estimate:+.3f} [{p.number('low'):+.3f}, {p.number('high'):+.3f}]"


def whole(value: float) -> str:
    """Return a count as people write it: 392,702."""
    return f"{value:,.0f}" if value % 1 == 0 else f"{value:,g}"


def _subject(p: Named) -> str:
    """Read "nli − untuned on accuracy", "Slope of nli − untuned on accuracy against distance"."""
    subject = f"{p.text('comparison')} on {p.text('metric')}"
    if p.text("statistic") == "slope":
        return f"Slope of {subject} against {p.text('axis')}"
    return f"Rank correlation of {subject} with {p.text('axis')}" if p.text("statistic") == "correlation" else subject


def _replicates(p: Named) -> str:
    """Name what the interval is over: "3 seeds and 4 languages", "36 languages of 12 families, and 3 seeds"."""
    seeds = f" and {p.text('seeds')} seeds" if p.number("seeds") > 1 else ""
    if p.text("replicated") == "sentences":
        return f"{p.text('sentences')} sentences in each of {p.text('languages')} languages{seeds}"
    if p.text("replicated") == "languages":
        return f"{p.text('languages')} languages of {p.text('families')} families{seeds}"
    if p.text("replicated") in ("data sets", "items", "folds"):
        return f"{p.text('languages')} {p.text('replicated')}{seeds}"
    languages = f" and {p.text('languages')} languages" if p.number("languages") != 1 else ""
    return f"{p.text('seeds')} {p.text('replicated')}{languages}"


# ------------------------------------------------------------------------------------------------ longer sentences


def _undefined(p: Named) -> str:
    same = "the covariate is" if p.text("statistic") == "slope" else "the measured values or the covariate are"
    seeds = ", ".join(p.texts("seeds"))
    return f"No {p.text('statistic')} exists for seed {seeds}: {same} the same in every language."


def _failed(p: Named) -> str:
    return f"{p.text('failed')} of {p.text('seeds')} seeds failed"


def _failures(p: Named) -> str:
    runs = p.texts("runs")
    more = int(p.number("failed_runs")) - len(runs)
    return "; ".join(runs) + (f"; and {more} more" if more else "")


def _no_interval(p: Named) -> str:
    return f"No interval exists over {p.text('unit')}: {worded(Reason(Lack(p.text('lack')), p.parameters), LACKS)}."


def _seed_by_seed(p: Named) -> str:
    text = f"Seeds were added one by one, {p.text('seeds')} of at most {p.text('most')}"
    if p.holds("futile"):
        text += ", and no more: with the rest of them a decision had become improbable"
    return text + p.fill("; the interval is at level {level:.2%}, so that all looks together are at {together:.4g}.")


def _detectable(p: Named) -> str:
    """Say what the number of languages allows to be said of other languages."""
    sizes = f"correlations of {p.number('smallest'):.2f} and more"
    template = (
        "{power}"
        if p.holds("power")
        else "With {languages} languages, {sizes} can be detected (α = {alpha:g}, power 0.8)"
    )
    text = p.fill(template, sizes=sizes)
    if p.number_or_none("low") is not None:
        text += p.fill(". With families of languages resampled as well, the interval is [{low:+.2f}, {high:+.2f}]")
    if not p.holds("repeated"):
        return f"{text}."
    if p.holds("undetected"):
        return f"{text}. The estimate is smaller than what can be detected, so it speaks of these languages alone."
    return f"{text}. The first interval is over seeds and speaks of these languages."


def _magnitude(p: Named) -> str:
    """Hold the claimed number against the measured one."""
    bounds = (
        f"±({p.number('known'):g} + {p.number('spread'):.2f} standard deviations of {p.number('sd'):.2f} between seeds)"
    )
    size = {
        "same": f"the measured one is within {bounds} of it",
        "different": f"the measured one is farther from it than {bounds}",
    }.get(p.text("magnitude"), f"whether the measured one is within {bounds} of it remains open")
    text = f"Claimed: {p.number('claimed'):+g} {p.text('unit')}; {size}."
    text += f" One more run is expected in [{p.number('low'):+.2f}, {p.number('high'):+.2f}]."
    if p.holds("share"):
        text += " The claimed number looks like a share, and points were measured."
    return text


def _other_languages(p: Named) -> str:
    of = "languages" if p.text("families") == p.text("languages") else "families of languages, languages"
    ends = f"[{p.number('low'):+.2f}, {p.number('high'):+.2f}] {p.text('unit')}"
    return f"For other languages than these: {ends}, resampling {of}, sentences and seeds."


def _coefficient(p: Named) -> str:
    return p.fill(
        "Coefficient of {covariate} on the logit of {metric}: {shown} {unit}, over {languages} languages of {families} "
        "families and {series} series of models; claimed direction: {direction};",
        shown=_shown_small(p),
    )


def _other_ways(p: Named) -> str:
    """Say how often other ways to analyse the figures say the same."""
    text = p.fill(
        "Of {ways} other ways to analyse the same figures {same} give the same sign, {firm} of them with an interval "
        "that leaves out 0"
    )
    text += f"; the other sign: {', '.join(p.texts('turned'))}" if p.holds("turned") else ""
    return (
        f"{text}; leaving out 0 on the other side: {', '.join(p.texts('against'))}."
        if p.holds("against")
        else f"{text}."
    )


def _power(p: Named) -> str:
    """Say what these figures can detect, and how many families and series would detect the SESOI."""
    text = f"With power {p.number('power'):g} these figures detect {p.number('smallest'):.2g} {p.text('unit')} and more"
    if p.number("times") <= 1:
        return f"{text}."
    text += p.fill("; to detect the SESOI of {sesoi:g} takes {times:.1f} times as many independent families and")
    if p.number("needed") > p.number("known"):
        return f"{text} series, which is more families than the {p.text('known')} that WALS knows."
    return f"{text} series, {p.text('needed')} families in the place of {p.text('families')}."


def _leads(p: Named) -> str:
    leads, lows, highs = (p.numbers(name) for name in ("leads", "lows", "highs"))
    return ", ".join(
        f"{name} ({value:+.2f} [{low:+.2f}, {high:+.2f}])"
        for name, value, low, high in zip(p.texts("rivals"), leads, lows, highs, strict=True)
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
        f"Seeds {_all_of(p.texts('seeds'))} gave the very same numbers in every language and arm: they are one "
        f"measurement, not {len(p.texts('seeds'))}."
    ),
    VerdictReason.SHARED_MODEL: lambda p: (
        f"Seeds {_all_of(p.texts('seeds'))} share one pre-trained model and nothing in this contrast is trained anew: "
        f"they are one measurement, not {len(p.texts('seeds'))}."
    ),
    VerdictReason.SAME_ARMS: (
        "{treatment} and {baseline} gave the very same numbers with every seed: what tells them apart changes nothing, "
        "or the program ignores it."
    ),
    VerdictReason.FAILED_SEEDS: lambda p: f"{_failed(p)}; the rule lets {p.text('may_fail')} fail. {_failures(p)}.",
    VerdictReason.SEEDS_LEFT_OUT: lambda p: (
        f"{_failed(p)}, which the rule allows; what is left counts. {_failures(p)}."
    ),
    VerdictReason.OTHER_BASELINE: (
        "The baseline is not the published one: {arm} reaches {mean:.1f} {unit}, {published:g} were published, and "
        "seeds explain no such difference."
    ),
    VerdictReason.FEW_REPLICATES: "{measured} complete {what} were measured; the rule asks for {needed}.",
    VerdictReason.NO_INTERVAL: _no_interval,
    VerdictReason.NO_RIVALS: "It is not known which arms it is to be compared with.",
    VerdictReason.ARM_GAPS: lambda p: (
        f"Not measured for {p.text('arm')}, so not counted: {_list(p.texts('languages'))}."
    ),
    VerdictReason.LANGUAGES_ABSENT: lambda p: f"Asked for and not measured: {_list(p.texts('languages'))}.",
    VerdictReason.SEED_GAPS: lambda p: (
        f"Seed {p.text('seed')} lacks a number in {_list(p.texts('languages'))}, so it does not count."
    ),
    VerdictReason.NO_COVARIATE: lambda p: f"Left out for want of {p.text('axis')}: {_list(p.texts('languages'))}.",
    VerdictReason.ESTIMATE: lambda p: (
        f"{_subject(p)}: {_shown(p)} {p.text('unit')} over {_replicates(p)}; claimed direction: {p.text('direction')};"
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
    VerdictReason.CONTROL: lambda p: f"Under {p.text('metric')}: {_shown(p)} {p.text('unit')}.",
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
        f"A count was checked, exactly: {whole(p.number('counted'))} {p.text('unit')} in {p.text('arm')}, as "
        f"published; the claim says {whole(p.number('claimed'))}."
    ),
    VerdictReason.NOTHING_COUNTED: "Nothing was counted for {arm}.",
    VerdictReason.COUNTS_DIFFER: lambda p: (
        f"The counts for {p.text('arm')} differ: {', '.join(map(whole, p.numbers('counts')))}."
    ),
    VerdictReason.NO_NUMBER_CLAIMED: "The claim states no number to compare the count with.",
    VerdictReason.OTHER_DATA: lambda p: (
        f"{whole(p.number('counted'))} {p.text('unit')} were counted for {p.text('arm')}, but not in the published "
        "set: a count of other data says nothing about it."
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


def of(reason: str, codes: Sequence[StoredReason]) -> list[Reason[VerdictReason]]:
    """Return the stored reasons of a verdict. Verdicts of earlier versions have no codes: their reason is `other`."""
    if not codes:
        return [Reason(VerdictReason.OTHER, {"text": reason})]
    return [read(VerdictReason, one["code"], one["parameters"], reason) for one in codes]
