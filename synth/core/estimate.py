"""An estimate with its interval, as verdicts store it and people read it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """Mean over seeds with its interval; None where too few seeds were measured."""

    value: float | None
    low: float | None
    high: float | None
    seeds: int
    languages: int

    def __str__(self) -> str:
        if self.value is None:
            return "not estimable"
        if self.low is None or self.high is None:
            return _signed(self.value)
        return f"{_signed(self.value)} [{_signed(self.low)}, {_signed(self.high)}]"


def _signed(value: float) -> str:
    """Two decimals, or two digits where two decimals would show nothing."""
    return f"{value:+.2g}" if 0 < abs(value) < 0.005 else f"{value:+.2f}"
