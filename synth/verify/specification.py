"""The specification of a run: what is fixed, hashed and stored before anything runs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from synth.core.types import JsonValue, Prediction
from synth.verify.judge.rule import Rule
from synth.verify.stored import as_stored, canonical, restored


@dataclass(frozen=True)
class Specification:
    """Prediction, decision rule and the laboratory's own specification, for one claim.

    `contrast`: its id; `deviations`: from the claimed setting, in words; `altered`: parameters or model were changed by
    hand. `laboratory` is as the laboratory hashes it (`repro.plan.plan.Plan.spec`).
    """

    claim: int
    prediction: Prediction
    contrast: str
    rule: Rule
    deviations: tuple[str, ...]
    altered: bool
    laboratory: Mapping[str, JsonValue]

    def stored(self) -> dict[str, JsonValue]:
        """Return the JSON that is stored and hashed."""
        return as_stored(self)

    @property
    def hash(self) -> str:
        """The sha256 under which it is registered."""
        return hashlib.sha256(canonical(self.stored())).hexdigest()

    @classmethod
    def of(cls, stored: Mapping[str, JsonValue]) -> Specification:
        """Read a stored specification of this version back."""
        prediction, rule, laboratory = (stored[name] for name in ("prediction", "rule", "laboratory"))
        assert isinstance(prediction, dict)
        assert isinstance(rule, dict)
        plain = {name: value for name, value in stored.items() if name != "laboratory"}
        nested = {"prediction": restored(Prediction, prediction), "rule": Rule.of(rule)}
        return restored(cls, {**plain, **nested, "laboratory": laboratory})
