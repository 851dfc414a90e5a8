"""Retrieval by several models together."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from types import ModuleType

from repro.design.stage_parameters import FusionParameters
from repro.errors import LabError
from repro.stages import Job, retrieval, write_json
from repro.targets import Encode, Row

SOURCES = ("retrieval/fusion.py", "stages/retrieval.py", *retrieval.SOURCES)
SEEDED = False
WAYS = ("members", "embedding", "score", "rank")


def run(job: Job) -> None:
    """Write `measurements.json` as `retrieval` does.

    Inputs "member 1", "member 2", …: the models. `params.fuse`: "embedding", "score" or "rank"
    (`repro.retrieval.fusion`), or "members", the mean of what the members reach alone. Fusion by score or by rank needs
    a target with pools; of another one nothing is measured.
    """
    from repro.models.encoder import Encoder
    from repro.models.xlmr import folder_of
    from repro.retrieval.fusion import by_embedding
    from repro.targets import target

    params = FusionParameters.read(job.params)
    way = params.fuse
    if way not in WAYS:
        raise LabError(f"there is no fusion {way!r}", f"use {', '.join(WAYS)}")
    roles = sorted(role for role in job.inputs if role.startswith("member "))
    where = params.layer, params.pooling, params.precision
    members = [Encoder(folder_of(job.inputs[role]), *where).encode for role in roles]
    module = target(params.target)

    def measured(encode: Encode) -> list[Row]:
        return module.measure(params, job.library, job.inputs.get("languages"), encode, job.progress)

    if way in ("score", "rank"):
        rows = _by_matrix(job, params, module, members)
    elif way == "members":
        rows = _mean([measured(member) for member in members])
    else:
        rows = measured(by_embedding(members))
    write_json(job.out / "measurements.json", retrieval.described(job, rows))


def _mean(tables: Sequence[Sequence[Row]]) -> list[Row]:
    """Average row by row: all members measure the same."""
    return [{**rows[0], "value": fmean(row["value"] for row in rows)} for rows in zip(*tables, strict=True)]


def _by_matrix(job: Job, params: FusionParameters, module: ModuleType, members: Sequence[Encode]) -> list[Row]:
    """Measure the members' scores under each rule, made one."""
    import numpy as np

    from repro.retrieval.fusion import by_rank, by_score, score_matrices
    from repro.retrieval.scoring import ahead_in
    from repro.targets import Encoded, accuracy_rows

    if not hasattr(module, "pools"):
        return []  # mining has no pool of one right answer a query, hence no scores of it
    # A rank depends on the whole pool, so what it would be in a smaller one is not known.
    fuse, pooled = (by_rank, ()) if params.fuse == "rank" else (by_score, ("cosine", "centred"))
    pools = module.pools(params, job.library, job.inputs.get("languages"))
    texts = [text for sides in pools.values() for side in sides for text in side]
    vectors = [Encoded(texts, member) for member in members]
    rows = []
    for i, (code, (english, other)) in enumerate(pools.items(), start=1):
        matrices = [score_matrices(own[english], own[other], params.neighbours) for own in vectors]
        right = np.arange(len(english))
        ahead = {rule: ahead_in(fuse([scores[rule] for scores in matrices]), right) for rule in matrices[0]}
        rows += accuracy_rows(code, ahead, pooled)
        job.progress(i / len(pools), f"language {code} scored")
    return rows
