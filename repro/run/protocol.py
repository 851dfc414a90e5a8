"""Messages between a run and its worker processes: one JSON object a line."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from repro.schema import JsonObject


class Order(TypedDict):
    """One stage to be carried out. `library`: folders of data sets; `code`: version of the sources when planned."""

    store: str
    name: str
    label: str
    kind: str
    key: str
    cost_key: str
    params: JsonObject
    seed: int
    place: dict[str, str]
    inputs: dict[str, str]
    code: str
    library: list[str | None]


class Failure(TypedDict):
    """Error and remedy, as in `LabError`; with the traceback of an error of the program."""

    what: str
    do: str
    trace: NotRequired[str]


class Reply(TypedDict, total=False):
    """Progress (`fraction`, `message`) of a stage, its end (`done`, `built`, `seconds`), or its `error`."""

    stage: str
    fraction: float
    message: str
    done: bool
    built: bool
    seconds: float
    error: Failure
