"""A measurement: a number of one arm with one seed in one language, and what else is known of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from numbers import Real
from typing import Protocol


class Measured(Protocol):
    """Fields that every measurement has, one that the store gives back among them."""

    @property
    def arm(self) -> str: ...
    @property
    def seed(self) -> int: ...
    @property
    def language(self) -> str: ...
    @property
    def metric(self) -> str: ...
    @property
    def value(self) -> float | None: ...
    @property
    def n(self) -> int | None: ...


@dataclass(frozen=True)
class Measurement:
    """A measurement of the laboratory.

    Attributes:
        value: in the metric's unit; None where there is no number.
        n: items behind the value; None if not known.
        covariates: what the language differs in, by name; finite numbers only.
        family: of the language, "" if not known.
        right: which items were answered rightly, as bits in hexadecimal digits; "" if not known.
        published: whether what was counted is the published set; None if nothing is said of it.
    """

    arm: str
    seed: int
    language: str
    metric: str
    value: float | None
    n: int | None = None
    covariates: Mapping[str, float] = field(default_factory=dict)
    family: str = ""
    right: str = ""
    published: bool | None = None

    @classmethod
    def of(cls, row: Mapping[str, object]) -> Measurement:
        """Read a row of the laboratory or of a file. What it has beyond the fields are covariates, where numbers."""
        items, published = number(row.get("n")), row.get("published")
        others = {name: number(value) for name, value in row.items() if name not in cls.__dataclass_fields__}
        return cls(
            arm=str(row["arm"] or ""),
            seed=int(str(row["seed"])),
            language=str(row["language"]),
            metric=str(row["metric"]),
            value=number(row.get("value")),
            n=int(items) if items else None,
            covariates={name: value for name, value in others.items() if value is not None},
            family=str(row.get("family") or ""),
            right=str(row.get("right") or ""),
            published=published if isinstance(published, bool) else None,
        )


def measured(rows: Iterable[Mapping[str, object]]) -> list[Measurement]:
    """Read rows of the laboratory or of a file."""
    return [Measurement.of(row) for row in rows]


def full(measurement: Measured) -> Measurement:
    """Return a stored measurement as one of which nothing else is known; one of the laboratory as it is."""
    if isinstance(measurement, Measurement):
        return measurement
    m = measurement
    return Measurement(m.arm, m.seed, m.language, m.metric, m.value, m.n)


def covariates(measurements: Sequence[Measured], name: str) -> dict[tuple[int, str], float]:
    """Map (seed, language) to the covariate, where some measurement states it."""
    values: dict[tuple[int, str], float] = {}
    for m in map(full, measurements):
        if name in m.covariates:
            values.setdefault((m.seed, m.language), m.covariates[name])
    return values


def number(value: object) -> float | None:
    """Return `value` as a finite number, or None: a value that was not measured."""
    return float(value) if isinstance(value, Real) and isfinite(value) else None
