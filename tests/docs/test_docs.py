"""Generated docs are current; every command, setting and data set is documented; no page points at a missing file."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from repro.data.catalogue import dataset, names

ROOT = Path(__file__).parents[2]
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


def test_every_data_set_is_described():
    sections = dict(re.findall(r"(?ms)^## (\S+)\n(.*?)(?=^## |\Z)", generate.data()))
    assert list(sections) == names()
    for name, section in sections.items():
        entry = dataset(name)
        told = (entry.title, f"[{entry.licence}]({entry.licence_url})", entry.citation, entry.homepage)
        counts = [f"{split} {count.examples:,}" for split, count in entry.counts.items()]
        rows = [f"`{file.path}` ({file.rows:,})" for file in entry.at_hand]
        for text in (*told, *counts, *rows, *(count.source for count in entry.counts.values())):
            assert text in section, (name, text)


def test_the_uses_of_a_data_set_are_those_of_the_code():
    sections = dict(re.findall(r"(?ms)^## (\S+)\n.*?^- Used for: (.*?)$", generate.data()))
    assert sections["tatoeba"] == "target `tatoeba`"
    assert sections["mrpc"] == "task `qqp` (source `mrpc`, `mrpc+paws-x`)"
    assert sections["snli"] == "task `anli` (source `published`)"
    assert sections["wals"] == "`repro/languages/typology.py`"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
