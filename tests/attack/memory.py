"""Memory of one process that searches changing folders of PDFs again and again: no growth."""

from __future__ import annotations

import ctypes
import gc
import random
import shutil
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from synth.core.settings import load
from synth.core.workspace import Workspace
from synth.search.run import search
from synth.sources.digests.render import render_all
from tests.attack.mutations import active, streams
from tests.attack.tally import Tally

WARM = 10  # searches until models and libraries are loaded and the allocator has its size
ALLOWED = 0.1  # MB a search: 100 MB after a thousand searches
AFRESH = 25  # searches in one workspace
LAGS = 20  # searches within which the residuals may hang together
QUESTIONS = (
    "Does intermediate-task training help cross-lingual sentence retrieval?",
    "Do larger pretrained models transfer better to distant languages?",
    "Does typological distance predict zero-shot transfer?",
)


def searches(folder: Path, minutes: float, seed: int = 1) -> Tally:
    """Search folders of two or three PDFs, in part damaged, in this process, and watch its resident memory."""
    tally = Tally("memory", f"resident memory grows by less than {ALLOWED:g} MB a search (95 % interval)")
    originals = render_all(folder / "originals")
    with tally.timed():
        began, told, resident = time.monotonic(), 0.0, []
        while (seconds := time.monotonic() - began) < 60 * minutes or len(resident) < 2 * WARM:
            _search(folder, originals, len(resident), random.Random(f"{seed} {len(resident)}"))
            resident.append(_resident())
            tally.add("searches")
            if seconds - told >= 60:
                told = seconds
                print(f"{seconds / 60:.0f} min: {len(resident)} searches, {resident[-1]:.1f} MB", file=sys.stderr)
    steady = resident[WARM:]
    slope, low, high = growth(steady)
    tally.note(
        f"from {steady[0]:.0f} to {steady[-1]:.0f} MB after the first {WARM}: {slope:+.3f} MB a search "
        f"({low:+.3f} to {high:+.3f})"
    )
    if slope > ALLOWED and low > 0:
        tally.fault(f"{slope:.3f} MB more a search: {[round(value) for value in resident]}")
    return tally


def growth(resident: Sequence[float]) -> tuple[float, float, float]:
    """Return the slope of `resident` over its index with its 95 % interval.

    Ordinary least squares with the covariance of Newey and West (1987), since one search's memory hangs together with
    the next one's.
    """
    import numpy as np
    import statsmodels.api as sm

    index = sm.add_constant(np.arange(len(resident), dtype=float))
    lags = min(LAGS, len(resident) // 4)
    fit = sm.OLS(np.asarray(resident), index).fit(cov_type="HAC", cov_kwds={"maxlags": lags})
    low, high = fit.conf_int()[1]
    return float(fit.params[1]), float(low), float(high)


def _search(folder: Path, originals: Sequence[Path], number: int, draw: random.Random) -> None:
    """Search a new folder of other PDFs than before, in a workspace that is replaced every AFRESH searches."""
    papers, home = folder / f"papers-{number}", folder / f"home-{number // AFRESH}"
    papers.mkdir(parents=True)
    for path in draw.sample(list(originals), draw.choice((2, 3))):
        content = path.read_bytes()
        (papers / path.name).write_bytes(draw.choice((active, streams))(content, draw) if number % 3 else content)
    workspace = Workspace(home)
    search(workspace, load(home), draw.choice(QUESTIONS), ["local"], papers=papers)
    shutil.rmtree(papers)
    if number % AFRESH == AFRESH - 1:
        shutil.rmtree(home)
    gc.collect()


def _resident() -> float:
    """Return the resident memory of this process in MB, after glibc gave back what is free in it.

    After a search of three papers some 200 to 350 MB of the resident memory are free blocks that glibc keeps, another
    amount each time; they are reused and hide what is held.
    """
    import psutil

    with suppress(AttributeError, OSError):  # another library of C
        ctypes.CDLL(None).malloc_trim(0)
    return float(psutil.Process().memory_info().rss) / 2**20
