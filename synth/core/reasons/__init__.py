"""Reasons as codes with parameters, and the sentences that people read.

Code and tests compare codes. Each subject has one module with its codes and their wording: `screening` (exclusions and
full texts), `duplicates` (rules that join records), `untestable` (claims that no experiment tests), `differences` (a
run beside the claimed setting) and `verdicts` (what a verdict rests on). Imports only the standard library.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypedDict, TypeVar

from synth.core.types import JsonValue

Parameter = JsonValue | Sequence[str] | Sequence[float]
Parameters = Mapping[str, Parameter]
Code = TypeVar("Code", bound=StrEnum)


class StoredReason(TypedDict):
    """A reason as it is stored (`Reason.stored`)."""

    code: str
    parameters: dict[str, Parameter]


@dataclass(frozen=True)
class Named:
    """Parameters of a reason, each read as the kind of value that its wording needs. KeyError for one that lacks."""

    parameters: Parameters

    def fill(self, template: str, **more: str) -> str:
        """Return the format string with the parameters, and `more`, in it."""
        return template.format(**self.parameters, **more)

    def text(self, name: str) -> str:
        return str(self.parameters[name])

    def number(self, name: str) -> float:
        """Return a number. TypeError for anything else."""
        return _number(self.parameters[name])

    def number_or_none(self, name: str) -> float | None:
        return None if self.parameters[name] is None else self.number(name)

    def texts(self, name: str) -> list[str]:
        """Return the items of a list as text."""
        return [str(item) for item in _items(self.parameters[name])]

    def numbers(self, name: str) -> list[float]:
        return [_number(item) for item in _items(self.parameters[name])]

    def holds(self, name: str) -> bool:
        """Return whether it is true, not empty and not 0; False where it lacks."""
        return bool(self.parameters.get(name))


def _number(value: object) -> float:
    if isinstance(value, int | float):
        return value
    raise TypeError(f"{value!r} is no number")


def _items(value: object) -> Sequence[object]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return value
    raise TypeError(f"{value!r} is no list")


# Wording of a code: a format string over the parameters, or a function of them.
Wording = str | Callable[[Named], str]

OTHER = "other"  # code of what was stored without one; its parameter `text` is the sentence


@dataclass(frozen=True)
class Reason(Generic[Code]):
    """A code with the parameters that its sentence names."""

    code: Code
    parameters: Parameters = field(default_factory=dict)

    def stored(self) -> dict[str, JsonValue]:
        """Return the JSON form, as `read` takes it."""
        return {"code": self.code.value, "parameters": {name: _plain(p) for name, p in self.parameters.items()}}


def _plain(parameter: Parameter) -> JsonValue:
    if parameter is None or isinstance(parameter, str | int | float | dict):
        return parameter
    return [*parameter]


def read(kind: type[Code], code: str, parameters: Parameters, text: str = "") -> Reason[Code]:
    """Return a stored reason; one of a code that this version does not know is `other`, with its sentence `text`."""
    if code not in set(kind):
        return Reason(kind(OTHER), {"text": text})
    return Reason(kind(code), parameters)


def worded(reason: Reason[Code], wordings: Mapping[Code, Wording]) -> str:
    """Return the sentence of `reason` by the wordings of its subject."""
    wording = wordings[reason.code]
    return wording(Named(reason.parameters)) if callable(wording) else wording.format(**reason.parameters)
