"""Load a task's training examples and count them."""

from __future__ import annotations

from collections.abc import Iterable

from repro.design.stage_parameters import CountParameters
from repro.stages import Job, write_json
from repro.stages.tune import EXAMPLES
from repro.tasks import Example, Source

SOURCES = EXAMPLES
SEEDED = False


def run(job: Job) -> None:
    """Write `measurements.json`: for each task the number of training examples that were loaded.

    `published`: whether what was counted is the published set, or has its content.
    """
    from repro.tasks import source, task

    params, rows = CountParameters.read(job.params), []
    for name, own in params.tasks.items():
        origin = source(name, own.source)
        count = sum(1 for _ in _examples(job, params, origin, own.examples))
        rows.append(
            {
                "language": "all",
                "metric": "examples",
                "value": float(count),
                "n": count,
                "distance": None,
                "published": origin.complete,
                "stated": task(name).PUBLISHED.examples,
            }
        )
    write_json(job.out / "measurements.json", rows)


def _examples(job: Job, params: CountParameters, origin: Source, count: int) -> Iterable[Example]:
    from repro.languages.grammar import ENGLISH
    from repro.languages.realm import Realm
    from repro.tasks import Noise

    if origin.read:
        return origin.read(job.library, "train")
    assert origin.make
    assert params.languages
    return origin.make(Realm.of(params.languages, job.seed), ENGLISH, count, "train", Noise())
