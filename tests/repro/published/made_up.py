"""Figures made up for tests: models × languages with known effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import exp, log2

from repro.published.tables import Figures, MeasuredLanguage, Model

METRICS = ("accuracy", "f1")


def language(code: str, family: str, distance: float, **more) -> MeasuredLanguage:
    known = {"syntactic": distance, "genetic": distance / 2}
    given = {"pool": 1000, "script": "Latn", "text": 100.0, "observed": 0.5, "xtreme": False, **more}
    return MeasuredLanguage(code, family=family, genus=family, distances=known, **given)


def model(name: str, parameters: int | None, series: str = "", **more) -> Model:
    return Model(name, "1", parameters, series or name, **more)


def figures(models, languages, score) -> Figures:
    """`score`: (model, language) → share."""
    own = {m.name: {one.code: score(m, one) for one in languages} for m in models}
    return Figures({m.name: m for m in models}, dict.fromkeys(METRICS, own), "made up")


def world(families: int = 6, each: int = 4) -> dict[str, MeasuredLanguage]:
    """Languages that differ in everything that the registered model has."""
    found = {}
    for f in range(families):
        for i in range(each):
            code = f"{'abcdefgh'[f]}{'abcdefgh'[i]}x"
            far = 0.1 + 0.08 * ((f + 2 * i) % 7)
            script = "Latn" if (f + i) % 3 else "Cyrl"
            pool = (200, 500, 1000)[(f * i + i) % 3]
            found[code] = language(code, f"family {f}", far, script=script, pool=pool, text=10.0 ** ((f + 3 * i) % 5))
    return found


def series(sizes: Mapping[str, tuple[int, ...]]) -> list[Model]:
    return [model(f"{name}-{size}", size * 10**6, name) for name, own in sizes.items() for size in own]


def sigmoid(value: float) -> float:
    return 1 / (1 + exp(-value))


def planted(distance: float, size: float, product: float):
    """A score with these effects a tenth of distance, a doubling, and their product."""

    def score(one: Model, language: MeasuredLanguage) -> float:
        far, big = 10 * language.distances["syntactic"], log2((one.parameters or 10**8) / 10**8)
        return sigmoid(0.8 + distance * far + size * big + product * far * big)

    return score


def without(languages: Mapping[str, MeasuredLanguage], code: str, kind: str) -> dict[str, MeasuredLanguage]:
    """The languages, one of them without a distance."""
    own = languages[code]
    kept = {name: value for name, value in own.distances.items() if name != kind}
    return {**languages, code: replace(own, distances=kept)}
