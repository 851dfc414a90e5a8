"""Readers of the numbers that a run wrote, a module for each form.

A module has `read(path, metric)`, which yields a `Reading` for each value, in the order written; and for forms that
need a library of their own, `LIBRARY`, its name. `readings` takes the last value of each label.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from repro.errors import LabError

MAX_BYTES = 256 * 2**20  # of a file that holds metrics
MAX_LABELS = 100_000
EVERYTHING = "all"  # the label where a metric has no `per`


class NoMetric(Exception):
    """The metric cannot be read; the message says why, as part of a sentence."""


@dataclass(frozen=True)
class Reading:
    """One value as it was written. `n`: items behind it, None where that is not said."""

    value: object
    label: str = EVERYTHING
    n: object = None


def readings(out: Path, name: str, metric: Mapping[str, object]) -> list[dict[str, object]]:
    """Return the rows {language, metric, value, n, distance} of one metric: the last value of each label, scaled.

    Args:
        out: the folder that the run wrote, with `stdout` and `stderr` beside it.
        name: of the metric.
        metric: keys of `definition.Metric`, its form and file stated.

    Raises:
        NoMetric: it is absent, no number or not finite.
    """
    form = str(metric["form"])
    path = _path(out, str(metric["file"]))
    last: dict[str, Reading] = {}
    try:
        for reading in _module(form).read(path, metric):
            last[reading.label] = reading
            if len(last) > MAX_LABELS:
                raise NoMetric(f"{name} has more than {MAX_LABELS:,} labels in {metric['file']}")
    except (UnicodeDecodeError, RecursionError, MemoryError, OSError) as error:
        raise NoMetric(f"{metric['file']} cannot be read ({type(error).__name__}: {error})") from error
    if not last:
        raise NoMetric(f"{metric['file']} has no {metric['at'] or name}")
    scale = float(str(metric["scale"]))
    return [
        {
            "language": label,
            "metric": name,
            "value": scale * finite(reading.value, name, label),
            "n": _count(reading.n, name),
            "distance": None,
        }
        for label, reading in last.items()
    ]


def finite(value: object, name: str, label: str = EVERYTHING) -> float:
    """Return the value as a number; NoMetric for what is none, or not finite."""
    where = name if label == EVERYTHING else f"{name} of {label}"
    if isinstance(value, bool) or value is None:
        raise NoMetric(f"{where} is {value!r}, no number")
    try:
        number = float(value) if isinstance(value, int | float) else float(str(value).strip())
    except (ValueError, OverflowError) as error:
        raise NoMetric(f"{where} is {str(value)[:60]!r}, no number") from error
    if not math.isfinite(number):
        raise NoMetric(f"{where} is {number}")
    return number


def missing_libraries(forms: Iterable[str]) -> list[str]:
    """Return the libraries that these forms need and that are not installed."""
    names = (getattr(_module(form), "LIBRARY", "") for form in forms)
    return sorted({name for name in names if name and find_spec(name) is None})


def _module(form: str):  # type: ignore[no-untyped-def]
    return import_module(f"repro.commands.metrics.{form}_form")


def _path(out: Path, file: str) -> Path:
    path = out.parent / file if file in ("stdout", "stderr") else out / file
    if not path.resolve().is_relative_to(out.parent.resolve()):
        raise NoMetric(f"{file} leads out of the folder of the run")
    if not path.exists():
        raise NoMetric(f"{file} is not there")
    if path.is_file() and path.stat().st_size > MAX_BYTES:
        raise NoMetric(f"{file} has more than {MAX_BYTES / 2**20:.0f} MB")
    return path


def _count(value: object, name: str) -> int | None:
    if value is None or value == "":
        return None
    number = finite(value, f"the number of items of {name}")
    if number < 0 or number != int(number):
        raise NoMetric(f"the number of items of {name} is {value!r}")
    return int(number)


def text(path: Path) -> str:
    """Return a text file's content, with whatever byte order mark and bytes it has."""
    return path.read_text(encoding="utf-8-sig", errors="replace")


def load_error(library: str) -> LabError:
    """Return the error of a form whose library is not installed."""
    return LabError(f"{library} is not installed, which reads this form", f"pip install {library}")
