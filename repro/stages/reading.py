"""Retrieval from vectors that are there: by one rule, after one transformation, in one direction."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from repro.design.stage_parameters import ScoringParameters
from repro.stages import Job, retrieval, write_json

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from repro.targets import Row, Vectors

SOURCES = ("retrieval/isotropy.py", "stages/retrieval.py", *retrieval.SOURCES)
SEEDED = False
RULES = ("cosine", "csls", "margin")
ASKING = ("english", "other")


def run(job: Job) -> None:
    """Write `measurements.json`: a row per language and metric, in percent, with what is known of the language.

    `params`: `target`, one with pools, and its own; `reading`, the name of the vectors; `isotropy`, one of
    `repro.retrieval.isotropy.WAYS`; `rule`, one of RULES; `asks`, one of ASKING; `pool`, how many candidates there are
    (0: all); `lengths`, which sentences ask: all, or those whose English is shorter or longer than the language's
    median.
    """
    import numpy as np

    from repro.targets import Encoded, sentences, target

    params = ScoringParameters.read(job.params)
    pools = target(params.target).pools(params, job.library, job.inputs.get("languages"))
    vectors = np.load(job.inputs["vectors"] / f"{params.reading}.npy", allow_pickle=False)
    encoded = Encoded(sentences(pools), lambda _: vectors.astype(np.float32))
    rows = []
    for i, (code, (english, other)) in enumerate(pools.items(), start=1):
        sides = encoded[english], encoded[other]
        asking = _asking(english, params.lengths)
        rows += language_rows(code, sides, asking, params, {"latin": latin_share(other)})
        job.progress(i / len(pools), f"language {code} scored")
    write_json(job.out / "measurements.json", retrieval.described(job, rows))


def language_rows(
    language: str,
    sides: tuple[Vectors, Vectors],
    asking: Sequence[bool],
    params: ScoringParameters,
    facts: Mapping[str, float],
) -> list[Row]:
    """Measure one language.

    Args:
        language: its code.
        sides: English and the other's vectors, line by line.
        asking: which lines are queries; all are in the pool.
        params: those of the stage.
        facts: what each row says of the language.

    Returns:
        accuracy: by the rule, as asked for. accuracy_csls: after centring, by CSLS over `neighbours`, from the whole
        pool: the control for vectors that point the same way.
    """
    import numpy as np

    from repro.retrieval import scoring
    from repro.retrieval.isotropy import WAYS
    from repro.targets import percent

    rules = {
        "cosine": (scoring.cosine, 1),
        "csls": (scoring.csls, params.neighbours),
        "margin": (scoring.ratio_margin, scoring.MARGIN_NEIGHBOURS),
    }
    chosen = np.asarray(asking)
    right = np.arange(len(chosen))

    def ahead(way: str, rule: str) -> NDArray[np.int64]:
        english, other = (scoring.normalised(WAYS[way](side)) for side in sides)
        queries, pool = (english, other) if params.asks == "english" else (other, english)
        return scoring.ahead(queries, pool, right, *rules[rule])[chosen]

    preferred = ahead(params.isotropy, params.rule)
    size = params.pool
    share = scoring.pool_accuracy(preferred, len(chosen), size) if size else scoring.accuracy(preferred)
    values = {"accuracy": share, "accuracy_csls": scoring.accuracy(ahead("centred", "csls"))}
    asked = int(chosen.sum())
    return [cast("Row", {**facts, **percent(language, name, value, asked)}) for name, value in values.items()]


def _asking(english: Sequence[str], lengths: str) -> list[bool]:
    """Select the lines that ask; a sentence of exactly the median length is neither short nor long."""
    import numpy as np

    characters = np.array([len(text) for text in english])
    middle = np.median(characters)
    chosen = {"all": characters >= 0, "short": characters < middle, "long": characters > middle}[lengths]
    return [bool(one) for one in chosen]


def latin_share(texts: Sequence[str]) -> float:
    """Return the share of the letters that are Latin ones, 0 without letters."""
    letters = [letter for text in texts for letter in text if letter.isalpha()]
    return sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters) / max(1, len(letters))
