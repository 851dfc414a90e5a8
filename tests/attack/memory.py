"""Memory over many searches in one process: no growth."""

from __future__ import annotations

import resource
import shutil
import time
from pathlib import Path

from synth.demo.render import render_all
from synth.pipeline import demo
from synth.progress import silent
from tests.attack.tally import Tally

WARM = 3  # searches until everything is loaded
ALLOWED = 2.0  # MB a search


def searches(folder: Path, minutes: float) -> Tally:
    """Search the bundled digests again and again in this process and compare its resident memory."""
    tally = Tally("memory", f"after {WARM} searches less than {ALLOWED:g} MB more a search")
    render_all(folder / "papers")
    with tally.timed():
        end, resident = time.monotonic() + 60 * minutes, []
        while time.monotonic() < end or len(resident) < WARM + 3:
            home = folder / "home"
            demo.find_claims(home, silent)
            shutil.rmtree(home)
            resident.append(_resident())
            tally.add("searches")
        grown = (resident[-1] - resident[WARM - 1]) / (len(resident) - WARM)
        tally.add(f"{grown:+.2f} MB a search, {resident[-1]:.0f} MB at the end; 1")
        if grown > ALLOWED:
            tally.fault(f"{grown:.1f} MB more a search: {[round(value) for value in resident]}")
    return tally


def _resident() -> float:
    """Return the resident memory of this process in MB."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:  # no Linux: the largest so far has to do
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * resource.getpagesize() / 2**20
