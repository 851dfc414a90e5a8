"""The table that is analysed: models × languages with a score in every cell, and what is known of both.

Which models and languages are taken in is decided by what is known of them before their scores are looked at, and every
one that is left out is listed with the reason. Nothing numerical is loaded, so that a plan can say all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log, log2, log10

from repro.errors import LabError
from repro.published.tables import Figures, MeasuredLanguage, Model

# Terms of the registered model that describe languages, and those that describe models.
LANGUAGE_TERMS = ("distance", "pool", "script", "text")
MIN_LANGUAGES = len(LANGUAGE_TERMS) + 2  # one more than the model has coefficients
SIZE = "size"
TERMS = (*LANGUAGE_TERMS, SIZE, *(f"{term}:size" for term in LANGUAGE_TERMS))
UNITS = {
    "distance": "0.1 of distance",
    "pool": "doubling of the pool",
    "script": "another script than Latin",
    "text": "factor of ten in text",
    SIZE: "doubling of the model",
}
COMPLETE = 0.9  # share of the languages that a model has to have
NAMED = 12  # names in a sentence before the rest is counted


@dataclass(frozen=True)
class PanelSelection:
    """The models and languages that are analysed.

    Attributes:
        task: one of `repro.published.tables.TASKS`.
        distance: kind of the distance (`repro.published.tables.DISTANCES`).
        observed: least share of syntactic features that has to be observed in URIEL and not predicted.
        selection: "all", "xtreme", or "cc-100" for those with pre-training text.
        metric: "accuracy" or "f1".
        cluster: "family" or "genus", what is resampled.
        alone: also models that are not one of several sizes of a series.
    """

    task: str = "tatoeba"
    distance: str = "syntactic"
    observed: float = 0.1
    selection: str = "all"
    metric: str = "accuracy"
    cluster: str = "family"
    alone: bool = True


@dataclass(frozen=True)
class Panel:
    """Scores with their covariates; every sequence over languages has one order, every one over models another.

    Attributes:
        scores: shares, one row a language, one column a model.
        covariates: term → value of each language, in the units of `UNITS`, not centred.
        size: doublings of each model above the mean of its series.
        left_out: sentences.
    """

    languages: tuple[MeasuredLanguage, ...]
    models: tuple[Model, ...]
    scores: tuple[tuple[float, ...], ...]
    covariates: Mapping[str, tuple[float, ...]]
    size: tuple[float, ...]
    clusters: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def series(self) -> tuple[str, ...]:
        """The series of each model."""
        return tuple(model.series for model in self.models)

    @property
    def constant(self) -> tuple[str, ...]:
        """Terms that are the same everywhere, so that the model cannot have them."""
        terms = [term for term in LANGUAGE_TERMS if len(set(self.covariates[term])) < 2]
        return (*terms, *([SIZE] if len(set(self.size)) < 2 else []))

    def logits(self) -> list[list[float]]:
        """Return log((hits + 1/2) / (misses + 1/2)), rows languages (Haldane 1956, Ann. Hum. Genet. 20)."""
        table = []
        for language, row in zip(self.languages, self.scores, strict=True):
            hits = [score * language.pool for score in row]
            table.append([log((hit + 0.5) / (language.pool - hit + 0.5)) for hit in hits])
        return table


def panel(figures: Figures, languages: Mapping[str, MeasuredLanguage], choice: PanelSelection) -> Panel:
    """Build the complete table of `choice`. LabError if no model, or fewer than `MIN_LANGUAGES`, are left."""
    models, without = _models(figures, choice)
    scores = figures.scores[choice.metric]
    analysed, dropped = _languages(models, scores, languages, choice)
    left_out = (*without, *dropped)
    if not models or len(analysed) < MIN_LANGUAGES:
        left = f"{len(models)} models and {len(analysed)} languages are left to be analysed"
        raise LabError(
            f"{left}; it takes {MIN_LANGUAGES} of these",
            " ".join(left_out[:3]) or "the figures have no scores of Tatoeba's languages",
        )
    return Panel(
        analysed,
        models,
        tuple(tuple(scores[model.name][language.code] for model in models) for language in analysed),
        {term: tuple(_covariate(language, term, choice) for language in analysed) for term in LANGUAGE_TERMS},
        _within_series(models),
        tuple(getattr(language, choice.cluster) for language in analysed),
        left_out,
    )


def _models(figures: Figures, choice: PanelSelection) -> tuple[tuple[Model, ...], list[str]]:
    """Return the models of known size that are neither trained on the test set nor made from another of them."""
    scores = figures.scores[choice.metric]
    most = max((len(row) for row in scores.values()), default=0)
    reasons: dict[str, list[str]] = {}
    analysed = []
    for name, model in sorted(figures.models.items()):
        why = _why_not(model, len(scores.get(name, ())), most, figures)
        if not why and len(figures.models) > 1 and set(scores[name].values()) == {1.0}:
            why = "a perfect score in every language, which is a fault or a test set that was seen"
        if why:
            reasons.setdefault(why, []).append(name)
        else:
            analysed.append(model)
    if not choice.alone:
        sizes = [model.series for model in analysed]
        analysed = [model for model in analysed if sizes.count(model.series) > 1]
    return tuple(analysed), [f"Models left out, {why}: {named(names)}." for why, names in sorted(reasons.items())]


def _why_not(model: Model, measured: int, most: int, figures: Figures) -> str:
    if not measured or measured < COMPLETE * most:
        return f"measured in fewer than {COMPLETE:.0%} of the languages"
    if model.trained_on_test:
        return "trained on Tatoeba by their makers' word"
    if model.parameters is None and len(figures.models) > 1:
        return "of unknown size"
    if model.adapted_from in figures.models:
        return "made from another model of the table"
    return ""


def _languages(
    models: Iterable[Model],
    scores: Mapping[str, Mapping[str, float]],
    known: Mapping[str, MeasuredLanguage],
    choice: PanelSelection,
) -> tuple[tuple[MeasuredLanguage, ...], list[str]]:
    reasons: dict[str, list[str]] = {}
    analysed = []
    names = [model.name for model in models]
    for code in sorted({code for name in names for code in scores[name]}):
        if why := _why_no_language(code, names, scores, known.get(code), choice):
            reasons.setdefault(why, []).append(code)
        else:
            analysed.append(known[code])
    return tuple(analysed), [f"Languages left out, {why}: {named(codes)}." for why, codes in sorted(reasons.items())]


def _why_no_language(
    code: str,
    models: Iterable[str],
    scores: Mapping[str, Mapping[str, float]],
    language: MeasuredLanguage | None,
    choice: PanelSelection,
) -> str:
    if language is None:
        return "of which nothing is known"
    if choice.distance not in language.distances:
        return f"without a {choice.distance} distance"
    if language.observed is None or language.observed < choice.observed:
        return f"with under {choice.observed:.0%} of their syntactic features observed"
    if not getattr(language, choice.cluster):
        return f"of no {choice.cluster} in WALS"
    if (choice.selection == "xtreme" and not language.xtreme) or (choice.selection == "cc-100" and not language.text):
        return f"not among the chosen ones ({choice.selection})"
    if any(code not in scores[model] for model in models):
        return "not measured by every model"
    return ""


def _covariate(language: MeasuredLanguage, term: str, choice: PanelSelection) -> float:
    """Return a language's value in the units of `UNITS`; no text counts as none, on a scale of log10(1 + megabytes)."""
    if term == "distance":
        return 10 * language.distances[choice.distance]
    if term == "pool":
        return log2(language.pool)
    if term == "script":
        return float(language.script != "Latn")
    return log10(1 + (language.text or 0.0))


def _within_series(models: Iterable[Model]) -> tuple[float, ...]:
    """Return doublings of each model above the mean of its series: what sets series apart is not taken for size."""
    own = [(model.series, log2(model.parameters) if model.parameters else 0.0) for model in models]
    mean = {series: sum(v for s, v in own if s == series) / sum(s == series for s, _ in own) for series, _ in own}
    return tuple(value - mean[series] for series, value in own)


def named(names: Iterable[str]) -> str:
    """Return the names, the first of them where they are many."""
    listed = list(names)
    more = f" and {len(listed) - NAMED} more" if len(listed) > NAMED else ""
    return ", ".join(listed[:NAMED]) + more
