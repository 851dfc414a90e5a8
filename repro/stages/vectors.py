"""Vectors of all sentences of a target, read at several places of a model in one pass."""

from __future__ import annotations

from repro.design.stage_parameters import VectorParameters
from repro.stages import ENCODING, PARAMETERS, SEARCHING, Job

SOURCES = (PARAMETERS, *ENCODING, *SEARCHING, "data/rows.py", "targets/__init__.py")
SEEDED = False  # nothing is drawn


def run(job: Job) -> None:
    """Write an array (sentences, dimension) in float16 for each reading, in the order of `repro.targets.sentences`.

    `params`: `target`, one with pools, and its own; `readings`, name → {layer, pooling}; `prefix`, put before every
    sentence; `precision`.
    """
    import numpy as np

    from repro.models.encoder import Reading, StateReader
    from repro.models.xlmr import folder_of
    from repro.targets import sentences, target

    params = VectorParameters.read(job.params)
    pools = target(params.target).pools(params, job.library, job.inputs.get("languages"))
    places = [Reading(own.layer, own.pooling) for own in params.readings.values()]
    reader = StateReader(folder_of(job.inputs["model"]), places, params.precision)
    texts = [params.prefix + text for text in sentences(pools)]
    for name, vectors in zip(params.readings, reader.encode(texts, job.progress), strict=True):
        np.save(job.out / f"{name}.npy", vectors.astype(np.float16))
