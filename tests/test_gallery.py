"""The gallery shows what the program writes today, up to what a run measures."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from repro.registry import FIDELITIES, experiment
from synth.pipeline import demo
from synth.progress import silent

ROOT = Path(__file__).parent.parent
_spec = importlib.util.spec_from_file_location("gallery", ROOT / "docs" / "gallery.py")
gallery = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(gallery)
LABORATORY = sorted((ROOT / "reports" / "gallery" / "laboratory").glob("*.md"))
MACHINE_PATH = re.compile(r"/(?:tmp|home|root|work|mnt|Users)/|[A-Z]:\\")


def test_the_demo_report_is_current(tmp_path):
    workspace, search = demo.find_claims(tmp_path / "demo", silent)
    written = Path(demo.report(workspace, search, silent)["path"])
    shown = gallery.skeleton((gallery.GALLERY / "report.md").read_text(encoding="utf-8"))
    assert len(shown) > 300
    assert shown == gallery.skeleton(written.read_text(encoding="utf-8")), "run `make gallery`"


def test_the_gallery_shows_a_measured_verdict_and_its_pictures():
    text = (gallery.GALLERY / "report.md").read_text(encoding="utf-8")
    assert "## Tested claims" in text
    assert "- Verdict: **" in text
    for picture in (gallery.GALLERY / "pictures").glob("*.svg"):
        assert f"pictures/{picture.name}" in text


def test_the_gallery_names_no_machine():
    for file in [*gallery.GALLERY.rglob("*"), *LABORATORY]:
        if file.is_file():
            assert not MACHINE_PATH.search(file.read_text(encoding="utf-8")), file.name


def test_the_laboratory_has_pages():
    assert LABORATORY


@pytest.mark.parametrize("page", LABORATORY, ids=lambda p: p.stem)
def test_a_page_of_the_laboratory_is_of_an_experiment_as_it_is(page):
    """All its arms and contrasts, in their order; an arm without measurements is said to be left out."""
    identity, _, fidelity = page.stem.rpartition("-")
    one, text = experiment(identity), page.read_text(encoding="utf-8")
    assert fidelity in FIDELITIES
    assert one.fidelities[fidelity].available
    assert text.startswith(f"# {one.title}, at fidelity `{fidelity}`\n\n{one.question}\n")
    assert re.search(f"`python docs/laboratory.py {identity} --fidelity {fidelity}( --arms [a-z0-9 -]+)?`: ", text)
    assert re.search(r"^Gate (passed|failed): ", text, re.MULTILINE)
    left_out = re.findall(r"^- Arm (\S+) is left out: ", text, re.MULTILINE)
    contrasts = [c for c in one.contrasts if not {c.treatment, c.baseline} & set(left_out)]
    assert list(dict.fromkeys(column(text, "Contrasts"))) == [contrast.id for contrast in contrasts]
    if all(contrast.statistic == "count" for contrast in one.contrasts):
        measured = column(text, "What was counted")
    else:
        measured = list(dict.fromkeys(column(text, "Arms")))
        assert table(text, "By language, mean over seeds")[0] == ["language", "distance", "metric", *measured]
    # Arms that no contrast compares may be measured for the gate alone, or not at all.
    compared = {name for contrast in one.contrasts for name in (contrast.treatment, contrast.baseline) if name}
    arms = [arm.name for arm in one.arms if arm.name in compared | set(measured)]
    assert measured == [name for name in arms if name not in left_out]
    deviations = text.partition("## Deviations from the published setting\n")[2]
    assert all(f"- {sentence}\n" in deviations for sentence in one.fidelities[fidelity].deviations)


def table(text: str, heading: str) -> list[list[str]]:
    """The cells of the table below a heading, row by row, the heads first."""
    section = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|") and not line.startswith("|---")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def column(text: str, heading: str) -> list[str]:
    """The first cell of each row but the heads."""
    return [row[0] for row in table(text, heading)[1:]]
