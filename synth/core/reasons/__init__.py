"""Reasons as codes with parameters, and the sentences that people read.

Code and tests compare codes. Each subject has one module with its codes and their wording: `screening` (exclusions and
full texts), `duplicates` (rules that join records), `untestable` (claims that no experiment tests), `differences` (a
run beside the claimed setting) and `verdicts` (what a verdict rests on). Imports only the standard library.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

Parameter = str | int | float | bool | Sequence[str] | Sequence[float] | None
Parameters = Mapping[str, Parameter]
Code = TypeVar("Code", bound=StrEnum)
# Wording of a code: a format string over the parameters, or a function of them.
Wording = str | Callable[[Mapping[str, Any]], str]

OTHER = "other"  # code of what was stored without one; its parameter `text` is the sentence


@dataclass(frozen=True)
class Reason(Generic[Code]):
    """A code with the parameters that its sentence names."""

    code: Code
    parameters: Parameters = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """Return the JSON form, as `read` takes it."""
        return {"code": self.code.value, "parameters": dict(self.parameters)}


def read(kind: type[Code], code: str, parameters: Parameters, text: str = "") -> Reason[Code]:
    """Return a stored reason; one of a code that this version does not know is `other`, with its sentence `text`."""
    if code not in set(kind):
        return Reason(kind(OTHER), {"text": text})
    return Reason(kind(code), parameters)


def worded(reason: Reason[Code], wordings: Mapping[Code, Wording]) -> str:
    """Return the sentence of `reason` by the wordings of its subject."""
    wording = wordings[reason.code]
    return wording(reason.parameters) if callable(wording) else wording.format(**reason.parameters)
