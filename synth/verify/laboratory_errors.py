"""The laboratory's errors as the pipeline's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from repro.errors import LabError
from synth.core.errors import SynthError


@contextmanager
def as_synth_errors(kind: type[SynthError] = SynthError) -> Iterator[None]:
    """Turn errors of the laboratory into errors of `kind`: what happened and what to do, as sentences.

    `kind`: UsageError where it can only fail because it was asked wrongly.
    """
    try:
        yield
    except LabError as error:
        raise kind(_sentence(error.what), _sentence(error.do)) from error


def _sentence(text: str) -> str:
    first = text.split(" ", 1)[0].rstrip(".:")
    text = text if "." in first else text[:1].upper() + text[1:]  # the name of a file stays as it is
    return text if text.endswith((".", "?", "!")) else f"{text}."
