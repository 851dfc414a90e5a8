"""Generated docs are current; every command and setting is documented; no page points at a missing file."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
generate = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(generate)

PAGES = [ROOT / n for n in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted((ROOT / "docs").glob("*.md"))


@pytest.mark.parametrize("name", generate.FILES)
def test_generated_file_is_current(name):
    assert (ROOT / name).read_text(encoding="utf-8") == generate.FILES[name](), "run `make docs`"


def test_every_column_has_a_meaning():
    for line in generate.dictionary().splitlines():
        if line.startswith("| `"):
            assert line.split("|")[3].strip(), line


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
