"""Retrieval by one model's sentence vectors, on one target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from repro.design.stage_parameters import RetrievalParameters
from repro.parameters import Table
from repro.stages import ENCODING, PARAMETERS, SEARCHING, Job, read_json, write_json
from repro.targets import Row

if TYPE_CHECKING:
    from repro.targets import Vectors

SOURCES = (PARAMETERS, *ENCODING, *SEARCHING, "languages/typology.py", "data/rows.py", "targets/__init__.py")
SEEDED = False  # nothing is drawn: the same model gives the same numbers
SHARE_OF_ENCODING = 0.9  # share of the work that is encoding


def run(job: Job) -> None:
    """Write `measurements.json`: a row per language and metric, in percent, with what is known of the language.

    `params`: `target`, `layer`, `pooling`, `precision` and the target's own; `distance`, which says that the languages
    are real ones and which of `repro.languages.typology.measures` is their distance.
    """
    from repro.models.encoder import Encoder
    from repro.models.xlmr import folder_of
    from repro.targets import target

    params = RetrievalParameters.read(job.params)
    where = params.layer, params.pooling, params.precision
    encoder = Encoder(folder_of(job.inputs["model"]), *where)

    def encode(texts: Sequence[str]) -> Vectors:
        return encoder.encode(texts, lambda share, what: job.progress(SHARE_OF_ENCODING * share, what))

    rows = target(params.target).measure(
        params,
        job.library,
        job.inputs.get("languages"),
        encode,
        lambda share, what: job.progress(SHARE_OF_ENCODING + (1 - SHARE_OF_ENCODING) * share, what),
    )
    write_json(job.out / "measurements.json", described(job, rows))


class _Distance(Table):
    """The part of a stage's parameters that says which distance its languages have."""

    distance: str | None = None


def described(job: Job, rows: list[Row]) -> list[Row]:
    """Return the rows with what is known of their languages: typological `distance` from English, amount of `text`.

    `distance` is None where it is not known. Where it is asked for by name, a row also has every measure of
    `repro.languages.typology` that is known of its language, so that a contrast can take another one as its covariate.
    """
    folder, kind = job.inputs.get("languages"), _Distance.read(job.params).distance
    known: dict[str, dict[str, float]] = {}
    if kind:
        from repro.languages.typology import measures

        known = measures(job.library, kind)
    facts = read_json(folder / "languages.json") if folder else {}
    complete = []
    for row in rows:
        own, far = facts.get(row["language"], {}), known.get(row["language"], {})
        amount = {"text": own["text"]} if "text" in own else {}
        complete.append(cast(Row, {"distance": own.get("distance"), **amount, **far, **row}))
    return complete
