"""Every command, option, setting, table, column, package and data set is documented; no page points at nothing.

The pages that `make docs` writes are checked for what they cover, not letter by letter: a reworded line is no fault.
"""

from __future__ import annotations

import importlib.util
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from sqlmodel import SQLModel

import synth.store.tables  # noqa: F401  the tables that the metadata holds
from repro.data.catalogue import dataset, names
from synth.core.settings import Settings

ROOT = Path(__file__).parents[2]
_spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
generate = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(generate)

PAGES = [ROOT / n for n in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted((ROOT / "docs").glob("*.md"))


def page(name):
    return (ROOT / name).read_text(encoding="utf-8")


def lacking(wanted, text):
    return [entry for entry in wanted if entry not in text]


def test_every_command_has_a_section_with_its_options_and_nothing_else():
    written = dict(re.findall(r"(?ms)^## `synth ?(.*?)`\n(.*?)(?=^## |\Z)", page("docs/commands.md")))
    commands = dict(generate.commands_by_path())
    assert list(written) == [" ".join(path) for path in commands], "run `make docs`"
    for path, command in commands.items():
        options = [option for parameter in command.params for option in parameter.opts if option.startswith("--")]
        assert lacking(options, written[" ".join(path)]) == [], f"{path}: run `make docs`"


def test_every_setting_has_a_line_with_its_variables_and_its_default():
    lines = {line.split("`")[1]: line for line in page("docs/settings.md").splitlines() if line.startswith("| `")}
    lines.pop("synth.toml")  # the head of the table
    assert list(lines) == [setting.name for setting in fields(Settings)], "run `make docs`"
    for setting in fields(Settings):
        names = [f"`SYNTH_{setting.name.upper()}`", *(f"`{name}`" for name in setting.metadata.get("names", ()))]
        default = f"| `{setting.default}` |" if setting.default != "" else "| (empty) |"
        assert lacking([*names, default], lines[setting.name]) == []


def test_every_table_and_column_is_in_the_dictionary_and_the_schema():
    described = dict(re.findall(r"(?ms)^## (\S+)\n(.*?)(?=^## |\Z)", page("db/README.md")))
    schema = page("db/schema.sql")
    tables = {table.name: [column.name for column in table.columns] for table in SQLModel.metadata.sorted_tables}
    assert set(described) == set(tables), "run `make docs`"
    for table, columns in tables.items():
        assert re.findall(r"^\| `(\w+)` \|", described[table], re.MULTILINE) == columns, "run `make docs`"
        definition = re.search(rf'CREATE TABLE "?{table}"? \((.*?)\n\)', schema, re.DOTALL)
        assert definition, table
        assert lacking(columns, definition[1]) == [], "run `make docs`"


def test_every_package_is_in_the_tree():
    names = [line.split("/")[0].strip() for line in generate.tree().splitlines()[1:-1]]
    tree = re.search(r"<!-- tree -->\n```\n(.*?)\n```", page("docs/architecture.md"), re.DOTALL)
    written = [re.split(r"/ +", line.strip(), maxsplit=1) for line in tree[1].splitlines()]
    assert [name for name, _ in written] == names, "run `make docs`"
    assert all(about for _, about in written)


@pytest.mark.parametrize(("name", "field"), [("claims", "text"), ("claims-by-hand", "opens")])
def test_every_claim_of_a_list_is_on_its_page(name, field):
    rows = tomllib.loads(page(f"docs/{name}.toml"))["claim"]
    text = " ".join(page(f"docs/{name}.md").split())
    assert rows
    assert lacking([" ".join(row[field].split()) for row in rows], text) == [], "run `make docs`"


def test_every_key_of_an_experiment_has_a_line_with_its_meaning():
    lines = page("docs/experiments.md").partition("<!-- keys -->")[2].splitlines()
    keys = generate.experiment_keys()
    assert {table for table, *_ in keys} == set(generate.EXPERIMENT_TABLES.values())
    for table, key, default, meaning in keys:
        assert meaning, f"{table} {key}: say it in the docstring of its class"
        assert any(f"{table}" in line and f"| `{key}` | {default} | {meaning} |" in line for line in lines), (
            f"{table} {key}: run `make docs`"
        )


def test_every_column_has_a_meaning():
    for line in generate.dictionary().splitlines():
        if line.startswith("| `"):
            assert line.split("|")[3].strip(), line


def test_every_data_set_is_described():
    sections = dict(re.findall(r"(?ms)^## (\S+)\n(.*?)(?=^## |\Z)", page("docs/data.md")))
    assert list(sections) == names(), "run `make docs`"
    for name, section in sections.items():
        entry = dataset(name)
        told = (entry.title, f"[{entry.licence}]({entry.licence_url})", entry.citation, entry.homepage)
        counts = [f"{split} {count.examples:,}" for split, count in entry.counts.items()]
        rows = [f"`{file.path}` ({file.rows:,})" for file in entry.at_hand]
        for text in (*told, *counts, *rows, *(count.source for count in entry.counts.values())):
            assert text in section, (name, text)


def test_the_uses_of_a_data_set_are_those_of_the_code():
    sections = dict(re.findall(r"(?ms)^## (\S+)\n.*?^- Used for: (.*?)$", page("docs/data.md")))
    assert sections["tatoeba"] == "target `tatoeba`"
    assert sections["mrpc"] == "task `qqp` (source `mrpc`, `mrpc+paws-x`)"
    assert sections["snli"] == "task `anli` (source `published`)"
    assert sections["wals"] == "`repro/languages/typology.py`"


@pytest.mark.parametrize("file", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(file):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", file.read_text(encoding="utf-8")):
        assert (file.parent / target).exists(), target
