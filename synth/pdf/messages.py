"""Messages between the program and the child processes that open PDFs: a JSON object a line, either way."""

from __future__ import annotations

from typing import Literal, TypedDict

from synth.core.types import JsonObject

JsonSpan = list[int]  # page, start, end


class ReadRequest(TypedDict):
    do: Literal["read"]
    path: str


class TextRequest(TypedDict):
    """Request for the canonical text of a page (1-based)."""

    do: Literal["text"]
    path: str
    page: int


class VerifyRequest(TypedDict):
    """Request to look whether the file, unchanged by its sha256, has these quotes where their spans say."""

    do: Literal["verify"]
    path: str
    sha256: str
    items: list[tuple[list[JsonSpan], str]]


class CropRequest(TypedDict):
    """Request for the pictures of where quotes stand, by the spans of each."""

    do: Literal["crop"]
    path: str
    sha256: str
    items: list[list[JsonSpan]]


Request = ReadRequest | TextRequest | VerifyRequest | CropRequest


class CropAnswer(TypedDict):
    """A picture as `synth.core.types.Crop` describes it; `png` in base64."""

    page: int
    png: str
    width: int
    height: int
    whole: bool


class Problem(TypedDict):
    """The fields of an UnreadablePdf."""

    reason: str
    what: str
    do: str


class Answer(TypedDict, total=False):
    """Answer to a request: what it asked for, or `error`. `document`: the fields of a Document."""

    document: JsonObject
    text: str | None
    verified: list[bool]
    crops: list[list[CropAnswer]]
    error: Problem
