"""TensorBoard's event files below a folder: `at` is the tag of a scalar; the value of the last step counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from repro.commands.metrics import NoMetric, Reading, load_error

LIBRARY = "tensorboard"


def read(path: Path, metric: Mapping[str, object]) -> Iterator[Reading]:
    """Yield the scalar's values over all event files, by step."""
    try:
        from tensorboard.backend.event_processing.event_accumulator import SCALARS, EventAccumulator
    except ImportError as error:
        raise load_error(LIBRARY) from error
    files = sorted(file for file in path.rglob("events.out.tfevents.*") if file.is_file())
    if not files:
        raise NoMetric(f"there are no event files below {path.name}")
    tag, values, tags = str(metric["at"]), [], set()
    for file in files:
        events = EventAccumulator(str(file), size_guidance={SCALARS: 0})
        events.Reload()
        tags |= set(events.Tags()["scalars"])
        if tag in events.Tags()["scalars"]:
            values += [(event.step, event.wall_time, event.value) for event in events.Scalars(tag)]
    if not values:
        raise NoMetric(f"there is no scalar {tag!r}; there are {', '.join(sorted(tags)) or 'none'}")
    yield from (Reading(value) for _, _, value in sorted(values))
