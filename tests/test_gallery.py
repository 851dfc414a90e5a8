"""The gallery shows what the program writes today, up to what a run measures."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from synth.pipeline import demo
from synth.progress import silent

ROOT = Path(__file__).parent.parent
_spec = importlib.util.spec_from_file_location("gallery", ROOT / "docs" / "gallery.py")
gallery = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(gallery)


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
    for file in gallery.GALLERY.rglob("*"):
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            assert "/tmp/" not in text
            assert "/home/" not in text
            assert "/root/" not in text
